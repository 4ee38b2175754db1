"""Which of several complaints is said first."""

from __future__ import annotations

from drafter.domain import Issue
from drafter.drafting.gravity import weigh_issue


def test_a_danger_comes_before_a_fault_and_a_price_last() -> None:
    """What is not listed stands between a fault and a delay."""
    issues = [Issue.PRICE_OR_VALUE, Issue.LATE_DELIVERY, Issue.QUALITY_OR_DURABILITY, Issue.DEFECTIVE, Issue.SAFETY_HAZARD]
    assert sorted(issues, key=weigh_issue) == issues[::-1]
