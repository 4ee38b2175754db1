"""The loader refuses what it does not know, and says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain import CheckRequest
from drafter.errors import ContentError
from drafter.guardrails.engine import Guardrail
from tests.guardrails.content import CHANNEL, ENGLISH, RULE, write_content


def test_a_sound_pack_loads(tmp_path: Path) -> None:
    """The small root of these tests is one."""
    assert [rule.id for rule in Guardrail.load(write_content(tmp_path)).rules] == ["no-change"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("severity: block", "severity: fatal", "unknown severity 'fatal'"),
        ("category: review_change_request", "category: rudeness", "unknown category 'rudeness'"),
        ("kind: frame", "kind: telepathy", "unknown kind 'telepathy'"),
        ("group: A", "group: Z", "unknown group 'Z'"),
        ("channels: [all]", "channels: [billboard]", "unknown channel 'billboard'"),
        ("    source: A1\n", "", "no 'source'"),
        ("    source: A1\n", "    source: A1\n    severty: warn\n", "unknown key 'severty'"),
        ("checked_on: 2026-11-21", "checked_on: soon", "no date"),
        ("Update the review., ", "", "fewer than 5 examples under 'flag'"),
        ("what: $review", "what: opinion.weather", "unknown concept 'opinion.weather'"),
        ("close: [[act, what, 3]]", "close: [[act, who, 3]]", "no part 'who'"),
        ("- name: verb and review", "- name: verb and review\n        near: 3", "unknown key 'near'"),
        ("any: [no_ask]", "any: [no_thanks]", "no_thanks"),
        ("kind: frame", "kind: frame\n    needs: [horoscope]", "unknown fact 'horoscope'"),
    ],
)
def test_a_wrong_rule_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    """The message names what is wrong; the error names file and line."""
    assert old in RULE
    root = write_content(tmp_path, rule=RULE.replace(old, new))
    with pytest.raises(ContentError, match=message.replace("[", r"\[")) as caught:
        Guardrail.load(root)
    assert caught.value.path.endswith("test.yaml")
    assert caught.value.line is not None


def test_two_rules_with_one_id_are_refused(tmp_path: Path) -> None:
    """Reports are keyed by the id."""
    again = RULE[RULE.index("  - id") :]
    with pytest.raises(ContentError, match="already in"):
        Guardrail.load(write_content(tmp_path, rule=RULE + again))


def test_a_channel_with_an_unknown_audience_is_refused(tmp_path: Path) -> None:
    """Who reads a text decides which rules apply."""
    with pytest.raises(ContentError, match="unknown audience"):
        Guardrail.load(write_content(tmp_path, channel=CHANNEL.replace("audience: buyer", "audience: mars")))


def test_examples_of_an_unknown_rule_are_refused(tmp_path: Path) -> None:
    """An examples file in another language cannot drift away from the pack."""
    root = write_content(tmp_path)
    (root / "guardrails" / "examples").mkdir()
    (root / "guardrails" / "examples" / "de.yaml").write_text("no-such-rule: {flag: [a]}\n", encoding="utf-8")
    with pytest.raises(ContentError, match="unknown rule 'no-such-rule'"):
        _ = Guardrail.load(root).rules[0].flag


def test_examples_in_other_languages_join_the_rule(tmp_path: Path) -> None:
    """They are run like its own."""
    root = write_content(tmp_path)
    (root / "guardrails" / "examples").mkdir()
    (root / "guardrails" / "examples" / "de.yaml").write_text("no-change: {flag: [Bitte ändern.]}\n", encoding="utf-8")
    assert Guardrail.load(root).rules[0].flag[-1].text == "Bitte ändern."


def test_a_word_file_with_an_unknown_concept_is_refused(tmp_path: Path) -> None:
    """A misspelt concept would silence its rules."""
    with pytest.raises(ContentError, match=r"unknown concept 'alter\.chnage'"):
        Guardrail.load(write_content(tmp_path, english=ENGLISH.replace("alter.change", "alter.chnage")))


def test_the_hash_follows_the_words(tmp_path: Path) -> None:
    """A record's hash names the very words that judged it."""
    before = Guardrail.load(write_content(tmp_path / "a")).pack_sha256
    assert Guardrail.load(write_content(tmp_path / "b")).pack_sha256 == before
    assert Guardrail.load(write_content(tmp_path / "c", english=ENGLISH.replace("please", "kindly"))).pack_sha256 != before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1.0.0\n", "", "no 'version'"),
        ("version: 1.0.0", "version: 1.0", "1.0 is no version"),
        ("pack: test", "pack: 5", "no text"),
        ("message: Asks for a change.", "message: 5", "'message' that is no text: 5"),
        ("channels: [all]", "channels: all", r"no list of names: 'all'; write `channels: \[one, another\]`"),
        ("close: [[act, what, 3]]", "close: 5", "close is a list, not 5"),
        ("close: [[act, what, 3]]", "close: [[act, what, near]]", "most words between"),
        ("in_order: [[act, what]]", "in_order: [[act, wat]]", "no part 'wat'; it has act, what"),
        ("in_order: [[act, what]]", "in_order: [act, what]", "is written"),
        ("unless_by_us: [act]", "unless_by_us: act", "unless_by_us is a list"),
        ("parts: {act: alter.change, what: $review}", "parts: {act: 5, what: $review}", "neither a concept nor a list"),
        ("any: [no_ask]}", "any: [no_ask], within: page}", "is not written"),
        ("severity: block", "severity: block\n    severity_in: {review_followup: warn}", "does not say why; add `because"),
        ("severity: block", "severity: block\n    severity_in: {billboard: warn}", "where it does not run"),
        ("flag: [Please change your review., ", "flag: [5, ", "neither a text nor a mapping"),
        ("kind: frame", "kind: word_list\n    with: {}", "no 'words'"),
    ],
)
def test_a_rule_of_the_wrong_shape_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    """The error names file and line, what is wrong, and the way out; no traceback."""
    assert old in RULE
    with pytest.raises(ContentError, match=message) as caught:
        Guardrail.load(write_content(tmp_path, rule=RULE.replace(old, new)))
    assert caught.value.path.endswith("test.yaml")
    assert caught.value.line is not None


@pytest.mark.parametrize("rules", ["rules: 5", "rules:", "rules: []", "rules: [5]"])
def test_a_pack_without_rules_is_refused(tmp_path: Path, rules: str) -> None:
    """An empty pack would let everything pass."""
    with pytest.raises(ContentError, match="rule") as caught:
        Guardrail.load(write_content(tmp_path, rule=f"pack: test\nversion: 1.0.0\n{rules}\n"))
    assert caught.value.line == 3


@pytest.mark.parametrize(("old", "new"), [("max_chars: 2000", "max_chars: many"), ("may_draft: true", "may_draft: perhaps")])
def test_a_channel_of_the_wrong_shape_is_refused(tmp_path: Path, old: str, new: str) -> None:
    """The error names the line."""
    with pytest.raises(ContentError, match=new.split()[1]) as caught:
        Guardrail.load(write_content(tmp_path, channel=CHANNEL.replace(old, new)))
    assert caught.value.line is not None


def test_a_word_file_of_the_wrong_shape_is_refused(tmp_path: Path) -> None:
    """The error names the line."""
    with pytest.raises(ContentError, match="'function_words' is no text") as caught:
        Guardrail.load(
            write_content(tmp_path, english=ENGLISH.replace("function_words: the, and, you, your, we, is, to, of", "function_words: 5"))
        )
    assert caught.value.line is not None


def test_the_version_is_in_the_report(tmp_path: Path) -> None:
    """A hash tells that rules differ, a version which came first."""
    guardrail = Guardrail.load(write_content(tmp_path))
    assert guardrail.check(CheckRequest(channel="review_followup", text="A lid.")).pack_version == guardrail.pack_version == "test 1.0.0"


def test_files_of_one_pack_have_one_version(tmp_path: Path) -> None:
    """Otherwise the report could not name it."""
    root = write_content(tmp_path)
    other = RULE.replace("version: 1.0.0", "version: 1.0.1").replace("no-change", "no-other")
    (root / "guardrails" / "packs" / "zest.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(ContentError, match=r"1\.0\.1 here and 1\.0\.0 in test\.yaml"):
        Guardrail.load(root)
