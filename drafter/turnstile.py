"""`Turnstile`: drafts begin in order, few in each turn of the event loop, and who would be late is sent away before any work for him.

A draft is work between waits, and one loop does the work of all. Five hundred that begin at once share it, and all of them end late. One
by one, in order, each ends soon after it began; and how long the queue takes is known: its length times what one takes now. When turns are
long for other reasons, some more begin in each: those who are sent away and come back at once must not fill the day.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import dataclass

from drafter.errors import AccessError

FIRST_DRAFT_S = 0.02
"""What a draft takes, of the loop and of a place in the queue, until one was measured."""

LONG_TURN_S = 0.1
"""One more may begin for each of these that a turn took: far more than a draft takes, so that no turn grows by it."""

WEIGHT = 0.05
"""Of the newest turn in the average."""

HICCUP = 5.0
"""A turn counts as at most so many average ones: one that a disk or another process held up says nothing of the next hundred."""

HOME_TURNS = 8
"""From its beginning to its answer, when a template must do."""

CAUTION = 1.25
"""The queue may take so much longer than it seems now."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Of one draft in the queue."""

    ends_at: float
    turn: asyncio.Future[None]


class Turnstile:
    """Lets drafts begin in order, or says at once when to come again."""

    def __init__(self) -> None:
        self._waiting: deque[_Place] = deque()
        self._is_turning = False
        self._turned_at = 0.0
        self._step_s = self._turn_s = FIRST_DRAFT_S

    @property
    def turn_s(self) -> float:
        """What a turn of the loop takes now; 0 when nobody waits."""
        return self._turn_s if self._waiting else 0.0

    @property
    def waiting(self) -> int:
        """Drafts that have not begun."""
        return len(self._waiting)

    async def enter(self, ends_at: float) -> None:
        """Returns when this draft may begin; at once when no other does.

        Raises:
            AccessError: (`overloaded`) it would not end in time (`time.monotonic`); says when the queue will be short enough.
        """
        if not self._is_turning:
            self._is_turning = True
            self._turned_at = time.monotonic()
            asyncio.get_running_loop().call_soon(self._turn)
            return
        if late_s := self._late_s(len(self._waiting) + 1, ends_at):
            raise _overloaded(late_s)
        place = _Place(ends_at, asyncio.get_running_loop().create_future())
        self._waiting.append(place)
        try:
            async with asyncio.timeout(ends_at - HOME_TURNS * self._turn_s - time.monotonic()):
                await place.turn
        except TimeoutError as exc:
            raise _overloaded(len(self._waiting) * self._step_s) from exc
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(place)

    def _late_s(self, place: int, ends_at: float) -> float:
        """By how much the draft in this place of the queue would miss its end; 0 when it would not."""
        needed_s = place * CAUTION * self._step_s + HOME_TURNS * self._turn_s
        return max(needed_s - (ends_at - time.monotonic()), 0.0)

    def _turn(self) -> None:
        """Lets the next ones begin: called once in each turn of the loop while somebody waits."""
        now = time.monotonic()
        took_s = min(now - self._turned_at, HICCUP * self._turn_s)
        self._turned_at = now
        begun = 0
        while self._waiting and begun < max(1.0, took_s / LONG_TURN_S):
            place = self._waiting.popleft()
            if not place.turn.done():
                place.turn.set_result(None)
                begun += 1
        if not begun:
            self._is_turning = False
            return
        self._turn_s += WEIGHT * (took_s - self._turn_s)
        self._step_s += WEIGHT * (took_s / begun - self._step_s)
        self._send_last_away()
        asyncio.get_running_loop().call_soon(self._turn)

    def _send_last_away(self) -> None:
        """Turns may have become slower since he came: then he hears it now, and not when his time is over."""
        if self._waiting and not (last := self._waiting[-1]).turn.done():
            late_s = self._late_s(len(self._waiting), last.ends_at)
            if late_s:
                last.turn.set_exception(_overloaded(late_s))


def _overloaded(retry_after_s: float) -> AccessError:
    message = "too many drafts are being made for this one to be there in time"
    return AccessError(message, code="overloaded", retry_after_s=max(retry_after_s, 1.0))
