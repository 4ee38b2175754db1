"""The loader refuses what it does not know, and says where."""

from __future__ import annotations

from pathlib import Path

import pytest

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
