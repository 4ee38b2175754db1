"""What the store tells of drafts, jobs and webhooks: values that need no database, so that a client can read them."""

from __future__ import annotations

from datetime import datetime

from drafter.domain import Origin, Value
from drafter.webhooks.request import EventType


class DraftSummary(Value):
    """A draft as it stands in a list."""

    id: str
    created_at: datetime
    action: str
    channel: str
    origin: Origin | None
    """None when nothing was written."""
    language: str | None
    prompt: str | None
    order_id: str | None
    buyer_key: str | None
    """As it is kept: a digest of yours, the same for the same buyer. It may be asked by like your own."""


class JobItem(Value):
    """One request of a job."""

    number: int
    """Its place in the list as sent, from 0."""
    state: str
    """`queued`, `drafting`, `done`, `failed` or `cancelled`."""
    draft_id: str | None
    """For `GET /v1/drafts/{record_id}`, once it is done."""
    error: str | None
    """Code of what failed."""


class JobSummary(Value):
    """How far a job is."""

    id: str
    created_at: datetime
    is_done: bool
    """True when nothing of it is left to do."""
    counts: dict[str, int]
    """Items by state."""


class Job(JobSummary):
    """Requests that are drafted one after the other, when there is time."""

    items: tuple[JobItem, ...]


class Webhook(Value):
    """An address that is told what happens in its account."""

    id: str
    url: str
    events: tuple[EventType, ...]
    created_at: datetime


class NewWebhook(Webhook):
    """A webhook and the only sight of its secret."""

    secret: str
    """Signs every delivery (Standard Webhooks, `v1`)."""


class Delivery(Value):
    """One event on its way to one webhook."""

    id: str
    """Sent as `webhook-id`; stays the same however often it is sent."""
    event: EventType
    state: str
    """`pending`, `delivered` or `failed`."""
    tries: int
    created_at: datetime
    due_at: datetime
    """When it is sent next, while it is pending."""
    status: int | None
    """HTTP status of the last try; None when there was no answer."""
    error: str | None
    """Why the last try failed: `status`, `no_answer`, `address_refused`."""
