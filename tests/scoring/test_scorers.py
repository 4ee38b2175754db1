"""Each scorer with its controls: swapped review, stock reply, stuffing, parrot, wrong language, nothing to judge."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.domain import Issue, Score
from drafter.scoring.parroting import longest_common_run, shares_run
from tests.scoring.conftest import OTHER_REVIEW, REPLIES, REVIEW, triage_for

ScoreOf = Callable[..., Score]


def value(score: Score) -> float:
    """The value, which must be there."""
    assert score.value is not None, score.reason
    return score.value


def test_a_swapped_review_ruins_specificity(score_of: ScoreOf) -> None:
    """The same words under another review say nothing about it."""
    assert value(score_of("specificity", REPLIES["good"])) == 1
    assert value(score_of("specificity", REPLIES["good"], body=OTHER_REVIEW)) <= 0.25
    assert value(score_of("specificity", REPLIES["stock"])) == 0


def test_a_short_review_needs_only_its_own_words(score_of: ScoreOf) -> None:
    """Two content words shared out of two is all there can be."""
    assert value(score_of("specificity", "We are sorry that it stopped working.", body="Stopped working.")) == 1


def test_more_words_than_needed_are_said_so(score_of: ScoreOf) -> None:
    """Nobody has shared 8 of 4."""
    reason = score_of("specificity", REPLIES["good"]).reason
    assert re.search(r"shares (?:(\d+) words with the review; \d+ would do|(\d+) of \2 needed words)", reason), reason


def test_specificity_says_nothing_across_languages(score_of: ScoreOf) -> None:
    """A German reply to an English review shares no words, and that is no fault."""
    score = score_of("specificity", "Es tut uns leid.", language="de", triage=triage_for(REVIEW))
    assert score.value is None
    assert "language" in score.reason


@pytest.mark.parametrize(
    ("language", "review", "reply"),
    [
        ("de", "Der Reißverschluss riss in der zweiten Nacht.", "Es tut uns leid, dass der Reißverschluss in der Nacht gerissen ist."),
        ("ja", "二日目の夜にファスナーが破れました。", "ファスナーが夜に破れたとのこと、申し訳ございません。"),
        ("zh", "第二天晚上帐篷拉链就坏了。", "很抱歉，帐篷的拉链晚上就坏了。"),
    ],
)
def test_specificity_reads_other_languages(score_of: ScoreOf, language: str, review: str, reply: str) -> None:
    """By stems, or by pairs of characters."""
    assert value(score_of("specificity", reply, body=review, language=language)) >= 0.5


def test_stock_phrases_halve_boilerplate(score_of: ScoreOf) -> None:
    """None is 1, each one halves."""
    assert value(score_of("boilerplate", REPLIES["good"])) == 1
    assert value(score_of("boilerplate", REPLIES["stock"])) < 0.1
    assert value(score_of("boilerplate", "Sorry for the inconvenience with the zip.")) == 0.5
    assert value(score_of("boilerplate", "Wir entschuldigen uns für die entstandenen Unannehmlichkeiten.", language="de")) < 1


def test_an_echo_loses_copy_and_a_quote_does_not(score_of: ScoreOf) -> None:
    """A clause may be the buyer's own; the whole review may not."""
    assert value(score_of("copy", "You write: “The zip of the tent tore on the second night”.")) == 1
    assert value(score_of("copy", REPLIES["parrot"])) < 0.8


def test_coverage_names_the_point_left_open(score_of: ScoreOf) -> None:
    """Each issue counts once, in the buyer's words or in words for it."""
    triage = triage_for(REVIEW, (Issue.QUALITY_OR_DURABILITY, "zip of the tent tore"), (Issue.LATE_DELIVERY, "second night"))
    assert value(score_of("coverage", "The zip tore and you had to wait.", triage=triage)) == 1
    half = score_of("coverage", "The zip tore.", triage=triage)
    assert half.value == 0.5
    assert "late_delivery" in half.reason
    assert score_of("coverage", "The zip tore.").value is None


def test_empathy_is_strong_only_beside_the_buyers_own_words(score_of: ScoreOf) -> None:
    """Stuffing with feeling stays weak, and so does the good reply under a swapped review."""
    good = value(score_of("empathy", REPLIES["good"]))
    assert good >= 0.8
    assert value(score_of("empathy", REPLIES["stuffed"])) <= 0.5
    assert value(score_of("empathy", REPLIES["good"], body=OTHER_REVIEW)) <= 0.5
    assert value(score_of("empathy", "The zip tore.")) == 0


def test_two_sorries_are_one(score_of: ScoreOf) -> None:
    """Saying it again earns nothing."""
    once, twice = "We are sorry about the zip.", "We are sorry about the zip. We are sorry about the zip."
    assert score_of("empathy", once).value == score_of("empathy", twice).value


def test_brevity_has_a_band(score_of: ScoreOf) -> None:
    """Curt and endless both lose; a public reply has less room."""
    assert value(score_of("brevity", REPLIES["good"])) == 1
    assert value(score_of("brevity", REPLIES["curt"])) < 0.2
    long = "word " * 300
    assert value(score_of("brevity", long)) < 0.5
    middle = "word " * 90
    assert value(score_of("brevity", middle, channel="feedback_reply")) < value(score_of("brevity", middle))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are sorry about the zip.", 0.0),
        ("Which pole bent? Just reply here.", 1.0),
        ("We would like to replace it. Just reply here.", 1.0),
        ("Which pole bent? Where? When?", 0.25),
    ],
)
def test_one_next_step(score_of: ScoreOf, text: str, expected: float) -> None:
    """None leaves the buyer alone, several leave the buyer with homework."""
    assert value(score_of("one_next_step", text)) == expected


def test_a_public_reply_asks_nothing(score_of: ScoreOf) -> None:
    """The next reader has nothing to answer."""
    assert value(score_of("one_next_step", "The zip is changed now.", channel="feedback_reply")) == 1
    assert value(score_of("one_next_step", "Which zip?", channel="feedback_reply")) < 1


@pytest.mark.parametrize("name", ["boilerplate", "coverage", "empathy", "one_next_step"])
def test_an_unknown_language_is_none_with_a_reason(score_of: ScoreOf, name: str) -> None:
    """Not measured is never zero."""
    score = score_of(name, "Het spijt ons.", body="De rits is kapot.", language="nl")
    assert score.value is None
    assert "nl" in score.reason


@pytest.mark.parametrize(
    ("left", "right", "run"), [("a b c d", "x b c y", 2), ("a a a", "a a", 2), ("", "a", 0), ("a b", "b a", 1), ("a b c", "a b c", 3)]
)
def test_the_longest_common_run_is_found(left: str, right: str, run: int) -> None:
    """Neighbours in both."""
    assert longest_common_run(left.split(), right.split()) == run


@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abc"), max_size=30), st.integers(0, 14))
def test_a_shared_run_is_a_common_run_that_is_longer(text: list[str], other: list[str], longer_than: int) -> None:
    """Whichever words it begins with."""
    found = shares_run(" ".join(text).upper(), "\n ".join(other), longer_than=longer_than)
    assert found == (longest_common_run(text, other) > longer_than)
