"""The slots that a run's model calls wait for.

A call takes its slot when its question is ready, and gives it back when its answer is there: what is computed before and afterwards keeps
no other call waiting. Who mends a draft goes before who begins one.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

TICK_S = 0.004
PATIENCE_S = 20.0
"""How long an answer waits to be judged while calls are being made, on a machine that has no time between them."""


class Closed(Exception):
    """The run has stopped: no call is begun any more."""


@dataclass(slots=True)
class Slots:
    """So many calls at once, so many a minute."""

    size: int
    per_minute: float | None = None
    busy: int = 0
    busy_s: float = 0.0
    """Over all slots, until now."""
    is_open: bool = True
    _urgent: deque[asyncio.Future[None]] = field(default_factory=deque)
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    _since: float = field(default_factory=time.monotonic)
    _next_start: float = 0.0
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _is_prepared: bool = False
    """The questions that could be made before the first call are made."""

    def open(self) -> None:
        """A run begins."""
        self.is_open, self._is_prepared = True, False

    async def take(self, *, is_urgent: bool = False) -> None:
        """Returns with a slot, in its turn.

        Raises:
            Closed: the run has stopped.
        """
        await self._let_others_prepare()
        if not self.is_open and not is_urgent:
            raise Closed
        if self.busy >= self.size:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            queue = self._urgent if is_urgent else self._waiting
            queue.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled() and turn.exception() is None:
                    self._pass_on()
                raise
        else:
            self._count(1)
        if self.per_minute is not None:
            await self._wait_for_turn(60 / self.per_minute)

    def give(self) -> None:
        """The slot is another's."""
        self._pass_on()

    def close(self) -> None:
        """Sends away all that have not begun."""
        self.is_open = False
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(Closed())

    async def spare(self) -> None:
        """Returns when computing keeps no call waiting: none is being made, or the machine has time between them."""
        until = time.monotonic() + PATIENCE_S
        while self.busy and time.monotonic() < until:
            async with self._looking:
                if self.busy and await _turn_s(TICK_S) < 2 * TICK_S:
                    return

    async def _let_others_prepare(self) -> None:
        """Returns when all who begin together have come as far: a question that is made between answers keeps them waiting."""
        if not self._is_prepared:
            # One of them looks; the others keep their places.
            async with self._looking:
                while not self._is_prepared:
                    self._is_prepared = await _turn_s(0) < TICK_S

    def _pass_on(self) -> None:
        for queue in (self._urgent, self._waiting):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._count(-1)

    def _count(self, change: int) -> None:
        now = time.monotonic()
        self.busy_s += self.busy * (now - self._since)
        self.busy, self._since = self.busy + change, now

    async def _wait_for_turn(self, every_s: float) -> None:
        start = max(time.monotonic(), self._next_start)
        self._next_start = start + every_s
        try:
            await asyncio.sleep(max(0.0, start - time.monotonic()))
        except asyncio.CancelledError:
            self._pass_on()
            raise


async def _turn_s(pause_s: float) -> float:
    """Seconds until the event loop comes back to who leaves it for so long."""
    since = time.monotonic()
    await asyncio.sleep(pause_s)
    return time.monotonic() - since
