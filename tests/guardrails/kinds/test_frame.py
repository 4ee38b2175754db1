"""Frames: parts that must meet, close enough, said by the right person."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain import CheckRequest
from drafter.guardrails.engine import Guardrail
from tests.guardrails.content import RULE, write_content

FRAME = RULE[RULE.index("      - name: verb and review") : RULE.index("    exceptions:")]


def quotes(root: Path, frame: str, text: str) -> list[str]:
    """What a rule with this one frame flags in a text."""
    guardrail = Guardrail.load(write_content(root, rule=RULE.replace(FRAME, frame)))
    return [finding.quote for finding in guardrail.check(CheckRequest(channel="review_followup", text=text)).findings]


@pytest.mark.parametrize(
    ("frame", "text", "hits"),
    [
        (FRAME, "Please change your review.", ["change your review"]),
        (FRAME, "Please change the lid, the ring and then your review.", []),
        (FRAME, "Your review may change.", []),
        (FRAME, "We change the review.", []),
        (FRAME, "We please you: change the review.", ["change the review"]),
        (FRAME, "Change the lid after your review.", []),
        (FRAME, "Change it. A review.", []),
        (FRAME, "Please change the review. You change the review.", ["change the review", "change the review"]),
        ("      - {name: x, parts: {act: alter.change, what: $review}, within: clause}\n", "Change it, then review it.", []),
        (
            "      - {name: x, parts: {act: alter.change, what: $review}, within: clause}\n",
            "Change a review, then rest.",
            ["Change a review"],
        ),
        ("      - {name: x, parts: {act: alter.change, what: $review}, within: neighbours}\n", "A review. Change it. The end.", ["Change"]),
        ("      - {name: x, parts: {act: alter.change, what: $review}, within: neighbours}\n", "A review. The end. Change it.", []),
        ("      - {name: x, parts: {act: alter.change, what: $review}, within: text}\n", "A review. The end. Change it.", ["Change"]),
        ("      - {name: x, parts: {act: alter.change}, without: [$review]}\n", "Change it. Change the review.", ["Change"]),
        ("      - {name: x, parts: {act: alter.change}, without_near: [$review]}\n", "Change it. A review.", []),
        ("      - {name: x, parts: {act: alter.change}, in_text: [[$review]]}\n", "Change it.", []),
        ("      - {name: x, parts: {act: alter.change}, in_text: [[$review]]}\n", "Change it. Well. A review.", ["Change"]),
        ("      - {name: x, parts: {act: alter.change}, not_in_text: [$review]}\n", "Change it. Well. A review.", []),
    ],
)
def test_a_frame_is_met_when_its_parts_meet(tmp_path: Path, frame: str, text: str, hits: list[str]) -> None:
    """Scope, closeness, order, who acts, and what must not stand there."""
    assert quotes(tmp_path, frame, text) == hits


def test_a_part_may_stand_in_the_buyers_words(tmp_path: Path) -> None:
    """`in_case` looks at the review of the request as well."""
    rule = RULE.replace(FRAME, "      - {name: x, parts: {act: alter.change}, in_case: [[$review]]}\n")
    guardrail = Guardrail.load(write_content(tmp_path, rule=rule))
    request = CheckRequest(channel="review_followup", text="Change it.", review="My review stays.")
    assert guardrail.check(request).findings
    assert not guardrail.check(request.model_copy(update={"review": "It leaks."})).findings


def test_an_object_may_stand_inside_its_verb(root: Path) -> None:
    """`take your review down` holds what is taken down."""
    report = Guardrail.load(root).check(CheckRequest(channel="review_followup", text="Would you take your one-star comment down?"))
    assert "review-removal-request" in {finding.rule_id for finding in report.findings}
