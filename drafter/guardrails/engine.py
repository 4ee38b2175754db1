"""The policy guardrail: same text, same pack, same report, on every machine.

No model, no network, no clock. A check finds; it never decides. The text is read once, its concepts are looked up once, and a rule
whose concepts do not all occur costs one comparison. A rule that crashes is `errored`, the others still run, and the verdict is
never `pass` then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from operator import attrgetter
from pathlib import Path

from drafter.content import hash_files, line_of
from drafter.domain import CheckRequest, Finding, Fulfilment, GuardrailReport, RuleResult, RuleStatus, Severity, Verdict
from drafter.errors import ContentError, RequestError
from drafter.guardrails.channels import Channel, load_channels, pick_channel
from drafter.guardrails.explain import Explanation, explain_scene
from drafter.guardrails.kinds.frame import FrameError
from drafter.guardrails.kinds.grounding import GroundingCheck
from drafter.guardrails.languages import Concepts, load_concepts, load_lexicon
from drafter.guardrails.lexicon import Lexicon, Scan
from drafter.guardrails.pack import Rule, load_pack
from drafter.guardrails.plan import Case, Plan
from drafter.guardrails.reader import load_model
from drafter.guardrails.reading import read
from drafter.guardrails.registry import KINDS, Setting, citing_of
from drafter.guardrails.scene import Check, Scene
from drafter.guardrails.signs import SHIFT, signs_of
from drafter.guardrails.step import Step
from drafter.guardrails.uncollected import uncollected

ENGINE_VERSION = "1"
"""Raise it when the same pack can give another report for the same text."""
MAX_CHARS = 20_000
OPENING_SENTENCES = 2
"""A message that the seller started says so within these."""


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
        return Plan(steps, standing)

    def _step(self, number: int, rule: Rule, channel: Channel, root: Path) -> Step:
        path = root / "guardrails" / "packs" / rule.path
        try:
            return Step.of(number, rule, self.compile_rule(rule, channel.id), channel.id)
        except FrameError as exc:
            raise ContentError(path, f"rule {rule.id!r}: {exc}", line=line_of(path, f"id: {rule.id}")) from exc
        except (AttributeError, LookupError, TypeError, ValueError) as exc:
            what = f"has an unknown or no {exc}" if isinstance(exc, KeyError) else f"is not what this kind takes: {exc}"
            hint = f"drafter/guardrails/kinds/{rule.kind}.py says what it takes"
            line = line_of(path, f"id: {rule.id}")
            raise ContentError(path, f"rule {rule.id!r} of kind {rule.kind}: 'with' {what}", line=line, hint=hint) from exc

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
        case = self._case(scene)
        results = list(case.standing)
        findings: list[Finding] = []
        shadow: list[Finding] = []
        exceptions: list[str] = []
        is_errored = False
        mask = scene.scan.mask
        seen = mask << SHIFT | signs_of(scene.document)
        for step in compress(case.steps, [seen & gate for gate in case.gates]):
            if step.frames is None or step.frames.is_possible(mask):
                result = step.run(scene, shadow if step.rule.mode == "shadow" else findings, exceptions)
                results[step.number] = result
                is_errored = is_errored or result.status is RuleStatus.ERRORED
        return self._report(scene, results, findings, shadow, exceptions, is_errored=is_errored)

    def _case(self, scene: Scene) -> Case:
        """The rules that run for a scene."""
        scan = scene.scan
        languages = ", ".join(scan.languages) if scan.is_covered else "this text's language"
        return self._plans[scene.channel.id].case(scene, self._uncovered_rules(scan), languages)

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
                    is_blind = isinstance(step.check, GroundingCheck) and not can_say & step.check.gate
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
        values: dict[str, object] = {
            "channel": scene.channel.id,
            "verdict": _verdict(scene, findings, is_errored=is_errored),
            "findings": tuple(findings),
            "results": tuple(results),
            "exceptions": tuple(exceptions),
            "shadow": tuple(shadow),
            "pack_version": self.pack_version,
            "pack_sha256": self.pack_sha256,
            "engine_version": ENGINE_VERSION,
            "text_sha256": hashlib.sha256(scene.document.text.encode("utf-8", "surrogatepass")).hexdigest(),
        }
        return GuardrailReport.trusted(values)


def _verdict(scene: Scene, findings: list[Finding], *, is_errored: bool) -> Verdict:
    """The report in one word. A rule that crashed, or a language that no rule can read, is never a pass."""
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities or is_errored:
        return Verdict.BLOCK
    return Verdict.WARN if Severity.WARN in severities or not scene.scan.is_covered else Verdict.PASS


_BY_PLACE = attrgetter("start", "end", "rule_id", "category")


def _standing_reason(rule: Rule, channel: Channel) -> str:
    """Why a rule never runs in a channel; empty when it does."""
    if rule.mode == "off":
        return "switched off"
    if channel.id not in rule.channels:
        return f"does not apply to {channel.id}"
    return rule.reason if rule.kind == "person" else ""
