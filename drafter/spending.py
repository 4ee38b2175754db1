"""`SharedSpend`: what the models of all processes have cost today, learned before a draft and told after it."""

from __future__ import annotations

import asyncio
from contextvars import Context
from typing import TYPE_CHECKING

from drafter.errors import StoreError
from drafter.llm.spend import SpendMeter
from drafter.logs import Log
from drafter.store.patience import helping, left_s

if TYPE_CHECKING:
    from drafter.store.counters import Counters

log = Log("spending")

SERVICE = "service"
"""Name under which the spend of all keys together is counted."""


class SharedSpend:
    """Counts together with the other processes. Without a store, this process counts alone."""

    def __init__(self, meter: SpendMeter, counters: Counters) -> None:
        self.meter = meter
        self._counters = counters
        self._telling: asyncio.Task[None] | None = None

    async def learn(self, key_id: str | None) -> None:
        """Lets the meter know what others have spent, in all and with this key."""
        try:
            with helping():
                totals = await self._counters.spent((SERVICE, *([key_id] if key_id else [])))
        except StoreError as exc:
            log.warning("spend.not_shared", reason=type(exc.__cause__).__name__)
            return
        for name, usd in totals.items():
            self.meter.learn(None if name == SERVICE else name, usd)

    async def tell(self) -> None:
        """Books what was spent since the last time, for as long as the caller has time, and without him after that."""
        if self._telling is None and self.meter.has_news:
            # In a context of its own: what was spent is booked, however little time its draft has left.
            self._telling = asyncio.create_task(self._tell(), context=Context())
            await asyncio.wait({self._telling}, timeout=left_s())

    async def settle(self) -> None:
        """Books what is not booked yet; at the end."""
        if self._telling is not None:
            await self._telling
        await self._tell()

    async def _tell(self) -> None:
        """Others who spend meanwhile are told along: one writes at a time."""
        try:
            while news := self.meter.take_news():
                day, spent = news.popitem()
                self.meter.put_back(news)
                try:
                    with helping():
                        totals = await self._counters.add_spend({key or SERVICE: usd for key, usd in spent.items()}, day=day)
                except StoreError as exc:
                    self.meter.put_back({day: spent})
                    log.warning("spend.not_shared", reason=type(exc.__cause__).__name__)
                    return
                for name, usd in totals.items():
                    self.meter.learn(None if name == SERVICE else name, usd, day=day)
        finally:
            self._telling = None
