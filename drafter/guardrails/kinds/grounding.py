"""Kind `grounding`: what a text offers, names or claims as done must stand in the facts, the allowed remedies or the buyer's words.

Facts are the seller's own statements, in any language that has a file. A remedy counts as allowed when it is on the request's list or in
its facts; a sum, a percentage or a time when its number is known; an action when a known text says it with the same word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from drafter.guardrails.document import Hit
from drafter.guardrails.held import Place
from drafter.guardrails.languages import Concepts
from drafter.guardrails.scene import Scene
from drafter.guardrails.segmentation import split_words

STEM = 4
"""Letters at the beginning of a word by which `refunded` and `refund` are the same."""
LONGEST_NUMBER = 12
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Known:
    """What the case says, as the checks compare it."""

    mask: int
    """Concepts of the facts and of remedies in the seller's own words. A remedy that the buyer asks for is not allowed by that."""
    numbers: frozenset[str]
    """Of all texts of the case, the buyer's too."""
    stems: frozenset[str]
    allows: int
    """Remedy concepts that the list of allowed remedies stands for."""


class GroundingCheck:
    """One check; `gate` holds the concepts without which it cannot see anything."""

    def __init__(self, gate: int, find: Callable[[Scene, Known], Iterator[Hit]], allowed: Mapping[str, int]) -> None:
        self.gate = gate
        self._find = find
        self._allowed = allowed

    def __call__(self, scene: Scene) -> Iterable[Hit]:
        """Everything that is not backed."""
        if not scene.scan.mask & self.gate:
            return ()
        if "known" not in scene.notes:
            scene.notes["known"] = _read_case(scene, self._allowed)
        known: Known = scene.notes["known"]
        return self._find(scene, known)


def compile_grounding(spec: Mapping[str, Any], concepts: Concepts) -> GroundingCheck:
    """A check of one sort of claim.

    Args:
        spec: `find`: `remedies`, `numbers` or `words`; `concepts`: what carries the claim; `unless`: concepts that turn it down in its
            sentence; for remedies `allowed`, which concepts each name of a remedy stands for.

    Raises:
        ValueError: `find` names something else.
    """
    claims = concepts.mask(spec["concepts"])
    unless = concepts.mask(spec.get("unless", []))
    allowed = {name: concepts.mask(names) for name, names in spec.get("allowed", {}).items()}
    finders = {"remedies": _unbacked_remedies, "numbers": _unbacked_numbers, "words": _unbacked_words}
    if spec.get("find") not in finders:
        raise ValueError(f"find is one of {', '.join(finders)}")
    is_unbacked = finders[spec["find"]]

    def find(scene: Scene, known: Known) -> Iterator[Hit]:
        for place in _claims(scene, claims, unless):
            if is_unbacked(scene, known, place, claims):
                start, end = scene.span(*place)
                yield Hit(start, end, detail=scene.document.text[start:end])

    return GroundingCheck(claims, find, allowed)


def _claims(scene: Scene, claims: int, unless: int) -> Iterator[Place]:
    """Claims of ours, in sentences that do not turn them down."""
    for sentence, mask in zip(scene.document.sentences, scene.scan.sentence_masks, strict=True):
        if mask & claims and not mask & unless:
            # Words that carry two of the concepts are one claim.
            places = dict.fromkeys(scene.scan.places_of(claims, sentence.first, sentence.last))
            yield from (place for place in places if not any(a <= place[0] and place[1] < b for a, b in scene.cited))


def _unbacked_remedies(scene: Scene, known: Known, place: Place, claims: int) -> bool:
    """True for a remedy that neither the list nor a fact allows."""
    return not _mask_at(scene, place, claims) & (known.allows | known.mask)


def _unbacked_numbers(scene: Scene, known: Known, place: Place, claims: int) -> bool:
    """True for a number that no text of the case has."""
    start, end = scene.span(*place)
    text = scene.document.text
    while start and (text[start - 1].isdigit() or text[start - 1] in ".,"):
        start -= 1
    numbers = [match for match in _NUMBER.finditer(text, start, end + LONGEST_NUMBER) if match.start() < end]
    return not {_plain(match[0]) for match in numbers} <= known.numbers


def _unbacked_words(scene: Scene, known: Known, place: Place, claims: int) -> bool:
    """True when no fact says the same, and no text of the case has the claim's last word in any form."""
    last = scene.document.tokens[place[1]].norm
    return not _mask_at(scene, place, claims) & known.mask and last[:STEM] not in known.stems


def _mask_at(scene: Scene, place: Place, claims: int) -> int:
    mask = 0
    wanted = claims & scene.scan.mask
    while wanted:
        bit = wanted & -wanted
        wanted ^= bit
        if place in scene.scan.places.get(bit, ()):
            mask |= bit
    return mask


def _read_case(scene: Scene, allowed: Mapping[str, int]) -> Known:
    request = scene.request
    remedies = request.remedies or ()
    own = (*(request.facts or ()), *(remedy for remedy in remedies if remedy not in allowed))
    mask = 0
    for text in own:
        for sentence_mask in scene.read_other(text).sentence_masks:
            mask |= sentence_mask
    numbers: set[str] = set()
    stems: set[str] = set()
    for text in (*own, *([request.review] if request.review else ()), *request.names):
        folded = text.casefold()
        numbers.update(map(_plain, _NUMBER.findall(text)))
        stems.update(word[:STEM] for word in split_words(folded, frozenset(folded)).words)
    allows = 0
    for name in remedies:
        allows |= allowed.get(name, 0)
    return Known(mask, frozenset(numbers), frozenset(stems), allows)


def _plain(number: str) -> str:
    """A number without its separators' form: `24,90` and `24.90` are the same."""
    return number.replace(",", ".").rstrip("0").rstrip(".") if "." in number or "," in number else number
