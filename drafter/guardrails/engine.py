"""The policy guardrail: same text, same pack, same report, on every machine.

No model, no network, no clock. A check finds; it never decides. The text is read once, its concepts are looked up once, and a rule
whose concepts do not all occur costs one comparison. A rule that crashes is `errored`, the others still run, and the verdict is
never `pass` then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.content import hash_files, line_of
from drafter.domain import CheckRequest, Finding, Fulfilment, GuardrailReport, RuleResult, RuleStatus, Severity, Verdict
from drafter.errors import ContentError, RequestError
from drafter.guardrails.channels import Channel, load_channels, pick_channel
from drafter.guardrails.document import Hit
from drafter.guardrails.explain import Explanation, explain_scene
from drafter.guardrails.kinds.frame import FrameError, FrameRule
from drafter.guardrails.languages import Concepts, load_concepts, load_lexicon
from drafter.guardrails.lexicon import Lexicon, Scan
from drafter.guardrails.pack import Rule, load_pack
from drafter.guardrails.reading import read
from drafter.guardrails.registry import KINDS, Setting
from drafter.guardrails.scene import Check, Scene

ENGINE_VERSION = "1"
"""Raise it when the same pack can give another report for the same text."""
MAX_CHARS = 20_000
OPENING_SENTENCES = 2
"""A message that the seller started says so within these."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rule as it runs in one channel."""

    rule: Rule
    check: Check | None
    """None when it never runs here; `standing` says why."""
    standing: RuleResult
    """Its result when nothing is found, or when it does not run."""
    frames: FrameRule | None


class Guardrail:
    """Judges texts by the rules of a pack. Build it with `Guardrail.load`; it holds no state between checks."""

    engine_version = ENGINE_VERSION

    def __init__(
        self, concepts: Concepts, lexicon: Lexicon, channels: Mapping[str, Channel], rules: Sequence[Rule], pack_sha256: str, root: Path
    ) -> None:
        self.concepts = concepts
        self._lexicon = lexicon
        self._opening = concepts.mask(["opening.seller_started"])
        self._by_amazon = concepts.mask(["amazon.fulfils"])
        self.channels: Mapping[str, Channel] = channels
        self.rules: tuple[Rule, ...] = tuple(rules)
        self.pack_sha256 = pack_sha256
        self._plans = {channel.id: tuple(self._step(rule, channel, root) for rule in rules) for channel in channels.values()}
        self._uncovered: dict[tuple[str, ...], frozenset[str]] = {}

    @classmethod
    def load(cls, content_root: Path) -> Guardrail:
        """The guardrail of a content folder.

        Raises:
            ContentError: a pack, channel, concept or language file is wrong; names file and line.
        """
        concepts = load_concepts(content_root)
        lexicon = load_lexicon(content_root, concepts)
        channels = load_channels(content_root)
        rules = load_pack(content_root, channels, KINDS)
        folder = content_root / "guardrails"
        files = [folder / "concepts.yaml", *(file for part in ("packs", "channels", "languages", "examples") for file in (folder / part).glob("*.yaml"))]
        return cls(concepts, lexicon, channels, rules, hash_files(content_root, files), content_root)

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the languages that rules can read."""
        return tuple(tag for tag in self._lexicon.languages if tag != "any")

    def _step(self, rule: Rule, channel: Channel, root: Path) -> Step:
        reason = _standing_reason(rule, channel)
        if reason:
            return Step(rule, None, RuleResult(rule_id=rule.id, status=RuleStatus.SKIPPED, reason=reason), None)
        path = root / "guardrails" / "packs" / rule.path
        try:
            check = KINDS[rule.kind](rule, Setting(self.concepts, channel))
        except (FrameError, KeyError, TypeError, ValueError) as exc:
            raise ContentError(path, f"rule {rule.id!r}: {exc}", line=line_of(path, f"id: {rule.id}")) from exc
        passed = RuleResult(rule_id=rule.id, status=RuleStatus.PASSED, is_shadow=rule.mode == "shadow")
        return Step(rule, check, passed, check if isinstance(check, FrameRule) else None)

    def check(self, request: CheckRequest) -> GuardrailReport:
        """Every rule of the pack exactly once, and all findings.

        Raises:
            RequestError: the channel is unknown, or the text is over 20,000 characters.
        """
        scene = self.look_at(request)
        results: list[RuleResult] = []
        findings: list[Finding] = []
        shadow: list[Finding] = []
        exceptions: list[str] = []
        uncovered = self._uncovered_rules(scene.scan)
        mask = scene.scan.mask
        for step in self._plans[request.channel]:
            if step.check is None or (step.frames is not None and not step.frames.is_possible(mask) and not uncovered):
                results.append(step.standing)
                continue
            reason = _case_reason(step.rule, scene, uncovered)
            if reason:
                results.append(RuleResult.model_construct(rule_id=step.rule.id, status=RuleStatus.SKIPPED, reason=reason, is_shadow=False))
                continue
            results.append(_run(step, scene, shadow if step.rule.mode == "shadow" else findings, exceptions))
        return self._report(scene, results, findings, shadow, exceptions, bool(uncovered))

    def explain(self, request: CheckRequest) -> Explanation:
        """What the guardrail saw: the text as read, the concepts, and for each frame what was there and what was missing.

        Raises:
            RequestError: as for `check`.
        """
        scene = self.look_at(request)
        frames = [(step.rule.id, step.frames) for step in self._plans[request.channel] if step.frames is not None]
        return explain_scene(scene, self.concepts, frames)

    def look_at(self, request: CheckRequest) -> Scene:
        """A text as the rules see it.

        Raises:
            RequestError: as for `check`.
        """
        if len(request.text) > MAX_CHARS:
            raise RequestError(f"over {MAX_CHARS:,} characters; check it in parts", code="text_too_long", field="text")
        channel = pick_channel(self.channels, request.channel)
        document = read(request, self._lexicon.vocabulary)
        scan = self._lexicon.scan(document, (request.language or "").split("-")[0].lower() or None)
        started = request.seller_started
        if started is None:
            started = any(mask & self._opening for mask in scan.sentence_masks[:OPENING_SENTENCES])
        known = self._by_amazon if request.fulfilled_by is Fulfilment.AMAZON else 0
        return Scene(document, scan, channel, started, lambda text: self._masks_of(request, text), known)

    def _masks_of(self, request: CheckRequest, text: str) -> list[int]:
        """Concepts of each sentence of another text of the same case."""
        other = CheckRequest.model_construct(**{**request.__dict__, "text": text[:MAX_CHARS], "language": None})
        return self._lexicon.scan(read(other, self._lexicon.vocabulary), None).sentence_masks

    def _uncovered_rules(self, scan: Scan) -> frozenset[str]:
        """Ids of frame rules that cannot read this text, because its language has no words for them."""
        key = scan.languages if scan.is_covered else ()
        known = self._uncovered.get(key)
        if known is None:
            known = self._uncovered[key] = frozenset(self._blind_rules(key))
        return known

    def _blind_rules(self, languages: tuple[str, ...]) -> Iterable[str]:
        can_say = 0
        for tag in (*languages, "any"):
            for entry in self._lexicon.languages[tag].entries if tag in self._lexicon.languages else ():
                can_say |= entry.bit
        for plan in self._plans.values():
            for step in plan:
                if step.frames is not None and not any(all(can_say & part for part in frame.parts) for frame in step.frames.frames):
                    yield step.rule.id

    def _report(
        self,
        scene: Scene,
        results: list[RuleResult],
        findings: list[Finding],
        shadow: list[Finding],
        exceptions: list[str],
        is_partly_unread: bool,
    ) -> GuardrailReport:
        findings.sort(key=_by_place)
        shadow.sort(key=_by_place)
        severities = {finding.severity for finding in findings}
        if Severity.BLOCK in severities or any(result.status is RuleStatus.ERRORED for result in results):
            verdict = Verdict.BLOCK
        elif Severity.WARN in severities or (is_partly_unread and not scene.scan.is_covered):
            verdict = Verdict.WARN
        else:
            verdict = Verdict.PASS
        return GuardrailReport.model_construct(
            channel=scene.channel.id,
            verdict=verdict,
            findings=tuple(findings),
            results=tuple(results),
            exceptions=tuple(exceptions),
            shadow=tuple(shadow),
            pack_sha256=self.pack_sha256,
            engine_version=ENGINE_VERSION,
            text_sha256=hashlib.sha256(scene.document.text.encode("utf-8", "surrogatepass")).hexdigest(),
        )


def _by_place(finding: Finding) -> tuple[int, int, str, str]:
    return finding.start, finding.end, finding.rule_id, finding.category


def _standing_reason(rule: Rule, channel: Channel) -> str:
    """Why a rule never runs in a channel; empty when it does."""
    if rule.mode == "off":
        return "switched off"
    if channel.id not in rule.channels:
        return f"does not apply to {channel.id}"
    return rule.reason if rule.kind == "person" else ""


def _case_reason(rule: Rule, scene: Scene, uncovered: frozenset[str]) -> str:
    """Why a rule does not run for this case; empty when it does."""
    if rule.id in uncovered:
        languages = ", ".join(scene.scan.languages) if scene.scan.is_covered else "this text's language"
        return f"language not covered: no words for this rule in {languages}"
    for fact, wanted in rule.when.items():
        if _fact(scene, fact) != wanted:
            return f"applies only when {fact} is {str(wanted).lower()}"
    if rule.needs and all(not _fact(scene, fact) for fact in rule.needs):
        return f"no {' or '.join(rule.needs)} given"
    return ""


def _fact(scene: Scene, fact: str) -> Any:
    return scene.is_seller_started if fact == "seller_started" else getattr(scene.request, fact)


def _run(step: Step, scene: Scene, findings: list[Finding], exceptions: list[str]) -> RuleResult:
    """Result of one rule; its findings and the exceptions it met go into the lists."""
    assert step.check is not None
    rule = step.rule
    is_shadow = rule.mode == "shadow"
    try:
        hits = list(step.check(scene))
    except Exception as exc:
        reason = f"{type(exc).__name__} in kind {rule.kind}"
        return RuleResult(rule_id=rule.id, status=RuleStatus.ERRORED, reason=reason, is_shadow=is_shadow)
    is_flagged = False
    for hit in hits:
        if hit.exception:
            exceptions.append(f"{rule.id}/{hit.exception}")
            continue
        is_flagged = True
        findings += _findings(rule, hit, scene)
    if not is_flagged:
        return step.standing
    return RuleResult.model_construct(rule_id=rule.id, status=RuleStatus.FLAGGED, reason="", is_shadow=is_shadow)


def _findings(rule: Rule, hit: Hit, scene: Scene) -> Iterable[Finding]:
    channel = scene.channel.id
    for category in rule.categories_on(channel):
        yield Finding.model_construct(
            rule_id=rule.id,
            category=category,
            severity=rule.severity_on(channel),
            start=hit.start,
            end=hit.end,
            quote=scene.document.text[hit.start : hit.end],
            message=f"{rule.message} ({hit.detail})" if hit.detail else rule.message,
            source=rule.source,
            suggestion=rule.suggestion,
            view=hit.view,
        )
