"""`Gate`: how many calls a model gets at once, and who is sent away because the queue cannot meet his deadline. One per model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from drafter.errors import ModelBusy

QUEUE_PER_SLOT = 8
"""Calls that may wait for each that is served; the estimate below sends most away earlier."""

WAIT_SHARE = 0.5
"""Longest part of a call's time that it waits for its turn: the rest is for the answer, and for a template if there is none."""

MEMORY = 0.2
"""Weight of the newest call in the average duration."""


class Gate:
    """A bounded queue before a bounded number of slots, first come first served."""

    def __init__(self, model: str, slots: int) -> None:
        self._model = model
        self._slots = slots
        self._semaphore = asyncio.Semaphore(slots)
        self._waiting = 0
        self._average_s: float | None = None

    @property
    def waiting(self) -> int:
        """Calls in the queue."""
        return self._waiting

    def expected_wait_s(self) -> float:
        """Seconds until a new call would be served, by what calls took lately; 0 while nothing is known or a slot is free."""
        if not self._semaphore.locked() or self._average_s is None:
            return 0.0
        return (self._waiting + 1) * self._average_s / self._slots

    @asynccontextmanager
    async def slot(self, timeout_s: float) -> AsyncIterator[None]:
        """Holds one slot.

        Raises:
            ModelBusy: at once, when the queue is full or cannot meet the deadline; later, when it did not.
        """
        wait_s = self.expected_wait_s()
        if wait_s + (self._average_s or 0.0) > timeout_s and self._semaphore.locked():
            raise ModelBusy(f"the queue would take {wait_s:.1f} s", model=self._model, retry_after_s=wait_s)
        if self._waiting >= self._slots * QUEUE_PER_SLOT:
            raise ModelBusy(f"{self._waiting} calls wait already", model=self._model)
        await self._acquire(timeout_s * WAIT_SHARE)
        started = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            self._semaphore.release()
            self._learn(asyncio.get_running_loop().time() - started)

    async def _acquire(self, timeout_s: float) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout_s):
                await self._semaphore.acquire()
        except TimeoutError as exc:
            raise ModelBusy(f"no turn within {timeout_s:.1f} s", model=self._model) from exc
        finally:
            self._waiting -= 1

    def _learn(self, duration_s: float) -> None:
        self._average_s = duration_s if self._average_s is None else (1 - MEMORY) * self._average_s + MEMORY * duration_s
