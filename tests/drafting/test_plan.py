"""What a reply will say."""

from __future__ import annotations

import pytest

from drafter.domain import Issue, Route
from drafter.drafting.plan import Hold, choose_language
from drafter.drafting.templates import Templates
from tests.drafting.conftest import SELLER, ask, judge


def test_a_public_or_settled_case_gets_no_remedy(templates: Templates) -> None:
    """Nothing is offered before everybody's eyes, nor after the concern is settled."""
    for fields in ({"channel": "feedback_reply"}, {"order": {"resolved": True}}):
        request = ask(**fields)
        assert templates.plan(request, judge(request, (Issue.DEFECTIVE, "leaks")), "en").offer.remedies == ()


def test_danger_and_human_cases_are_held(templates: Templates) -> None:
    """A message about them only holds the line."""
    request = ask("The cord caught fire.")
    assert templates.plan(request, judge(request, (Issue.SAFETY_HAZARD, "fire")), "en").hold is Hold.SAFETY
    triage = judge(request, (Issue.OTHER, "cord"), route=Route.HUMAN_ONLY, reasons=("legal_threat",))
    assert templates.plan(request, triage, "en").hold is Hold.PERSON


def test_facts_answer_only_where_they_help(templates: Templates) -> None:
    """A fact must share a word with the complaint and be in its language; beside a price it sounds like a defence."""
    seller = {**SELLER, "facts": ["the timer is set by holding DAY", "burn time is 40 hours", "der Timer ist geprüft"]}
    request = ask("I cannot set the timer at all.", seller=seller)
    assert templates.plan(request, judge(request, (Issue.USABILITY_OR_INSTRUCTIONS, "set")), "en").facts == (
        "the timer is set by holding DAY",
    )
    assert templates.plan(request, judge(request, (Issue.PRICE_OR_VALUE, "set")), "en").facts == ()


@pytest.mark.parametrize(
    ("asked", "found", "marketplace", "language"),
    [
        ("de-AT", "en", None, "de"),
        (None, "pt-BR", None, "pt"),
        (None, "und", "amazon.co.jp", "ja"),
        (None, "und", "amazon.com", "en"),
        (None, "und", None, "en"),
    ],
)
def test_the_language_is_asked_found_or_the_stores(asked: str | None, found: str, marketplace: str | None, language: str) -> None:
    """In this order."""
    request = ask(options={"language": asked})
    request = request.model_copy(update={"review": request.review.model_copy(update={"marketplace": marketplace})})
    assert choose_language(request, judge(request, language=found)) == language


@pytest.mark.parametrize(
    ("language", "body", "is_content"),
    [
        ("en", "Meant to give five, my thumb slipped. The kettle is great.", True),
        ("en", "Meant to give five, but the lid leaks. Otherwise great.", False),
        ("de", "Habe mich verklickt, der Wasserkocher ist super.", True),
    ],
)
def test_stars_given_by_mistake_are_no_complaint(templates: Templates, language: str, body: str, is_content: bool) -> None:
    """Nobody is sorry for them, and nothing is offered; what is wrong beside them is answered."""
    request = ask(body, rating=1)
    triage = judge(request, (Issue.DEFECTIVE, "leaks"), language=language) if "leaks" in body else judge(request, language=language)
    assert templates.plan(request, triage, language).is_content is is_content
