"""Every example of every rule, in every language, does what its rule says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from drafter.guardrails.engine import Guardrail
from drafter.guardrails.pack import Example, Rule

ROOT = Path(__file__).resolve().parents[2]


@cache
def shipped() -> Guardrail:
    """The guardrail of the shipped content."""
    return Guardrail.load(ROOT)


def found(example: Example, rule: Rule) -> bool:
    """True when the rule flags the example."""
    report = shipped().check(example.request)
    return any(finding.rule_id == rule.id for finding in (*report.findings, *report.shadow))


@pytest.mark.parametrize("rule", shipped().rules, ids=lambda rule: rule.id)
def test_a_rule_flags_its_flag_examples(rule: Rule) -> None:
    """Those that it misses are named."""
    assert [example.text for example in rule.flag if not found(example, rule)] == []


@pytest.mark.parametrize("rule", shipped().rules, ids=lambda rule: rule.id)
def test_a_rule_lets_its_allow_examples_pass(rule: Rule) -> None:
    """Those that it stops are named."""
    assert [example.text for example in rule.allow if found(example, rule)] == []


def test_every_language_file_compiles() -> None:
    """Languages are compiled when a text first shows them; here all are."""
    shipped().compile_all()


def test_every_rule_has_its_source_and_its_date() -> None:
    """A rule without a source cannot be argued with."""
    assert [rule.id for rule in shipped().rules if not rule.source or not rule.checked_on] == []
