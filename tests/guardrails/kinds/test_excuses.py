"""Excuses: what they take back, and what they leave standing."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain import CheckRequest
from drafter.guardrails.engine import Guardrail
from tests.guardrails.content import ENGLISH, write_content

WORDS = """
  no_ask.free: yours to keep, your own choice
  turn: but
  benefit.gift: voucher*
  condition.exchange: in return
"""


def verdict(root: Path, text: str) -> str:
    """What the small test rule, which forbids asking for a changed review, says of a text."""
    english = ENGLISH.rstrip() + WORDS
    report = Guardrail.load(write_content(root, english=english)).check(CheckRequest(channel="review_followup", text=text))
    return report.verdict.value


@pytest.mark.parametrize(
    "text",
    [
        "There is no need to change the review.",
        "There is no need to send it or, in any way, to change the review.",
        "There is no need to change, update or touch the review.",
        "Whether you change the review is your own choice.",
        "The review is yours to keep, to change a review is your own choice.",
    ],
)
def test_an_excuse_takes_back_its_clause_and_what_hangs_on_it(tmp_path: Path, text: str) -> None:
    """Insertions and lists belong to the excuse."""
    assert verdict(tmp_path, text) == "pass"


@pytest.mark.parametrize(
    "text",
    [
        "It is your own choice, but change the review.",
        "It is your own choice but change the review.",
        "There is no need to send it back, please change the review.",
        "There is no need to send it back, change the review.",
        "There is no need to send it back if you change the review.",
        "Change the review, it is your own choice.",
        "Change the review and a voucher is yours to keep.",
        "It is your own choice. Change the review.",
        "The review is yours to keep, or in return for it, you change that review.",
    ],
)
def test_an_excuse_leaves_the_rest_standing(tmp_path: Path, text: str) -> None:
    """A request beside an excuse is a request, in any order, and a gift is no free choice."""
    assert verdict(tmp_path, text) == "block"
