"""Eval sets: strict JSONL of cases, each with an id of its own, an origin and a licence. Their hash names their content.

A set whose name ends in `.sealed.jsonl` is read by `drafter prompts promote` alone, and each opening is counted beside it: a set that
prompts are tuned on proves nothing any more. To add a case, add a line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from drafter.content import read_text
from drafter.domain import DraftRequest, Value
from drafter.errors import ContentError

SEALED = ".sealed.jsonl"
SENTINEL = "sentinel"
"""Tag of the cases that are run first."""


class Expectation(Value):
    """What a case's draft must, and must not, be."""

    action: str = "offer"
    """Of the decision: `offer`, `escalate` or `decline`."""
    mentions: tuple[str, ...] = ()
    """Words of which the draft must hold at least one, case-blind; none means any draft will do."""
    never: tuple[str, ...] = ()
    """Words that the draft may not hold."""


class EvalCase(Value):
    """One request, and what a good answer to it is."""

    id: str = Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    request: DraftRequest
    expect: Expectation = Expectation()
    tags: tuple[str, ...] = ()
    origin: str = Field(min_length=1)
    """Where it comes from, e.g. `invented` or `record d_…`."""
    licence: str = Field(min_length=1)
    """Under which the text may be kept, e.g. `MIT` or `CC0-1.0`."""
    note: str = ""

    @property
    def cluster(self) -> str:
        """The review it is about: cases of one review are no independent evidence."""
        return hashlib.sha256(self.request.review.text.encode()).hexdigest()[:16]

    @property
    def sha256(self) -> str:
        """Hash over everything that can change what is measured. A field that requests learn later changes no case that does not use it."""
        value = self.model_dump(mode="json", exclude={"note", "tags"}, exclude_defaults=True)
        return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a set of another shape, e.g. labelled texts."""

    id: str
    line: int
    value: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """Hash over the whole line."""
        return hashlib.sha256(json.dumps(self.value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class EvalSet:
    """The cases of one file."""

    path: Path
    cases: tuple[EvalCase, ...]

    @property
    def sha256(self) -> str:
        """Hash over all cases, in their order."""
        return hash_all(case.sha256 for case in self.cases)


def hash_all(hashes: Iterable[str]) -> str:
    """One hash for many."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def load_set(path: Path) -> EvalSet:
    """The cases of a set that anybody may read.

    Raises:
        ContentError: a line is wrong, an id is there twice, or the set is sealed.
    """
    if path.name.endswith(SEALED):
        raise ContentError(path, "is sealed", hint="only `drafter prompts promote` reads it")
    return _load(path)


def open_sealed(path: Path, *, by: str, why: str) -> EvalSet:
    """The cases of a sealed set; the opening is written down before a case is read.

    Raises:
        ContentError: a line is wrong, or the set is not sealed.
    """
    if not path.name.endswith(SEALED):
        raise ContentError(path, "is not sealed", hint=f"a sealed set's name ends in {SEALED}")
    opening = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "by": by, "why": why}
    with openings_path(path).open("a", encoding="utf-8") as log:
        log.write(json.dumps(opening, ensure_ascii=False) + "\n")
    return _load(path)


def openings_path(path: Path) -> Path:
    """Where the openings of a sealed set are counted."""
    return path.with_name(path.name.removesuffix(SEALED) + ".openings.jsonl")


def count_openings(path: Path) -> int:
    """How often a sealed set has been read."""
    log = openings_path(path)
    return sum(1 for line in log.read_text(encoding="utf-8").splitlines() if line.strip()) if log.exists() else 0


def load_rows(path: Path) -> tuple[Row, ...]:
    """The lines of a labelled set of another shape; each needs an id of its own.

    Raises:
        ContentError: a line is no object, or has no id, or one that is there already.
    """
    return tuple(_unique(path, ((line, value) for line, value in _objects(path))))


def _unique(path: Path, objects: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for line, value in objects:
        name = value.get("id")
        if not isinstance(name, str) or not name:
            raise ContentError(path, "no id", line=line, hint='give each line an "id" of its own')
        if name in seen:
            raise ContentError(path, f"id {name!r} is already in line {seen[name]}", line=line)
        seen[name] = line
        yield Row(name, line, value)


def _load(path: Path) -> EvalSet:
    cases = []
    for row in load_rows(path):
        try:
            cases.append(EvalCase.model_validate(row.value))
        except ValidationError as exc:
            first = exc.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            # The cause would repeat the buyer's text.
            raise ContentError(path, f"{row.id}: {where}: {first['msg'].lower()}", line=row.line) from None
    if not cases:
        raise ContentError(path, "no case in it")
    return EvalSet(path, tuple(cases))


def _objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Objects with their line numbers; a key that stands twice in one object is refused."""
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("//"):
            continue
        try:
            value = json.loads(line, object_pairs_hook=_no_double, parse_constant=_no_constant)
        except ValueError as exc:
            raise ContentError(path, f"not JSON: {exc}", line=number) from exc
        if not isinstance(value, dict):
            raise ContentError(path, "not a JSON object", line=number)
        yield number, value


def _no_double(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
