"""`/v1/rules`, `/v1/prompts`, `/v1/channels`, `/v1/templates`: what answers are made with, as it is loaded now."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from drafter.api.answer import NOT_MODIFIED, tagged
from drafter.api.body import services_of
from drafter.api.identity import Needs
from drafter.api.lists import ChannelInfo, ChannelList, PromptInfo, PromptList, RuleInfo, RuleList, TemplateInfo, TemplateList
from drafter.api.problem import KEY_CODES, documented
from drafter.errands import Principal
from drafter.store.keys import Scope

router = APIRouter(tags=["content"])

READS = {**documented(*KEY_CODES), **NOT_MODIFIED}

Reader = Annotated[Principal, Depends(Needs(Scope.READ))]


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
