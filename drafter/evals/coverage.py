"""Which rule can read which language, and which examples prove it: what `drafter rules coverage` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from drafter.domain import Severity, Value
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.examples import Example
from drafter.guardrails.pack import Rule


class Cell(Value):
    """One rule in one language."""

    words: bool | None
    """True when at least one frame can be met; None when the rule's kind needs no words."""
    silent_frames: tuple[str, ...]
    """Frames that cannot be met, since a part has no words in this language."""
    flag: int
    """Examples that it must flag."""
    allow: int
    """Examples that it must let pass."""


class RuleCoverage(Value):
    """One rule in every language."""

    rule_id: str
    kind: str
    severity: Severity
    mode: str
    languages: Mapping[str, Cell]

    @property
    def wordless(self) -> tuple[str, ...]:
        """Languages in which the rule needs words and has none."""
        return tuple(tag for tag, cell in self.languages.items() if cell.words is False)


def cover(guardrail: Guardrail) -> Iterator[RuleCoverage]:
    """Every rule that a text can decide, in the pack's order."""
    for rule in guardrail.rules:
        if rule.kind == "person":
            continue
        flag = _count(guardrail, rule.flag)
        allow = _count(guardrail, rule.allow)
        cells = {tag: _cell(guardrail, rule, tag, flag.get(tag, 0), allow.get(tag, 0)) for tag in guardrail.languages}
        yield RuleCoverage(rule_id=rule.id, kind=rule.kind, severity=rule.severity, mode=rule.mode, languages=cells)


def language_of(guardrail: Guardrail, example: Example) -> str:
    """The language an example is in: as its file or its case says, else as its words show."""
    if example.language:
        return example.language.split("-")[0]
    shown = guardrail.look_at(example.request).scan.languages
    # Packs are written in English; a text that shows no language shows all of them.
    return "en" if "en" in shown or not shown else shown[0]


def _cell(guardrail: Guardrail, rule: Rule, tag: str, flag: int, allow: int) -> Cell:
    silent, total = guardrail.frames_without_words(rule, tag)
    return Cell(words=len(silent) < total if total else None, silent_frames=silent, flag=flag, allow=allow)


def _count(guardrail: Guardrail, examples: Sequence[Example]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for example in examples:
        tag = language_of(guardrail, example)
        counts[tag] = counts.get(tag, 0) + 1
    return counts
