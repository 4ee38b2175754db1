"""`WordSums`, `ConceptSums`: what the words and the concepts of a sentence add to its score, each weight packed with its rarity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drafter.guardrails.packed import pack
from drafter.guardrails.reader_features import MAX_WORD, NUMBER, letter_runs
from drafter.guardrails.reader_weights import Weights

MAX_WORDS, MAX_MASKS = 50_000, 5_000
"""How many words, and sets of concepts, are kept in mind."""


@dataclass(frozen=True, slots=True)
class _Bit:
    """What a concept adds, by itself and beside others of higher bits."""

    value: int
    partners: int
    """Concepts with which it has a weight as a pair."""
    pairs: Mapping[int, int]
    """Packed, by the other bit."""


class WordSums(dict[str, int]):
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


class ConceptSums(dict[int, int]):
    """Packed weight and rarity of each set of concepts met so far: of each, and of each pair."""

    def __init__(self, values: Mapping[int, int]) -> None:
        """Take in what each concept, and each pair of two, adds."""
        super().__init__()
        self._index = _index_bits(values)

    def __missing__(self, mask: int) -> int:
        total = _sum_bits(mask, self._index)
        if len(self) < MAX_MASKS:
            self[mask] = total
        return total


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
