"""The second reader: a small learned model beside the frames, for what breaks policy without any word of it.

Linear over words, neighbouring words and the lexicon's concepts, sentence by sentence and over two neighbours, in integers: the same
score on every machine. It speaks for itself only when it is very sure (kind `learned`), and it confirms frames whose words often mean
something innocent (`confirm:`). What it learned from lies in `evals/sets/`; `drafter rules train` makes the weights from it.

A sentence is a sum over its parts, and two neighbours are the sum of both, so that a text costs a few lookups a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise
from math import isqrt
from pathlib import Path
from typing import NamedTuple

from drafter.content import read_text
from drafter.domain import Category
from drafter.errors import ContentError
from drafter.guardrails.languages import Concepts
from drafter.guardrails.memo import SentenceMemo
from drafter.guardrails.own_words import own_words
from drafter.guardrails.packed import HALF, LOW, SHIFT, pack, unpack
from drafter.guardrails.reader_features import MIN_TOKENS, START, Pair, as_pair, bits_of, greeting_bit
from drafter.guardrails.reader_sums import ConceptSums, WordSums
from drafter.guardrails.reader_votes import Votes
from drafter.guardrails.reader_weights import Weights, rows
from drafter.guardrails.scene import Scene

SCALE = 1000
"""Weights and scores are thousandths of log-odds."""
RARITY_SCALE = 100
NEAR = 8
"""Words on either side of a frame's own that are read with them."""
WEIGHTS = Path("guardrails") / "reader" / "weights.tsv"
MILD = "mild"
"""Stands among the categories for what is worth a warning only."""
NOT_READ = -(10**6)
"""Below every score."""
NEARLY = 2000
"""A second category within so much of the first is named too: of two authors' violations it was the right one in 7 of 18 wrong firsts."""


class Reading(NamedTuple):
    """A sentence, or two neighbours, and how much they read like a violation."""

    first: int
    """Index of its first sentence."""
    last: int
    """Index of its last sentence."""
    score: int
    """Thousandths of log-odds; above 0 is more likely than not."""


class Likely(NamedTuple):
    """What a violation most likely is."""

    categories: tuple[Category, ...]
    """One, or two that are about as likely."""
    mildness: int
    """Thousandths of log-odds that it is worth a warning only."""


class _Scores(NamedTuple):
    """Scores of a text's windows."""

    alone: list[int]
    """Of each sentence; `NOT_READ` for a short one."""
    pairs: list[int]
    """Of each sentence with the next."""
    worst: int


class Model:
    """What was learned. Every text is read by it."""

    def __init__(self, weights: Weights, concepts: Concepts) -> None:
        """Take in what was learned.

        Raises:
            KeyError, TypeError, ValueError: a line is none, or names a concept that is gone.
        """
        self._concepts = concepts
        self._weights = weights
        self._bias = weights.bias
        self._greeting = greeting_bit(concepts)
        self._words = WordSums(weights)
        self._pairs: dict[Pair, int] = {
            as_pair(name): pack(*numbers) for name, numbers in rows([line for line in weights.begin("=") if " " in line])
        }
        always = {bits_of(name, concepts): pack(*numbers) for name, numbers in rows(weights.begin("+"))}
        in_public = {bits_of(name, concepts): pack(*numbers) for name, numbers in rows(weights.begin("-"))}
        self._private = ConceptSums(always)
        self._public = ConceptSums({bits: always.get(bits, 0) + in_public.get(bits, 0) for bits in {**always, **in_public}})
        self._sums = SentenceMemo(self._sum_words)

    @cached_property
    def _kinds(self) -> Mapping[str, int]:
        """Bias of each category, and of `MILD`."""
        return {name[1:]: numbers[0] for name, numbers in rows(self._weights.begin("@")) if " " not in name}

    @cached_property
    def _votes(self) -> Votes:
        """What each part says for or against each category."""
        votes: dict[str, int] = {}
        numbers = {kind: number for number, kind in enumerate(self._kinds)}
        for line in self._weights.begin("@"):
            category, _, told = line[1:].partition(" ")
            if told:
                name, _, weight = told.partition("\t")
                votes[name] = votes.get(name, 0) + (int(weight) << SHIFT * numbers[category])
        return Votes(votes, self._concepts, self._weights)

    def classify(self, scene: Scene, reading: Reading) -> Likely:
        """The category that a violation most likely belongs to, the next when it is nearly as likely, and how mild it is."""
        count, left = self._votes.of(scene, reading.first, reading.last)
        length = max(isqrt(4096 * count), 1)
        odds = {}
        for kind, bias in self._kinds.items():
            total, left = unpack(left)
            odds[kind] = bias + total * 64 // length
        mildness = odds.pop(MILD, 0)
        best, *others = sorted(odds, key=lambda kind: (odds[kind], kind), reverse=True)[:2]
        nearly = (kind for kind in others if odds[kind] >= odds[best] - NEARLY)
        return Likely(tuple(map(Category, (best, *nearly))), mildness)

    def read(self, scene: Scene, at_least: int | None = None) -> list[Reading]:
        """Every sentence that is long enough with its score, then every two neighbours; of those with `at_least`, if told."""
        scores = self._scores(scene)
        found = [Reading(i, i, score) for i, score in enumerate(scores.alone) if score > NOT_READ]
        found += [Reading(i, i + 1, score) for i, score in enumerate(scores.pairs)]
        return found if at_least is None else [reading for reading in found if reading.score >= at_least]

    def worst_score(self, scene: Scene) -> int:
        """Score of the most suspicious window."""
        return self._scores(scene).worst

    def score_around(self, scene: Scene, first: int, last: int) -> int:
        """Score of the most suspicious window that touches sentences [first, last]."""
        scores = self._scores(scene)
        return max([*scores.alone[first : last + 1], *scores.pairs[max(first - 1, 0) : last + 1], NOT_READ])

    def score_near(self, scene: Scene, first: int, last: int) -> int:
        """Score of the words [first, last) with the few around them, in their sentences: a long sentence hides none of them."""
        tokens, sentences = scene.document.tokens, scene.document.sentences
        start = max(first - NEAR, sentences[tokens[first].sentence].first)
        end = min(last + NEAR, sentences[tokens[last - 1].sentence].last)
        total = self._sum_words(tuple(scene.document.norms[start:end]))
        for mask in scene.scan.sentence_masks[tokens[first].sentence : tokens[last - 1].sentence + 1]:
            total += self._concept_sums(scene)[mask]
        return self._score(total)

    def _scores(self, scene: Scene) -> _Scores:
        """Worked out once for a scene."""
        scores: _Scores | None = scene.notes.get("reader")
        if scores is None:
            scores = scene.notes["reader"] = self._read(scene)
        return scores

    def _read(self, scene: Scene) -> _Scores:
        document, words, concepts = scene.document, self._sums, self._concept_sums(scene)
        is_only = len(document.sentences) == 1
        sums = []
        alone = []
        for number in range(len(document.sentences)):
            norms, mask = own_words(scene, number, self._greeting)
            total = words[tuple(norms)] + (concepts[mask] if mask else 0)
            sums.append(total)
            alone.append(self._score(total) if is_only or len(norms) >= MIN_TOKENS else NOT_READ)
        # Said twice is not said louder.
        pairs = [self._score(a if a == b else a + b) for a, b in pairwise(sums)]
        return _Scores(alone, pairs, max([*alone, *pairs, NOT_READ]))

    def _score(self, total: int) -> int:
        # As `unpack` does it; a text has dozens of windows.
        weight = ((total + HALF) & LOW) - HALF
        return self._bias + weight * 640 // isqrt(4096 * max((total - weight) >> SHIFT, RARITY_SCALE))

    def _sum_words(self, norms: tuple[str, ...]) -> int:
        """Each word once, and all words with the word before them."""
        pairs = self._pairs
        known = filter(pairs.__contains__, zip(chain((START,), norms), norms, strict=False))
        return sum(map(self._words.__getitem__, set(norms))) + sum(map(pairs.__getitem__, known))

    def _concept_sums(self, scene: Scene) -> ConceptSums:
        return self._public if scene.channel.is_public else self._private

    def score_unaided(self, scene: Scene, reading: Reading) -> int:
        """Score of a window without the word that weighs most in it."""
        total = 0
        weights: dict[str, int] = {}
        for i in range(reading.first, reading.last + 1):
            said = own_words(scene, i, self._greeting)
            total += self._sum_words(tuple(said.norms)) + self._concept_sums(scene)[said.mask]
            for word in set(said.norms):
                weights[word] = weights.get(word, 0) + self._words[word]
        return self._score(total - max(weights.values(), key=lambda packed: unpack(packed)[0], default=0))

    def count_words(self, scene: Scene, reading: Reading) -> int:
        """Words of ours in a window."""
        return sum(map(len, self._norms(scene, reading)))

    def _norms(self, scene: Scene, reading: Reading) -> list[Sequence[str]]:
        return [own_words(scene, i, self._greeting).norms for i in range(reading.first, reading.last + 1)]

    def strongest(self, scene: Scene, reading: Reading, count: int = 4) -> tuple[str, ...]:
        """The words of a window that weighed most towards a violation."""
        norms = self._norms(scene, reading)
        words = {word for some in norms for word in some}
        pairs = {pair for some in norms for pair in zip((START, *some), some, strict=False)} & self._pairs.keys()
        found = [(-unpack(self._words[word])[0], word) for word in words]
        found += [(-unpack(self._pairs[pair])[0], " ".join(pair)) for pair in pairs]
        return tuple(word for weight, word in sorted(found)[:count] if weight < 0)


def load_model(root: Path, concepts: Concepts) -> Model | None:
    """The learned weights of a content folder; None when it has none.

    Raises:
        ContentError: the file is no model, or names a concept that is gone.
    """
    path = root / WEIGHTS
    if not path.exists():
        return None
    try:
        return Model(Weights.read(read_text(path)), concepts)
    except (KeyError, TypeError, ValueError) as exc:
        raise ContentError(path, f"no model: {exc}", hint="make it anew with `drafter rules train`") from exc
