"""Words and their stems."""

from __future__ import annotations

import pytest

from drafter.scoring.words import MAX_CHARS, base_language, content_words, words_of


@pytest.mark.parametrize(
    ("text", "language", "stems"),
    [
        ("The lids leaked", "en", ["the", "lid", "leak"]),
        ("L'eau coulait", "fr", ["eau", "coul"]),
        ("The buyer’s lid", "en", ["the", "buyer", "lid"]),
        ("拉链坏了", "zh", ["拉链", "链坏", "坏了"]),
        ("USB端子が", "ja", ["usb", "端子"]),
        ("水が漏れた", "ja", ["水", "漏"]),
    ],
)
def test_words_are_stemmed_or_paired(text: str, language: str, stems: list[str]) -> None:
    """Languages with spaces by Snowball, the others by neighbouring characters."""
    words = words_of(text, language)
    assert [w.stem for w in words] == stems
    assert all(0 <= w.start < w.end <= len(text) for w in words)


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    """So that scoring stays within its time."""
    assert all(w.end <= MAX_CHARS for w in words_of("word " * MAX_CHARS, "en"))


def test_small_words_and_letters_are_no_content() -> None:
    """Neither stop words nor single letters say anything."""
    assert [w.text for w in content_words(words_of("the lid b leaks", "en"), frozenset({"the"}))] == ["lid", "leaks"]


def test_a_tag_has_a_base() -> None:
    """`pt-BR` is Portuguese."""
    assert base_language("pt-BR") == "pt"
