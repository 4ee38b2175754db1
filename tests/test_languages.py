"""A tag of a language is told from a word; which languages are covered is another question."""

from __future__ import annotations

import pytest

from drafter.languages import read_tag


@pytest.mark.parametrize("text", ["en", "EN", "pt-BR", "zh-Hant-TW", "nl", "gsw", "und", " de "])
def test_a_tag_is_known(text: str) -> None:
    """However its letters are written."""
    assert read_tag(text) == text.strip()


def test_an_underscore_is_a_hyphen() -> None:
    """As operating systems write it."""
    assert read_tag("en_US") == "en-US"


@pytest.mark.parametrize("text", ["klingon", "xx", "english", "e", "en-", "en--US", "en US", "", "1", "de;fr"])
def test_anything_else_is_none(text: str) -> None:
    """Names of languages, and codes that nobody has given out."""
    assert read_tag(text) is None
