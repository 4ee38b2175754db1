"""The same question in each family's words."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.llm.chat import ChatCall, Message
from drafter.llm.profiles import ModelFamily
from drafter.llm.request import build_request

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}
OPENED = (Message("system", "Be brief."), Message("user", "Say it."), Message("assistant", "We are"))


def family(**fields: Any) -> ModelFamily:
    """A family that can do everything, but for these fields."""
    can = {"match": "*", "structured": "json_schema", "candidates": "n", "opening": "native", "grammar": True}
    return ModelFamily.model_validate({**can, **fields})


def build(call: ChatCall, *, knows: bool = True, candidates: int = 1, **fields: Any) -> dict[str, Any]:
    """The request of a family with these fields."""
    return build_request(call, family=family(**fields), candidates=candidates, seed=call.seed, knows=lambda _name: knows)


def test_everything_that_is_known_is_sent() -> None:
    """Sampling, stops, candidates, grammar."""
    call = ChatCall(OPENED[:2], 9, 0.5, seed=3, stop=("\n",), candidates=2, grammar="g")
    request = build(call, candidates=2, extra={"cache_prompt": True})
    assert request == {
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Say it."}],
        "max_tokens": 9,
        "temperature": 0.5,
        "seed": 3,
        "stop": ["\n"],
        "n": 2,
        "extra_body": {"cache_prompt": True, "grammar": "g"},
    }


def test_what_a_model_does_not_know_is_left_out() -> None:
    """A parameter that it would refuse is not worth a failed call."""
    call = ChatCall(OPENED[:2], 9, 0.5, seed=3, stop=("\n",), candidates=2, grammar="g")
    assert set(build(call, knows=False, candidates=2, grammar=False)) == {"messages", "max_tokens"}


def test_a_schema_wins_over_a_grammar() -> None:
    """A server cannot be bound by both."""
    request = build(ChatCall(OPENED[:2], 9, 0.0, schema=SCHEMA, grammar="g"))
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    assert "extra_body" not in request


@pytest.mark.parametrize(
    ("known", "expected"),
    [({"json_schema", "tool_choice"}, "response_format"), ({"tool_choice"}, "tools"), (set(), "messages")],
)
def test_auto_takes_the_strictest_way_there_is(known: set[str], expected: str) -> None:
    """Schema, then tool, then words."""
    call = ChatCall(OPENED[:2], 9, 0.0, schema=SCHEMA)
    request = build_request(call, family=family(structured="auto"), candidates=1, seed=None, knows=lambda name: name in known)
    assert expected in request
    assert ("JSON schema" in request["messages"][-1]["content"]) == (expected == "messages")


def test_an_opening_is_a_turn_or_words() -> None:
    """The model goes on after it, or is told to begin with it."""
    call = ChatCall(OPENED, 9, 0.0)
    assert build(call)["messages"][-1] == {"role": "assistant", "content": "We are"}
    told = build(call, opening="prompt")["messages"]
    assert [message["role"] for message in told] == ["system", "user"]
    assert told[-1]["content"].endswith('"We are"')


def test_words_follow_the_last_question() -> None:
    """Two turns of one role in a row are refused by some providers."""
    call = ChatCall((Message("user", "Say it."), Message("assistant", "What?")), 9, 0.0, schema=SCHEMA)
    messages = build(call, structured="prompt")["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
