"""The buyer's clause in our voice."""

from __future__ import annotations

import pytest

from drafter.drafting.restate import restate


@pytest.mark.parametrize(
    ("clause", "turned"),
    [
        ("The lid leaked all over my bag", "the lid leaked all over your bag"),
        ("my cup was cracked", "your cup was cracked"),
        ("Stopped working after two days", "it stopped working after two days"),
        ("I was left without a stove", "you were left without a stove"),
        ("Half of the screws were missing", "half of the screws were missing"),
    ],
)
def test_a_plain_clause_is_turned(clause: str, turned: str) -> None:
    """Persons and the verb beside them change, nothing else."""
    assert restate(clause) == turned


@pytest.mark.parametrize(
    "clause",
    [
        "I ordered a lamp",
        "You people never answer",
        "the best thing about it is the bin I threw it in",
        "cheaper than the other one but worse",
        "Why does it leak?",
        "not what I wanted",
        'the manual says "press"',
        "the lid was",
        "I think it is broken",
    ],
)
def test_a_doubtful_clause_is_left_alone(clause: str) -> None:
    """Irony, comparison, questions, other persons and loose ends are not turned."""
    assert restate(clause) is None
