"""What a sentence says in our own words, for the second reader: without what it quotes from the buyer, and without whom it greets.

A complaint quoted word for word reads as badly as when the buyer wrote it, which is no fault of ours, and a greeting breaks no rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from drafter.guardrails.document import Sentence
from drafter.guardrails.scene import Scene
from drafter.guardrails.segmentation import split_words

GREETING = "greeting"
"""The concept whose words greet."""
MAX_GREETING, MAX_CHARS = 6, 60
"""Words, and their letters, up to the comma behind a greeting; where there are more, they say something."""
_COMMA = re.compile(r"[,;:!()\u2013\u2014\u3001\uff0c\uff1a\uff1b\uff01]")


class OwnWords(NamedTuple):
    """One sentence."""

    norms: Sequence[str]
    mask: int
    """Its concepts."""


def own_words(scene: Scene, sentence: int, greeting: int) -> OwnWords:
    """A sentence, less the buyer's words in quotation marks and less a greeting at its beginning; `greeting` is that concept's bit."""
    place = scene.document.sentences[sentence]
    first, last = place.first, place.last
    mask = scene.scan.sentence_masks[sentence]
    norms = scene.document.norms
    if not (mask & greeting or scene.cited):
        return OwnWords(norms[first:last], mask)
    foreign = set(_greeted(scene, place, greeting)) if mask & greeting else set()
    for begin, end in scene.cited:
        foreign.update(range(max(begin, first), min(end, last)))
    if not foreign:
        return OwnWords(norms[first:last], mask)
    return OwnWords([norms[i] for i in range(first, last) if i not in foreign], _mask_without(scene, first, last, foreign))


def _greeted(scene: Scene, place: Sentence, greeting: int) -> range:
    """Tokens of the greeting that a sentence begins with, and of whom it greets; found without making the tokens."""
    if not scene.scan.places_of(greeting, place.first, place.first + 1):
        return range(0)
    comma = _COMMA.search(scene.document.text, place.start, place.end)
    if comma is None or comma.start() - place.start > MAX_CHARS:
        return range(0)
    begin = scene.document.text[place.start : comma.start()].casefold()
    count = len(split_words(begin, frozenset(begin)).words)
    return range(place.first, place.first + count) if count <= MAX_GREETING else range(0)


def _mask_without(scene: Scene, first: int, last: int, foreign: set[int]) -> int:
    """Concepts that stand in tokens [first, last) outside of these."""
    kept, left = 0, scene.scan.mask
    while left:
        bit = left & -left
        left ^= bit
        if any(foreign.isdisjoint(range(a, b + 1)) for a, b in scene.scan.places_of(bit, first, last)):
            kept |= bit
    return kept
