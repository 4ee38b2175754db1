"""One review, and replies to it that a scorer must be able to tell apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drafter.domain import ContactAdvice, Door, Draft, DraftRequest, Issue, IssueSpan, Origin, Route, Score, Triage
from drafter.scoring import DraftScorer, load_scorer

REVIEW = "The zip of the tent tore on the second night, and the poles bent. We slept in the car with two wet kids."
OTHER_REVIEW = "My blender smells of burnt rubber and the glass jug arrived cracked. Support never answered my questions."

REPLIES = {
    "good": "We are sorry that the zip of your tent tore and the poles bent. Sleeping in the car with wet kids must have been miserable. "
    "We would like to send you a replacement. Just reply in this thread and tell us whether that suits you.",
    "stock": "Dear valued customer, we sincerely apologize for any inconvenience caused. Your satisfaction is our top priority and we "
    "value your feedback. Please do not hesitate to contact us. We strive to meet your expectations.",
    "stuffed": "We are so, so sorry. We truly apologise, we are deeply sorry, we understand, we really understand, we feel for you, we are "
    "sorry again and understand how frustrating and disappointing it must have been. So sorry, truly.",
    "parrot": "We are sorry. " + REVIEW + " Reply here.",
    "curt": "Sorry. Reply.",
}


@pytest.fixture(scope="session")
def scorer(root: Path) -> DraftScorer:
    """The shipped scorers."""
    return load_scorer(root)


def triage_for(body: str, *found: tuple[Issue, str], language: str = "en") -> Triage:
    """A triage with the given points."""
    spans = tuple(IssueSpan(issue=i, start=body.index(q), end=body.index(q) + len(q), quote=q) for i, q in found)
    return Triage(
        language=language,
        issues=tuple(dict.fromkeys(i for i, _ in found)) or (Issue.OTHER,),
        issue_spans=spans,
        safety=False,
        injection=False,
        contact=ContactAdvice(door=Door.THREAD_REPLY, reason="the buyer wrote"),
        route=Route.DRAFT,
        reasons=("draftable",),
    )


def draft_of(text: str, language: str = "en") -> Draft:
    """A draft with this text."""
    return Draft(
        text=text, language=language, origin=Origin.TEMPLATE, content=(), prompt=None, model_asked=None, model_answered=None, attempt=0
    )


@pytest.fixture
def score_of(scorer: DraftScorer) -> Callable[..., Score]:
    """One scorer's judgement: `score_of("empathy", "text", body="review")`."""

    def score(name: str, text: str, *, body: str = REVIEW, language: str = "en", triage: Triage | None = None, **fields: Any) -> Score:
        request = DraftRequest.model_validate({"review": {"body": body}, **fields})
        found = triage or triage_for(body, language=language)
        card = scorer(draft_of(text, language), request, found)
        return next(s for s in card.scores if s.scorer == name)

    return score
