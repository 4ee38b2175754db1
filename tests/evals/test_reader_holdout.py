"""Figures on authors who were left out."""

from __future__ import annotations

import pytest

from drafter.evals.reader_holdout import Judged, author_of, lines


def judged(score: int, *, is_violation: bool = True, language: str = "en") -> Judged:
    """A draft with a score."""
    return Judged(
        language=language,
        author="wa",
        label="violation" if is_violation else "compliant",
        is_snippet=False,
        is_violation=is_violation,
        is_missed=score % 2 == 0,
        score=score,
        has_category=True,
    )


@pytest.mark.parametrize(("row_id", "author"), [("wa-005", "wa"), ("s5-351", "s5"), ("plain", "")])
def test_an_author_is_what_stands_before_the_number(row_id: str, author: str) -> None:
    """Sets name their writers so."""
    assert author_of({"id": row_id}) == author


def test_the_bar_lets_no_more_compliant_drafts_through_than_told() -> None:
    """Of 200 compliant drafts one may reach it at 0.5 %."""
    compliant = [judged(score, is_violation=False) for score in range(200)]
    first = next(lines([*compliant, judged(198), judged(199), judged(250)]))
    assert "bar    199" in first
    assert "drafts 2/3 67%, drafts that the rest misses 1/2 50%" in first


def test_languages_without_compliant_drafts_have_no_bar() -> None:
    """No rate is made of nothing."""
    assert list(lines([judged(5, language="de")])) == ["author wa     found 0/1, that the rest misses 0/0"]
