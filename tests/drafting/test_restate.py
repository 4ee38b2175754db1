"""The buyer's clause in our voice."""

from __future__ import annotations

import pytest

from drafter.drafting.restate import name_subject, restate


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


@pytest.mark.parametrize(
    ("clause", "turned"),
    [
        ("Mirror arrived in pieces", "the mirror arrived in pieces"),
        ("Asked three times how to return it", "you had to ask three times how to return it"),
        ("Can't set the days", "you can't set the days"),
        ("the seller never warned me", "we never warned you"),
        ("The seller was rude", "we were rude"),
        ("I got a sack of cat food", "you got a sack of cat food"),
    ],
)
def test_bare_nouns_bare_verbs_and_the_seller_are_turned(clause: str, turned: str) -> None:
    """The article, the buyer or ourselves are put where they belong."""
    assert restate(clause) == turned


@pytest.mark.parametrize("clause", ["Slow shipping, took ten days", "These things broke"])
def test_what_only_looks_like_a_noun_is_left_alone(clause: str) -> None:
    """A comma before the verb, or a word that is no noun."""
    assert restate(clause) is None


@pytest.mark.parametrize(
    ("clause", "item", "named"),
    [
        ("it is too sweet", "the coffee", "the coffee is too sweet"),
        ("this product has trouble dissolving", "the sweetener", "the sweetener has trouble dissolving"),
        ("it tastes burnt", "this product", "this product tastes burnt"),
        ("it is too sweet", "the cookies", "it is too sweet"),
        ("they are not very hot", "the nuts", "the nuts are not very hot"),
        ("it took twelve days", "the stove", "it took twelve days"),
        ("the lid leaks", "the kettle", "the lid leaks"),
    ],
)
def test_a_clause_begins_with_what_it_is_about(clause: str, item: str, named: str) -> None:
    """One thing takes the place of its pronoun; a verb that could be of many is left alone."""
    assert name_subject(clause, item) == named


def test_what_is_his_is_yours() -> None:
    """A pronoun for the thing is turned as a noun is."""
    assert restate("Mine is cold before the second meeting") == "yours is cold before the second meeting"
