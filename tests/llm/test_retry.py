"""One retrier, that never begins what cannot end in time."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from drafter.errors import ModelBusy, ModelDenied, ModelDown, ModelError, ModelMalformed, ModelMisused, ModelRefused, ModelTimeout
from drafter.llm.chat import ChatModel
from drafter.llm.retry import MAX_TRIES, RetryingModel
from drafter.llm.scripted import ScriptedModel
from tests.llm.model_contract import CALL, ModelContract


class Clock:
    """Time that only passes when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def retrying(inner: ScriptedModel, clock: Clock) -> RetryingModel:
    """The retrier with this clock; it draws the longest wait."""
    return RetryingModel(inner, sleep=clock.sleep, clock=clock, draw=lambda _low, high: high)


class TestRetryingModel(ModelContract):
    @pytest.fixture
    def model(self) -> ChatModel:
        return RetryingModel(ScriptedModel(["Hello."]))

    @pytest.fixture
    def broken(self) -> ChatModel:
        return RetryingModel(ScriptedModel([ModelDenied("no key", model="scripted")]))


@pytest.mark.parametrize("error", [ModelBusy("x", model="m"), ModelDown("x", model="m"), ModelTimeout("x", model="m")])
async def test_a_transient_error_is_tried_again(error: ModelError) -> None:
    """The answer says what failed before it."""
    clock, inner = Clock(), ScriptedModel([error, error, "Well."])
    answer = await retrying(inner, clock).complete(CALL, timeout_s=30)
    assert answer.texts == ("Well.",)
    assert [failure.reason for failure in answer.failures] == [error.reason] * 2
    assert clock.waits == [0.25, 0.5]


@pytest.mark.parametrize("cls", [ModelRefused, ModelMalformed, ModelDenied, ModelMisused])
async def test_a_lasting_error_is_final(cls: type[ModelError]) -> None:
    """Never twice for refusals, bad requests, denied keys."""
    inner = ScriptedModel([cls("x", model="m"), "never"])
    with pytest.raises(cls):
        await retrying(inner, Clock()).complete(CALL, timeout_s=30)
    assert len(inner.calls) == 1


async def test_tries_are_bounded() -> None:
    """The last error is the caller's."""
    inner = ScriptedModel([ModelDown("x", model="m")])
    with pytest.raises(ModelDown):
        await retrying(inner, Clock()).complete(CALL, timeout_s=600)
    assert len(inner.calls) == MAX_TRIES


async def test_retry_after_is_honoured_when_it_fits() -> None:
    """The server's wait, plus the jitter."""
    clock, inner = Clock(), ScriptedModel([ModelBusy("x", model="m", retry_after_s=7), "Well."])
    await retrying(inner, clock).complete(CALL, timeout_s=30)
    assert clock.waits == [7.25]


async def test_retry_after_beyond_the_budget_ends_it_at_once() -> None:
    """No waiting for what would come too late."""
    clock, inner = Clock(), ScriptedModel([ModelBusy("x", model="m", retry_after_s=29.9), "late"])
    with pytest.raises(ModelBusy):
        await retrying(inner, clock).complete(CALL, timeout_s=30)
    assert clock.waits == []


@pytest.mark.parametrize("timeout_s", [0.3, 0.5, 1.0, 5.0])
async def test_every_try_gets_what_is_left(timeout_s: float) -> None:
    """The sum of waits and tries stays inside the call's time."""
    clock, inner = Clock(), ScriptedModel([ModelDown("x", model="m")])
    with pytest.raises(ModelDown):
        await retrying(inner, clock).complete(CALL, timeout_s=timeout_s)
    assert clock.now < timeout_s
    assert inner.timeouts == [timeout_s - waited for waited in _sums(clock.waits)]


async def test_waits_are_spread_at_random() -> None:
    """Full jitter: from nothing to the whole step."""
    asked: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        asked.append((low, high))
        return low

    clock = Clock()
    model = RetryingModel(ScriptedModel([ModelDown("x", model="m")]), sleep=clock.sleep, clock=clock, draw=draw)
    with pytest.raises(ModelDown):
        await model.complete(CALL, timeout_s=30)
    assert asked[0] == (0.0, 0.25)


def _sums(values: Iterable[float]) -> list[float]:
    total, sums = 0.0, [0.0]
    for value in values:
        total += value
        sums.append(total)
    return sums
