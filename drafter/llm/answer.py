"""Reads providers' answers into a `ChatAnswer`; what is not a whole, wanted answer becomes the error that says why."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from drafter.domain import Usage
from drafter.errors import ModelError, ModelMalformed, ModelRefused
from drafter.llm.chat import ChatAnswer, ChatCall
from drafter.llm.keys import strike_secrets
from drafter.llm.parse import NotJson, parse_json
from drafter.llm.profiles import ModelFamily
from drafter.llm.request import TOOL

_ENDED = ("stop", "eos", "end_turn", "stop_sequence", "tool_calls", "function_call", None)


@dataclass(frozen=True, slots=True)
class _Text:
    """One candidate that can be used."""

    text: str
    repairs: tuple[str, ...] = ()


def read_answer(
    responses: Sequence[Any],
    *,
    call: ChatCall,
    family: ModelFamily,
    model: str,
    refusals: Sequence[str],
    usage: Usage,
    duration_s: float,
) -> ChatAnswer:
    """The usable candidates of all responses.

    Raises:
        ModelRefused: every candidate was declined, by the model or by a filter.
        ModelMalformed: no candidate can be used; the first one's fault is named.
    """
    reader = _Reader(call, family, model, tuple(refusals))
    texts: list[_Text] = []
    faults: list[ModelError] = []
    for choice in (choice for response in responses for choice in getattr(response, "choices", None) or ()):
        try:
            texts.append(reader.read(choice))
        except ModelError as exc:
            faults.append(exc)
    if not texts:
        raise faults[0] if faults else ModelMalformed("the answer has no text at all", model=model)
    answered = getattr(responses[0], "model", None)
    return ChatAnswer(
        texts=tuple(text.text for text in texts[: call.candidates]),
        model_answered=str(answered or model),
        usage=usage,
        duration_s=round(duration_s, 6),
        repairs=tuple(dict.fromkeys(repair for text in texts for repair in text.repairs)),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Knows what was asked for, and judges one candidate by it."""

    call: ChatCall
    family: ModelFamily
    model: str
    refusals: tuple[str, ...]

    def read(self, choice: Any) -> _Text:
        message = getattr(choice, "message", None)
        reason = getattr(choice, "finish_reason", None)
        fields = getattr(message, "provider_specific_fields", None) or {}
        if reason == "content_filter" or getattr(message, "refusal", None) or fields.get("refusal"):
            raise ModelRefused("the model or its filter declined", model=self.model)
        text = self._text(message)
        if reason == "length":
            raise ModelMalformed(f"cut off after {self.call.max_tokens} tokens", model=self.model)
        if reason not in _ENDED:
            raise ModelMalformed(f"ended for an unknown reason: {strike_secrets(str(reason))[:40]}", model=self.model)
        if self.call.schema is not None:
            return self._structured(text)
        return self._opened(text)

    def _text(self, message: Any) -> str:
        """Words of the answer, or the argument of the one tool call that was asked for."""
        calls = [c for c in getattr(message, "tool_calls", None) or () if getattr(c, "function", None) is not None]
        if calls and self.call.schema is not None and calls[0].function.name == TOOL:
            return str(calls[0].function.arguments)
        content = getattr(message, "content", None)
        if isinstance(content, str) and content.strip():
            return content
        if calls:
            raise ModelMalformed("a tool call instead of text", model=self.model)
        raise ModelMalformed("the answer is empty", model=self.model)

    def _opened(self, text: str) -> _Text:
        """The whole turn: some servers repeat the opening, others only go on after it."""
        opening = self.call.opening
        if not opening or text.startswith(opening):
            return _Text(text)
        if self.family.opening == "prompt":
            if text.lstrip().startswith(opening.rstrip()):
                return _Text(text.lstrip())
            raise ModelMalformed("does not begin with the words it was given", model=self.model)
        return _Text(opening + text if text[:1].isspace() or opening[-1:].isspace() else f"{opening} {text}")

    def _structured(self, text: str) -> _Text:
        try:
            parsed = parse_json(text)
        except NotJson as exc:
            if text.strip().lower().startswith(self.refusals):
                raise ModelRefused("the model declined in words", model=self.model) from exc
            raise ModelMalformed(f"not the JSON asked for: {exc}", model=self.model) from exc
        error = next(_validator(json.dumps(self.call.schema)).iter_errors(parsed.value), None)
        if error is not None:
            where = ".".join(str(part) for part in error.absolute_path) or "the object"
            raise ModelMalformed(f"{where}: breaks {error.validator} of the schema", model=self.model)
        return _Text(json.dumps(parsed.value, ensure_ascii=False), parsed.repairs)


@lru_cache(maxsize=256)
def _validator(schema: str) -> Any:
    """What judges by a schema; made once, for it takes longer than all judging."""
    jsonschema = importlib.import_module("jsonschema")
    value = json.loads(schema)
    cls = jsonschema.validators.validator_for(value)
    cls.check_schema(value)
    return cls(_inlined(value, value.get("$defs", {})))


def _inlined(schema: Any, parts: Mapping[str, Any], within: tuple[str, ...] = ()) -> Any:
    """A schema with its named parts where they are asked for, unless one holds itself: following a name takes longer than judging."""
    if isinstance(schema, list):
        return [_inlined(one, parts, within) for one in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    if len(schema) == 1 and name in parts and name not in within:
        return _inlined(parts[name], parts, (*within, name))
    return {key: _inlined(value, parts, within) for key, value in schema.items()}
