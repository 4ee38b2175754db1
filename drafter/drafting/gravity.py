"""Which of several complaints is said first."""

from __future__ import annotations

from drafter.domain import Issue

GRAVITY = {
    Issue.SAFETY_HAZARD: 0,
    Issue.WRONG_ITEM: 1,
    Issue.MISSING_PARTS: 1,
    Issue.DEFECTIVE: 1,
    Issue.DAMAGED_IN_TRANSIT: 1,
    Issue.NOT_AS_DESCRIBED: 1,
    Issue.COUNTERFEIT_SUSPICION: 1,
    Issue.LATE_DELIVERY: 3,
    Issue.CUSTOMER_SERVICE: 4,
    Issue.PACKAGING: 5,
    Issue.PRICE_OR_VALUE: 5,
}
"""The gravest is said first; what is not listed stands between a fault and a delay."""


def weigh_issue(issue: Issue) -> int:
    """Place of an issue among several, gravest first."""
    return GRAVITY.get(issue, 2)
