"""`Step`: one rule as it runs in one channel, and what becomes of what it sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drafter.domain import Finding, RuleResult, RuleStatus, Severity
from drafter.guardrails.document import Hit
from drafter.guardrails.kinds.frame import FrameRule
from drafter.guardrails.kinds.grounding import GroundingCheck
from drafter.guardrails.kinds.only import OnlyCheck
from drafter.guardrails.kinds.state import PartedFrames, RepeatedFrames
from drafter.guardrails.pack import Rule
from drafter.guardrails.scene import Check, Scene
from drafter.guardrails.signs import ALWAYS, SHIFT, FormCheck


@dataclass(frozen=True, slots=True)
class Step:
    """One rule as it runs in one channel."""

    number: int
    """Place of the rule in the pack."""
    rule: Rule
    check: Check
    passed: RuleResult
    flagged: RuleResult
    frames: FrameRule | None
    worded: FrameRule | None
    """The frames whose words it needs, if any; also those that it looks for in earlier messages."""
    gate: int
    """Signs of a text, and above them concepts, of which it needs one for this rule to find anything."""
    findings: tuple[Finding, ...]
    """What a hit becomes, but for its place: one for each category under which it is reported."""

    @classmethod
    def of(cls, number: int, rule: Rule, check: Check, channel: str) -> Step:
        """A rule of the pack with what it runs."""
        passed, flagged = (
            RuleResult(rule_id=rule.id, status=status, is_shadow=rule.mode == "shadow")
            for status in (RuleStatus.PASSED, RuleStatus.FLAGGED)
        )
        frames = check if isinstance(check, FrameRule) else None
        worded = check.rule if isinstance(check, RepeatedFrames | PartedFrames) else frames
        return cls(number, rule, check, passed, flagged, frames, worded, _gate(check), tuple(_patterns(rule, channel)))

    def run(self, scene: Scene, findings: list[Finding], exceptions: list[str]) -> RuleResult:
        """Result of the rule; its findings and the exceptions it met go into the lists."""
        rule = self.rule
        try:
            hits = list(self.check(scene))
        except Exception as exc:  # noqa: BLE001 - a rule that crashes is reported as errored, and the others still run
            reason = f"{type(exc).__name__} in kind {rule.kind}"
            return RuleResult(rule_id=rule.id, status=RuleStatus.ERRORED, reason=reason, is_shadow=rule.mode == "shadow")
        if not hits:
            return self.passed
        exceptions += [f"{rule.id}/{hit.exception}" for hit in hits if hit.exception]
        hits = [hit for hit in hits if not hit.exception]
        if not hits:
            return self.passed
        findings += self._findings(hits, scene.document.text)
        if rule.mode != "shadow":
            # A rule on trial silences no other.
            self._tell(scene, hits)
        return self.flagged

    def _tell(self, scene: Scene, hits: list[Hit]) -> None:
        """Lets the rules behind this one know what it saw."""
        spans = [hit[:2] for hit in hits]
        scene.flagged += spans
        if self.findings[0].severity is Severity.BLOCK:
            scene.blocked += spans
        named = {hit.category for hit in hits}
        if None in named:
            scene.told.update(finding.category for finding in self.findings)
        scene.told.update(category for category in named if category)

    def _findings(self, hits: list[Hit], text: str) -> list[Finding]:
        """What these hits become. A hostile text has thousands, so each is a copy of its pattern with a few values set."""
        found = []
        patterns = [pattern.__dict__ for pattern in self.findings]
        make = Finding.trusted
        for start, end, view, detail, category, _ in hits:
            for pattern in patterns[:1] if category else patterns:
                values = pattern.copy()
                values["start"], values["end"], values["quote"], values["view"] = start, end, text[start:end], view
                if detail:
                    values["message"] = f"{self.rule.message} ({detail})"
                if category:
                    values["category"] = category
                found.append(make(values))
        return found


def _gate(check: Check) -> int:
    if isinstance(check, FrameRule | GroundingCheck | OnlyCheck):
        return check.gate << SHIFT
    return check.signs if isinstance(check, FormCheck) else ALWAYS


def _patterns(rule: Rule, channel: str) -> Iterable[Finding]:
    """A rule's findings in a channel, with no place yet."""
    for category in rule.categories_on(channel):
        yield Finding(
            rule_id=rule.id,
            category=category,
            severity=rule.severity_on(channel),
            start=0,
            end=0,
            quote="",
            message=rule.message,
            source=rule.source,
            suggestion=rule.suggestion,
            view="",
        )
