"""Entries that are kept on disk: the same as compiled ones, or made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.content import find_content_root
from drafter.guardrails import kept_entries
from drafter.guardrails.languages import load_concepts, load_lexicon
from drafter.guardrails.steps import Step
from tests.guardrails.content import ENGLISH, write_content

ROOT = find_content_root()
TAGS = [path.stem for path in sorted((ROOT / "guardrails" / "languages").glob("[!_]*.yaml"))]


def compiled(root: Path, tag: str, cache_dir: Path | None) -> list[tuple[object, ...]]:
    """Everything that an entry is made of, for each entry of a language."""
    entries = load_lexicon(root, load_concepts(root), cache_dir).languages[tag].compile()
    return [
        (entry.bit, entry.text, [told(step) for step in entry.steps], list(entry.gaps), entry.anchor, entry.first, entry.last)
        for entry in entries
    ]


def told(step: Step) -> tuple[object, ...]:
    """A step by its values; two steps are never equal by themselves."""
    return step.kind, step.text, step.words, tuple(told(other) for other in step.others)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small content root whose entries are kept all the same."""
    monkeypatch.setattr(kept_entries, "FEWEST", 1)
    return write_content(tmp_path / "content")


@pytest.mark.parametrize("tag", TAGS)
def test_kept_entries_are_the_compiled_ones(tag: str, tmp_path: Path) -> None:
    """Every entry of every language comes back as it went."""
    made = compiled(ROOT, tag, tmp_path)
    assert compiled(ROOT, tag, tmp_path) == made


def test_a_kept_file_spares_the_compiler(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read need not be compiled."""
    fresh = compiled(small, "en", tmp_path)
    monkeypatch.setattr("drafter.guardrails.languages.parse_entry", None)
    assert compiled(small, "en", tmp_path) == fresh


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xfe", None])
def test_a_damaged_file_is_made_anew(small: Path, tmp_path: Path, damage: bytes | None) -> None:
    """Whatever stands there, the entries are right, and the next process finds a sound file."""
    fresh = compiled(small, "en", tmp_path)
    path = tmp_path / "rules" / "en.json"
    sound = path.read_bytes()
    path.write_bytes(sound[:-3] + b"9]}" if damage is None else damage)
    assert compiled(small, "en", tmp_path) == fresh
    assert path.read_bytes() == sound


def test_other_words_are_compiled_anew(small: Path, tmp_path: Path) -> None:
    """A file serves only the words that it was made from."""
    before = compiled(small, "en", tmp_path)
    (small / "guardrails" / "languages" / "en.yaml").write_text(
        ENGLISH.replace("change, update", "change, update, amend"), encoding="utf-8"
    )
    assert len(compiled(small, "en", tmp_path)) == len(before) + 1


def test_a_folder_that_cannot_be_written_is_no_error(small: Path, tmp_path: Path) -> None:
    """Without a place to keep them, entries are compiled each time."""
    (tmp_path / "rules").write_text("no folder")
    assert compiled(small, "en", tmp_path) == compiled(small, "en", None)


def test_few_entries_are_not_kept(tmp_path: Path) -> None:
    """They compile as fast as they are read."""
    compiled(write_content(tmp_path / "content"), "en", tmp_path)
    assert not (tmp_path / "rules").exists()
