"""A provider's choices become texts, or the error that says why not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from drafter.domain import Usage
from drafter.errors import ModelMalformed, ModelRefused
from drafter.llm.answer import read_answer
from drafter.llm.chat import ChatAnswer, ChatCall, Message
from drafter.llm.parse import FENCE_REMOVED
from drafter.llm.profiles import load_families

USER = Message("user", "Say it.")
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}


def choice(content: Any = "Well.", reason: str | None = "stop", **fields: Any) -> SimpleNamespace:
    """One candidate."""
    return SimpleNamespace(message=SimpleNamespace(content=content, **fields), finish_reason=reason)


def read(call: ChatCall, *choices: SimpleNamespace, model: str = "embedded") -> ChatAnswer:
    """The answer that these candidates make."""
    families = load_families()
    return read_answer(
        [SimpleNamespace(choices=list(choices), model="m-1")],
        call=call,
        family=families.find(model),
        model=model,
        refusals=families.refusals,
        usage=Usage(),
        duration_s=0.5,
    )


def test_good_candidates_are_kept_and_bad_ones_dropped() -> None:
    """One good one is an answer."""
    call = ChatCall((USER,), 9, 0.0, candidates=4)
    answer = read(call, choice("one"), choice("cut", "length"), choice(""), choice("two"))
    assert answer.texts == ("one", "two")
    assert answer.model_answered == "m-1"


def test_never_more_texts_than_were_asked_for() -> None:
    """Whatever the server thinks."""
    assert read(ChatCall((USER,), 9, 0.0), choice("one"), choice("two")).texts == ("one",)


def test_the_first_fault_is_named() -> None:
    """When no candidate can be used."""
    with pytest.raises(ModelRefused):
        read(ChatCall((USER,), 9, 0.0, candidates=2), choice("x", "content_filter"), choice(""))


def test_an_unknown_end_is_no_end() -> None:
    """A reason that we do not know may mean anything."""
    with pytest.raises(ModelMalformed, match="unknown reason"):
        read(ChatCall((USER,), 9, 0.0), choice("x", "pause_turn"))


@pytest.mark.parametrize(
    ("said", "is_whole"), [('{"a": {"b": []}}', True), ('{"a": {"b": [{"b": []}]}}', True), ('{"a": {"b": [{"b": 3}]}}', False)]
)
def test_parts_of_a_schema_hold_by_their_names(said: str, is_whole: bool) -> None:
    """Also one that holds itself."""
    node = {"type": "object", "properties": {"b": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/node"}}, "$defs": {"node": node}}
    call = ChatCall((USER,), 9, 0.0, schema=schema)
    if is_whole:
        assert read(call, choice(said)).texts == (said,)
    else:
        with pytest.raises(ModelMalformed, match=r"a\.b\.0\.b: breaks type"):
            read(call, choice(said))


@pytest.mark.parametrize("said", ["We are sorry that it broke.", " it broke.", "it broke."])
def test_an_opened_answer_is_the_whole_turn(said: str) -> None:
    """Repeated, continued with a space, or without one."""
    call = ChatCall((USER, Message("assistant", "We are sorry that")), 9, 0.0)
    assert read(call, choice(said)).texts == ("We are sorry that it broke.",)


def test_an_opening_that_was_only_asked_for_must_be_there() -> None:
    """Words in front of another sentence would make nonsense."""
    call = ChatCall((USER, Message("assistant", "We are sorry that")), 9, 0.0)
    assert read(call, choice("\nWe are sorry that it broke."), model="openai/a").texts == ("We are sorry that it broke.",)
    with pytest.raises(ModelMalformed, match="does not begin"):
        read(call, choice("It broke."), model="openai/a")


def test_mended_json_says_so() -> None:
    """The text is plain JSON, and what was done stands beside it."""
    answer = read(ChatCall((USER,), 9, 0.0, schema=SCHEMA), choice('```json\n{"a": "ü"}\n```'))
    assert answer.texts == ('{"a": "ü"}',)
    assert answer.repairs == (FENCE_REMOVED,)


def test_a_broken_schema_names_the_field_and_no_content() -> None:
    """An error's words may be logged."""
    with pytest.raises(ModelMalformed, match="a: breaks type") as caught:
        read(ChatCall((USER,), 9, 0.0, schema=SCHEMA), choice('{"a": ["my secret"]}'))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("choices", [(), (SimpleNamespace(),)])
def test_nothing_is_malformed(choices: tuple[SimpleNamespace, ...]) -> None:
    """No choice, or one without a message."""
    with pytest.raises(ModelMalformed):
        read(ChatCall((USER,), 9, 0.0), *choices)
