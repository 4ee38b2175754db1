"""What is on tape is answered from tape; what is not fails loudly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drafter.errors import DrafterError, ModelDenied, ModelDown
from drafter.llm.chat import ChatCall, ChatModel, Message
from drafter.llm.keys import STRUCK
from drafter.llm.replay import ReplayMiss, ReplayModel
from drafter.llm.scripted import ScriptedModel
from tests.llm.model_contract import CALL, ModelContract


def recorder(inner: ChatModel, tape: Path) -> ReplayModel:
    """Keeps what a model answers."""
    return ReplayModel(inner, tape, name="m", profile="large")


def player(tape: Path, name: str = "m") -> ReplayModel:
    """Answers from tape."""
    return ReplayModel(None, tape, name=name, profile="large")


def read_tape(tape: Path) -> str:
    """The one file on a tape."""
    (path,) = tape.rglob("*.json")
    return path.read_text(encoding="utf-8")


class TestRecording(ModelContract):
    @pytest.fixture
    def model(self, tmp_path: Path) -> ChatModel:
        return recorder(ScriptedModel(["Hello."]), tmp_path)

    @pytest.fixture
    def broken(self, tmp_path: Path) -> ChatModel:
        return recorder(ScriptedModel([ModelDown("gone", model="scripted")]), tmp_path)


async def test_a_run_is_replayed_in_its_order(tmp_path: Path) -> None:
    """Equal questions get the answers that came, errors included."""
    denied = ModelDenied("cap", model="m", retry_after_s=2)
    denied.reason = "spend_cap"
    original = recorder(ScriptedModel(["one", denied, "three"]), tmp_path)
    first = await original.complete(CALL, timeout_s=1)
    with pytest.raises(ModelDenied):
        await original.complete(CALL, timeout_s=1)
    await original.complete(CALL, timeout_s=1)
    tape = player(tmp_path)
    assert await tape.complete(CALL, timeout_s=1) == first
    with pytest.raises(ModelDenied) as caught:
        await tape.complete(CALL, timeout_s=1)
    assert (caught.value.reason, caught.value.retry_after_s, str(caught.value)) == ("spend_cap", 2, "m: cap")
    assert (await tape.complete(CALL, timeout_s=1)).texts == ("three",)


async def test_a_miss_is_loud(tmp_path: Path) -> None:
    """It is no error that becomes a template."""
    await recorder(ScriptedModel(["one"]), tmp_path).complete(CALL, timeout_s=1)
    tape = player(tmp_path)
    await tape.complete(CALL, timeout_s=1)
    with pytest.raises(ReplayMiss, match="DRAFTER_REPLAY=record") as caught:
        await tape.complete(CALL, timeout_s=1)
    assert not isinstance(caught.value, DrafterError)


@pytest.mark.parametrize(
    "other",
    [
        ChatCall(messages=(Message("user", "Say it!"),), max_tokens=20, temperature=0.0),
        ChatCall(messages=CALL.messages, max_tokens=21, temperature=0.0),
        ChatCall(messages=CALL.messages, max_tokens=20, temperature=0.1),
        ChatCall(messages=CALL.messages, max_tokens=20, temperature=0.0, seed=1),
        ChatCall(messages=CALL.messages, max_tokens=20, temperature=0.0, schema={}),
        ChatCall(messages=CALL.messages, max_tokens=20, temperature=0.0, grammar="root ::= [a]"),
    ],
)
async def test_every_part_of_a_question_counts(other: ChatCall, tmp_path: Path) -> None:
    """Another word, another parameter: another question."""
    await recorder(ScriptedModel(["one"]), tmp_path).complete(CALL, timeout_s=1)
    with pytest.raises(ReplayMiss):
        await player(tmp_path).complete(other, timeout_s=1)
    with pytest.raises(ReplayMiss):
        await player(tmp_path, name="another").complete(CALL, timeout_s=1)


async def test_the_time_a_call_was_given_does_not_count(tmp_path: Path) -> None:
    """It differs from run to run."""
    await recorder(ScriptedModel(["one"]), tmp_path).complete(CALL, timeout_s=1)
    assert (await player(tmp_path).complete(CALL, timeout_s=2)).texts == ("one",)


async def test_a_tape_can_be_read_by_people(tmp_path: Path) -> None:
    """Question and answer stand in it as words."""
    await recorder(ScriptedModel(["Größe – 好"]), tmp_path).complete(CALL, timeout_s=1)
    text = read_tape(tmp_path)
    entry = json.loads(text)
    assert entry["question"]["messages"][0]["content"] == "Say it."
    assert "Größe – 好" in text


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-abcdefghijklmnop1234",
        "sk-ant-api03-abcdefghijklmnop_1234",
        "AIzaSyA1234567890abcdefghijklmnopqrstuvw",
        "AKIAABCDEFGHIJKLMNOP",
        "hf_abcdefghijklmnopqrstuvwx",
        "gsk_abcdefghijklmnopqrstuvwx",
        "ghp_abcdefghijklmnopqrstuvwx123456",
        "xoxb-123456789012-abcdef",
        "Bearer abcdefghijklmnopqrstuvwx",
    ],
)
async def test_keys_do_not_reach_the_tape(key: str, tmp_path: Path) -> None:
    """In a question or an answer."""
    call = ChatCall(messages=(Message("user", f"my key is {key}, keep it"),), max_tokens=5, temperature=0.0)
    await recorder(ScriptedModel([f"it is {key}."]), tmp_path).complete(call, timeout_s=1)
    text = read_tape(tmp_path)
    assert key.removeprefix("Bearer ") not in text
    assert text.count(STRUCK) == 2
    assert (await player(tmp_path).complete(call, timeout_s=1)).texts
