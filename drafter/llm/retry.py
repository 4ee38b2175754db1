"""`RetryingModel`: the only place where a model is asked again.

Whether an error is worth another try stands in the error tree (`ModelError.is_transient`). Waits are spread at random over the whole
step (full jitter), a server's Retry-After is honoured, and nothing is begun that cannot end in time.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from tenacity import AsyncRetrying, RetryCallState

from drafter.errors import ModelError, ModelTimeout
from drafter.llm.chat import AroundModel, ChatAnswer, ChatCall, ChatModel, Failure

MAX_TRIES = 3
FIRST_STEP_S = 0.25
MAX_STEP_S = 4.0
MIN_TRY_S = 0.2
"""Less time than this is not worth a try: no provider answers in it."""


class RetryingModel(AroundModel):
    """A `ChatModel` that asks another one up to `MAX_TRIES` times within one call's time."""

    def __init__(
        self,
        inner: ChatModel,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.inner = inner
        self._sleep = sleep
        self._clock = clock
        self._draw = draw

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        started = self._clock()
        failures: list[Failure] = []

        def remaining_s() -> float:
            return timeout_s - (self._clock() - started)

        def waits_s(state: RetryCallState) -> float:
            step_s = min(FIRST_STEP_S * 2 ** (state.attempt_number - 1), MAX_STEP_S)
            asked_s = _error(state).retry_after_s or 0.0
            # Jitter on top of Retry-After: all who were sent away would come back in the same moment.
            return asked_s + self._draw(0.0, step_s)

        def is_over(state: RetryCallState) -> bool:
            asked_s = _error(state).retry_after_s or 0.0
            return (
                state.attempt_number >= MAX_TRIES or state.upcoming_sleep + MIN_TRY_S > remaining_s() or asked_s + MIN_TRY_S > remaining_s()
            )

        async def try_once() -> ChatAnswer:
            if remaining_s() <= 0:
                raise ModelTimeout(f"no answer within {timeout_s:.1f} s", model=self.name)
            return await self.inner.complete(call, timeout_s=remaining_s())

        def note(state: RetryCallState) -> None:
            exc = _error(state)
            failures.append(Failure(exc.model, exc.reason, str(exc)))

        retrying = AsyncRetrying(
            retry=lambda state: isinstance(state.outcome and state.outcome.exception(), ModelError) and _error(state).is_transient,
            wait=waits_s,
            stop=is_over,
            before_sleep=note,
            sleep=self._sleep,
            reraise=True,
        )
        answer: ChatAnswer = await retrying(try_once)
        return replace(answer, failures=(*failures, *answer.failures)) if failures else answer


def _error(state: RetryCallState) -> ModelError:
    """What the last try ended with; only asked after a `ModelError`."""
    exc = state.outcome.exception() if state.outcome else None
    assert isinstance(exc, ModelError)
    return exc
