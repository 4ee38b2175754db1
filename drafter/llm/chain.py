"""`ModelChain`: several models as one; the next is asked when one fails, within the one budget."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from drafter.errors import ModelError, ModelTimeout
from drafter.llm.chat import ChatAnswer, ChatCall, ChatModel, Failure

SHARE = 2 / 3
"""Part of the time left that a model may use while others stand behind it: one that hangs must leave them something."""

MIN_TRY_S = 0.2


class ModelChain:
    """A `ChatModel` of models in the order they are tried.

    All must have the first one's profile: a prompt that asks for one sentence cannot be answered by a model that writes a whole reply.
    """

    def __init__(self, models: tuple[ChatModel, ...], *, clock: Callable[[], float] = time.monotonic) -> None:
        if not models:
            raise ValueError("a chain needs at least one model")
        if len({model.profile for model in models}) > 1:
            raise ValueError("the models of a chain must have one profile")
        self.models = models
        self._clock = clock

    @property
    def name(self) -> str:
        return ",".join(model.name for model in self.models)

    @property
    def profile(self) -> Literal["small", "large"]:
        return self.models[0].profile

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        started = self._clock()
        failures: list[Failure] = []
        last: ModelError | None = None
        for model in self.models:
            left_s = timeout_s - (self._clock() - started)
            if left_s < MIN_TRY_S and last is not None:
                break
            budget_s = left_s if model is self.models[-1] else left_s * SHARE
            try:
                answer = await model.complete(call, timeout_s=budget_s)
            except ModelError as exc:
                last = exc
                failures.append(Failure(exc.model, exc.reason, str(exc)))
                continue
            return replace(answer, failures=(*failures, *answer.failures)) if failures else answer
        raise self._sum_up(failures, last)

    async def aclose(self) -> None:
        await asyncio.gather(*(model.aclose() for model in self.models))

    def _sum_up(self, failures: list[Failure], last: ModelError | None) -> ModelError:
        """The last model's error, with what the others said before it."""
        if last is None:
            return ModelTimeout("no time is left", model=self.name)
        if len(failures) == 1:
            return last
        before = "; ".join(failure.detail for failure in failures[:-1])
        message = str(last).removeprefix(f"{last.model}: ")
        summed = type(last)(f"{message} (before: {before})", model=last.model, retry_after_s=last.retry_after_s)
        summed.reason = last.reason
        return summed
