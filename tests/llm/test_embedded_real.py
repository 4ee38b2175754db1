"""The real embedded model, on this machine, through the whole model layer."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator

import pytest

from drafter.errors import ModelDown, ModelMisused, ModelTimeout
from drafter.llm.build import ModelDirectory, build_models
from drafter.llm.chat import ChatCall, ChatModel, Message
from drafter.llm.embedded_process import share_process
from drafter.llm.weights import Weights
from drafter.settings import Settings
from tests.waiting import SOON_S

pytestmark = pytest.mark.embedded

QUESTION = (
    Message("system", "You write one sentence of a reply to a buyer. Name the buyer's problem."),
    Message("user", "Review: The lid of the kettle broke off after two weeks."),
)
OPENING = "We are so sorry that the"
ONE_SENTENCE = r"""root ::= [A-Za-z ,'-]{10,160} "." """


@pytest.fixture
async def models(embedded: Settings) -> AsyncIterator[ModelDirectory]:
    """The directory over the shared server."""
    directory = build_models(embedded, waits_until_ready=True)
    yield directory
    await directory.aclose()


@pytest.fixture
def model(models: ModelDirectory) -> ChatModel:
    """The embedded model in its lane."""
    (chosen,) = models.choose(None)
    return chosen


async def test_it_writes_one_sentence_after_an_opening(model: ChatModel) -> None:
    """Opening, grammar and candidates work together, and cost nothing."""
    call = ChatCall((*QUESTION, Message("assistant", OPENING)), 60, 0.7, seed=1, candidates=4, grammar=ONE_SENTENCE)
    answer = await model.complete(call, timeout_s=120)
    assert 1 <= len(answer.texts) <= 4
    for text in answer.texts:
        assert text.startswith(OPENING)
        assert text.endswith(".")
        assert text.count(".") == 1
    assert any("lid" in text or "kettle" in text for text in answer.texts)
    assert answer.usage.cost_usd == 0.0
    assert answer.model_answered == "embedded"


async def test_it_answers_a_schema(model: ChatModel) -> None:
    """Every answer is JSON that meets it."""
    schema = {
        "type": "object",
        "properties": {"part": {"type": "string"}, "broken": {"type": "boolean"}},
        "required": ["part", "broken"],
        "additionalProperties": False,
    }
    answer = await model.complete(ChatCall(QUESTION, 60, 0.0, schema=schema), timeout_s=120)
    value = json.loads(answer.texts[0])
    assert set(value) == {"part", "broken"}
    assert isinstance(value["broken"], bool)


async def test_the_same_seed_gives_the_same_words(model: ChatModel) -> None:
    """One candidate at temperature 0."""
    call = ChatCall(QUESTION, 30, 0.0, seed=3, stop=(".",))
    first = await model.complete(call, timeout_s=120)
    second = await model.complete(call, timeout_s=120)
    assert first.texts == second.texts


async def test_a_caller_who_gives_up_frees_the_model(model: ChatModel) -> None:
    """A long answer that nobody waits for does not hold up the next short one."""
    long = ChatCall((*QUESTION, Message("assistant", "Once")), 1500, 1.0, grammar="root ::= [a-z ]{1500}")
    with pytest.raises(ModelTimeout):
        await model.complete(long, timeout_s=1.5)
    started = time.monotonic()
    await model.complete(ChatCall(QUESTION, 5, 0.0, grammar='root ::= "yes"'), timeout_s=120)
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    "call",
    [
        ChatCall((Message("user", "word " * 6000),), 5, 0.0),
        ChatCall(QUESTION, 5, 0.0, grammar="root ::= ("),
    ],
)
async def test_what_it_cannot_take_is_misuse(call: ChatCall, model: ChatModel) -> None:
    """A prompt over its context, a broken grammar; and it lives on."""
    with pytest.raises(ModelMisused):
        await model.complete(call, timeout_s=120)
    await model.complete(ChatCall(QUESTION, 5, 0.0, grammar='root ::= "yes"'), timeout_s=120)


async def test_a_kill_in_the_middle_costs_one_answer(model: ChatModel, embedded: Settings) -> None:
    """The call in flight is down at once; the next one is answered by a new server."""
    process = share_process(Weights(embedded.cache_dir, embedded.model_path))
    try:
        long = ChatCall((*QUESTION, Message("assistant", "Once")), 1500, 1.0, grammar="root ::= [a-z ]{1500}")
        task = asyncio.create_task(model.complete(long, timeout_s=120))
        await asyncio.sleep(1.0)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        started = time.monotonic()
        with pytest.raises(ModelDown):
            await task
        assert time.monotonic() - started < SOON_S
        answer = await model.complete(ChatCall(QUESTION, 5, 0.0, grammar='root ::= "yes"'), timeout_s=120)
        assert answer.texts == ("yes",)
    finally:
        process.release()
