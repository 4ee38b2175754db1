"""The policy guardrail: same text, same pack, same report, on every machine.

No model, no network, no clock. A check finds; it never decides. The text is read once, its concepts are looked up once, and a rule
whose concepts do not all occur costs one comparison. A rule that crashes is `errored`, the others still run, and the verdict is
never `pass` then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import attrgetter
from pathlib import Path
from typing import Any

from drafter.content import hash_files, line_of
from drafter.domain import CheckRequest, Finding, Fulfilment, GuardrailReport, RuleResult, RuleStatus, Severity, Verdict
from drafter.errors import ContentError, RequestError
from drafter.guardrails.channels import Channel, load_channels, pick_channel
from drafter.guardrails.document import Hit
from drafter.guardrails.explain import Explanation, explain_scene
from drafter.guardrails.kinds.frame import FrameError, FrameRule
from drafter.guardrails.kinds.grounding import GroundingCheck
from drafter.guardrails.kinds.state import PartedFrames, RepeatedFrames
from drafter.guardrails.languages import Concepts, load_concepts, load_lexicon
from drafter.guardrails.lexicon import Lexicon, Scan
from drafter.guardrails.pack import Rule, load_pack
from drafter.guardrails.reader import load_model
from drafter.guardrails.reading import read
from drafter.guardrails.registry import KINDS, Setting, citing_of
from drafter.guardrails.scene import Check, Scene
from drafter.guardrails.uncollected import uncollected

ENGINE_VERSION = "1"
"""Raise it when the same pack can give another report for the same text."""
MAX_CHARS = 20_000
OPENING_SENTENCES = 2
"""A message that the seller started says so within these."""
ALWAYS = -1
"""Gate of a rule that needs no concept."""


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
    """Concepts of which the text needs one for this rule to find anything; `ALWAYS` when it needs none."""
    is_conditional: bool
    """True when facts of the case decide whether it runs."""
    findings: tuple[Finding, ...]
    """What a hit becomes, but for its place: one for each category under which it is reported."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The pack as it runs in one channel."""

    steps: tuple[Step, ...]
    """Rules that run here."""
    gates: tuple[int, ...]
    """Of each of them, concepts of which a text needs one to be worth a look; `ALWAYS` for one that facts of the case decide."""
    standing: tuple[RuleResult, ...]
    """Result of every rule when nothing is found."""


class Guardrail:
    """Judges texts by the rules of a pack. Build it with `Guardrail.load`; it holds no state between checks."""

    engine_version = ENGINE_VERSION

    def __init__(
        self, concepts: Concepts, lexicon: Lexicon, channels: Mapping[str, Channel], rules: Sequence[Rule], pack_sha256: str, root: Path
    ) -> None:
        self.concepts = concepts
        self._lexicon = lexicon
        self._citing = citing_of(concepts)
        self._opening = concepts.mask(["opening.seller_started"])
        self._signs = concepts.mask(["amount.money", "amount.percent"])
        self._by_amazon = concepts.mask(["amazon.fulfils"])
        self.channels: Mapping[str, Channel] = channels
        self.rules: tuple[Rule, ...] = tuple(rules)
        self.pack_version = ", ".join(dict.fromkeys(rule.pack for rule in rules))
        """Names and versions of the packs, in the rules' order."""
        self.pack_sha256 = pack_sha256
        self._second_reader = load_model(root, concepts)
        self._plans = {channel.id: self._plan(channel, root) for channel in channels.values()}
        self._uncovered: dict[tuple[str, ...], frozenset[str]] = {}

    @classmethod
    @uncollected()
    def load(cls, content_root: Path, *, cache_dir: Path | None = None) -> Guardrail:
        """The guardrail of a content folder; compiled words are kept in `cache_dir` for the next process, if one is given.

        Raises:
            ContentError: a pack, channel, concept or language file is wrong; names file and line.
        """
        concepts = load_concepts(content_root)
        lexicon = load_lexicon(content_root, concepts, cache_dir)
        channels = load_channels(content_root)
        rules = load_pack(content_root, channels, KINDS)
        folder = content_root / "guardrails"
        files = [
            folder / "concepts.yaml",
            *(file for part in ("packs", "channels", "languages", "examples") for file in (folder / part).glob("*.yaml")),
        ]
        files += (folder / "reader").glob("*.tsv")
        return cls(concepts, lexicon, channels, rules, hash_files(content_root, files), content_root)

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the languages that rules can read."""
        return tuple(tag for tag in self._lexicon.languages if tag != "any")

    def _plan(self, channel: Channel, root: Path) -> Plan:
        steps = []
        standing = []
        for number, rule in enumerate(self.rules):
            reason = _standing_reason(rule, channel)
            if reason:
                standing.append(RuleResult(rule_id=rule.id, status=RuleStatus.SKIPPED, reason=reason))
            else:
                steps.append(self._step(number, rule, channel, root))
                standing.append(steps[-1].passed)
        gates = tuple(ALWAYS if step.is_conditional else step.gate for step in steps)
        return Plan(tuple(steps), gates, tuple(standing))

    def _step(self, number: int, rule: Rule, channel: Channel, root: Path) -> Step:
        path = root / "guardrails" / "packs" / rule.path
        try:
            check = self.compile_rule(rule, channel.id)
        except FrameError as exc:
            raise ContentError(path, f"rule {rule.id!r}: {exc}", line=line_of(path, f"id: {rule.id}")) from exc
        except (AttributeError, LookupError, TypeError, ValueError) as exc:
            what = f"has an unknown or no {exc}" if isinstance(exc, KeyError) else f"is not what this kind takes: {exc}"
            hint = f"drafter/guardrails/kinds/{rule.kind}.py says what it takes"
            line = line_of(path, f"id: {rule.id}")
            raise ContentError(path, f"rule {rule.id!r} of kind {rule.kind}: 'with' {what}", line=line, hint=hint) from exc
        passed, flagged = (
            RuleResult(rule_id=rule.id, status=status, is_shadow=rule.mode == "shadow")
            for status in (RuleStatus.PASSED, RuleStatus.FLAGGED)
        )
        frames = check if isinstance(check, FrameRule) else None
        worded = check.rule if isinstance(check, RepeatedFrames | PartedFrames) else frames
        is_conditional = bool(rule.when or rule.needs)
        gate = check.gate if isinstance(check, FrameRule | GroundingCheck) else ALWAYS
        return Step(number, rule, check, passed, flagged, frames, worded, gate, is_conditional, tuple(_patterns(rule, channel.id)))

    def compile_rule(self, rule: Rule, channel: str) -> Check:
        """What a rule runs in a channel; also of a rule that was changed for a trial.

        Raises:
            FrameError: a frame is written wrongly.
            KeyError, TypeError, ValueError: `with` is not what its kind takes.
        """
        return KINDS[rule.kind](rule, Setting(self.concepts, self.channels[channel], self._second_reader))

    def frames_without_words(self, rule: Rule, language: str) -> tuple[tuple[str, ...], int]:
        """Names of a rule's frames that cannot be met in a language, since it has no words for a part; and how many frames there are."""
        can_say = self._words_of((language,))
        frames = {
            frame.name: frame
            for plan in self._plans.values()
            for step in plan.steps
            if step.rule.id == rule.id and step.worded
            for frame in step.worded.frames
        }
        silent = tuple(name for name, frame in frames.items() if not all(can_say & part for part in frame.parts))
        return silent, len(frames)

    def compile_all(self) -> None:
        """Compile all languages now; a service does so while it starts, a one-off check need not.

        Raises:
            ContentError: an entry of a language file cannot be read; names file and line.
        """
        self._lexicon.compile_all()

    def check(self, request: CheckRequest) -> GuardrailReport:
        """Every rule of the pack exactly once, and all findings.

        Raises:
            RequestError: the channel is unknown, or the text is over 20,000 characters.
        """
        scene = self.look_at(request)
        plan = self._plans[request.channel]
        results = list(plan.standing)
        findings: list[Finding] = []
        shadow: list[Finding] = []
        exceptions: list[str] = []
        uncovered = self._uncovered_rules(scene.scan)
        mask = scene.scan.mask
        is_errored = False
        for step in compress(plan.steps, [mask & gate for gate in plan.gates]) if mask and not uncovered else plan.steps:
            reason = _case_reason(step.rule, scene, uncovered) if step.is_conditional or uncovered else ""
            if reason:
                results[step.number] = _skipped(step.rule.id, reason)
            elif step.frames is None or step.frames.is_possible(mask):
                result = _run(step, scene, shadow if step.rule.mode == "shadow" else findings, exceptions)
                results[step.number] = result
                is_errored = is_errored or result.status is RuleStatus.ERRORED
        return self._report(scene, results, findings, shadow, exceptions, is_errored=is_errored)

    def concepts_in(self, text: str, language: str) -> frozenset[str]:
        """Names of the concepts whose words stand in a text of this language, whatever the rules make of them."""
        mask = self._lexicon.scan(read(CheckRequest(channel="", text=text), self._lexicon.vocabulary), language).mask
        return frozenset(name for name, bit in self.concepts.bits.items() if mask & bit)

    def explain(self, request: CheckRequest) -> Explanation:
        """What the guardrail saw: the text as read, the concepts, and for each frame what was there and what was missing.

        Raises:
            RequestError: as for `check`.
        """
        scene = self.look_at(request)
        frames = [(step.rule.id, step.worded) for step in self._plans[request.channel].steps if step.worded is not None]
        return explain_scene(scene, self.concepts, frames, self._second_reader)

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
        return Scene(document, scan, self._citing, channel, started, lambda text: self._read_other(request, text), known)

    def _read_other(self, request: CheckRequest, text: str) -> Scan:
        """Another text of the same case, with its concepts."""
        other = CheckRequest.model_construct(**{**request.__dict__, "text": text[:MAX_CHARS], "language": None})
        return self._lexicon.scan(read(other, self._lexicon.vocabulary), None)

    def _uncovered_rules(self, scan: Scan) -> frozenset[str]:
        """Ids of frame rules that cannot read this text, because its language has no words for them."""
        key = scan.languages if scan.is_covered else ()
        known = self._uncovered.get(key)
        if known is None:
            known = self._uncovered[key] = frozenset(self._blind_rules(key))
        return known

    def _words_of(self, languages: tuple[str, ...]) -> int:
        """Concepts that can be said in any of these languages."""
        can_say = self._signs
        for tag in (*languages, "any"):
            can_say |= self._lexicon.languages[tag].mask if tag in self._lexicon.languages else 0
        return can_say

    def _blind_rules(self, languages: tuple[str, ...]) -> Iterable[str]:
        can_say = self._words_of(languages)
        for plan in self._plans.values():
            for step in plan.steps:
                if step.worded is not None:
                    is_blind = not any(all(can_say & part for part in frame.parts) for frame in step.worded.frames)
                else:
                    is_blind = step.gate != ALWAYS and not can_say & step.gate
                if is_blind:
                    yield step.rule.id

    def _report(
        self,
        scene: Scene,
        results: list[RuleResult],
        findings: list[Finding],
        shadow: list[Finding],
        exceptions: list[str],
        *,
        is_errored: bool,
    ) -> GuardrailReport:
        findings.sort(key=_BY_PLACE)
        shadow.sort(key=_BY_PLACE)
        return GuardrailReport.model_construct(
            channel=scene.channel.id,
            verdict=_verdict(scene, findings, is_errored=is_errored),
            findings=tuple(findings),
            results=tuple(results),
            exceptions=tuple(exceptions),
            shadow=tuple(shadow),
            pack_version=self.pack_version,
            pack_sha256=self.pack_sha256,
            engine_version=ENGINE_VERSION,
            text_sha256=hashlib.sha256(scene.document.text.encode("utf-8", "surrogatepass")).hexdigest(),
        )


def _verdict(scene: Scene, findings: list[Finding], *, is_errored: bool) -> Verdict:
    """The report in one word. A rule that crashed, or a language that no rule can read, is never a pass."""
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities or is_errored:
        return Verdict.BLOCK
    return Verdict.WARN if Severity.WARN in severities or not scene.scan.is_covered else Verdict.PASS


@lru_cache(maxsize=4096)
def _skipped(rule_id: str, reason: str) -> RuleResult:
    """Result of a rule that did not run; the same few for every text."""
    return RuleResult(rule_id=rule_id, status=RuleStatus.SKIPPED, reason=reason)


_BY_PLACE = attrgetter("start", "end", "rule_id", "category")


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
    if rule.needs and all(_fact(scene, fact) in (None, "") for fact in rule.needs):
        return f"no {' or '.join(rule.needs)} given"
    return ""


def _fact(scene: Scene, fact: str) -> Any:
    return scene.is_seller_started if fact == "seller_started" else getattr(scene.request, fact)


def _run(step: Step, scene: Scene, findings: list[Finding], exceptions: list[str]) -> RuleResult:
    """Result of one rule; its findings and the exceptions it met go into the lists."""
    rule = step.rule
    try:
        hits = list(step.check(scene))
    except Exception as exc:  # noqa: BLE001 - a rule that crashes is reported as errored, and the others still run
        reason = f"{type(exc).__name__} in kind {rule.kind}"
        return RuleResult(rule_id=rule.id, status=RuleStatus.ERRORED, reason=reason, is_shadow=rule.mode == "shadow")
    is_flagged = is_told = False
    text = scene.document.text
    for hit in hits:
        if hit.exception:
            exceptions.append(f"{rule.id}/{hit.exception}")
            continue
        is_flagged = True
        findings += _findings(step, hit, text)
        if rule.mode == "shadow":
            # A rule on trial silences no other.
            continue
        scene.flagged.append((hit.start, hit.end))
        if step.findings[0].severity is Severity.BLOCK:
            scene.blocked.append((hit.start, hit.end))
        if hit.category:
            scene.told.add(hit.category)
        else:
            is_told = True
    if is_told:
        scene.told.update(finding.category for finding in step.findings)
    return step.flagged if is_flagged else step.passed


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


def _findings(step: Step, hit: Hit, text: str) -> list[Finding]:
    patterns = step.findings
    seen: dict[str, object] = {"start": hit.start, "end": hit.end, "quote": text[hit.start : hit.end], "view": hit.view}
    if hit.detail:
        seen["message"] = f"{step.rule.message} ({hit.detail})"
    if hit.category:
        seen["category"] = hit.category
        patterns = patterns[:1]
    return [_changed(pattern, seen) for pattern in patterns]


def _changed(pattern: Finding, values: Mapping[str, object]) -> Finding:
    """A copy with other values, which are known to be right; `model_copy` takes three times as long, and a text may have thousands."""
    made = _new(Finding)
    _set(made, "__dict__", {**pattern.__dict__, **values})
    _set(made, "__pydantic_fields_set__", pattern.__pydantic_fields_set__)
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


_new, _set = object.__new__, object.__setattr__
