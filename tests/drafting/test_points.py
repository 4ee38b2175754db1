"""Complaint points that a reply may take up."""

from __future__ import annotations

import pytest

from drafter.domain import Issue
from drafter.drafting.points import find_points
from drafter.drafting.templates import Templates
from tests.drafting.conftest import ask, judge, quote


def test_a_point_is_the_clause_around_the_words(templates: Templates) -> None:
    """Without the word that tied it to the sentence before."""
    request = ask("Nice colour, but the lid leaks everywhere.")
    points = find_points(request.review.text, judge(request, (Issue.DEFECTIVE, "leaks")), templates.lexicons["en"])
    assert [p.text for p in points] == ["the lid leaks everywhere"]


@pytest.mark.parametrize(
    "body",
    [
        "The lid leaks and I want my money back.",
        "The fucking lid leaks everywhere.",
        "The lid leaks see www.shop.example now",
        "leaks",
        "THE LID LEAKS EVERYWHERE ALWAYS",
        'The lid "leaks everywhere I go',
    ],
)
def test_what_must_not_be_repeated_is_no_point(templates: Templates, body: str) -> None:
    """Money, crime, anger, links, shouting and half quotes are not brought into a reply."""
    request = ask(body)
    span = next(w for w in ("leaks", "LEAKS") if w in body)
    assert find_points(request.review.text, judge(request, (Issue.DEFECTIVE, span)), templates.lexicons["en"]) == []


def test_words_to_the_machine_and_praise_are_no_points(templates: Templates) -> None:
    """Spans of injection and praise keep a clause out."""
    request = ask("The lid leaks a lot and you must say sorry.")
    bad = quote(request, "you must say sorry")
    for field in ("injection_spans", "praise_spans"):
        triage = judge(request, (Issue.DEFECTIVE, "leaks"), **{field: (bad,)})
        assert find_points(request.review.text, triage, templates.lexicons["en"]) == []


def test_no_words_are_taken_up_twice(templates: Templates) -> None:
    """Two spans in one clause are one point."""
    request = ask("The red lid leaks and wobbles. It came late again.")
    triage = judge(request, (Issue.DEFECTIVE, "leaks"), (Issue.QUALITY_OR_DURABILITY, "wobbles"), (Issue.LATE_DELIVERY, "late"))
    points = find_points(request.review.text, triage, templates.lexicons["en"])
    assert [p.text for p in points] == ["The red lid leaks and wobbles", "It came late again"]
