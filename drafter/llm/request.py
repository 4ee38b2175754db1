"""Turns a `ChatCall` into the arguments of one litellm call, as the model's family wants them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from drafter.llm.chat import ChatCall
from drafter.llm.profiles import ModelFamily

TOOL = "write_answer"
"""Name of the one tool, for models that are bound by a forced tool call."""

SCHEMA_WORDS = "Answer with one JSON object and nothing else. It must meet this JSON schema:\n"
OPENING_WORDS = "Begin your answer with exactly these words: "


def build_request(
    call: ChatCall, *, family: ModelFamily, candidates: int, seed: int | None, knows: Callable[[str], bool]
) -> dict[str, Any]:
    """Messages, sampling and structure for one call.

    Args:
        call: What is asked.
        family: How this model wants to be asked.
        candidates: Answers in this one request.
        seed: Of this one request.
        knows: Tells whether the model takes a parameter; one that it does not know is left out.
    """
    request: dict[str, Any] = {"max_tokens": call.max_tokens}
    wishes = {
        "temperature": call.temperature if family.sampling else None,
        "seed": seed if family.sampling else None,
        "stop": list(call.stop) or None,
        "n": candidates if candidates > 1 else None,
    }
    request |= {name: wish for name, wish in wishes.items() if wish is not None and knows(name)}
    structured = _structured(family, knows) if call.schema is not None else None
    request |= _structure(structured, call.schema)
    request["messages"] = _messages(call, family, is_schema_told=structured == "prompt")
    body = dict(family.extra)
    if call.grammar is not None and family.grammar and call.schema is None:
        body["grammar"] = call.grammar
    if body:
        request["extra_body"] = body
    return request


def _structured(family: ModelFamily, knows: Callable[[str], bool]) -> str:
    if family.structured != "auto":
        return family.structured
    if knows("json_schema"):
        return "json_schema"
    return "tool" if knows("tool_choice") else "prompt"


def _structure(structured: str | None, schema: dict[str, Any] | None) -> dict[str, Any]:
    if structured == "json_schema":
        return {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}}
    if structured == "tool":
        tool = {"type": "function", "function": {"name": TOOL, "description": "Takes the answer.", "parameters": schema}}
        # litellm looks for tools of its proxy behind every tool, with a library that its core does not bring.
        return {"tools": [tool], "tool_choice": {"type": "function", "function": {"name": TOOL}}, "_skip_mcp_handler": True}
    return {}


def _messages(call: ChatCall, family: ModelFamily, *, is_schema_told: bool) -> list[dict[str, str]]:
    """The conversation, with the schema and the opening in words where the model takes them no other way."""
    messages = [{"role": message.role, "content": message.content} for message in call.messages]
    if call.opening and family.opening == "prompt":
        messages.pop()
        _append(messages, OPENING_WORDS + json.dumps(call.opening, ensure_ascii=False))
    if is_schema_told:
        _append(messages, SCHEMA_WORDS + json.dumps(call.schema, ensure_ascii=False))
    return messages


def _append(messages: list[dict[str, str]], words: str) -> None:
    """Adds words to the last question; never a turn of its own, which some providers refuse."""
    if messages and messages[-1]["role"] == "user":
        messages[-1]["content"] += "\n\n" + words
    else:
        messages.append({"role": "user", "content": words})
