"""Sentences and clauses."""

from __future__ import annotations

import pytest

from drafter.drafting.sentences import split_clauses, split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It leaks. I am sad!", ["It leaks.", "I am sad!"]),
        ("Took 2.5 days. Why?", ["Took 2.5 days.", "Why?"]),
        ("Title\nBody goes on", ["Title", "Body goes on"]),
        (
            "\u9ed2\u304c\u5c4a\u304d\u307e\u3057\u305f\u3002\u5c0f\u3055\u3044\u3002",
            ["\u9ed2\u304c\u5c4a\u304d\u307e\u3057\u305f\u3002", "\u5c0f\u3055\u3044\u3002"],
        ),
        ("", []),
    ],
)
def test_a_text_is_split_at_its_ends(text: str, sentences: list[str]) -> None:
    """Decimal points end nothing; line breaks and full-width marks do."""
    pieces = split_sentences(text)
    assert [p.text for p in pieces] == sentences
    assert all(text[p.start : p.end] == p.text for p in pieces)


def test_clauses_keep_their_places() -> None:
    """Punctuation and the word that ties clauses are left out; numbers with a comma stay whole."""
    text = "Nice colour, but the lid (the red one) leaks: 2,4 litres gone."
    pieces = split_clauses(text, split_sentences(text)[0])
    assert [p.text for p in pieces] == ["Nice colour", "the lid", "the red one", "leaks", "2,4 litres gone"]
    assert all(text[p.start : p.end] == p.text for p in pieces)
