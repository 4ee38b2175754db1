"""Which rules run is worked out once for all texts of which the same is known."""

from __future__ import annotations

from functools import cache

import pytest

from drafter.content import find_content_root
from drafter.domain import CheckRequest, RuleStatus
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.plan import Case

TEXT = "We are sorry that the lid of your kettle leaks."


@cache
def shipped() -> Guardrail:
    """The guardrail of the repository."""
    return Guardrail.load(find_content_root())


def case(**facts: object) -> Case:
    """What runs where these facts are known."""
    request = CheckRequest.model_validate({"channel": "review_followup", "text": TEXT, "language": "en", **facts})
    return shipped()._case(shipped().look_at(request))


def test_the_same_facts_are_the_same_case() -> None:
    """Whatever the facts say: that they are there is what counts."""
    assert case(facts=("A lid is sent.",)) is case(facts=("A lid was sent yesterday.",))
    assert case(facts=()) is not case(facts=None)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"facts": None}, "no facts given"),
        ({"previous_messages": None}, "no previous_messages given"),
        ({"seller_started": False}, "applies only when seller_started is true"),
        ({"resolved": True}, "applies only when resolved is false"),
    ],
)
def test_what_cannot_run_is_skipped_with_its_reason(facts: dict[str, object], reason: str) -> None:
    """And is no step of the case."""
    found = case(**facts)
    skipped = {result.rule_id for result in found.standing if result.status is RuleStatus.SKIPPED and result.reason == reason}
    assert skipped
    assert skipped.isdisjoint(step.rule.id for step in found.steps)


def test_a_rule_without_words_in_the_language_says_so() -> None:
    """A Finnish text is read by no frame."""
    request = CheckRequest(channel="review_followup", text="Olemme pahoillamme, että kannu vuotaa ja keittiö kastuu aina.", language="fi")
    report = shipped().check(request)
    assert any(result.reason.endswith("this text's language") for result in report.results)
