"""What the second reader hears of a sentence: our words, not the buyer's, nor a greeting."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain import CheckRequest, Verdict
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.own_words import GREETING, own_words


@pytest.fixture(scope="module")
def guardrail(root: Path) -> Guardrail:
    """The shipped words."""
    return Guardrail.load(root)


@pytest.mark.parametrize(
    ("text", "review", "said"),
    [
        ("You wrote “it leaks” and we see why.", "Bad: it leaks!", "you wrote and we see why"),
        ("You wrote “it leaks” and we see why.", "It is loud.", "you wrote it leaks and we see why"),
        ("Hello there my friend, the lid is on its way.", None, "the lid is on its way"),
        ("Hello there my friend the lid is on its way.", None, "hello there my friend the lid is on its way"),
        ("The lid, dear Anna, is on its way.", None, "the lid dear anna is on its way"),
    ],
)
def test_only_our_own_words_are_heard(guardrail: Guardrail, text: str, review: str | None, said: str) -> None:
    """Words in quotation marks that the buyer wrote fall away, and the greeting that a sentence begins with."""
    scene = guardrail.look_at(CheckRequest(channel="review_followup", text=text, review=review, language="en"))
    assert " ".join(own_words(scene, 0, guardrail.concepts.bits[GREETING]).norms) == said


def test_concepts_of_a_quote_are_not_ours(guardrail: Guardrail) -> None:
    """What stands outside of the quote keeps its own."""
    scene = guardrail.look_at(
        CheckRequest(channel="review_followup", text="You write “send my money back”, we read.", review="Send my money back")
    )
    bits = guardrail.concepts.bits
    assert own_words(scene, 0, bits[GREETING]).mask & (bits["remedy.money"] | bits["agent.us"]) == bits["agent.us"]


@pytest.mark.parametrize(
    ("text", "language", "review"),
    [
        ("Hello there my friend, the lid is on its way.", "en", None),
        ("Sie schreiben, dass der Nachbar „mit Anwalt“ droht, so laut ist der Motor.", "de", "Nachbar droht mit Anwalt"),
        ("Vos mots « un gros cadeau pour cinq étoiles » nous ont fait sourire.", "fr", "Un gros cadeau pour cinq étoiles, non merci"),
    ],
)
def test_a_quote_or_a_greeting_stops_no_text(guardrail: Guardrail, text: str, language: str, review: str | None) -> None:
    """Neither the reader nor a frame takes a part of a violation from the buyer's words."""
    assert guardrail.check(CheckRequest(channel="review_followup", text=text, language=language, review=review)).verdict is Verdict.PASS


def test_a_quote_that_we_ask_for_counts(guardrail: Guardrail) -> None:
    """What we ask for in the quote's own sentence is asked by us, in the buyer's words or in ours."""
    text = "You wrote “I could delete the review”, so please delete “the review” today."
    report = guardrail.check(CheckRequest(channel="review_followup", text=text, review="I could delete the review", language="en"))
    assert report.verdict is Verdict.BLOCK
