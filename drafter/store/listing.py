"""What a list of drafts can be narrowed by, and how it is read page after page."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AwareDatetime, Field

from drafter.domain import Action, Origin, Value
from drafter.errors import RequestError

T = TypeVar("T")

Plain = Annotated[str | None, Field(pattern=r"^[^\x00-\x1f]*$")]
"""No control characters: PostgreSQL takes no NUL."""

MAX_PAGE = 200
"""Most items of one page."""


class DraftFilter(Value):
    """Which drafts are meant; fields that are left out do not narrow."""

    action: Action | None = None
    channel: Plain = Field(default=None, max_length=40)
    origin: Origin | None = None
    language: Plain = Field(default=None, max_length=35)
    """Of the draft, as a BCP 47 tag."""
    prompt: Plain = Field(default=None, max_length=60)
    """Version of the prompt that wrote it, e.g. `reply/v1`."""
    order_id: Plain = Field(default=None, max_length=120)
    buyer_key: Plain = Field(default=None, max_length=120)
    """Your own key, or its digest as lists show it."""
    since: AwareDatetime | None = None
    """Made at this time or later."""
    until: AwareDatetime | None = None
    """Made before this time."""
    verdict: Literal["none", "approved", "edited", "rejected"] | None = None
    """The last thing that a person said of it; `none`: nobody has said anything."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, newest first, and where the next ones begin."""

    items: tuple[T, ...]
    next_cursor: str | None
    """None at the end."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two items. New items come before it, so that no page shows one twice or leaves one out."""

    created_at: datetime
    id: str

    def cursor(self) -> str:
        """As callers hold it; it means nothing to them."""
        return base64.urlsafe_b64encode(json.dumps([self.created_at.isoformat(), self.id]).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Position:
    """The place that a cursor stands for.

    Raises:
        RequestError: it was not made by us.
    """
    try:
        created_at, record_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        position = Position(datetime.fromisoformat(created_at), str(record_id))
        if position.created_at.tzinfo is None or "\0" in position.id:
            raise ValueError("not ours")
    except (ValueError, TypeError, binascii.Error, RecursionError) as exc:
        raise RequestError("is none that we gave out; begin without one", code="invalid_parameter", field="cursor") from exc
    return position
