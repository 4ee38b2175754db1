"""Word lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain import Issue
from drafter.errors import ContentError
from drafter.scoring.lexicon import any_word, load_lexicons


def test_every_language_has_words_for_every_issue(root: Path) -> None:
    """Or coverage could not be judged there."""
    for lexicon in load_lexicons(root).values():
        assert set(lexicon.issues) == set(Issue), lexicon.language
        assert lexicon.stock
        assert lexicon.feel


def test_stars_stand_for_any_letters() -> None:
    """`refund*` finds `refunded`, but no word in the middle of another; Chinese has no word ends."""
    pattern = any_word("refund* *ed sue", "en")
    assert pattern.search("was Refunded")
    assert pattern.search("it leaked")
    assert not pattern.search("an issue")
    assert any_word("退款", "zh").search("要求退款了")


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    """With the field that is wrong."""
    folder = tmp_path / "prompts" / "words"
    folder.mkdir(parents=True)
    (folder / "xx.yaml").write_text("language: xx\nstop: a\n", encoding="utf-8")
    with pytest.raises(ContentError, match="feel"):
        dict(load_lexicons(tmp_path))


def test_no_words_at_all_is_an_error(tmp_path: Path) -> None:
    """Rather than scores of nothing."""
    with pytest.raises(ContentError, match="no word lists"):
        load_lexicons(tmp_path)
