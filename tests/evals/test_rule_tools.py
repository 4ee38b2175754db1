"""Coverage, differences, mutations and replays of a small pack, so that each answer can be worked out by hand."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from drafter.answers import check_result
from drafter.domain import CheckRequest, Subject, Verdict
from drafter.errors import RequestError
from drafter.evals.coverage import cover
from drafter.evals.mutation import collect_proofs, mutate_frames
from drafter.evals.mutation_words import mutate_words
from drafter.evals.replay import read_stored, replay
from drafter.evals.rule_diff import NamedCheck, compare_rules, examples_of
from drafter.guardrails.engine import Guardrail
from drafter.intake import ChannelFact
from tests.guardrails.content import CHANNEL, ENGLISH, RULE, write_content

CHANNELS = {"review_followup": ChannelFact("review_followup", Subject.PRODUCT_REVIEW)}
REQUEST = {"channel": "review_followup", "text": "Please change your review."}
GERMAN = """
language: de
name: German
function_words: der, die, das, und, Sie, wir, ist
sets: {}
concepts:
  alter.change: ändern
"""


@pytest.fixture
def guardrail(tmp_path: Path) -> Guardrail:
    """One rule of one frame, in English."""
    return Guardrail.load(write_content(tmp_path / "new"))


def nothing() -> None:
    """Shows no progress."""


def missed(guardrail: Guardrail) -> set[str]:
    """Names of the mutations of the frame that no example notices."""
    rule = guardrail.rules[0]
    proofs = collect_proofs(guardrail, [rule], tick=nothing)
    return {f"{m.kind} {m.name}" for m, is_noticed in mutate_frames(guardrail, rule, proofs) if not is_noticed}


def test_coverage_counts_examples_and_names_languages_without_words(tmp_path: Path) -> None:
    """German has a verb but no word for a review, so the frame can never be met there."""
    root = write_content(tmp_path)
    (root / "guardrails" / "languages" / "de.yaml").write_text(GERMAN, encoding="utf-8")
    (root / "guardrails" / "examples").mkdir()
    (root / "guardrails" / "examples" / "de.yaml").write_text("no-change: {flag: [Bitte ändern.]}\n", encoding="utf-8")
    (found,) = cover(Guardrail.load(root))
    assert found.wordless == ("de",)
    assert found.languages["de"].silent_frames == ("verb and review",)
    assert (found.languages["en"].flag, found.languages["en"].allow) == (5, 5)
    assert (found.languages["de"].flag, found.languages["de"].allow) == (1, 0)


def test_the_same_rules_judge_alike(guardrail: Guardrail, tmp_path: Path) -> None:
    """No text of either pack is named."""
    other = Guardrail.load(write_content(tmp_path / "old"))
    assert list(compare_rules(other, guardrail, examples_of(other, guardrail))) == []


def test_a_new_word_shows_the_texts_that_it_catches(guardrail: Guardrail, tmp_path: Path) -> None:
    """The verdict before and after, and the finding that is new."""
    old = Guardrail.load(write_content(tmp_path / "old", english=ENGLISH.replace("change, update", "change")))
    (found,) = compare_rules(old, guardrail, [NamedCheck("a", CheckRequest(channel="review_followup", text="Update the review."))])
    assert (found.before, found.after) == (Verdict.PASS, Verdict.BLOCK)
    assert found.appeared == ("no-change (block) “Update the review”",)
    assert found.gone == ()


def test_a_channel_that_is_new_is_a_difference(guardrail: Guardrail, tmp_path: Path) -> None:
    """The old rules could not say anything there; a channel that neither knows is an error."""
    old = Guardrail.load(write_content(tmp_path / "old"))
    extra = tmp_path / "new" / "guardrails" / "channels" / "by_letter.yaml"
    extra.write_text(CHANNEL.replace("id: review_followup", "id: by_letter"), encoding="utf-8")
    after = Guardrail.load(tmp_path / "new")
    (found,) = compare_rules(old, after, [NamedCheck("a", CheckRequest(channel="by_letter", text="Hello."))])
    assert (found.before, found.after) == (None, Verdict.PASS)
    with pytest.raises(RequestError, match="by_pigeon"):
        list(compare_rules(old, after, [NamedCheck("a", CheckRequest(channel="by_pigeon", text="Hello."))]))


def test_mutations_that_examples_notice_are_not_named(guardrail: Guardrail) -> None:
    """Without the frame, the verb or the exception an example fails. `Our own deed is let pass in any case."""
    assert missed(guardrail) == {
        "part verb and review / what",
        "condition verb and review / close",
        "condition verb and review / in_order",
        "condition verb and review / unless_by_us",
    }


def test_a_condition_is_noticed_once_an_example_needs_it(tmp_path: Path) -> None:
    """`We change the review.` passes only since we are the ones who do it."""
    rule = RULE.replace("allow: [We change the lid.,", "allow: [We change the review.,")
    assert "condition verb and review / unless_by_us" not in missed(Guardrail.load(write_content(tmp_path / "b", rule=rule)))


def test_words_that_no_example_needs_are_named(guardrail: Guardrail, tmp_path: Path) -> None:
    """`update` is noticed, since an example says it; `please` changes nothing."""
    proofs = collect_proofs(guardrail, guardrail.rules, tick=nothing)
    tried = {m.name: is_noticed for m, is_noticed in mutate_words(guardrail, tmp_path / "new", "en", proofs, is_whole=True, tick=nothing)}
    assert tried["alter.change"] and tried["alter.change: update"] and tried["opinion.review: review*"]
    assert not tried["ask.polite"] and not tried["ask.polite: please"]


def test_a_check_replays_byte_for_byte(guardrail: Guardrail) -> None:
    """From the whole report, and from the short result that scripts keep."""
    report = guardrail.check(CheckRequest(**REQUEST))
    for result in (report, check_result(7, report)):
        stored = read_stored({"id": 7, "request": REQUEST, "result": json.loads(result.model_dump_json())}, CHANNELS)
        assert replay(guardrail, stored).is_same


def test_replay_says_what_differs(guardrail: Guardrail, tmp_path: Path) -> None:
    """Another pack, another verdict, another text: each has its sentence."""
    report = guardrail.check(CheckRequest(**REQUEST))
    stored = read_stored({"request": {**REQUEST, "text": "All is well."}, "result": report.model_dump(mode="json")}, CHANNELS)
    milder = Guardrail.load(write_content(tmp_path / "old", rule=RULE.replace("severity: block", "severity: warn")))
    sentences = replay(milder, stored).differs
    assert [sentence.partition(":")[0] for sentence in sentences] == ["text", "pack", "verdict", "gone", "no-change"]


def test_replay_never_calls_another_report_the_same(guardrail: Guardrail) -> None:
    """Even where only the wording of a finding differs."""
    report = guardrail.check(CheckRequest(**REQUEST))
    stored = read_stored({"request": REQUEST, "result": report.model_dump(mode="json")}, CHANNELS)
    finding = report.findings[0].model_copy(update={"message": "Something else."})
    done = replay(guardrail, dataclasses.replace(stored, result=report.model_copy(update={"findings": (finding,)})))
    assert not done.is_same
    assert done.differs


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({}, "no record"),
        ({"request_id": "a", "report": None}, "without its request"),
        ({"request": REQUEST, "result": {"verdict": "pass"}}, "field required"),
        ({"request": {"channel": "x", "text": "a"}, "result": {}}, "no channel"),
        ({"request": {}, "triage": {}}, "field required"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_one_sentence(value: dict[str, object], sentence: str) -> None:
    """The sentence names what is missing."""
    with pytest.raises(RequestError, match=sentence):
        read_stored(value, CHANNELS)
