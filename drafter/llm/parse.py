"""Reads JSON that a model wrote: mends what has only one meaning and says so; anything else is not JSON.

What is mended: words and a code fence around one object, commas before a closing bracket, and an end that is missing nothing but
closing brackets. A string that was cut is not mended, because nobody knows how it went on.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

FENCE_REMOVED = "code fence removed"
WORDS_REMOVED = "words around the object removed"
COMMA_REMOVED = "trailing comma removed"
END_ADDED = "missing closing brackets added"

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_CLOSERS = {"{": "}", "[": "]"}


class NotJson(ValueError):
    """The text is no JSON object, and cannot be made one without guessing."""


@dataclass(frozen=True, slots=True)
class ParsedJson:
    """An object and what was done to the text to read it."""

    value: dict[str, Any]
    repairs: tuple[str, ...]


def parse_json(text: str) -> ParsedJson:
    """The one JSON object in a text.

    Raises:
        NotJson: there is none, there are several, a key stands twice, or an end was cut inside a string or a value.
    """
    repairs: list[str] = []
    body = text.strip().removeprefix("\ufeff").strip()
    unfenced = _unfence(body)
    if unfenced != body:
        body = unfenced
        repairs.append(FENCE_REMOVED)
    start = body.find("{")
    if start < 0:
        raise NotJson("no object in the answer")
    scan = _Scan(body, start)
    if start or body[scan.end :].strip():
        repairs.append(WORDS_REMOVED)
        if "{" in body[scan.end :]:
            raise NotJson("more than one object in the answer")
    if scan.has_commas:
        repairs.append(COMMA_REMOVED)
    if scan.missing:
        repairs.append(END_ADDED)
    return ParsedJson(_load(scan.text + scan.missing), tuple(repairs))


def _unfence(body: str) -> str:
    """What stands inside the only code fence; the text itself when there is none, or only inside the object."""
    if body.startswith("{"):
        return body
    parts = body.split("```")
    if len(parts) not in (2, 3):
        return body
    inside = parts[1]
    first, _, rest = inside.partition("\n")
    return (rest if first.strip().lower() in ("json", "json5", "") else inside).strip()


class _Scan:
    """One object found by its brackets, strings skipped; commas before a closing bracket are left out."""

    def __init__(self, body: str, start: int) -> None:
        self.has_commas = False
        self.missing = ""
        self._out: list[str] = []
        self._open: list[str] = []
        self.end = self._walk(body, start)
        self.text = "".join(self._out)

    def _walk(self, body: str, start: int) -> int:
        at = start
        while at < len(body):
            char = body[at]
            if char == '"':
                at = self._skip_string(body, at)
                continue
            if char in _CLOSERS:
                self._open.append(_CLOSERS[char])
            elif char in "}]":
                self._close(char)
            self._out.append(char)
            at += 1
            if not self._open:
                return at
        self._complete()
        return at

    def _skip_string(self, body: str, at: int) -> int:
        found = _STRING.match(body, at)
        if found is None:
            raise NotJson("the answer is cut inside a string")
        self._out.append(found[0])
        return found.end()

    def _close(self, char: str) -> None:
        if not self._open or self._open.pop() != char:
            raise NotJson("brackets do not match")
        self._drop_comma()

    def _drop_comma(self) -> None:
        last = len(self._out) - 1
        while last >= 0 and self._out[last].isspace():
            last -= 1
        if last >= 0 and self._out[last] == ",":
            del self._out[last]
            self.has_commas = True

    def _complete(self) -> None:
        """Closes what is open, if what stands there is whole: a bare word or number may have been longer."""
        written = "".join(self._out).rstrip()
        if not written.endswith(('"', "}", "]", ",")):
            raise NotJson("the answer is cut inside a value")
        self._drop_comma()
        self.missing = "".join(reversed(self._open))


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise NotJson("a key stands twice")
    return dict(pairs)


def _no_constant(word: str) -> Any:
    raise NotJson(f"{word} is no JSON")


def _load(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=_no_twice, parse_constant=_no_constant)
    except json.JSONDecodeError as exc:
        raise NotJson(f"{exc.msg} at character {exc.pos}") from exc
    except NotJson:
        raise
    except ValueError as exc:
        raise NotJson(f"a number nobody means: {exc}") from exc
    except RecursionError as exc:
        raise NotJson("nested too deeply") from exc
    if not isinstance(value, dict):
        raise NotJson("not an object")
    return value
