"""The next model answers when one cannot, within the one budget."""

from __future__ import annotations

import pytest

from drafter.errors import ModelBusy, ModelDenied, ModelDown, ModelError, ModelMalformed, ModelRefused, ModelTimeout
from drafter.llm.chain import ModelChain
from drafter.llm.chat import ChatModel
from drafter.llm.scripted import ScriptedModel
from tests.llm.model_contract import CALL, ModelContract


class TestModelChain(ModelContract):
    @pytest.fixture
    def model(self) -> ChatModel:
        return ModelChain((ScriptedModel([ModelDown("x", model="a")], name="a"), ScriptedModel(["Hello."], name="b")))

    @pytest.fixture
    def broken(self) -> ChatModel:
        return ModelChain((ScriptedModel([ModelDown("x", model="a")], name="a"), ScriptedModel([ModelBusy("x", model="b")], name="b")))


@pytest.mark.parametrize("cls", [ModelBusy, ModelTimeout, ModelDown, ModelRefused, ModelMalformed, ModelDenied])
async def test_any_failure_lets_the_next_one_try(cls: type[ModelError]) -> None:
    """The answer says who failed and why."""
    chain = ModelChain((ScriptedModel([cls("no", model="a")], name="a"), ScriptedModel(["Well."], name="b")))
    answer = await chain.complete(CALL, timeout_s=10)
    assert answer.model_answered == "b"
    assert [(f.model, f.reason) for f in answer.failures] == [("a", cls.reason)]


async def test_the_first_one_leaves_time_for_the_others() -> None:
    """Two thirds of what is left, then everything."""
    models = tuple(ScriptedModel([ModelDown("no", model=name)], name=name) for name in "abc")
    with pytest.raises(ModelDown):
        await ModelChain(models, clock=lambda: 0.0).complete(CALL, timeout_s=9)
    assert [model.timeouts for model in models] == [[6.0], [6.0], [9.0]]


async def test_the_last_error_tells_the_whole_story() -> None:
    """Class and reason of the last, words of all."""
    capped = ModelDenied("cap", model="b")
    capped.reason = "spend_cap"
    chain = ModelChain((ScriptedModel([ModelDown("refused", model="a")], name="a"), ScriptedModel([capped], name="b")))
    with pytest.raises(ModelDenied) as caught:
        await chain.complete(CALL, timeout_s=10)
    assert caught.value.reason == "spend_cap"
    assert "a: refused" in str(caught.value)


async def test_nothing_is_begun_without_time() -> None:
    """A model that used up the budget was the last."""
    now = iter([0.0, 0.0, 9.9])
    second = ScriptedModel(["late"], name="b")
    chain = ModelChain((ScriptedModel([ModelTimeout("slow", model="a")], name="a"), second), clock=lambda: next(now))
    with pytest.raises(ModelTimeout):
        await chain.complete(CALL, timeout_s=10)
    assert second.calls == []


def test_models_of_two_profiles_are_no_chain() -> None:
    """A prompt for one sentence is not one for a whole reply."""
    with pytest.raises(ValueError, match="profile"):
        ModelChain((ScriptedModel(["x"], profile="small"), ScriptedModel(["x"], profile="large")))


async def test_closing_closes_all() -> None:
    """No model is left open."""
    models = (ScriptedModel(["x"]), ScriptedModel(["x"]))
    await ModelChain(models).aclose()
    assert all(model.is_closed for model in models)
