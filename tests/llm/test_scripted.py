"""The fake does what it was told."""

from __future__ import annotations

import pytest

from drafter.errors import ModelBusy, ModelDown, ModelTimeout
from drafter.llm.chat import ChatModel
from drafter.llm.scripted import ScriptedModel
from tests.llm.model_contract import CALL, ModelContract


class TestScriptedModel(ModelContract):
    @pytest.fixture
    def model(self) -> ChatModel:
        return ScriptedModel(["Hello."])

    @pytest.fixture
    def broken(self) -> ChatModel:
        return ScriptedModel([ModelDown("gone", model="scripted")])


async def test_it_answers_in_order_and_repeats_the_last() -> None:
    """Texts, errors and functions, one a call."""
    model = ScriptedModel(["one", ModelBusy("wait", model="m"), lambda call: call.messages[0].content])
    assert (await model.complete(CALL, timeout_s=1)).texts == ("one",)
    with pytest.raises(ModelBusy):
        await model.complete(CALL, timeout_s=1)
    for _ in range(2):
        assert (await model.complete(CALL, timeout_s=1)).texts == ("Say it.",)
    assert model.calls == [CALL] * 4
    assert model.timeouts == [1, 1, 1, 1]


async def test_a_delay_is_waited_by_the_given_sleep() -> None:
    """A test decides what waiting means; over the time it is a timeout."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    model = ScriptedModel(["slow"], delay_s=3, sleep=sleep)
    assert (await model.complete(CALL, timeout_s=5)).duration_s == 3
    with pytest.raises(ModelTimeout):
        await model.complete(CALL, timeout_s=1)
    assert waited == [3, 1]


async def test_without_a_script_it_is_down() -> None:
    """A test that expects no call learns of one."""
    with pytest.raises(ModelDown):
        await ScriptedModel([]).complete(CALL, timeout_s=1)
