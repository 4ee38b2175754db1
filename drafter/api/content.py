"""`/v1/rules`, `/v1/prompts`, `/v1/channels`, `/v1/templates`: what answers are made with, as it is loaded now."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from drafter.api.answer import NOT_MODIFIED, tagged
from drafter.api.body import services_of
from drafter.api.identity import Needs
from drafter.api.problem import KEY_CODES, documented
from drafter.domain import Category, ContentRef, Severity, Subject, Value
from drafter.errands import Principal
from drafter.store.keys import Scope

router = APIRouter(tags=["content"])

READS = {**documented(*KEY_CODES), **NOT_MODIFIED}

Reader = Annotated[Principal, Depends(Needs(Scope.READ))]


class RuleInfo(Value):
    """One policy statement."""

    id: str
    pack: str
    """File that it stands in."""
    category: Category
    severity: Severity
    mode: str
    """`enforce`, `shadow` (only watched) or `off`."""
    channels: tuple[str, ...]
    message: str
    suggestion: str
    source: str
    """Where it comes from."""
    checked_on: date
    """When the source was last read."""


class RuleList(Value):
    """All rules."""

    pack_version: str
    """Versions of the packs, e.g. `amazon 1.1.0, house 1.0.0`."""
    pack_sha256: str
    engine_version: str
    items: tuple[RuleInfo, ...]


class PromptInfo(Value):
    """One version of a prompt."""

    id: str
    labels: tuple[str, ...]
    """`live` answers when a request names no version."""
    changes: str
    """What is different from the version before, and why."""
    content: tuple[ContentRef, ...]


class PromptList(Value):
    """All versions of all prompts."""

    items: tuple[PromptInfo, ...]


class ChannelInfo(Value):
    """One place where a reply can appear."""

    id: str
    title: str
    subject: Subject
    is_public: bool
    may_draft: bool
    """False where texts are only checked."""
    max_chars: int
    who_reads: str
    who_writes: str
    notes: str
    source: str


class ChannelList(Value):
    """All channels."""

    items: tuple[ChannelInfo, ...]


class TemplateInfo(Value):
    """The replies without a model in one language."""

    language: str
    content: ContentRef


class TemplateList(Value):
    """Templates of all languages."""

    items: tuple[TemplateInfo, ...]


@router.get("/v1/rules", response_model=RuleList, responses=READS)
async def list_rules(request: Request, _principal: Reader) -> Response:
    """The rules, in the pack's order."""
    guardrail = services_of(request).judges.guardrail
    copied = ("id", "category", "severity", "mode", "channels", "message", "suggestion", "source", "checked_on")
    items = tuple(RuleInfo(pack=rule.path, **{name: getattr(rule, name) for name in copied}) for rule in guardrail.rules)
    versions = {name: getattr(guardrail, name) for name in ("pack_version", "pack_sha256", "engine_version")}
    return tagged(request, RuleList(**versions, items=items))


@router.get("/v1/prompts", response_model=PromptList, responses=READS)
async def list_prompts(request: Request, _principal: Reader) -> Response:
    """The prompts and their labels."""
    library = services_of(request).library
    items = (
        PromptInfo(id=one.id, labels=library.labels_of(one), changes=one.front.changes, content=one.refs)
        for one in library.prompts.values()
    )
    return tagged(request, PromptList(items=tuple(items)))


@router.get("/v1/channels", response_model=ChannelList, responses=READS)
async def list_channels(request: Request, _principal: Reader) -> Response:
    """The channels."""
    channels = services_of(request).judges.guardrail.channels.values()
    items = tuple(ChannelInfo(**{name: getattr(one, name) for name in ChannelInfo.model_fields}) for one in channels)
    return tagged(request, ChannelList(items=items))


@router.get("/v1/templates", response_model=TemplateList, responses=READS)
async def list_templates(request: Request, _principal: Reader) -> Response:
    """The languages that are answered without a model, and the state of their words."""
    books = services_of(request).templates.books
    return tagged(request, TemplateList(items=tuple(TemplateInfo(language=tag, content=ref) for tag, (_, ref) in books.items())))
