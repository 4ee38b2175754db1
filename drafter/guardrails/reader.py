"""The second reader: a small learned model beside the frames, for what breaks policy without any word of it.

Linear over words, neighbouring words and the lexicon's concepts, sentence by sentence and over two neighbours, in integers: the same
score on every machine. It speaks for itself only when it is very sure (kind `learned`), and it confirms frames whose words often mean
something innocent (`confirm:`). What it learned from lies in `evals/sets/`; `drafter rules train` makes the weights from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from math import isqrt
from pathlib import Path
from typing import Any, NamedTuple

from drafter.content import read_text
from drafter.domain import Category
from drafter.errors import ContentError
from drafter.guardrails.document import Sentence
from drafter.guardrails.languages import Concepts
from drafter.guardrails.scene import Scene

SCALE = 1000
"""Weights and scores are thousandths of log-odds."""
RARITY_SCALE = 100
MIN_TOKENS = 5
"""A shorter sentence, such as a greeting, is read with its neighbour only."""
WEIGHTS = Path("guardrails") / "reader" / "weights.json"
START, NUMBER = "^", "#"
"""Stand for the beginning of a sentence, and for any number."""
Feature = str | int
"""A word, two neighbouring words, or the bits of one concept or of two."""
Kinds = Mapping[Category, tuple[int, Mapping[Feature, int]]]


@dataclass(frozen=True, slots=True)
class Window:
    """One sentence, or two neighbours, and what is in them."""

    first: int
    """Index of its first sentence."""
    last: int
    """Index of its last sentence."""
    features: tuple[Feature, ...]
    """Each once."""


class Reading(NamedTuple):
    """A sentence, or two neighbours, and how much they read like a violation."""

    first: int
    """Index of its first sentence."""
    last: int
    """Index of its last sentence."""
    score: int
    """Thousandths of log-odds; above 0 is more likely than not."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """What is known of one sentence."""

    numbers: frozenset[int]
    """Its features, by number."""
    weight: int
    rarity: int


@dataclass(frozen=True, slots=True)
class _Bit:
    """The features that a concept is part of."""

    number: int
    """Of the concept by itself; `UNKNOWN` when it has no weight."""
    partners: int
    """Concepts with which it has a weight as a pair; each pair is kept at its lower bit."""
    pairs: Mapping[int, int]
    """Number of each pair, by the other bit."""


UNKNOWN = -1
_NO_WORDS: Mapping[str, int] = {}


class Model:
    """What was learned. Every text is read by it, so that its features are numbered and found without making them."""

    def __init__(self, bias: int, weights: Mapping[Feature, tuple[int, int]], kinds: Callable[[], Kinds]) -> None:
        """Number the features.

        Args:
            bias: Score of a text without any known feature.
            weights: Of each feature: weight towards a violation, and squared rarity.
            kinds: Bias and weights of each category, among violations; asked when a violation was found.
        """
        self._bias = bias
        self._known = weights
        self._load_kinds = kinds
        self._weights = [weight for weight, _ in weights.values()]
        self._rarities = [rarity for _, rarity in weights.values()]
        numbers = {feature: number for number, feature in enumerate(weights)}
        self._words = _index_words({name: number for name, number in numbers.items() if isinstance(name, str)})
        bits = {feature: number for feature, number in numbers.items() if isinstance(feature, int)}
        self._private = _index_bits({bit: number for bit, number in bits.items() if bit > 0})
        self._public = _index_bits({-bit: number for bit, number in bits.items() if bit < 0})

    @cached_property
    def _kinds(self) -> Kinds:
        return self._load_kinds()

    def classify(self, scene: Scene, reading: Reading) -> Category:
        """The likeliest category of a violation."""
        features = _window(scene, reading).features
        norm = max(isqrt(4096 * sum(self._known[f][1] for f in features if f in self._known)), 1)

        def likelihood(kind: Category) -> tuple[int, Category]:
            bias, weights = self._kinds[kind]
            return bias + sum(weights.get(f, 0) for f in features) * 640 // norm, kind

        return max(self._kinds, key=likelihood)

    def read(self, scene: Scene) -> list[Reading]:
        """Every sentence that is long enough with its score, then every two neighbours; worked out once for a scene."""
        readings: list[Reading] | None = scene.notes.get("reader")
        if readings is None:
            readings = scene.notes["reader"] = self._read(scene)
        return readings

    def _read(self, scene: Scene) -> list[Reading]:
        sentences = scene.document.sentences
        single = [self._sum_up(scene, i) for i in range(len(sentences))]
        readings = [Reading(i, i, self._score(one.weight, one.rarity)) for i, one in enumerate(single) if _is_read_alone(sentences, i)]
        weights, rarities = self._weights, self._rarities
        for i, (a, b) in enumerate(pairwise(single)):
            # A feature that both have counts once.
            both = a.numbers & b.numbers
            weight = a.weight + b.weight - sum([weights[number] for number in both])
            rarity = a.rarity + b.rarity - sum([rarities[number] for number in both])
            readings.append(Reading(i, i + 1, self._score(weight, rarity)))
        return readings

    def _score(self, weight: int, rarity: int) -> int:
        return self._bias + weight * 640 // max(isqrt(4096 * rarity), 1)

    def _sum_up(self, scene: Scene, sentence: int) -> _Sum:
        place = scene.document.sentences[sentence]
        words = self._words
        numbers: set[int] = set()
        before = START
        for norm in scene.document.norms[place.first : place.last]:
            found = words.get(norm)
            if found is None:
                if not norm.isdecimal():
                    before = norm
                    continue
                norm = NUMBER
                found = words.get(norm, _UNKNOWN_WORD)
            number, after = found
            numbers.add(number)
            if before in after:
                numbers.add(after[before])
            before = norm
        mask = scene.scan.sentence_masks[sentence]
        if mask:
            self._add_concepts(numbers, mask, self._public if scene.channel.is_public else self._private)
        numbers.discard(UNKNOWN)
        weights, rarities = self._weights, self._rarities
        return _Sum(frozenset(numbers), sum([weights[number] for number in numbers]), sum([rarities[number] for number in numbers]))

    @staticmethod
    def _add_concepts(numbers: set[int], mask: int, index: Mapping[int, _Bit]) -> None:
        left = mask
        while left:
            bit = left & -left
            left ^= bit
            known = index.get(bit)
            if known is None:
                continue
            numbers.add(known.number)
            others = left & known.partners
            while others:
                other = others & -others
                others ^= other
                numbers.add(known.pairs[other])

    def score_around(self, scene: Scene, first: int, last: int) -> int:
        """Score of the most suspicious window that touches sentences [first, last]."""
        return max(reading.score for reading in self.read(scene) if reading.last >= first and reading.first <= last)

    def strongest(self, scene: Scene, reading: Reading, count: int = 4) -> tuple[str, ...]:
        """The words of a window that weighed most towards a violation."""
        known = self._known
        words = [f for f in _window(scene, reading).features if isinstance(f, str) and f in known and known[f][0] > 0]
        return tuple(sorted(words, key=lambda word: (-known[word][0], word))[:count])


_UNKNOWN_WORD = (UNKNOWN, _NO_WORDS)


def _index_words(numbers: Mapping[str, int]) -> dict[str, tuple[int, Mapping[str, int]]]:
    """For each word: its own number, and the numbers of the pairs that it ends, by the word before."""
    after: dict[str, dict[str, int]] = {}
    for name, number in numbers.items():
        before, blank, word = name.partition(" ")
        if blank:
            after.setdefault(word, {})[before] = number
    single = {name for name in numbers if " " not in name}
    return {word: (numbers.get(word, UNKNOWN), after.get(word, _NO_WORDS)) for word in single | set(after)}


def _index_bits(numbers: Mapping[int, int]) -> dict[int, _Bit]:
    """For each concept: its own number, and those of its pairs with concepts of higher bits."""
    pairs: dict[int, dict[int, int]] = {}
    for bits, number in numbers.items():
        low = bits & -bits
        pairs.setdefault(low, {})
        if bits != low:
            pairs[low][bits ^ low] = number
    return {low: _Bit(numbers.get(low, UNKNOWN), sum(others), others) for low, others in pairs.items()}


def _window(scene: Scene, reading: Reading) -> Window:
    """The features that a reading was made from."""
    features = [_features(scene, i) for i in range(reading.first, reading.last + 1)]
    return Window(reading.first, reading.last, tuple(dict.fromkeys(feature for some in features for feature in some)))


def windows(scene: Scene) -> Iterator[Window]:
    """Every sentence of a text that is long enough, then every two neighbours."""
    sentences = scene.document.sentences
    single = [tuple(dict.fromkeys(_features(scene, i))) for i in range(len(scene.document.sentences))]
    for i, features in enumerate(single):
        if _is_read_alone(sentences, i):
            yield Window(i, i, features)
    for i, (a, b) in enumerate(pairwise(single)):
        yield Window(i, i + 1, tuple(dict.fromkeys(a + b)))


def _is_read_alone(sentences: Sequence[Sentence], i: int) -> bool:
    """True for a sentence that says enough by itself, or that is all there is."""
    return sentences[i].last - sentences[i].first >= MIN_TOKENS or len(sentences) == 1


def _features(scene: Scene, sentence: int) -> Iterator[Feature]:
    """Words, neighbouring words, concepts and pairs of concepts; concepts count apart in public."""
    place = scene.document.sentences[sentence]
    before = START
    for token in scene.document.tokens[place.first : place.last]:
        norm = NUMBER if token.norm.isdecimal() else token.norm
        yield norm
        yield f"{before} {norm}"
        before = norm
    mask = scene.scan.sentence_masks[sentence]
    side = -1 if scene.channel.is_public else 1
    bits: list[int] = []
    while mask:
        bit = mask & -mask
        mask ^= bit
        yield side * bit
        for other in bits:
            yield side * (bit | other)
        bits.append(bit)


def load_model(root: Path, concepts: Concepts) -> Model | None:
    """The learned weights of a content folder; None when it has none.

    Raises:
        ContentError: the file is no model, or names a concept that is gone.
    """
    path = root / WEIGHTS
    if not path.exists():
        return None
    try:
        raw: Any = json.loads(read_text(path))
        weights = {_read_feature(name, concepts): (int(weight), int(rarity)) for name, (weight, rarity) in raw["weights"].items()}
        told = {Category(name): kind for name, kind in raw["kinds"].items()}
        return Model(int(raw["bias"]), weights, partial(_read_kinds, told, concepts))
    except (KeyError, TypeError, ValueError) as exc:
        raise ContentError(path, f"no model: {exc}", hint="make it anew with `drafter rules train`") from exc


def _read_kinds(told: Mapping[Category, Any], concepts: Concepts) -> Kinds:
    return {
        kind: (int(entry["bias"]), {_read_feature(name, concepts): int(weight) for name, weight in entry["weights"].items()})
        for kind, entry in told.items()
    }


def _read_feature(name: str, concepts: Concepts) -> Feature:
    """`=word`, `=word word`, `+concept`, `+concept&concept`, and `-…` for concepts in public."""
    if name[0] == "=":
        return name[1:]
    bits = sum(concepts.bits[concept] for concept in name[1:].split("&"))
    return bits if name[0] == "+" else -bits


def write_feature(feature: Feature, concepts: Concepts) -> str:
    """A feature as the weights file has it; empty for bits that are no concept's."""
    if isinstance(feature, str):
        return f"={feature}"
    names = concepts.names(abs(feature))
    if sum(concepts.bits[name] for name in names) != abs(feature):
        return ""
    return ("+" if feature > 0 else "-") + "&".join(names)
