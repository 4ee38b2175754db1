"""Frames: parts that must meet, close enough, said by the right person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drafter.domain import CheckRequest
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.entries import Costs
from drafter.guardrails.entry_lines import parse_entry
from drafter.guardrails.kinds.frame import Agency, Close, Frame, are_close, find_places
from drafter.guardrails.lexicon import Language, Lexicon
from drafter.guardrails.reading import read
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


def test_an_object_may_end_its_verb() -> None:
    """`cierre la disputa` is all one word of closing, and the dispute in it is the object."""
    assert are_close((4, 6), (6, 6), 0, is_ordered=True)
    assert not are_close((4, 6), (3, 3), 0, is_ordered=True)


@pytest.mark.parametrize(("tag", "is_met"), [("ja", True), ("zh", False)])
def test_objects_come_first_in_japanese(tag: str, is_met: bool) -> None:
    """What is asked to come before its object may come behind it there."""
    words = [(1, "外"), (2, "品")]
    entries = tuple(entry for bit, word in words for entry in parse_entry(word, bit, {}, Costs(frozenset())))
    lexicon = Lexicon(("a", "b"), [Language(tag, "", frozenset("を把"), 3, frozenset, lambda: entries)], {})
    scan = lexicon.scan(read(CheckRequest(channel="c", text="品を外")), tag)
    frame = Frame("x", ("a", "b"), (1, 2), "sentence", ((), (Close(0, 1, 3, in_order=True),)), frozenset(), *_NO_MORE)
    assert find_places(frame, scan, Agency(0, 0, 0, 0)) is is_met


_NO_MORE: tuple[Any, ...] = (frozenset(), frozenset(), 0, 0, 0, (), None, (1, 2))


def test_an_object_may_stand_inside_its_verb(root: Path) -> None:
    """`take your review down` holds what is taken down."""
    report = Guardrail.load(root).check(CheckRequest(channel="review_followup", text="Would you take your one-star comment down?"))
    assert "review-removal-request" in {finding.rule_id for finding in report.findings}
