"""What a sentence says in our own words, for the second reader: without what it quotes from the buyer, and without whom it greets.

A complaint quoted word for word reads as badly as when the buyer wrote it, which is no fault of ours, and a greeting breaks no rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from drafter.guardrails.scene import Scene

GREETING = "greeting"
"""The concept whose words greet."""
MAX_GREETING = 6
"""Words up to the comma behind a greeting; where there are more, they say something."""


class OwnWords(NamedTuple):
    """One sentence."""

    norms: Sequence[str]
    mask: int
    """Its concepts."""


def own_words(scene: Scene, sentence: int, greeting: int) -> OwnWords:
    """A sentence, less the buyer's words in quotation marks and less a greeting at its beginning; `greeting` is that concept's bit."""
    first, last = scene.document.sentences[sentence][:2]
    mask = scene.scan.sentence_masks[sentence]
    norms = scene.document.norms
    foreign = set(_greeted(scene, first, last, greeting)) if mask & greeting else set()
    for begin, end in scene.cited:
        foreign.update(range(max(begin, first), min(end, last)))
    if not foreign:
        return OwnWords(norms[first:last], mask)
    return OwnWords([norms[i] for i in range(first, last) if i not in foreign], _mask_without(scene, first, last, foreign))


def _greeted(scene: Scene, first: int, last: int, greeting: int) -> range:
    """Tokens of the greeting that a sentence begins with, and of whom it greets."""
    if not scene.scan.places_of(greeting, first, first + 1):
        return range(0)
    tokens = scene.document.tokens
    near = range(first, min(last, first + MAX_GREETING + 1))
    return range(first, next((i for i in near if tokens[i].clause != tokens[first].clause), first))


def _mask_without(scene: Scene, first: int, last: int, foreign: set[int]) -> int:
    """Concepts that stand in tokens [first, last) outside of these."""
    kept, left = 0, scene.scan.mask
    while left:
        bit = left & -left
        left ^= bit
        if any(foreign.isdisjoint(range(a, b + 1)) for a, b in scene.scan.places_of(bit, first, last)):
            kept |= bit
    return kept
