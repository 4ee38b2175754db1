"""Requests and triages for drafting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drafter.domain import ContactAdvice, Door, DraftRequest, Issue, IssueSpan, Quote, Route, Triage
from drafter.drafting.templates import Templates
from drafter.drafting.writer import Writer
from drafter.prompts.library import load_library

SELLER = {"brand": "Aurora", "signature": "Mia, Aurora", "allowed_remedies": ["replacement", "full_refund"]}


def ask(body: str = "The lid leaks and my bag is wet.", **fields: Any) -> DraftRequest:
    """A request about a kettle; `title`, `rating` and `subject` go to the review."""
    review = {"body": body} | {key: fields.pop(key) for key in ("title", "rating", "subject") if key in fields}
    return DraftRequest.model_validate({"review": review, "seller": SELLER, **fields})


def judge(request: DraftRequest, *found: tuple[Issue, str], language: str = "en", **fields: Any) -> Triage:
    """A triage that found the given issues at the given words."""
    text = request.review.text
    spans = [IssueSpan(issue=i, start=(at := text.index(q)), end=at + len(q), quote=q) for i, q in found]
    values: dict[str, Any] = {
        "language": language,
        "issues": tuple(dict.fromkeys(i for i, _ in found)),
        "issue_spans": tuple(spans),
        "safety": any(i is Issue.SAFETY_HAZARD for i, _ in found),
        "injection": False,
        "contact": ContactAdvice(door=Door.THREAD_REPLY, reason="the buyer wrote"),
        "route": Route.DRAFT,
        "reasons": ("draftable",),
    }
    return Triage(**{**values, **fields})


def quote(request: DraftRequest, words: str) -> Quote:
    """Words of the review as a span."""
    start = request.review.text.index(words)
    return Quote(start=start, end=start + len(words), quote=words)


@pytest.fixture(scope="session")
def templates(root: Path) -> Templates:
    """The shipped templates."""
    return Templates.load(root)


@pytest.fixture(scope="session")
def writer(root: Path) -> Writer:
    """The shipped prompts and templates."""
    return Writer.load(load_library(root))
