"""Marks that Vietnamese writes, and marks that hide a word."""

from __future__ import annotations

import pytest

from drafter.guardrails.vietnamese import is_syllable, is_vietnamese

KNOWN = frozenset({"voi", "the", "moi", "la", "delete", "review", "pay", "chat"})


@pytest.mark.parametrize("word", ["với", "thế", "mỗi", "nguyễn", "được", "nghiêng", "quý", "đủ"])
def test_syllables_are_known_by_their_build(word: str) -> None:
    """Onset, vowels, coda, and one tone at most."""
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["rẹvịew", "delẹte", "gịft", "stạr", "été", "ṃoi", "café", "thế́"])
def test_other_marked_words_are_none(word: str) -> None:
    """Two tones, foreign letters, marks on consonants."""
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("với tất cả mỗi người thế là đủ", True),
        ("hello nguyễn thế vinh the lid is here", True),
        ("please delẹte your rẹvịew", False),
        ("nguyễn please delẹte your rẹvịew", False),
        ("pạy me on chạt", False),
        ("the lid is here", False),
    ],
)
def test_a_text_is_vietnamese_or_hides_words(text: str, found: bool) -> None:
    """Nearly all marked words must be syllables, and some must mean nothing without their marks."""
    assert is_vietnamese(text.split(), KNOWN.__contains__) is found
