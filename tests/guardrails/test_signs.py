"""A sign too many costs time; one too few would hide what a rule of form finds."""

from __future__ import annotations

from functools import cache

import pytest

from drafter.content import find_content_root
from drafter.domain import CheckRequest
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.reading import read
from drafter.guardrails.signs import ADDRESS, ALWAYS, APP, MACHINE, NUMBER, ODD, WAY_OUT, FormCheck, signs_of
from tests.guardrails.texts import honest_texts


@cache
def shipped() -> Guardrail:
    """The guardrail of the repository."""
    return Guardrail.load(find_content_root())


def signs(text: str) -> int:
    """What a text shows."""
    return signs_of(read(CheckRequest(channel="review_followup", text=text), shipped()._lexicon.vocabulary))


@pytest.mark.parametrize(
    "text",
    [
        "We are sorry that the lid leaks, and don't want you to wait. Does it close?",
        "It came after 3 weeks.\n\nThe lid is well-made, we hear.\nKind regards",
        "One of two cables is in the box.",
    ],
)
def test_plain_words_show_nothing(text: str) -> None:
    """Most replies are such."""
    assert signs(text) == ALWAYS


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Write to a@b.example now.", ODD),
        ("See shop.example now.", ODD),
        ("It is [so] good.", ODD),
        ("Dear NAME, hello.", ODD),
        ("A\n\n\nB", ODD),
        ("- a\n- b", ODD),
        ("Call 2025550143 now.", ODD),
        ("Thank you ⭐", ODD),
        ("Please d e l e t e it.", ODD),
        ("the r3view is here", ODD),
        ("It is xxx days late.", ODD),
        ("care at tidewell dot com", ADDRESS),
        ("come to whatsapp with us", APP),
        ("one two three four five six seven", NUMBER),
        ("lorem ipsum dolor", MACHINE),
        ("unsubscribe here", WAY_OUT),
    ],
)
def test_what_gives_something_away_is_seen(text: str, sign: int) -> None:
    """By characters, by their order, or by words."""
    assert signs(text) & sign


def test_a_rule_of_form_finds_nothing_where_none_of_its_signs_shows() -> None:
    """In no example of any rule, and in no honest reply."""
    texts = [example.text for rule in shipped().rules for example in (*rule.flag, *rule.allow)]
    texts += [item["text"] for item in honest_texts()]
    steps = [step for step in shipped()._plans["review_followup"].steps if isinstance(step.check, FormCheck)]
    assert len(steps) > 5
    silent = 0
    for text in texts:
        scene = shipped().look_at(CheckRequest(channel="review_followup", text=text))
        shown = signs_of(scene.document)
        for step in steps:
            if not step.gate & shown:
                silent += 1
                assert not list(step.check(scene)), (step.rule.id, text)
    assert silent > 1000
