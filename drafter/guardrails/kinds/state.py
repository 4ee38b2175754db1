"""Kind `state`: what a text repeats of our own earlier messages to this buyer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Hit
from drafter.guardrails.languages import Concepts
from drafter.guardrails.scene import Scene
from drafter.guardrails.segmentation import split_words

_FIND = ("repeated_text", "repeated_concepts")


def compile_state(spec: Mapping[str, Any], concepts: Concepts) -> Callable[[Scene], Iterable[Hit]]:
    """A check against the earlier messages of the request.

    Args:
        spec: `find: repeated_text` with `alike`, the share of this text's words that an earlier message has too; or
            `find: repeated_concepts` with `all`, lists of concepts that must meet in a sentence here and in an earlier message.

    Raises:
        ValueError: `find` names something else.
    """
    if spec.get("find") not in _FIND:
        raise ValueError(f"find is one of {', '.join(_FIND)}")
    if spec["find"] == "repeated_text":
        return _repeated_text(float(spec["alike"]))
    return _repeated_concepts([concepts.mask([names] if isinstance(names, str) else names) for names in spec["all"]])


def _repeated_text(alike: float) -> Callable[[Scene], Iterable[Hit]]:
    def check(scene: Scene) -> Iterator[Hit]:
        if not scene.request.previous_messages:
            return
        words = frozenset(scene.document.norms)
        for earlier in scene.request.previous_messages:
            folded = earlier.casefold()
            said = frozenset(split_words(folded, frozenset(folded)).words)
            if words and len(words & said) >= alike * len(words):
                yield Hit(0, len(scene.document.text))
                return

    return check


def _repeated_concepts(needs: list[int]) -> Callable[[Scene], Iterable[Hit]]:
    def check(scene: Scene) -> Iterator[Hit]:
        here = _sentences(scene.scan.sentence_masks, needs)
        if not here or not any(_sentences(masks, needs) for masks in scene.earlier_masks()):
            return
        sentence = scene.document.sentences[here[0]]
        yield Hit(sentence.start, sentence.end)

    return check


def _sentences(masks: Iterable[int], needs: list[int]) -> list[int]:
    return [i for i, mask in enumerate(masks) if all(mask & need for need in needs)]
