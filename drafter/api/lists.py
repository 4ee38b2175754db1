"""What routes answer with that is no record: lists, and states of the service. Values alone: a client reads them without a server."""

from __future__ import annotations

from datetime import date
from typing import Literal

from drafter.domain import Category, ContentRef, Severity, Subject, Value
from drafter.edits import RecordedVerdict
from drafter.store.summaries import Delivery, DraftSummary, Webhook


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


class DraftList(Value):
    """One page, newest first."""

    items: tuple[DraftSummary, ...]
    next_cursor: str | None
    """For the next page; None at the end."""


class VerdictList(Value):
    """All that was said of one draft, oldest first; the last one holds."""

    items: tuple[RecordedVerdict, ...]


class WebhookList(Value):
    """All webhooks of the account, oldest first."""

    items: tuple[Webhook, ...]


class DeliveryList(Value):
    """The newest hundred, newest first."""

    items: tuple[Delivery, ...]


class Health(Value):
    """The process lives."""

    status: Literal["alive"]
    version: str


class Readiness(Value):
    """What works, part by part. A model that is not ready makes answers templates; the service is ready all the same."""

    status: Literal["ready", "not_ready"]
    rules: str
    """Hash of the rule pack."""
    store: Literal["ready", "read_only", "down"]
    """`read_only`: the last record could not be written; drafts are answered and say that they were not stored."""
    models: dict[str, str]
    """State of each model: `ready`, `starting`, `down` …"""
    is_stopping: bool
    """True once the service was told to stop: it finishes what it has begun and takes nothing new."""
