"""What a webhook can be told of, and how one is asked for."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from drafter.domain import Value


class EventType(StrEnum):
    """What a webhook can be told of."""

    DRAFT_DECIDED = "draft.decided"
    DRAFT_VERDICT = "draft.verdict"


class WebhookRequest(Value):
    """An address that wants to be told."""

    url: str = Field(min_length=1, max_length=500)
    """`https://…`; its host must be one that the operator listed."""
    events: tuple[EventType, ...] = Field(default=tuple(EventType), min_length=1, max_length=len(EventType))
    """What it wants to be told of; everything when left out."""
