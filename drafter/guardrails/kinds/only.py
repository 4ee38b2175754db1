"""Kind `only`: a text whose every clause is of one sort, such as thanks, or stock phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Hit
from drafter.guardrails.languages import Concepts
from drafter.guardrails.scene import Scene

FEW_WORDS = 3
"""Lines of so few words are signatures and salutations; they say nothing either way."""


def compile_only(spec: Mapping[str, Any], concepts: Concepts) -> Callable[[Scene], Iterable[Hit]]:
    """A check for a text that holds nothing but some sorts of clauses.

    Args:
        spec: `each`: concepts of which a clause needs one to be of that sort. `some`: concepts of which `least` sentences (1) must
            have one. `share`: the part of all clauses that must be of that sort (1.0).
    """
    each = concepts.mask(spec["each"])
    some = concepts.mask(spec["some"])
    least = int(spec.get("least", 1))
    share = float(spec.get("share", 1.0))

    def check(scene: Scene) -> Iterator[Hit]:
        if sum(bool(mask & some) for mask in scene.scan.sentence_masks) < least:
            return
        told = [bool(scene.scan.places_of(each, first, last)) for first, last in _clauses(scene)]
        if sum(told) >= share * len(told):
            yield Hit(0, len(scene.document.text))

    return check


def _clauses(scene: Scene) -> Iterator[tuple[int, int]]:
    """Token ranges of clauses that are long enough to say something."""
    tokens = scene.document.tokens
    first = 0
    for i in range(1, len(tokens) + 1):
        if i == len(tokens) or tokens[i].clause != tokens[first].clause:
            if i - first > FEW_WORDS:
                yield first, i
            first = i
