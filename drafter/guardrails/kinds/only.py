"""Kind `only`: a text whose every sentence is of one sort, such as thanks, or stock phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Hit, Sentence
from drafter.guardrails.languages import Concepts
from drafter.guardrails.scene import Scene

FEW_WORDS = 3
"""Lines of so few words are signatures and salutations; they say nothing either way."""


def compile_only(spec: Mapping[str, Any], concepts: Concepts) -> Callable[[Scene], Iterable[Hit]]:
    """A check for a text that holds nothing but some sorts of sentences.

    Args:
        spec: `each`: concepts of which a sentence needs one to be of that sort. `some`: concepts of which `least` sentences (1) must
            have one. `share`: the part of all sentences that must be of that sort (1.0).
    """
    each = concepts.mask(spec["each"])
    some = concepts.mask(spec["some"])
    least = int(spec.get("least", 1))
    share = float(spec.get("share", 1.0))

    def check(scene: Scene) -> Iterator[Hit]:
        masks = scene.scan.sentence_masks
        if sum(bool(mask & some) for mask in masks) < least:
            return
        told = [mask for mask, sentence in zip(masks, scene.document.sentences, strict=True) if mask & each or not _is_short(sentence)]
        if sum(bool(mask & each) for mask in told) >= share * len(told):
            yield Hit(0, len(scene.document.text))

    return check


def _is_short(sentence: Sentence) -> bool:
    return sentence.last - sentence.first <= FEW_WORDS
