"""Kind `only`: a text whose every clause is of one sort, such as thanks, or stock phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from drafter.guardrails.document import Hit
from drafter.guardrails.languages import Concepts
from drafter.guardrails.scene import Scene

FEW_WORDS = 3
"""Lines of so few words are signatures and salutations; they say nothing either way."""


@dataclass(frozen=True, slots=True)
class OnlyCheck:
    """The check, and concepts of which a text needs one for it to find anything."""

    check: Callable[[Scene], Iterable[Hit]]
    gate: int

    def __call__(self, scene: Scene) -> Iterable[Hit]:
        return self.check(scene)


def compile_only(spec: Mapping[str, Any], concepts: Concepts) -> OnlyCheck:
    """A check for a text that holds nothing but some sorts of clauses.

    Args:
        spec: `each`: concepts of which a clause needs one to be of that sort. `some`: concepts of which `least` sentences (1), or as
            many clauses of a text that is one sentence, must have one. `share`: the part of all clauses that must be of that sort (1.0).
    """
    each = concepts.mask(spec["each"])
    some = concepts.mask(spec["some"])
    least = max(int(spec.get("least", 1)), 1)
    share = float(spec.get("share", 1.0))

    def check(scene: Scene) -> Iterator[Hit]:
        masks = scene.scan.sentence_masks
        if sum(bool(mask & some) for mask in masks) < (least if len(masks) > 1 else 1):
            return
        clauses = list(_clauses(scene))
        if len(masks) == 1 and _count(scene, some, clauses) < least:
            return
        if _count(scene, each, clauses) >= share * len(clauses):
            yield Hit(0, len(scene.document.text))

    return OnlyCheck(check, some)


def _count(scene: Scene, concepts: int, clauses: Iterable[tuple[int, int]]) -> int:
    """How many of these clauses hold one of the concepts."""
    return sum(bool(scene.scan.places_of(concepts, first, last)) for first, last in clauses)


def _clauses(scene: Scene) -> Iterator[tuple[int, int]]:
    """Token ranges of clauses that are long enough to say something."""
    tokens = scene.document.tokens
    first = 0
    for i in range(1, len(tokens) + 1):
        if i == len(tokens) or tokens[i].clause != tokens[first].clause:
            if i - first > FEW_WORDS:
                yield first, i
            first = i
