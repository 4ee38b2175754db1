"""A model's lane: healthy, free, and paid for, or not asked."""

from __future__ import annotations

import asyncio

import pytest

from drafter.domain import Usage
from drafter.errors import ModelBusy, ModelDenied, ModelDown, ModelError, ModelRefused, ModelTimeout
from drafter.llm.breaker import Breaker, BreakerPolicy
from drafter.llm.chat import ChatModel
from drafter.llm.gate import Gate
from drafter.llm.lane import LaneModel
from drafter.llm.scripted import ScriptedModel
from drafter.llm.spend import SpendMeter
from tests.llm.model_contract import CALL, ModelContract


def lane(inner: ScriptedModel, *, slots: int = 2, cap_usd: float | None = None) -> LaneModel:
    """A lane with a breaker that opens at the second failure."""
    return LaneModel(
        inner, breaker=Breaker(inner.name, BreakerPolicy(min_calls=2)), gate=Gate(inner.name, slots), spend=SpendMeter(cap_usd)
    )


class TestLaneModel(ModelContract):
    @pytest.fixture
    def model(self) -> ChatModel:
        return lane(ScriptedModel(["Hello."]))

    @pytest.fixture
    def broken(self) -> ChatModel:
        return lane(ScriptedModel([ModelDown("gone", model="scripted")]))


async def test_an_open_breaker_spares_the_model() -> None:
    """After enough failures nothing is sent."""
    inner = ScriptedModel([ModelDown("gone", model="scripted")])
    model = lane(inner)
    for _ in range(5):
        with pytest.raises(ModelDown):
            await model.complete(CALL, timeout_s=1)
    assert len(inner.calls) == 2


async def test_sending_away_does_not_open_the_breaker() -> None:
    """Our own queue says nothing of the model's health."""
    inner = ScriptedModel(["slow"], delay_s=0.05)
    model = lane(inner, slots=1)
    model.gate._learn(10.0)
    first = asyncio.create_task(model.complete(CALL, timeout_s=20))
    await asyncio.sleep(0.01)
    for _ in range(5):
        with pytest.raises(ModelBusy):
            await model.complete(CALL, timeout_s=5)
    await first
    assert model.breaker.state == "closed"


async def test_a_cancelled_call_gives_everything_back() -> None:
    """The slot, the probe and the money."""
    inner = ScriptedModel(["slow"], delay_s=60)
    model = lane(inner, slots=1)
    task = asyncio.create_task(model.complete(CALL, timeout_s=90))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with model.gate.slot(0.1):
        assert model.breaker.state == "closed"


async def test_cost_is_booked_and_capped() -> None:
    """The cap is this lane's too."""
    inner = ScriptedModel(["Hi."], usage=Usage(prompt_tokens=1, completion_tokens=1, cost_usd=0.7))
    model = lane(inner, cap_usd=1.0)
    await model.complete(CALL, timeout_s=1)
    with pytest.raises(ModelDenied) as caught:
        await model.complete(CALL, timeout_s=1)
    assert caught.value.reason == "spend_cap"
    assert len(inner.calls) == 1


@pytest.mark.parametrize(("error", "billed"), [(ModelTimeout, 2), (ModelRefused, 2), (ModelDown, 1), (ModelBusy, 1)])
async def test_a_call_that_was_worked_on_counts_like_the_dearest(error: type[ModelError], billed: int) -> None:
    """A provider charges for words that never arrived; it does not for a refused connection."""
    model = lane(ScriptedModel(["Hello.", error("no", model="scripted")], usage=Usage(cost_usd=0.5)))
    await model.complete(CALL, timeout_s=1)
    with pytest.raises(error):
        await model.complete(CALL, timeout_s=1)
    assert model.spend.spent_usd() == 0.5 * billed


async def test_a_model_that_hangs_is_left_alone() -> None:
    """The caller's own clock ends such a call; the breaker learns of it all the same."""
    inner = ScriptedModel(["never"], delay_s=60)
    model = lane(inner)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await model.complete(CALL, timeout_s=0.05)
    assert model.breaker.state == "open"
