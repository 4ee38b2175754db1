"""How long the store is waited for: no longer than its caller has time, and never for ever.

    with waiting_until(ends_at):          an answer's deadline, less what the way out takes
        with helping():                   what only helps the answer gets a part of what is left
            await store.counters.spent(…)

A call whose time is up raises `StoreError`, and what it had begun is undone. It is never broken off in the middle of a statement: that
would cost the connection, and with it a database in memory.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from drafter.errors import StoreError

P = ParamSpec("P")
R = TypeVar("R")

COMMIT_S = 0.02
"""How much longer a caller waits than the transaction: one that began to commit in time must not be called unwritten."""

HELP_SHARE = 0.25
HELP_S = 5.0
"""A store that hangs must leave the model its time."""

_ends_at: ContextVar[float | None] = ContextVar("drafter_store_ends_at", default=None)


@contextmanager
def waiting_until(ends_at: float) -> Iterator[None]:
    """Calls of the store inside have until then (`time.monotonic`), or until what holds around them, whichever is sooner."""
    around = _ends_at.get()
    token = _ends_at.set(ends_at if around is None else min(around, ends_at))
    try:
        yield
    finally:
        _ends_at.reset(token)


@contextmanager
def helping() -> Iterator[None]:
    """Calls inside only help an answer: they have a part of the time that is left, and some seconds when nobody waits."""
    left = left_s()
    with waiting_until(time.monotonic() + (HELP_S if left is None else min(left * HELP_SHARE, HELP_S))):
        yield


def left_s() -> float | None:
    """Seconds that a call has, 0 when its time is up; None when nobody waits for it."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(ends_at - time.monotonic(), 0.0)


def require_time(what: str) -> None:
    """Nothing while there is time.

    Raises:
        StoreError: `what` is not wanted any more: whoever waited was told that it did not happen.
    """
    if left_s() == 0.0:
        raise StoreError(f"{what}: it took longer than there was time") from TimeoutError()


class Unfinished:
    """Calls under way, which go on when their callers have left."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[Any, Any, R], *, context: Context | None = None) -> asyncio.Task[R]:
        """`work`, under way."""
        task = asyncio.create_task(work, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._end)
        return task

    async def finish(self, work: Coroutine[Any, Any, R], what: str) -> R:
        """What `work` gives, if it comes in time. Neither a caller who leaves nor one whose time is up breaks it off.

        Raises:
            StoreError: it did not come in time, and will be undone.
        """
        task = self.begin(work)
        left = left_s()
        # Unlike `wait_for`, it leaves the task alone.
        await asyncio.wait({task}, timeout=None if left is None else left + COMMIT_S)
        if not task.done():
            raise StoreError(f"{what}: it took longer than there was time") from TimeoutError()
        return task.result()

    async def leave(self, work: Coroutine[Any, Any, None]) -> None:
        """Waits for `work` while there is time; it has some seconds of its own besides, and what becomes of it then nobody is told."""
        task = self.begin(_with_time(work), context=Context())
        await asyncio.wait({task}, timeout=left_s())
        if task.done():
            task.result()

    async def settled(self, timeout_s: float) -> None:
        """Returns when nothing is under way any more, or the time is up."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=timeout_s)

    async def end(self, timeout_s: float) -> None:
        """Returns when nothing is under way any more; what still is when the time is up is broken off, and gives its connection back."""
        await self.settled(timeout_s)
        left = set(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Nobody may be left who would ask.
            task.exception()


async def _with_time(work: Coroutine[Any, Any, None]) -> None:
    with helping():
        await work


class _Database(Protocol):
    unfinished: Unfinished


class _Table(Protocol):
    @property
    def database(self) -> _Database: ...


T = TypeVar("T", bound=_Table)


def unbroken(
    method: Callable[Concatenate[T, P], Coroutine[Any, Any, R]],
) -> Callable[Concatenate[T, P], Coroutine[Any, Any, R]]:
    """A table's method that is waited for as long as its caller has time, and is then left to end by itself."""

    @wraps(method)
    async def run(self: T, /, *args: P.args, **options: P.kwargs) -> R:
        return await self.database.unfinished.finish(method(self, *args, **options), f"the store ({method.__name__})")

    return run
