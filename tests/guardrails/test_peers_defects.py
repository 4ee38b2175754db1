"""Defects that public guardrail libraries were seen to have, each as a test that ours does not have it."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from drafter.domain import CheckRequest, GuardrailReport, RuleStatus, Verdict
from drafter.errors import RequestError
from drafter.guardrails.document import Hit
from drafter.guardrails.engine import MAX_CHARS, Guardrail
from drafter.guardrails.plan import Plan
from drafter.guardrails.scene import Scene
from drafter.guardrails.signs import ALWAYS
from tests.guardrails.content import RULE, write_content

ROOT = Path(__file__).resolve().parents[2]


@cache
def shipped() -> Guardrail:
    """The guardrail of the shipped content."""
    return Guardrail.load(ROOT)


def check(text: str, channel: str = "review_followup", **case: object) -> GuardrailReport:
    """Report of one text."""
    return shipped().check(CheckRequest.model_validate({"channel": channel, "text": text, **case}))


def quotes(report: GuardrailReport, rule_id: str) -> list[str]:
    """The words that a rule pointed at."""
    return [finding.quote for finding in report.findings if finding.rule_id == rule_id]


@pytest.mark.parametrize("words", [("leak", "drip"), ("drip", "leak")])
def test_two_rules_of_one_kind_do_not_overwrite_each_other(tmp_path: Path, words: tuple[str, str]) -> None:
    """Results keyed by the kind lost the violation when a later rule of that kind passed."""
    entry = """
  - id: {id}
    group: H
    category: other
    severity: block
    channels: [all]
    kind: word_list
    with: {{words: [{word}]}}
    message: Says it.
    suggestion: Leave it out.
    source: house
    checked_on: 2026-11-21
    examples: {{flag: [{word}, {word} a, {word} b, {word} c, {word} d], allow: [a, b, c, d, e]}}
"""
    root = write_content(tmp_path, rule=RULE + "".join(entry.format(id=f"no-{word}", word=word) for word in words))
    report = Guardrail.load(root).check(CheckRequest(channel="review_followup", text="It may leak."))
    statuses = {result.rule_id: result.status for result in report.results}
    assert (statuses["no-leak"], statuses["no-drip"]) == (RuleStatus.FLAGGED, RuleStatus.PASSED)
    assert report.verdict is Verdict.BLOCK


def test_every_match_is_found_not_the_first() -> None:
    """Redaction that stopped at the first match sent the second address out."""
    text = "Write to help@tidewell.com or sales@tidewell.org, or call +1 202 555 0143 or +44 20 7946 0958."
    report = check(text)
    assert quotes(report, "contact-email") == ["help@tidewell.com", "sales@tidewell.org"]
    assert quotes(report, "contact-phone") == ["+1 202 555 0143", "+44 20 7946 0958"]


def test_every_violating_sentence_is_found() -> None:
    """A repair needs all of them at once."""
    report = check("Please delete your review. The lid is new. Then remove your review from the page, please.")
    assert len(quotes(report, "review-removal-request")) == 2


def test_an_exception_phrase_elsewhere_excuses_nothing() -> None:
    """One category's exception switched every category off for the whole text."""
    excuse = "Nobody asks you to change your review."
    assert check(excuse).verdict is Verdict.PASS
    for text in (f"{excuse} Please delete your review.", f"Please delete your review. {excuse}"):
        assert quotes(check(text), "review-removal-request"), text


def test_an_exception_of_one_rule_does_not_excuse_another() -> None:
    """Not asking for a change does not make an insult polite."""
    assert check("You are a liar, and nobody asks you to change your review.").verdict is Verdict.BLOCK


@pytest.mark.parametrize("rule_id", ["review-change-request", "contact-email", "placeholder-leak"])
def test_a_check_that_raises_is_errored_and_never_a_pass(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash that counted as `nothing found` let everything through."""

    def crash(scene: Scene) -> Iterable[Hit]:
        raise RuntimeError("the words of the draft")

    plan = shipped()._plans["review_followup"]
    steps = [dataclasses.replace(step, check=crash, frames=None, gate=ALWAYS) if step.rule.id == rule_id else step for step in plan.steps]
    monkeypatch.setitem(shipped()._plans, "review_followup", Plan(steps, plan.standing))
    report = check("We are sorry that the lid leaks.")
    result = next(result for result in report.results if result.rule_id == rule_id)
    assert result.status is RuleStatus.ERRORED
    assert report.verdict is Verdict.BLOCK
    assert "words of the draft" not in report.model_dump_json()


def test_a_check_that_raises_halfway_keeps_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other rules found is in the report."""

    def crash(scene: Scene) -> Iterator[Hit]:
        yield Hit(0, 1)
        raise RuntimeError

    plan = shipped()._plans["review_followup"]
    steps = [dataclasses.replace(step, check=crash, gate=ALWAYS) if step.rule.id == "emoji" else step for step in plan.steps]
    monkeypatch.setitem(shipped()._plans, "review_followup", Plan(steps, plan.standing))
    report = check("Please delete your review.")
    assert report.errored == ("emoji",)
    assert quotes(report, "review-removal-request")


@pytest.mark.parametrize(
    "text",
    [
        "با سلام، می‌خواهیم کمک کنیم و کتاب‌های شما را دوباره می‌فرستیم.",
        "नमस्ते, क्‍षमा करें, ढक्कन टूटा हुआ था और हम नया भेज रहे हैं।",
        "We are sorry about the family puzzle 👨‍👩‍👧‍👦 and the flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿.",
        "The ❤️‍🔥 sticker came loose; a new one is on its way 🤝🏽.",
        "お客様へ\n\nお届けした商品が破損していたとのこと、心よりお詫び申し上げます。",
    ],
)
def test_joiners_are_left_where_a_script_or_an_emoji_needs_them(text: str) -> None:
    """Filters that strip invisible characters break Persian, Hindi and emoji families, and call them tampering."""
    report = check(text)
    assert quotes(report, "disguised-words") == []
    assert all(text[finding.start : finding.end] == finding.quote for finding in report.findings)


def test_a_look_alike_letter_does_not_pass() -> None:
    """The same filters let a Cyrillic letter through."""
    report = check("Please delete your rеview.")
    assert quotes(report, "review-removal-request")
    assert quotes(report, "disguised-words") == ["rеview"]


def test_words_inside_words_are_no_hits() -> None:
    """`awe guaranteed` is no `we guarantee`; `screview` is no review."""
    assert check("The preview lamp shows the reviewed firmware; deletes are undone by the reset key.").verdict is not Verdict.BLOCK


def test_a_text_over_the_cap_is_refused_and_not_cut() -> None:
    """A violation behind the cap would pass."""
    with pytest.raises(RequestError):
        check("a " * MAX_CHARS + "Please delete your review.")


HOSTILE = {
    "one word": "review ",
    "a request": "please delete your review ",
    "no sentence end": "if you could please change it and ",
    "German": "bitte ändern Sie Ihre Bewertung und ",
    "Chinese": "删评价",
    "Japanese": "レビューを",
    "pulled apart": "d e l e t e ",
    "mixed scripts": "rеviеw ",
    "leetspeak": "r3v13w ",
    "entities": "&#114;",
    "marks": "r\u0335e\u0316",
    "zero width": "\u200b",
    "bidi": "\u202e",
    "brackets": "[",
    "tags": "<",
    "quotes": '"',
    "stars": "⭐",
    "digits": "1-2 ",
    "spoken mail": "a at b dot ",
    "links": "http://a.b/",
    "sums": "$1 ",
    "lines": "a\n",
}


def steps_taken(text: str) -> int:
    """Lines of Python that a check runs: a measure of work that no busy machine disturbs."""
    count = 0

    def on_line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return on_line

    request = CheckRequest(channel="review_followup", text=text)
    shipped().check(request)
    before = sys.gettrace()
    sys.settrace(on_line)
    try:
        shipped().check(request)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_repetition_costs_no_more_than_its_length(piece: str) -> None:
    """`(a|aa)+$` took a second for 32 characters elsewhere. Four times the text may cost four times the work, with some to spare."""
    short, long = (steps_taken((piece * 4000)[:size]) for size in (1000, 4000))
    assert long < 5 * short + 2000
