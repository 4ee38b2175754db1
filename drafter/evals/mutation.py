"""What of the rules could be taken away without any example noticing: what `drafter rules mutate` prints.

A mutation takes one thing away: a frame, one part or one condition of a frame, an exception (this file), all words of a concept in a
language, or one line of words (`mutation_words.py`). It is noticed when an example of the rule then does what it should not. What
nobody notices is either needless or lacks an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from drafter.domain import RuleStatus, Value
from drafter.evals.coverage import language_of
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.examples import Example
from drafter.guardrails.kinds.frame import FRAME_KEYS, FrameError
from drafter.guardrails.pack import Rule
from drafter.guardrails.scene import Check, Scene

CONDITIONS = tuple(sorted(FRAME_KEYS - {"name", "parts"}))
Kind = Literal["frame", "part", "condition", "exception", "concept", "entry"]
Tick = Callable[[], None]


class Mutation(Value):
    """Something that was taken away."""

    kind: Kind
    rule_id: str
    """Of a frame, a part, a condition or an exception; empty for words."""
    language: str
    """Of words; empty for the rest."""
    name: str
    """What was taken away, e.g. `verb before the review / act`, `alter.remove`, `alter.remove: wipe *`."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An example of a rule that holds today, as the rules see it."""

    rule: Rule
    example: Example
    language: str
    scene: Scene
    should_flag: bool

    def notices(self, check: Check, scene: Scene | None = None) -> bool:
        """True when the example does not hold with this check, or in this scene."""
        seen = fresh(scene or self.scene)
        return any(not hit.exception for hit in check(seen)) is not self.should_flag


def fresh(scene: Scene) -> Scene:
    """The same scene with nothing worked out yet."""
    return replace(scene, flagged=[], told=set(), notes={})


def collect_proofs(guardrail: Guardrail, rules: Iterable[Rule], *, tick: Tick) -> list[Proof]:
    """Examples of frame rules that hold. Others say nothing about a mutation; `rules lint` names them.

    Args:
        tick: Called after each rule.
    """
    proofs = []
    for rule in rules:
        for side, examples in (("flag", rule.flag), ("allow", rule.allow)):
            for example in examples:
                report = guardrail.check(example.request)
                status = next(result.status for result in report.results if result.rule_id == rule.id)
                if status not in (RuleStatus.PASSED, RuleStatus.FLAGGED) or (status is RuleStatus.FLAGGED) is not (side == "flag"):
                    continue
                scene = guardrail.look_at(example.request)
                proofs.append(Proof(rule, example, language_of(guardrail, example), scene, side == "flag"))
        tick()
    return proofs


def mutate_frames(guardrail: Guardrail, rule: Rule, proofs: Sequence[Proof]) -> Iterator[tuple[Mutation, bool]]:
    """Every frame, part, condition and exception of a rule, and whether an example notices that it is gone."""
    for kind, name, mutant in _mutants(rule):
        yield Mutation(kind=kind, rule_id=rule.id, language="", name=name), _is_noticed(guardrail, mutant, proofs)


def _is_noticed(guardrail: Guardrail, mutant: Rule, proofs: Sequence[Proof]) -> bool:
    checks: dict[str, Check] = {}
    for proof in proofs:
        channel = proof.example.channel
        if channel not in checks:
            try:
                checks[channel] = guardrail.compile_rule(mutant, channel)
            except FrameError:
                # The loader itself notices: the frame cannot be without it.
                return True
        if proof.notices(checks[channel]):
            return True
    return False


def _mutants(rule: Rule) -> Iterator[tuple[Kind, str, Rule]]:
    """The rule with one thing less, each time another."""
    for i, frame in enumerate(rule.frames):
        name = str(frame.get("name", i + 1))
        yield "frame", name, replace(rule, frames=(*rule.frames[:i], *rule.frames[i + 1 :]))
        for kind, what, smaller in _smaller_frames(frame):
            yield kind, f"{name} / {what}", replace(rule, frames=(*rule.frames[:i], smaller, *rule.frames[i + 1 :]))
    for i, exception in enumerate(rule.exceptions):
        yield "exception", str(exception["id"]), replace(rule, exceptions=(*rule.exceptions[:i], *rule.exceptions[i + 1 :]))


def _smaller_frames(frame: Mapping[str, Any]) -> Iterator[tuple[Kind, str, Mapping[str, Any]]]:
    """A frame with one part or one condition less. A part takes the conditions that name it along."""
    parts: Mapping[str, Any] = frame.get("parts", {})
    for part in parts if len(parts) > 1 else ():
        yield "part", part, _without_part(frame, part)
    for key in CONDITIONS:
        value = frame.get(key)
        if value is None:
            continue
        if not isinstance(value, list) or len(value) == 1:
            yield "condition", key, {k: v for k, v in frame.items() if k != key}
            continue
        for i, item in enumerate(value):
            yield "condition", f"{key} {item}", {**frame, key: [*value[:i], *value[i + 1 :]]}


def _without_part(frame: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    smaller = dict(frame)
    smaller["parts"] = {name: words for name, words in frame["parts"].items() if name != part}
    for key in ("close", "in_order"):
        smaller[key] = [pair for pair in frame.get(key, []) if part not in pair[:2]]
    for key in ("unless_by_us", "unless_we"):
        smaller[key] = [name for name in frame.get(key, []) if name != part]
    return smaller
