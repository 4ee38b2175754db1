"""`LaneModel`: one model behind its breaker, its gate and the spend meter, which all requests of a process share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from drafter.errors import ModelError, ModelMalformed, ModelRefused, ModelTimeout
from drafter.llm.breaker import Breaker
from drafter.llm.chat import AroundModel, ChatAnswer, ChatCall, ChatModel
from drafter.llm.gate import Gate
from drafter.llm.spend import SpendMeter

BILLED = (ModelTimeout, ModelRefused, ModelMalformed)
"""Calls that a provider charges for although they gave no answer; nobody says how much, so they count like the dearest one."""


EstimateUsd = Callable[[ChatCall], Awaitable[float | None]]
"""Gives the most that a call may cost; None when the model's price is not known."""


class LaneModel(AroundModel):
    """A `ChatModel` that is asked only when it is healthy, has a slot in time, and may cost something."""

    def __init__(
        self,
        inner: ChatModel,
        *,
        breaker: Breaker,
        gate: Gate,
        spend: SpendMeter,
        estimate_usd: EstimateUsd | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.inner = inner
        self.breaker = breaker
        self.gate = gate
        self.spend = spend
        self._estimate_usd = estimate_usd
        self._clock = clock

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        started = self._clock()
        estimate_usd = await self._estimate(call, timeout_s)
        with self.spend.booking(self.name, estimate_usd=estimate_usd) as booking:
            async with self.gate.slot(timeout_s - (self._clock() - started)):
                # After the queue, not before: it may have opened meanwhile.
                is_probe = self.breaker.enter()
                try:
                    answer = await self._ask(call, timeout_s - (self._clock() - started), is_probe=is_probe)
                except (*BILLED, asyncio.CancelledError):
                    booking.cost_usd = booking.held_usd
                    raise
            cost_usd = answer.usage.cost_usd
            lost = sum(failure.reason == ModelTimeout.reason for failure in answer.failures)
            booking.cost_usd = None if cost_usd is None else cost_usd * (1 + lost)
        return answer

    async def _estimate(self, call: ChatCall, timeout_s: float) -> float:
        """What the call may cost, when a cap holds and no call has shown it yet; 0 when nobody knows."""
        if self._estimate_usd is None or not self.spend.wants_estimate(self.name):
            return 0.0
        try:
            async with asyncio.timeout(timeout_s):
                return await self._estimate_usd(call) or 0.0
        except TimeoutError as exc:
            raise ModelTimeout(f"its price was not known within {timeout_s:.1f} s", model=self.name) from exc

    async def _ask(self, call: ChatCall, timeout_s: float, *, is_probe: bool) -> ChatAnswer:
        started = self._clock()
        is_recorded = False
        try:
            answer = await self.inner.complete(call, timeout_s=timeout_s)
            self.breaker.record(None, used_share=(self._clock() - started) / timeout_s, is_probe=is_probe)
            is_recorded = True
        except ModelError as exc:
            self.breaker.record(exc, used_share=0.0, is_probe=is_probe)
            is_recorded = True
            raise
        finally:
            if not is_recorded:
                self._record_cancelled((self._clock() - started) / timeout_s, is_probe=is_probe)
        return answer

    def _record_cancelled(self, used_share: float, *, is_probe: bool) -> None:
        """A caller who left early proves nothing; one whose time was up has waited for a model that hangs."""
        if used_share >= self.breaker.slow_share:
            self.breaker.record(None, used_share=1.0, is_probe=is_probe)
        else:
            self.breaker.leave(is_probe=is_probe)
