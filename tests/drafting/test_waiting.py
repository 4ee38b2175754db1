"""Messages that hold the line until the reply is approved."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain import Issue, Route
from drafter.drafting.proof import Verifier
from drafter.drafting.templates import Templates
from drafter.guardrails.engine import Guardrail
from drafter.pipeline import check_request
from tests.drafting.conftest import ask, judge
from tests.drafting.test_every_template import REVIEWS


@pytest.mark.parametrize("language", REVIEWS)
def test_it_names_the_complaint_and_offers_nothing(root: Path, templates: Templates, language: str) -> None:
    """In every language, clean by the rules and with a whole proof."""
    guardrail = Guardrail.load(root)
    verify = Verifier.load(root, concepts_in=guardrail.concepts_in)
    for body in REVIEWS[language]:
        request = ask(body)
        triage = judge(request, (Issue.DEFECTIVE, body[:-1]), language=language)
        draft = next(templates.compose_holding(request, triage))
        assert not guardrail.check(check_request(request, triage, draft)).findings, draft.text
        assert not verify(draft, request, triage).findings, draft.text
        assert any(soon in draft.text for soon in templates.books[language][0].holding.soon)
        assert not any(remedy in draft.text for remedy in templates.books[language][0].remedy["replacement"])


@pytest.mark.parametrize(
    "fields",
    [{"channel": "feedback_reply", "subject": "seller_feedback"}, {"order": {"resolved": True}}],
)
def test_there_is_none_where_nobody_waits(templates: Templates, fields: dict[str, object]) -> None:
    """There is one public reply only, and a settled case is settled."""
    request = ask(**fields)
    assert list(templates.compose_holding(request, judge(request, (Issue.DEFECTIVE, "leaks")))) == []


def test_there_is_none_beside_a_reply_that_holds_the_line(templates: Templates) -> None:
    """Danger and law have their own."""
    request = ask("The cord caught fire.")
    triage = judge(request, (Issue.SAFETY_HAZARD, "fire"), route=Route.HUMAN_ONLY, reasons=("safety_hazard",))
    assert list(templates.compose_holding(request, triage)) == []


def test_a_question_is_thanked_for(templates: Templates) -> None:
    """There is nothing to be sorry for."""
    request = ask("Which filter fits the 2 l jug?", channel="buyer_message")
    text = next(templates.compose_holding(request, judge(request))).text
    assert "sorry" not in text
    assert "question" in text or "asking" in text
