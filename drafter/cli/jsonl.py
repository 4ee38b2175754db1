"""One JSON object a line in, one a line out, in the same order. A bad line is answered with its error; the others are still answered."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import click

from drafter.errors import RequestError
from drafter.intake import parse_json

PROBE_LINES = 5
"""Lines of which one must be a JSON object for a file to be taken for JSONL."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of input: an object, or what is wrong with it."""

    number: int
    id: Any
    value: Mapping[str, Any] | None
    error: RequestError | None


def open_input(source: str) -> BinaryIO:
    """Bytes of a file, or of standard input for `-`.

    Raises:
        RequestError: the file cannot be read.
    """
    if source == "-":
        return sys.stdin.buffer
    try:
        return Path(source).open("rb")
    except OSError as exc:
        raise RequestError(f"cannot be read: {exc.strerror}", code="unreadable", field=source) from exc


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of a JSONL stream; empty ones are passed over."""
    for number, raw in enumerate(stream, start=1):
        if not raw.strip():
            continue
        try:
            value = parse_json(raw)
            if not isinstance(value, dict):
                raise RequestError("not a JSON object", code="invalid")
        except RequestError as exc:
            yield Line(number, None, None, exc)
            continue
        yield Line(number, value.get("id"), value, None)


def read_some(stream: BinaryIO, source: str, done: str) -> Iterator[Line]:
    """The lines of a stream that should hold some, and some of JSON.

    Args:
        source: The stream's name, as the caller gave it.
        done: What would have been done to each, e.g. `checked`.

    Raises:
        RequestError: there are no lines, or each of the first ones is no JSON object, so that another kind of file was named.
    """
    name = None if source == "-" else source
    lines = read_lines(stream)
    first = list(islice(lines, PROBE_LINES))
    if not first:
        raise RequestError(f"nothing was {done}: there are no lines; send one JSON object a line", code="empty", field=name)
    if len(first) > 1 and all(line.value is None for line in first):
        sentence = f"nothing was {done}: these are no JSON objects, one a line (line {first[0].number}: {first[0].error})"
        raise RequestError(sentence, code="not_json", field=name)
    yield from first
    yield from lines


def error_object(line: Line, error: RequestError) -> dict[str, Any]:
    """What stands in the output for a line that could not be answered."""
    return {"id": line.id, "line": line.number, "error": {"code": error.code, "field": error.field, "message": str(error)}}


def warn(source: str, line: Line, sentence: object) -> None:
    """One sentence about one line of input, on standard error."""
    click.echo(f"{'standard input' if source == '-' else source}:{line.number}: {sentence}", err=True)


def write_json(value: Any) -> None:
    """One object on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()
