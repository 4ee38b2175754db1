"""One JSON object a line in, one a line out, in the same order. A bad line is answered with its error; the others are still answered."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

import click

from drafter.domain import DraftRequest
from drafter.errors import RequestError
from drafter.intake import Received, parse_json

LEAST = '{"body": "what the buyer wrote"}'
"""The shortest request."""

TABLE_LINES = 20
"""Lines that are looked at to tell a table from a broken first line."""

PROBE_LINES = 5
"""Lines of which one must be a JSON object for a file to be taken for JSONL."""

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
        is_text = any(character.isspace() for character in source)
        hint = f"; a review itself is piped in: echo '{LEAST}' | drafter … -" if is_text else ""
        raise RequestError(f"cannot be read: {exc.strerror}{hint}", code="unreadable", field=source[:80]) from exc


def read_request(source: str, receive: Callable[[object], Received[DraftRequest]]) -> Received[DraftRequest]:
    """The request in a file.

    Raises:
        RequestError: it cannot be read, or is none; names the file, and the way out where one is near.
    """
    with open_input(source) as stream:
        raw = stream.read()
    try:
        return receive(parse_json(raw))
    except RequestError as exc:
        raise RequestError(f"{_name(source)}: {exc}{_way_out(raw, exc)}", code=exc.code) from exc


def _way_out(raw: bytes, exc: RequestError) -> str:
    if exc.code != "not_json":
        return ""
    lines = [line for line in raw.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}") for line in lines[:2]):
        return "; one object a line is read with --jsonl"
    return "" if raw.lstrip().startswith(b"{") else f"; send an object, at least {LEAST}"


def _name(source: str) -> str:
    return "standard input" if source == "-" else source


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of a JSONL stream; empty ones are passed over.

    Raises:
        RequestError: it is a table: that is one mistake, and not one of each line.
    """
    lines = ((number, raw) for number, raw in enumerate(stream, start=1) if raw.strip())
    first = list(islice(lines, 1))
    if first and _may_head_a_table(first[0][1]):
        first.extend(islice(lines, TABLE_LINES - 1))
        if len(first) > 1 and not any(_is_json(raw) for _, raw in first):
            name = str(getattr(stream, "name", "<stdin>")).replace("<stdin>", "standard input")
            message = 'looks like CSV; one JSON object a line is needed, such as {"rating": 2, "body": "It broke."}'
            raise RequestError(message, code="not_json", field=name)
    for number, raw in chain(first, lines):
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


def _may_head_a_table(raw: bytes) -> bool:
    return not _is_json(raw) and any(separator in raw for separator in (b",", b";", b"\t"))


def _is_json(raw: bytes) -> bool:
    """True for what begins like an object or a list."""
    return raw.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))


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
    click.echo(f"{_name(source)}:{line.number}: {sentence}", err=True)


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
