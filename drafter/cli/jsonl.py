"""One JSON object a line in, one a line out, in the same order. A bad line is answered with its error; the others are still answered."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click

from drafter.errors import RequestError
from drafter.intake import parse_json

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


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


def unwrap_record(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record of a line that `drafter db export` wrote; anything else as it is."""
    record = value.get("record")
    return record if "verdicts" in value and isinstance(record, dict) else value


def error_object(line: Line, error: RequestError) -> dict[str, Any]:
    """What stands in the output for a line that could not be answered."""
    return {"id": line.id, "line": line.number, "error": {"code": error.code, "field": error.field, "message": str(error)}}


def warn(source: str, line: Line, sentence: object) -> None:
    """One sentence about one line of input, on standard error."""
    click.echo(f"{'standard input' if source == '-' else source}:{line.number}: {sentence}", err=True)


def say(sentence: str, value: Mapping[str, Any], *, as_json: bool) -> None:
    """What a command has done: in a sentence, or as an object for a script."""
    if as_json:
        write_json(value)
    else:
        click.echo(sentence)


def write_json(value: Any) -> None:
    """One object on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()
