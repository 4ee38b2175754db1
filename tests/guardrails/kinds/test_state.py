"""Kind `state`: what a text repeats of our earlier messages, and what may not be added to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain import CheckRequest, RuleStatus
from drafter.errors import ContentError
from drafter.guardrails.engine import Guardrail
from tests.guardrails.content import RULE, write_content
from tests.guardrails.test_examples import shipped

NOTICE = "If you are satisfied that we have resolved your concerns, it is possible to update or remove the feedback here."


def flags(text: str, **case: object) -> set[str]:
    """Ids of the rules that speak."""
    request = CheckRequest.model_validate({"channel": "feedback_contact", "text": text, "resolved": True, **case})
    return {finding.rule_id for finding in shipped().check(request).findings}


@pytest.mark.parametrize("text", ["You may take the feedback down whenever you like.", "Your feedback can be withdrawn under Your Orders."])
def test_a_second_notice_in_other_words_is_found(text: str) -> None:
    """The first one passes; what counts is that both say it, not that they say it alike."""
    assert "feedback-notice-repeat-thread" in flags(text, previous_messages=(NOTICE,))
    assert "feedback-notice-repeat-thread" not in flags(text, previous_messages=("Which cable was it?",))


def test_a_second_request_for_an_opinion_is_found() -> None:
    """Counted over reviews and feedback together."""
    earlier = ("Please rate your order.",)
    assert "review-request-repeat-thread" in flags("Could you leave a product review?", channel="buyer_message", previous_messages=earlier)


@pytest.mark.parametrize(("earlier", "expected"), [(0, set()), (1, {"frequency-cap-second"}), (2, {"frequency-cap-unanswered"})])
def test_messages_without_an_answer_are_counted(earlier: int, expected: set[str]) -> None:
    """The second is worth a look, the third is one too many; where the buyer wrote, nothing is counted."""
    sent = ("Which lid do you need?", "Is it the blue one?")[:earlier]
    rules = {"frequency-cap-second", "frequency-cap-unanswered"}
    case = {"channel": "buyer_message", "previous_messages": sent}
    assert flags("The new lids are in.", seller_started=True, **case) & rules == expected
    assert not flags("The new lids are in.", seller_started=False, **case) & rules


def test_a_review_named_after_money_is_found_and_a_notice_after_the_fix_is_not() -> None:
    """The notice about feedback may follow a finished fix, in a message of its own."""
    money = ("We have refunded the full price.",)
    review = flags("Thank you for your review.", channel="review_followup", previous_messages=money)
    assert "compensation-review-thread" in review
    assert not flags(NOTICE, previous_messages=money)


def test_without_earlier_messages_the_rules_of_the_thread_are_skipped() -> None:
    """What was not told is not evaluated."""
    report = shipped().check(CheckRequest(channel="feedback_contact", text=NOTICE, resolved=True))
    threads = [result for result in report.results if result.rule_id.endswith("-thread")]
    assert len(threads) == 5
    assert {result.status for result in threads} == {RuleStatus.SKIPPED}


@pytest.mark.parametrize(
    ("spec", "message"),
    [("find: telepathy", "find is one of"), ("find: parted_frames, here: [act, what]", "here names"), ("find: parted_frames", "'here'")],
)
def test_a_wrong_state_rule_is_refused(tmp_path: Path, spec: str, message: str) -> None:
    """The error names the rule."""
    rule = RULE.replace("kind: frame", f"kind: state\n    with: {{{spec}}}")
    with pytest.raises(ContentError, match=message) as caught:
        Guardrail.load(write_content(tmp_path, rule=rule))
    assert "no-change" in str(caught.value)
