"""Every rule's own examples, run: what `drafter rules lint` and the tests ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drafter.guardrails.engine import Guardrail
from drafter.guardrails.examples import Example
from drafter.guardrails.pack import Rule


@dataclass(frozen=True, slots=True)
class FailedExample:
    """An example that its rule judges otherwise than it is filed."""

    rule: Rule
    example: Example
    should_flag: bool

    def __str__(self) -> str:
        """One sentence for policy owners."""
        verb = "does not flag" if self.should_flag else "flags"
        return f"{self.example.path}: rule {self.rule.id!r} {verb} its example {self.example.text[:70]!r}"


def failed_examples(guardrail: Guardrail) -> Iterator[FailedExample]:
    """Examples that do not hold, rule by rule."""
    for rule in guardrail.rules:
        for example in rule.flag:
            if not is_flagged(guardrail, rule, example):
                yield FailedExample(rule, example, should_flag=True)
        for example in rule.allow:
            if is_flagged(guardrail, rule, example):
                yield FailedExample(rule, example, should_flag=False)


def is_flagged(guardrail: Guardrail, rule: Rule, example: Example) -> bool:
    """True when the rule finds something in the example."""
    report = guardrail.check(example.request)
    return any(finding.rule_id == rule.id for finding in (*report.findings, *report.shadow))
