"""`Votes`: what speaks for or against the categories that a violation may belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from drafter.guardrails.languages import Concepts
from drafter.guardrails.own_words import own_words
from drafter.guardrails.packed import SHIFT
from drafter.guardrails.reader_features import MAX_WORD, NUMBER, START, as_pair, bits_of, channel_feature, greeting_bit
from drafter.guardrails.reader_weights import Weights
from drafter.guardrails.scene import Scene

MAX_WORDS = 50_000
"""How many words are kept in mind."""
_ByConcept = Mapping[int, tuple[int, Mapping[int, int]]]
"""By a concept's bit: those of higher bits with which it says something as a pair, and what; by itself under 0."""


class _WordVotes(dict[str, int]):
    """What each word met so far says for or against categories, in one number."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights

    def __missing__(self, word: str) -> int:
        numbers = iter(self._weights.find(f"!{word}") or ())
        votes = sum(weight << SHIFT * kind for kind, weight in zip(numbers, numbers, strict=True))
        if len(word) <= MAX_WORD:
            if len(self) >= MAX_WORDS:
                self.clear()
            self[word] = votes
        return votes


class Votes:
    """What speaks for or against categories: the parts of `features()`, each once in a reading, found without writing their names."""

    def __init__(self, votes: Mapping[str, int], concepts: Concepts, weights: Weights) -> None:
        """Take in what each part says of all categories, in one number as `unpack` reads it."""
        self._words = _WordVotes(weights)
        self._pairs = {as_pair(name): some for name, some in votes.items() if name[0] == "="}
        self._always, self._public = (
            _by_lowest({bits_of(name, concepts): votes[name] for name in votes if name[0] == sign}) for sign in "+-"
        )
        self._channels = {name: some for name, some in votes.items() if name[0] == "@"}
        self._concepts = sum(concepts.bits.values())
        self._greeting = greeting_bit(concepts)

    def of(self, scene: Scene, first: int, last: int) -> tuple[int, int]:
        """How many parts sentences [first, last], one or two, have, and what they say together."""
        said = [own_words(scene, i, self._greeting) for i in range(first, last + 1)]
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
