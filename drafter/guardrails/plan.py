"""`Plan`: the pack as it runs in one channel; `Case`: what of it runs where the same facts are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from drafter.domain import RuleResult, RuleStatus
from drafter.guardrails.scene import Scene
from drafter.guardrails.step import Step

MAX_CASES = 1024
"""Kept in mind; a service meets some dozens."""
GIVEN = object()
"""Stands for any value of a fact that a rule needs."""


class Case:
    """What runs where the same facts are known, of a text in the same languages."""

    __slots__ = ("gates", "standing", "steps")

    def __init__(self, steps: Sequence[Step], standing: Sequence[RuleResult], skipped: Mapping[int, str]) -> None:
        """Take the rules with these numbers out, each for its reason."""
        self.steps = tuple(step for step in steps if step.number not in skipped)
        self.gates = tuple(step.gate for step in self.steps)
        """Of each of them."""
        self.standing = tuple(
            RuleResult(rule_id=result.rule_id, status=RuleStatus.SKIPPED, reason=skipped[number]) if number in skipped else result
            for number, result in enumerate(standing)
        )
        """Result of every rule of the pack when nothing is found."""


class Plan:
    """The pack as it runs in one channel."""

    def __init__(self, steps: Sequence[Step], standing: Sequence[RuleResult]) -> None:
        """Make ready.

        Args:
            steps: Rules that run here.
            standing: Result of every rule of the pack when every fact is there and nothing is found.
        """
        self.steps = tuple(steps)
        self.standing = tuple(standing)
        self._asked = tuple(dict.fromkeys(pair for step in steps for pair in _asked(step)))
        self._case = lru_cache(maxsize=MAX_CASES)(self._build)

    def case(self, scene: Scene, uncovered: frozenset[str], languages: str) -> Case:
        """What runs for a scene.

        Args:
            uncovered: Ids of rules that have no words in its languages.
            languages: Those, in words.
        """
        return self._case(tuple([_is_met(scene, fact, wanted) for fact, wanted in self._asked]), uncovered, languages)

    def _build(self, met: tuple[bool, ...], uncovered: frozenset[str], languages: str) -> Case:
        known = dict(zip(self._asked, met, strict=True))
        skipped = {}
        for step in self.steps:
            reason = f"language not covered: no words for this rule in {languages}" if step.rule.id in uncovered else _missing(step, known)
            if reason:
                skipped[step.number] = reason
        return Case(self.steps, self.standing, skipped)


_Fact = tuple[str, Any]
"""A fact of the request, and the value that a rule asks for, or `GIVEN`."""


def _asked(step: Step) -> Iterator[_Fact]:
    """What a rule must know of the case."""
    yield from step.rule.when.items()
    yield from ((fact, GIVEN) for fact in step.rule.needs)


def _is_met(scene: Scene, fact: str, wanted: object) -> bool:
    value = scene.is_seller_started if fact == "seller_started" else getattr(scene.request, fact)
    return value not in (None, "") if wanted is GIVEN else value == wanted


def _missing(step: Step, known: Mapping[_Fact, bool]) -> str:
    """Why a rule does not run for this case; empty when it does."""
    for fact, wanted in step.rule.when.items():
        if not known[fact, wanted]:
            return f"applies only when {fact} is {str(wanted).lower()}"
    needs = step.rule.needs
    return f"no {' or '.join(needs)} given" if needs and not any(known[fact, GIVEN] for fact in needs) else ""
