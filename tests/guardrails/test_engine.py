"""The guardrail as a whole: three values, exact spans, no state, no way around it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.domain import CheckRequest, RuleStatus, Verdict
from drafter.errors import RequestError
from drafter.guardrails.document import Hit
from drafter.guardrails.engine import MAX_CHARS, Guardrail
from drafter.guardrails.kinds.language import COVERED
from drafter.guardrails.plan import Plan
from drafter.guardrails.scene import Scene
from drafter.guardrails.signs import ALWAYS
from tests.guardrails.content import write_content
from tests.guardrails.texts import honest_texts

TEXT = "Sorry about the lid. Please change your review."
WORDS = [
    *("please", "change", "update", "your", "review", "no need to", "we", "refund", "20%", "$5", ".", ",", "\n", "if"),
    *("ｒｅｖｉｅｗ", "rеview", "评价", "🙂"),
]


@pytest.fixture(scope="module")
def guardrail(root: Path) -> Guardrail:
    """The guardrail of the shipped content."""
    return Guardrail.load(root)


def check(guardrail: Guardrail, text: str, channel: str = "review_followup", **case: object):
    """Report of one text."""
    return guardrail.check(CheckRequest(channel=channel, text=text, **case))


def test_every_rule_is_in_the_report_once_and_in_order(guardrail: Guardrail) -> None:
    """Nobody can take a rule that did not run for one that passed."""
    report = check(guardrail, TEXT)
    assert [result.rule_id for result in report.results] == [rule.id for rule in guardrail.rules]


def test_a_finding_quotes_the_text_as_given(guardrail: Guardrail) -> None:
    """Spans are code points of the raw text, also when it was read through a disguise."""
    text = "Sorry. 🙂 Please delete your r\u200bev\u200biew now."
    findings = [f for f in check(guardrail, text).findings if f.rule_id == "review-removal-request"]
    assert findings and all(text[f.start : f.end] == f.quote for f in findings)


def test_the_same_text_gets_the_same_report(guardrail: Guardrail, root: Path) -> None:
    """No state is carried from one check to the next, nor from one guardrail to another."""
    first = check(guardrail, TEXT)
    check(guardrail, "Give us five stars and a gift card is yours.")
    assert check(guardrail, TEXT) == first == check(Guardrail.load(root), TEXT)


def test_an_unknown_channel_is_refused_with_the_ones_that_exist(guardrail: Guardrail) -> None:
    """The object in play must be known before any word is read."""
    with pytest.raises(RequestError, match="feedback_reply") as caught:
        check(guardrail, TEXT, "review_public_reply")
    assert (caught.value.code, caught.value.field) == ("unknown_channel", "channel")


def test_a_text_over_the_cap_is_refused(guardrail: Guardrail) -> None:
    """A text that is not read is never passed."""
    with pytest.raises(RequestError) as caught:
        check(guardrail, "a" * (MAX_CHARS + 1))
    assert caught.value.code == "text_too_long"


def test_a_rule_that_crashes_is_errored_and_blocks(guardrail: Guardrail, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others still run, and the verdict is no pass."""

    def crash(scene: Scene) -> list[Hit]:
        raise ZeroDivisionError

    plan = guardrail._plans["review_followup"]
    steps = [dataclasses.replace(step, check=crash, gate=ALWAYS) if step.rule.id == "emoji" else step for step in plan.steps]
    monkeypatch.setitem(guardrail._plans, "review_followup", Plan(steps, plan.standing))
    report = check(guardrail, "Sorry about the lid.")
    assert report.errored == ("emoji",)
    assert report.verdict is Verdict.BLOCK


def test_a_rule_without_its_facts_is_skipped_with_that_reason(guardrail: Guardrail) -> None:
    """Not evaluated is not passed."""
    results = {result.rule_id: result for result in check(guardrail, "We will refund you.").results}
    assert results["unauthorised-remedy"].status is RuleStatus.SKIPPED
    assert "remedies" in results["unauthorised-remedy"].reason


def test_a_rule_of_another_channel_is_skipped_with_that_reason(guardrail: Guardrail) -> None:
    """The report says why a rule is silent."""
    results = {result.rule_id: result for result in check(guardrail, TEXT).results}
    assert results["public-offer"].reason == "does not apply to review_followup"


def test_a_rule_for_people_is_listed_as_skipped(guardrail: Guardrail) -> None:
    """Nobody thinks that attachments were checked."""
    results = {result.rule_id: result for result in check(guardrail, TEXT).results}
    assert results["attachment-type"].status is RuleStatus.SKIPPED
    assert "attachments" in results["attachment-type"].reason


def test_a_text_in_a_language_without_words_is_no_pass(guardrail: Guardrail) -> None:
    """Dutch is not covered: frame rules are skipped for it."""
    report = check(guardrail, "Het spijt ons dat het deksel niet past. Wij sturen u morgen een nieuw deksel toe.")
    results = {result.rule_id: result for result in report.results}
    assert "language not covered" in results["review-change-request"].reason
    assert report.verdict is not Verdict.PASS


@pytest.mark.parametrize("item", [item for item in honest_texts() if item["language"] not in COVERED], ids=lambda item: item["language"])
def test_a_language_that_was_asked_for_and_has_no_words_is_no_pass(guardrail: Guardrail, item: dict[str, str]) -> None:
    """Also where a language that has words shares some with it."""
    report = check(guardrail, item["text"], language=item["language"])
    assert report.verdict is not Verdict.PASS
    assert next(r for r in report.results if r.rule_id == "review-removal-request").status is RuleStatus.SKIPPED


def test_an_exception_lets_a_hit_pass_and_is_reported(guardrail: Guardrail) -> None:
    """It belongs to one rule and one sentence; the next sentence is judged by itself."""
    calm = check(guardrail, "Nobody asks you to change your review.")
    assert "review-change-request/asks-nothing" in calm.exceptions
    assert not [f for f in calm.findings if f.rule_id == "review-change-request"]
    first = "Nobody asks you to change your review."
    both = check(guardrail, f"{first} Please change your review.")
    assert [f.start > len(first) for f in both.findings if f.rule_id == "review-change-request"] == [True]


SAID = (
    "Delete my review? Change my review to five stars? A full refund within 24 hours, or a 20 % discount on the next order, and five stars "
    "and you get a gift card. If you refund me I will remove my review. Please remove my review. Lösche meine Bewertung. "
    "Eine volle Erstattung innerhalb von 24 Stunden. Whoever made it is a thief."
)


@pytest.mark.parametrize(
    "text",
    [
        "The full refund is yours. In return: “delete my review”.",
        "Die volle Erstattung ist Ihre. Im Gegenzug: „lösche meine Bewertung“.",
        "The full refund is yours for “change my review to five stars”.",
        "For you we have a “20 % discount on the next order”.",
        "It stays as we said: “five stars and you get a gift card”.",
        'Our next step is your "change my review".',
        "You will receive “a full refund within 24 hours” from us.",
        "Sie erhalten von uns „eine volle Erstattung innerhalb von 24 Stunden“.",
        'We read that "if you refund me I will remove my review" and that is fine by us.',
        'As you say, "if you refund me I will remove my review". Yes, that works for us.',
        'Sorry about the trouble. As you say: "Please remove my review".',
    ],
)
def test_words_that_we_put_between_quotation_marks_are_ours(guardrail: Guardrail, text: str) -> None:
    """That the buyer wrote them as well makes no bargain of ours a quotation."""
    report = guardrail.check(CheckRequest(channel="review_followup", text=f"Hello, {text}", review=SAID, facts=(), remedies=()))
    assert report.verdict == "block"


@pytest.mark.parametrize(
    "text", ["We are so sorry about this: “whoever made it is a thief”.", "You write: “Whoever made it is a thief”. We see why."]
)
def test_what_a_sentence_gives_to_the_buyer_is_not_ours(guardrail: Guardrail, text: str) -> None:
    """Neither for the frames nor for the second reader."""
    assert guardrail.check(CheckRequest(channel="review_followup", text=f"Hello, {text}", review=SAID)).verdict == "pass"
    assert guardrail.check(CheckRequest(channel="review_followup", text=f"Hello, {text}", review="It leaks.")).verdict == "block"


def test_the_buyers_own_words_in_quotes_are_no_request(guardrail: Guardrail) -> None:
    """They must stand in the buyer's text; the same words in our own mouth count."""
    text = 'You wrote "delete my review", and we understand why.'
    assert not [f for f in check(guardrail, text, review="Just delete my review.").findings if f.rule_id == "review-removal-request"]
    assert [f for f in check(guardrail, text, review="It leaks.").findings if f.rule_id == "review-removal-request"]


def test_the_object_decides_before_the_words(guardrail: Guardrail) -> None:
    """The neutral notice is allowed about seller feedback after the fix, and nowhere else."""
    text = "If you are satisfied, it is possible to update or remove the feedback you left."
    assert check(guardrail, text, "feedback_contact", resolved=True).verdict is Verdict.PASS
    assert check(guardrail, text, "feedback_contact", resolved=False).verdict is Verdict.BLOCK
    assert check(guardrail, text.replace("feedback", "review")).verdict is Verdict.BLOCK


def test_shadow_rules_watch_without_a_say(tmp_path: Path) -> None:
    """Their findings are apart and leave the verdict alone."""
    root = write_content(tmp_path)
    pack = root / "guardrails" / "packs" / "test.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("kind: frame", "kind: frame\n    mode: shadow"), encoding="utf-8")
    report = check(Guardrail.load(root), TEXT)
    assert report.verdict is Verdict.PASS
    assert [f.rule_id for f in report.shadow] == ["no-change"]
    assert report.results[0].is_shadow


def test_explain_names_the_part_that_was_missing(guardrail: Guardrail) -> None:
    """A policy owner sees why a rule stayed silent."""
    explanation = guardrail.explain(CheckRequest(channel="review_followup", text="Thank you for your review."))
    frame = next(f for f in explanation.frames if f.rule_id == "review-removal-request")
    assert "act" in frame.missing and "what" in frame.present


def test_the_guardrail_loads_no_web_framework_and_no_model_library() -> None:
    """It must be quick to import for the CLI."""
    code = "import sys, drafter.guardrails.engine; print([m for m in ('litellm', 'fastapi', 'sqlalchemy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=60))
def test_spans_lie_in_the_text_whatever_it_is(guardrail: Guardrail, words: list[str]) -> None:
    """Every finding's quote is the text between its ends, and checking twice gives the same report."""
    text = " ".join(words)
    report = check(guardrail, text)
    assert report.errored == ()
    assert all(0 <= f.start <= f.end <= len(text) and text[f.start : f.end] == f.quote for f in report.findings)
    assert check(guardrail, text) == report
