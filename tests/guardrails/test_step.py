"""What a rule sees becomes findings, exceptions, and what the rules behind it are told."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import cache

from drafter.content import find_content_root
from drafter.domain import Category, CheckRequest, Finding, RuleStatus
from drafter.guardrails.document import Hit
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.scene import Scene
from drafter.guardrails.step import Step

TEXT = "We are sorry that the lid leaks."


@cache
def shipped() -> Guardrail:
    """The guardrail of the repository."""
    return Guardrail.load(find_content_root())


def run(*hits: Hit, mode: str = "enforce") -> tuple[Scene, list[Finding], list[str], RuleStatus]:
    """What comes of a rule that blocks, when it sees these."""
    plan = shipped()._plans["review_followup"]
    step: Step = next(step for step in plan.steps if step.rule.id == "review-removal-request")

    def check(scene: Scene) -> Iterable[Hit]:
        return hits

    step = dataclasses.replace(step, check=check, rule=dataclasses.replace(step.rule, mode=mode))
    scene = shipped().look_at(CheckRequest(channel="review_followup", text=TEXT))
    findings: list[Finding] = []
    exceptions: list[str] = []
    status = step.run(scene, findings, exceptions).status
    return scene, findings, exceptions, status


def test_a_hit_becomes_a_finding_and_is_told() -> None:
    """With its quote; the rules behind know where, and that it blocks."""
    scene, findings, _, status = run(Hit(0, 2, detail="so"))
    assert (status, findings[0].quote) == (RuleStatus.FLAGGED, "We")
    assert findings[0].message.endswith("(so)")
    assert scene.flagged == scene.blocked == [(0, 2)]
    assert scene.told == {finding.category for finding in findings}


def test_a_hit_may_name_its_own_category() -> None:
    """It is then told under that one alone."""
    scene, findings, _, _ = run(Hit(0, 2, category=Category.PROMOTION))
    assert [finding.category for finding in findings] == [Category.PROMOTION]
    assert scene.told == {Category.PROMOTION}


def test_an_exception_is_named_and_flags_nothing() -> None:
    """The rule passes when all that it saw is excepted."""
    scene, findings, exceptions, status = run(Hit(0, 2, exception="thanks"))
    assert (findings, exceptions, status) == ([], ["review-removal-request/thanks"], RuleStatus.PASSED)
    assert scene.flagged == []


def test_a_rule_on_trial_silences_no_other() -> None:
    """It is flagged, and nobody is told."""
    scene, findings, _, status = run(Hit(0, 2), mode="shadow")
    assert status is RuleStatus.FLAGGED
    assert findings
    assert scene.flagged == []
