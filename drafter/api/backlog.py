"""`Backlog`: for callers who would rather come again than wait: no more drafts begin than the loop can end soon.

Work waits where more of it begins than is done, whatever order it is done in. So each draft pays its share of the processor's time into a
bucket that leaks a little slower than a core works; while the bucket is full, who comes is told when to come again, before anything is
read of him. Each is told a time of his own, so that those who were sent away do not come back all at once.
"""

from __future__ import annotations

import time

from drafter.errors import AccessError

FIRST_DRAFT_S = 0.02
"""Processor time of a draft, until some were measured."""

SAMPLE = 16
"""Drafts after which their cost is measured anew; whoever is sent away costs something, too, and is measured with them."""

DEAREST_DRAFT_S = 0.1
"""What else a process does is counted to its drafts; where drafts are few, that says nothing of them."""

STEP = 1.5
"""By which the cost grows or falls at most from one sample to the next: in a quiet hour what else a process does is counted to few."""

USED_SHARE = 0.8
"""Of a core: at its whole speed a queue never ends."""

MAX_PAUSE_S = 60.0
"""Whatever the crowd, a minute later is another day."""


class Backlog:
    """Lets a draft begin, or says when to come again."""

    def __init__(self, max_s: float | None) -> None:
        """`max_s` is how much work, in seconds, may wait; None lets all begin."""
        self._max_s = max_s
        self._waiting_s = 0.0
        self._seen_at = self._promised_at = time.monotonic()
        self._draft_s = FIRST_DRAFT_S
        self._begun = 0
        self._used_s = time.process_time()

    def admit(self) -> None:
        """Takes one draft's share.

        Raises:
            AccessError: (`overloaded`) there is too much to do.
        """
        if self._max_s is None:
            return
        now = time.monotonic()
        self._waiting_s = max(self._waiting_s - USED_SHARE * (now - self._seen_at), 0.0)
        self._seen_at = now
        if self._waiting_s > self._max_s:
            raise AccessError(
                "too many drafts are being made for this one to be made at once", code="overloaded", retry_after_s=self._pause_s(now)
            )
        self._measure()
        self._waiting_s += self._draft_s

    def _pause_s(self, now: float) -> float:
        """Until the next time that was promised to nobody."""
        self._promised_at = min(max(self._promised_at, now) + self._draft_s / USED_SHARE, now + MAX_PAUSE_S)
        return max(self._promised_at - now, 1.0)

    def _measure(self) -> None:
        self._begun += 1
        if self._begun == SAMPLE:
            used_s = time.process_time()
            sample_s = (used_s - self._used_s) / SAMPLE
            self._draft_s = min(max(sample_s, self._draft_s / STEP), self._draft_s * STEP, DEAREST_DRAFT_S)
            self._begun, self._used_s = 0, used_s
