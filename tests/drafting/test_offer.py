"""What a reply offers."""

from __future__ import annotations

import pytest

from drafter.domain import Issue, Remedy
from drafter.drafting.offer import choose_remedy
from drafter.drafting.templates import Templates
from tests.drafting.conftest import SELLER, ask, judge


@pytest.mark.parametrize(
    ("issue", "allowed", "wants", "remedy"),
    [
        (Issue.DEFECTIVE, ("full_refund", "replacement"), (), Remedy.REPLACEMENT),
        (Issue.DEFECTIVE, ("full_refund", "replacement"), ("refund",), Remedy.FULL_REFUND),
        (Issue.SIZE_OR_FIT, ("full_refund", "return_label"), (), Remedy.RETURN_LABEL),
        (Issue.CUSTOMER_SERVICE, ("partial_refund",), (), Remedy.PARTIAL_REFUND),
        (Issue.DEFECTIVE, ("Full refund", "spare-part"), (), Remedy.FULL_REFUND),
        (Issue.DEFECTIVE, ("none",), ("refund",), None),
        (Issue.DEFECTIVE, ("a nice poem",), (), None),
        (Issue.DEFECTIVE, (), (), None),
    ],
)
def test_the_remedy_is_allowed_and_fits(issue: Issue, allowed: tuple[str, ...], wants: tuple[str, ...], remedy: Remedy | None) -> None:
    """What the buyer asks for comes first, then what suits the issue; nothing else is ever offered."""
    assert choose_remedy((issue,), allowed, wants) is remedy


def test_a_second_one_brings_no_day_back() -> None:
    """Where it came late, or nobody answered, another one of the same is offered only to who asks for it."""
    assert choose_remedy([Issue.LATE_DELIVERY], ["replacement"], []) is None
    assert choose_remedy([Issue.LATE_DELIVERY], ["replacement"], ["replacement"]) is Remedy.REPLACEMENT
