"""What tests share: small values, and tools without network, clock or chance."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.domain import ContactAdvice, Door, DraftRequest, Issue, IssueSpan, Review, Route, Triage

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The content root: this checkout."""
    return ROOT


def make_request(body: str = "The lid of the kettle leaks.", **fields: object) -> DraftRequest:
    """A request about a leaking kettle."""
    return DraftRequest.model_validate({"review": {"body": body}, **fields})


def make_triage(route: Route = Route.DRAFT, *reasons: str, language: str = "en", issues: tuple[Issue, ...] = (Issue.DEFECTIVE,)) -> Triage:
    """A triage that found a leaking lid."""
    return Triage(
        language=language,
        issues=issues,
        issue_spans=tuple(IssueSpan(issue=issue, start=0, end=28, quote="The lid of the kettle leaks.") for issue in issues),
        safety=Issue.SAFETY_HAZARD in issues,
        injection=False,
        contact=ContactAdvice(door=Door.THREAD_REPLY, reason="the buyer wrote"),
        route=route,
        reasons=reasons or ("draftable",),
    )


@pytest.fixture
def request_for() -> Callable[..., DraftRequest]:
    """Makes requests: `request_for("body", channel=…)`."""
    return make_request


@pytest.fixture
def triage_of() -> Callable[..., Triage]:
    """Makes triages: `triage_of(Route.DRAFT, "reason")`."""
    return make_triage


@pytest.fixture
def review() -> Review:
    """A review of a leaking kettle."""
    return Review(rating=2, title="Leaks", body="The lid of the kettle leaks.")
