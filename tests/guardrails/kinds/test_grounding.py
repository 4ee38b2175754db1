"""Grounding: what is offered, named or claimed must be backed by the case."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from drafter.domain import CheckRequest
from drafter.guardrails.engine import Guardrail

ROOT = Path(__file__).resolve().parents[3]


@cache
def shipped() -> Guardrail:
    """The guardrail of the shipped content."""
    return Guardrail.load(ROOT)


def flagged(text: str, **case: object) -> set[str]:
    """Ids of the grounding rules that flag a text."""
    report = shipped().check(CheckRequest(channel="review_followup", text=text, **case))
    kinds = {rule.id: rule.kind for rule in shipped().rules}
    return {finding.rule_id for finding in report.findings if kinds[finding.rule_id] == "grounding"}


@pytest.mark.parametrize(
    ("text", "case", "rules"),
    [
        ("We will refund you in full.", {}, set()),
        ("We will refund you in full.", {"review": "I want a refund."}, set()),
        ("We will refund you in full.", {"remedies": (), "review": "I want a refund."}, {"unauthorised-remedy"}),
        ("We will refund you in full.", {"remedies": ("full_refund",)}, set()),
        ("We will refund you in full.", {"remedies": ("a full refund",)}, set()),
        ("We cannot offer a refund here.", {"remedies": ()}, set()),
        ("You paid $24.90 for it.", {"facts": (), "review": "24.90 for this?"}, set()),
        ("You paid $24.90 for it.", {"facts": ("The price was 19.90.",)}, {"ungrounded-amount"}),
        ("We have shipped a new lid.", {"facts": ("A lid was sent on Monday.",), "remedies": ("replacement",)}, set()),
        ("We have shipped a new lid.", {"facts": (), "remedies": ("replacement",)}, {"ungrounded-done"}),
    ],
)
def test_only_what_the_case_says_may_be_said(text: str, case: dict[str, object], rules: set[str]) -> None:
    """A check without facts and without remedies knows nothing, and these rules are skipped."""
    assert flagged(text, **case) == rules


def test_words_that_stand_for_two_remedies_are_one_finding() -> None:
    """Of each rule, the same words are reported once."""
    text = "We sent you a new lid on 3 May and refunded 12 EUR to your card."
    report = shipped().check(CheckRequest(channel="review_followup", text=text, facts=(), remedies=(), review="The lid leaks."))
    found = [(finding.rule_id, finding.start, finding.end) for finding in report.findings]
    assert len(found) == len(set(found))
    assert "unauthorised-remedy" in {rule_id for rule_id, *_ in found}
