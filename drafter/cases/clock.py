"""The clock of a buyer's message: 24 hours, weekends and holidays included.

Reviews have no such clock at Amazon; feedback and reviews are ordered by urgency instead (`urgency.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SOON_SHARE = 0.75
"""Share of the time after which a message counts as due soon."""


class ClockState(StrEnum):
    """How a buyer's message stands."""

    ANSWERED = "answered"
    ANSWERED_LATE = "answered_late"
    NOT_NEEDED = "not_needed"
    """Marked `no response needed`; it leaves the metric."""
    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class MessageClock:
    """One message of a buyer, and what became of it."""

    received_at: datetime
    answer_within: timedelta
    answered_at: datetime | None = None
    is_not_needed: bool = False

    @property
    def due_at(self) -> datetime:
        """Last moment for an answer in time.

        Raises:
            OverflowError: it lies after the last day that there is.
        """
        return self.received_at + self.answer_within

    def state(self, now: datetime) -> ClockState:
        """How it stands at `now`."""
        if self.is_not_needed:
            return ClockState.NOT_NEEDED
        if self.answered_at is not None:
            return ClockState.ANSWERED if self.answered_at <= self.due_at else ClockState.ANSWERED_LATE
        if now > self.due_at:
            return ClockState.OVERDUE
        return ClockState.DUE_SOON if now - self.received_at >= SOON_SHARE * self.answer_within else ClockState.OPEN
