"""What a person changed is told apart by what it is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.domain import Category, Finding, Score, Scorecard, Severity
from drafter.edits import Edit, EditKind, diff_texts
from tests.conftest import make_request

REQUEST = make_request(product={"title": "Tidewell kettle"}, seller={"brand": "Tidewell", "allowed_remedies": ["full_refund"]})


def card(empathy: float) -> Scorecard:
    """How warm a text is."""
    return Scorecard(scores=(Score(scorer="empathy", version=1, value=empathy, reason="x"),))


def edit(before: str, after: str, *, found: str = "", warmer: bool = False) -> Edit:
    """What changed; `found` are words that a rule had seen something in."""
    start = before.find(found)
    finding = Finding(
        rule_id="r", category=Category.OTHER, severity=Severity.WARN, start=start, end=start + len(found), quote=found,
        message="m", source="s", suggestion="s", view="raw",
    )  # fmt: skip
    scores = (card(0.5), card(0.9 if warmer else 0.5))
    return diff_texts(before, after, request=REQUEST, findings=[finding] if found else [], scores=scores)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("It comes within 3 days.", "It comes within 5 days.", EditKind.FACT),
        ("We send a part.", "We send a refund.", EditKind.FACT),
        ("Your kettle leaks.", "Your Tidewell leaks.", EditKind.FACT),
        ("We are sorry.", "We are truly sorry.", EditKind.STYLE),
        ("Sorry.", "Sorry. We will look into it and come back to you as soon as we can.", EditKind.LENGTH),
    ],
)
def test_each_change_has_its_kind(before: str, after: str, kind: EditKind) -> None:
    """The first that fits."""
    assert edit(before, after).kinds == (kind,)


def test_what_a_rule_had_seen_is_policy() -> None:
    """Whatever else it is."""
    assert edit("Reply within 3 days, please hurry.", "Reply within 5 days.", found="3 days").changes[0].kind is EditKind.POLICY


def test_words_that_make_it_warmer_are_tone() -> None:
    """By the scorer that judges warmth."""
    assert edit("That is bad.", "That is sad.", warmer=True).kinds == (EditKind.TONE,)


@given(st.text(max_size=60), st.text(max_size=60))
def test_every_change_is_made_of_words_of_the_two_texts(before: str, after: str) -> None:
    """And the distance is a share, 0 for the same words."""
    found = edit(before, after)
    assert 0 <= found.distance <= 1
    assert all(change.before in before and change.after in after for change in found.changes)
    assert edit(before, before) == Edit(distance=0, kinds=(), changes=())
