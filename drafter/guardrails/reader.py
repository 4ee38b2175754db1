"""The second reader: a small learned model beside the frames, for what breaks policy without any word of it.

Linear over words, neighbouring words and the lexicon's concepts, sentence by sentence and over two neighbours, in integers: the same
score on every machine. It speaks for itself only when it is very sure (kind `learned`), and it confirms frames whose words often mean
something innocent (`confirm:`). What it learned from lies in `evals/sets/`; `drafter rules train` makes the weights from it.

A sentence is a sum over its parts, and two neighbours are the sum of both, so that a text costs a few lookups a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, combinations, pairwise
from math import isqrt
from pathlib import Path
from typing import NamedTuple

from drafter.content import read_text
from drafter.domain import Category
from drafter.errors import ContentError
from drafter.guardrails.channels import Channel
from drafter.guardrails.languages import Concepts
from drafter.guardrails.memo import SentenceMemo
from drafter.guardrails.own_words import GREETING, own_words
from drafter.guardrails.reader_weights import Weights, rows
from drafter.guardrails.scene import Scene

SCALE = 1000
"""Weights and scores are thousandths of log-odds."""
RARITY_SCALE = 100
MIN_TOKENS = 9
"""A shorter sentence, such as `Sorry to hear about the rash.`, says too little by itself and is read with its neighbour only."""
NEAR = 8
"""Words on either side of a frame's own that are read with them."""
WEIGHTS = Path("guardrails") / "reader" / "weights.tsv"
MILD = "mild"
"""Stands among the categories for what is worth a warning only."""
START, NUMBER = "^", "#"
"""Stand for the beginning of a sentence, and for any number."""
LETTERS = 4
"""A word that nobody has taught is judged by its runs of so many letters."""
MAX_WORD = 40
"""Of a longer word the beginning is read."""
NOT_READ = -(10**6)
"""Below every score."""
NEARLY = 2000
"""A second category within so much of the first is named too: of two authors' violations it was the right one in 7 of 18 wrong firsts."""
MAX_WORDS, MAX_MASKS = 50_000, 5_000
"""How many words, and sets of concepts, are kept in mind."""

Pair = tuple[str, str]
_ByConcept = Mapping[int, tuple[int, Mapping[int, int]]]
"""By a concept's bit: those of higher bits with which it says something as a pair, and what; by itself under 0."""
_SHIFT = 40
_LOW, _HALF = (1 << _SHIFT) - 1, 1 << (_SHIFT - 1)


def pack(weight: int, rarity: int) -> int:
    """Both in one number, so that both are summed in one go."""
    return (rarity << _SHIFT) + weight


def unpack(total: int) -> tuple[int, int]:
    """The lowest of a sum of packed numbers, and the others: weight and rarity of what `pack` packed."""
    weight = ((total + _HALF) & _LOW) - _HALF
    return weight, (total - weight) >> _SHIFT


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


@dataclass(frozen=True, slots=True)
class _Bit:
    """What a concept adds, by itself and beside others of higher bits."""

    value: int
    partners: int
    """Concepts with which it has a weight as a pair."""
    pairs: Mapping[int, int]
    """Packed, by the other bit."""


class _Words(dict[str, int]):
    """Packed weight and rarity of each word met so far; of one that was not taught, from its neighbours' or its letters'."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights
        self._number = self._taught(NUMBER) or 0

    def __missing__(self, word: str) -> int:
        value = self._taught(word)
        if value is None:
            if word.isdecimal():
                return self._number
            value = sum(found[0] for run in letter_runs(word) if (found := self._weights.find(f"~{run}")))
        if len(word) <= MAX_WORD:
            if len(self) >= MAX_WORDS:
                self.clear()
            self[word] = value
        return value

    def _taught(self, word: str) -> int | None:
        found = self._weights.find(f"={word}")
        if found:
            return pack(*found)
        found = self._weights.find(f"?{word}")
        return found[0] if found else None


class _WordVotes(dict[str, int]):
    """What each word met so far says for or against categories, in one number."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights

    def __missing__(self, word: str) -> int:
        numbers = iter(self._weights.find(f"!{word}") or ())
        votes = sum(weight << _SHIFT * kind for kind, weight in zip(numbers, numbers, strict=True))
        if len(word) <= MAX_WORD:
            if len(self) >= MAX_WORDS:
                self.clear()
            self[word] = votes
        return votes


class _Votes:
    """What speaks for or against categories: the parts of `features()`, each once in a reading, found without writing their names."""

    def __init__(self, votes: Mapping[str, int], concepts: Concepts, weights: Weights) -> None:
        """Take in what each part says of all categories, in one number as `unpack` reads it."""
        self._words = _WordVotes(weights)
        self._pairs = {_as_pair(name): some for name, some in votes.items() if name[0] == "="}
        self._always, self._public = (
            _by_lowest({_bits(name, concepts): votes[name] for name in votes if name[0] == sign}) for sign in "+-"
        )
        self._channels = {name: some for name, some in votes.items() if name[0] == "@"}
        self._concepts = sum(concepts.bits.values())
        self._greeting = greeting_bit(concepts)

    def of(self, scene: Scene, reading: Reading) -> tuple[int, int]:
        """How many parts a reading has, and what they say together."""
        said = [own_words(scene, i, self._greeting) for i in range(reading.first, reading.last + 1)]
        words = {NUMBER if norm.isdecimal() else norm for norms, _ in said for norm in norms}
        pairs = {pair for norms, _ in said for pair in zip((START, *norms), norms, strict=False)}
        masks = [mask & self._concepts for _, mask in said]
        sides = (self._always, self._public) if scene.channel.is_public else (self._always,)
        votes = [some for some in (*map(self._words.__getitem__, words), *map(self._pairs.get, pairs)) if some]
        for side in sides:
            for mask in dict.fromkeys(masks):
                votes += _said_by(side, mask, 0 if mask is masks[0] else masks[0])
        votes.append(self._channels.get(channel_feature(scene.channel), 0))
        return len(words) + len(pairs) + len(sides) * _count_concepts(masks) + 1, sum(votes)


def _by_lowest(votes: Mapping[int, int]) -> _ByConcept:
    found: dict[int, dict[int, int]] = {}
    for bits, some in votes.items():
        low = bits & -bits
        found.setdefault(low, {})[bits ^ low] = some
    return {low: (sum(others), others) for low, others in found.items()}


def _said_by(side: _ByConcept, mask: int, told: int) -> Iterator[int]:
    """What concepts and pairs of them say that stand in a sentence, and not in one before it, whose concepts are told."""
    left = mask
    while left:
        bit = left & -left
        left ^= bit
        if bit not in side:
            continue
        partners, votes = side[bit]
        if 0 in votes and not bit & told:
            yield votes[0]
        others = left & partners
        while others:
            other = others & -others
            others ^= other
            if not (bit & told and other & told):
                yield votes[other]


def _count_concepts(masks: Sequence[int]) -> int:
    """Concepts of one sentence or two, and pairs of them that stand in one sentence; each once."""
    singles = [mask.bit_count() for mask in masks]
    both = (masks[0] & masks[1]).bit_count() if len(masks) > 1 else 0
    return sum(n + n * (n - 1) // 2 for n in singles) - both - both * (both - 1) // 2


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
        self._words = _Words(weights)
        self._pairs: dict[Pair, int] = {
            _as_pair(name): pack(*numbers) for name, numbers in rows([line for line in weights.begin("=") if " " in line])
        }
        always = {_bits(name, concepts): pack(*numbers) for name, numbers in rows(weights.begin("+"))}
        in_public = {_bits(name, concepts): pack(*numbers) for name, numbers in rows(weights.begin("-"))}
        self._private = _index_bits(always)
        self._public = _index_bits({bits: always.get(bits, 0) + in_public.get(bits, 0) for bits in {**always, **in_public}})
        self._masks: dict[tuple[int, bool], int] = {}
        self._sums = SentenceMemo(self._sum_words)

    @cached_property
    def _kinds(self) -> Mapping[str, int]:
        """Bias of each category, and of `MILD`."""
        return {name[1:]: numbers[0] for name, numbers in rows(self._weights.begin("@")) if " " not in name}

    @cached_property
    def _votes(self) -> _Votes:
        """What each part says for or against each category."""
        votes: dict[str, int] = {}
        numbers = {kind: number for number, kind in enumerate(self._kinds)}
        for line in self._weights.begin("@"):
            category, _, told = line[1:].partition(" ")
            if told:
                name, _, weight = told.partition("\t")
                votes[name] = votes.get(name, 0) + (int(weight) << _SHIFT * numbers[category])
        return _Votes(votes, self._concepts, self._weights)

    def classify(self, scene: Scene, reading: Reading) -> Likely:
        """The category that a violation most likely belongs to, the next when it is nearly as likely, and how mild it is."""
        count, left = self._votes.of(scene, reading)
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
            total += self._sum_concepts(mask, scene.channel.is_public)
        return self._score(total)

    def _scores(self, scene: Scene) -> _Scores:
        """Worked out once for a scene."""
        scores: _Scores | None = scene.notes.get("reader")
        if scores is None:
            scores = scene.notes["reader"] = self._read(scene)
        return scores

    def _read(self, scene: Scene) -> _Scores:
        is_public = scene.channel.is_public
        is_only = len(scene.document.sentences) == 1
        sums = []
        alone = []
        for said in map(partial(own_words, scene, greeting=self._greeting), range(len(scene.document.sentences))):
            total = self._sums[tuple(said.norms)]
            if said.mask:
                total += self._sum_concepts(said.mask, is_public)
            sums.append(total)
            alone.append(self._score(total) if is_only or len(said.norms) >= MIN_TOKENS else NOT_READ)
        # Said twice is not said louder.
        pairs = [self._score(a if a == b else a + b) for a, b in pairwise(sums)]
        return _Scores(alone, pairs, max([*alone, *pairs, NOT_READ]))

    def _score(self, total: int) -> int:
        weight = ((total + _HALF) & _LOW) - _HALF
        return self._bias + weight * 640 // isqrt(4096 * max((total - weight) >> _SHIFT, RARITY_SCALE))

    def _sum_words(self, norms: tuple[str, ...]) -> int:
        """Each word once, and all words with the word before them."""
        pairs = self._pairs
        known = filter(pairs.__contains__, zip(chain((START,), norms), norms, strict=False))
        return sum(map(self._words.__getitem__, set(norms))) + sum(map(pairs.__getitem__, known))

    def _sum_concepts(self, mask: int, is_public: bool) -> int:
        key = (mask, is_public)
        total = self._masks.get(key)
        if total is None:
            total = _sum_bits(mask, self._public if is_public else self._private)
            if len(self._masks) < MAX_MASKS:
                self._masks[key] = total
        return total

    def score_unaided(self, scene: Scene, reading: Reading) -> int:
        """Score of a window without the word that weighs most in it."""
        total = 0
        weights: dict[str, int] = {}
        for i in range(reading.first, reading.last + 1):
            said = own_words(scene, i, self._greeting)
            total += self._sum_words(tuple(said.norms)) + self._sum_concepts(said.mask, scene.channel.is_public)
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


def _as_pair(name: str) -> Pair:
    before, _, word = name[1:].partition(" ")
    return before, word


def _bits(name: str, concepts: Concepts) -> int:
    return sum(concepts.bits[concept] for concept in name[1:].split("&"))


def _index_bits(values: Mapping[int, int]) -> dict[int, _Bit]:
    """For each concept: what it adds, and what its pairs with concepts of higher bits add."""
    pairs: dict[int, dict[int, int]] = {}
    for bits, value in values.items():
        low = bits & -bits
        pairs.setdefault(low, {})
        if bits != low:
            pairs[low][bits ^ low] = value
    return {low: _Bit(values.get(low, 0), sum(others), others) for low, others in pairs.items()}


def _sum_bits(mask: int, index: Mapping[int, _Bit]) -> int:
    total = 0
    left = mask
    while left:
        bit = left & -left
        left ^= bit
        known = index.get(bit)
        if known is None:
            continue
        total += known.value
        others = left & known.partners
        while others:
            other = others & -others
            others ^= other
            total += known.pairs[other]
    return total


def greeting_bit(concepts: Concepts) -> int:
    """Bit of the concept whose words greet; 0 where there is none."""
    return concepts.bits.get(GREETING, 0)


def is_read_alone(scene: Scene, i: int, concepts: Concepts) -> bool:
    """True for a sentence that says enough by itself, or that is all there is."""
    return len(scene.document.sentences) == 1 or len(own_words(scene, i, greeting_bit(concepts)).norms) >= MIN_TOKENS


def letter_runs(word: str) -> list[str]:
    """Every run of four letters of a word, with its borders."""
    marked = f"<{word[:MAX_WORD]}>"
    return list(dict.fromkeys(marked[i : i + LETTERS] for i in range(len(marked) - LETTERS + 1)))


def features(scene: Scene, sentence: int, concepts: Concepts) -> Iterator[str]:
    """Names of a sentence's parts: `=word`, `=word word`, `+concept`, `+concept&concept`; in public also `-concept` ….

    They are what `Model` sums up: words and concepts once, neighbouring words as often as they stand.
    """
    norms, mask = own_words(scene, sentence, greeting_bit(concepts))
    yield from (f"={NUMBER if norm.isdecimal() else norm}" for norm in dict.fromkeys(norms))
    yield from (f"={before} {word}" for before, word in pairwise((START, *norms)))
    names = concepts.names(mask) if mask else ()
    together = [*names, *("&".join(pair) for pair in combinations(names, 2))]
    for side in "+-" if scene.channel.is_public else "+":
        yield from (side + name for name in together)


def channel_feature(channel: Channel) -> str:
    """Stands for the channel among what tells a violation's category."""
    return f"@{channel.id}"


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
