"""Eval sets are strict, hashed, and sealed where they must be."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from drafter.errors import ContentError
from drafter.evals.sets import count_openings, load_rows, load_set, open_sealed

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "ja", "zh")
CASE = {"id": "a", "request": {"review": {"body": "The lid leaks."}}, "origin": "invented", "licence": "MIT"}


def write(path: Path, *rows: object) -> Path:
    """A set of these lines; texts stand as they are."""
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_shipped_sets_are_whole(root: Path) -> None:
    """Every case has its own id, an origin and a licence; there are eight languages, several channels, and every sort of difficulty."""
    cases = load_set(root / "evals" / "sets" / "drafting.jsonl").cases
    assert len({case.id for case in cases}) == len({case.cluster for case in cases}) == len(cases) >= 60
    tags = Counter(tag for case in cases for tag in case.tags)
    assert all(tags[language] >= 4 for language in LANGUAGES), tags
    assert all(tags[kind] >= 3 for kind in ("sentinel", "multi_issue", "irony", "injection", "safety", "short", "emoji", "public")), tags
    assert {case.request.channel for case in cases} == {"review_followup", "feedback_reply", "feedback_contact"}
    assert {case.expect.action for case in cases} == {"offer", "escalate", "decline"}
    assert len({case.request.seller.brand for case in cases}) >= 6


def test_the_sealed_part_is_whole_and_shares_nothing(root: Path) -> None:
    """Enough cases under ids of their own, also in the languages; counted by their lines, without a look into a request."""
    rows = load_rows(root / "evals" / "sets" / "drafting.sealed.jsonl")
    assert len(rows) >= 24
    assert not {row.id for row in rows} & {case.id for case in load_set(root / "evals" / "sets" / "drafting.jsonl").cases}
    tags = Counter(tag for row in rows for tag in row.value["tags"])
    assert all(tags[language] >= 2 for language in LANGUAGES), tags


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([CASE, CASE], "is already in line 1"),
        ([{**CASE, "id": ""}], "no id"),
        ([{**CASE, "licence": ""}], "licence"),
        ([{k: v for k, v in CASE.items() if k != "origin"}], "origin"),
        ([{**CASE, "colour": "red"}], "colour"),
        (['{"id": "a", "id": "b"}'], "a key stands twice"),
        (['{"id": "a", "x": NaN}'], "NaN is no JSON"),
        (["[1]"], "not a JSON object"),
        (["{"], "not JSON"),
        ([], "no case in it"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, rows: list[object], message: str) -> None:
    """With file, line and what is wrong."""
    with pytest.raises(ContentError, match=message):
        load_set(write(tmp_path / "s.jsonl", *rows))


def test_the_hash_is_of_what_is_measured(tmp_path: Path) -> None:
    """A note changes nothing; a word of the review does."""
    first = load_set(write(tmp_path / "a.jsonl", CASE)).sha256
    assert load_set(write(tmp_path / "b.jsonl", {**CASE, "note": "n"})).sha256 == first
    assert load_set(write(tmp_path / "d.jsonl", {**CASE, "request": {**CASE["request"], "asked_at": None}})).sha256 == first  # type: ignore[dict-item]
    assert load_set(write(tmp_path / "c.jsonl", {**CASE, "request": {"review": {"body": "The lid leaked."}}})).sha256 != first


def test_a_sealed_set_is_not_just_read(tmp_path: Path) -> None:
    """It takes a reason, and each opening is counted."""
    path = write(tmp_path / "s.sealed.jsonl", CASE)
    with pytest.raises(ContentError, match="is sealed"):
        load_set(path)
    assert count_openings(path) == 0
    assert len(open_sealed(path, by="ann", why="promote reply/v2").cases) == 1
    open_sealed(path, by="ann", why="promote reply/v3")
    assert count_openings(path) == 2


def test_an_open_set_cannot_be_opened_as_sealed(tmp_path: Path) -> None:
    """The count would mean nothing."""
    with pytest.raises(ContentError, match="is not sealed"):
        open_sealed(write(tmp_path / "s.jsonl", CASE), by="ann", why="x")


def test_rows_of_another_shape_need_ids_only(tmp_path: Path) -> None:
    """Labelled sets keep their own fields."""
    rows = load_rows(write(tmp_path / "s.jsonl", "// words", {"id": "x", "text": "t"}))
    assert [(row.id, row.line) for row in rows] == [("x", 2)]
