"""`ScriptedModel`: the fake that ships with the package. Answers what it was told to, in order, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from drafter.domain import Usage
from drafter.errors import ModelDown, ModelError, ModelTimeout
from drafter.llm.chat import ChatAnswer, ChatCall

ScriptedStep = str | tuple[str, ...] | ChatAnswer | ModelError | Callable[[ChatCall], "str | tuple[str, ...] | ChatAnswer | ModelError"]
"""A text, several candidates, a whole answer, an error to raise, or a function of the call that gives one of these."""

Sleep = Callable[[float], Awaitable[None]]


class ScriptedModel:
    """A `ChatModel` without a model.

    Args:
        steps: What it answers, call by call; the last one is repeated for ever. Without any, every call is `ModelDown`.
        delay_s: Seconds that each answer takes; longer than a call's time is a `ModelTimeout`.
        sleep: Waits for the delay; a test gives its own and waits for nothing.
    """

    def __init__(
        self,
        steps: Sequence[ScriptedStep],
        *,
        name: str = "scripted",
        profile: Literal["small", "large"] = "large",
        usage: Usage | None = None,
        delay_s: float = 0.0,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._steps = tuple(steps)
        self._name = name
        self._profile: Literal["small", "large"] = profile
        self._usage = usage or Usage(prompt_tokens=0, completion_tokens=0, cost_usd=0.0)
        self._delay_s = delay_s
        self._sleep = sleep
        self.calls: list[ChatCall] = []
        """What it was asked, in order."""
        self.timeouts: list[float] = []
        """Seconds that each call was given."""
        self.is_closed = False

    @property
    def name(self) -> str:
        return self._name

    @property
    def profile(self) -> Literal["small", "large"]:
        return self._profile

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        nothing = ModelDown("nothing is scripted", model=self._name)
        step = self._steps[min(len(self.calls), len(self._steps) - 1)] if self._steps else nothing
        self.calls.append(call)
        self.timeouts.append(timeout_s)
        if self._delay_s:
            await self._sleep(min(self._delay_s, timeout_s))
            if self._delay_s > timeout_s:
                raise ModelTimeout(f"no answer within {timeout_s:.1f} s", model=self._name)
        given = step(call) if callable(step) else step
        if isinstance(given, ModelError):
            raise given
        if isinstance(given, ChatAnswer):
            return given
        texts = (given,) if isinstance(given, str) else given
        return ChatAnswer(texts=texts[: max(call.candidates, 1)], model_answered=self._name, usage=self._usage, duration_s=self._delay_s)

    async def aclose(self) -> None:
        self.is_closed = True
