"""`Together`: what comes to be written while a transaction is under way is written by the next one, all at once.

A commit waits for the disk, and with SQLite one write waits for the other: under a crowd, one transaction for each record would be what all
wait for.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from drafter.errors import StoreError
from drafter.store.patience import Unfinished, left_s, waiting_until

I = TypeVar("I")  # noqa: E741  # an item

MOST = 100
"""Items of one transaction: others write in between."""


@dataclass(slots=True)
class _Item(Generic[I]):
    value: I
    ends_at: float | None
    """When its caller has left; None: he stays."""
    written: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def is_wanted(self) -> bool:
        return not self.written.done() and (self.ends_at is None or time.monotonic() < self.ends_at)


class Together(Generic[I]):
    """Writes items, several in one transaction."""

    def __init__(self, write: Callable[[Callable[[], Sequence[I]]], Awaitable[None]], unfinished: Unfinished) -> None:
        """`write` opens a transaction, then asks which items are wanted now, writes them, and raises when none was written."""
        self._write = write
        self._unfinished = unfinished
        self._waiting: list[_Item[I]] = []
        self._writer: asyncio.Task[None] | None = None

    async def add(self, value: I) -> None:
        """Returns when the item is written.

        Raises:
            StoreError: it was not written.
        """
        left = left_s()
        item = _Item(value, None if left is None else time.monotonic() + left)
        self._waiting.append(item)
        if self._writer is None:
            # In a context of its own: the first one's deadline is not the others'.
            self._writer = self._unfinished.begin(self._write_waiting(), context=Context())
        await item.written

    async def _write_waiting(self) -> None:
        items: list[_Item[I]] = []
        try:
            while self._waiting:
                items, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._write_all(items)
        finally:
            self._writer = None
            # There are none unless writing broke or was broken off: nobody waits for what will never come.
            for item in (*items, *self._waiting):
                if not item.written.done():
                    broken = StoreError("it was not written: writing was broken off")
                    broken.__cause__ = sys.exc_info()[1]
                    item.written.set_exception(broken)
            self._waiting = []

    async def _write_all(self, items: Sequence[_Item[I]]) -> None:
        error = await self._try(items)
        if error is not None and len(items) > 1:
            # One that cannot be written must not take the others with it.
            for item in items:
                await self._write_all([item])
            return
        for item in items:
            if not item.written.done():
                item.written.set_result(None) if error is None else item.written.set_exception(error)

    async def _try(self, items: Sequence[_Item[I]]) -> StoreError | None:
        """Why the items were not written; None when they were. Those that nobody wants any more fail at once."""

        def wanted() -> Sequence[I]:
            for item in items:
                if not item.is_wanted and not item.written.done():
                    late = StoreError("it was not written: it took longer than there was time")
                    late.__cause__ = TimeoutError()
                    item.written.set_exception(late)
            return [item.value for item in items if not item.written.done()]

        ends = [item.ends_at for item in items]
        try:
            if None in ends:
                await self._write(wanted)
            else:
                with waiting_until(max(end for end in ends if end is not None)):
                    await self._write(wanted)
        except StoreError as exc:
            return exc
        return None
