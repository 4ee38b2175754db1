"""The second reader: a small learned model beside the frames, for what breaks policy without any word of it.

Linear over words, neighbouring words and the lexicon's concepts, sentence by sentence and over two neighbours, in integers: the same
score on every machine. It speaks for itself only when it is very sure (kind `learned`), and it confirms frames whose words often mean
something innocent (`confirm:`). What it learned from lies in `evals/sets/`; `drafter rules train` makes the weights from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt
from pathlib import Path
from typing import Any

from drafter.content import read_text
from drafter.domain import Category
from drafter.errors import ContentError
from drafter.guardrails.languages import Concepts
from drafter.guardrails.scene import Scene

SCALE = 1000
"""Weights and scores are thousandths of log-odds."""
RARITY_SCALE = 100
MIN_TOKENS = 5
"""A shorter sentence, such as a greeting, is read with its neighbour only."""
WEIGHTS = Path("guardrails") / "reader" / "weights.json"
Feature = str | int
"""A word, two neighbouring words, or the bits of one concept or of two."""


@dataclass(frozen=True, slots=True)
class Window:
    """One sentence, or two neighbours, and what is in them."""

    first: int
    """Index of its first sentence."""
    last: int
    """Index of its last sentence."""
    features: tuple[Feature, ...]
    """Each once."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A window and how much it reads like a violation."""

    window: Window
    score: int
    """Thousandths of log-odds; above 0 is more likely than not."""


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned."""

    bias: int
    weights: Mapping[Feature, tuple[int, int]]
    """Of each feature: weight towards a violation, and squared rarity."""
    kinds: Mapping[Category, tuple[int, Mapping[Feature, int]]]
    """Bias and weights of each category, among violations."""

    def score(self, features: Sequence[Feature]) -> int:
        """How much these features read like a violation."""
        total = norm = 0
        for feature in features:
            known = self.weights.get(feature)
            if known is not None:
                total += known[0]
                norm += known[1]
        return self.bias + total * 640 // max(isqrt(4096 * norm), 1)

    def classify(self, features: Sequence[Feature], among: Iterable[Category]) -> Category:
        """The likeliest of some categories."""
        norm = max(isqrt(4096 * sum(self.weights[f][1] for f in features if f in self.weights)), 1)

        def likelihood(kind: Category) -> tuple[int, Category]:
            bias, weights = self.kinds[kind]
            return bias + sum(weights.get(f, 0) for f in features) * 640 // norm, kind

        return max((kind for kind in among if kind in self.kinds), key=likelihood)

    def read(self, scene: Scene) -> list[Reading]:
        """Every window of a text with its score; worked out once for a scene."""
        readings: list[Reading] | None = scene.notes.get("reader")
        if readings is None:
            readings = scene.notes["reader"] = [Reading(window, self.score(window.features)) for window in windows(scene)]
        return readings

    def score_around(self, scene: Scene, first: int, last: int) -> int:
        """Score of the most suspicious window that touches sentences [first, last]."""
        near = [reading.score for reading in self.read(scene) if reading.window.last >= first and reading.window.first <= last]
        return max(near)

    def strongest(self, window: Window, count: int = 4) -> tuple[str, ...]:
        """The words of a window that weighed most towards a violation."""
        words = [f for f in window.features if isinstance(f, str) and f in self.weights and self.weights[f][0] > 0]
        return tuple(sorted(words, key=lambda word: (-self.weights[word][0], word))[:count])


def windows(scene: Scene) -> Iterator[Window]:
    """Every sentence of a text that is long enough, then every two neighbours."""
    sentences = scene.document.sentences
    single = [tuple(dict.fromkeys(_features(scene, i))) for i in range(len(scene.document.sentences))]
    for i, features in enumerate(single):
        if sentences[i].last - sentences[i].first >= MIN_TOKENS or len(single) == 1:
            yield Window(i, i, features)
    for i, (a, b) in enumerate(pairwise(single)):
        yield Window(i, i + 1, tuple(dict.fromkeys(a + b)))


def _features(scene: Scene, sentence: int) -> Iterator[Feature]:
    """Words, neighbouring words, concepts and pairs of concepts; concepts count apart in public."""
    place = scene.document.sentences[sentence]
    before = "^"
    for token in scene.document.tokens[place.first : place.last]:
        norm = "#" if token.norm.isdecimal() else token.norm
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
        kinds = {
            Category(name): (
                int(kind["bias"]),
                {_read_feature(feature, concepts): int(weight) for feature, weight in kind["weights"].items()},
            )
            for name, kind in raw["kinds"].items()
        }
        return Model(int(raw["bias"]), weights, kinds)
    except (KeyError, TypeError, ValueError) as exc:
        raise ContentError(path, f"no model: {exc}", hint="make it anew with `drafter rules train`") from exc


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
