"""Several small whole numbers, negative ones too, in one big one, so that all of them are summed in one go."""

from __future__ import annotations

SHIFT = 40
"""Bits for each."""
LOW, HALF = (1 << SHIFT) - 1, 1 << (SHIFT - 1)
"""Mask of the lowest one, and what makes it positive."""


def pack(weight: int, rarity: int) -> int:
    """Both in one number, so that both are summed in one go."""
    return (rarity << SHIFT) + weight


def unpack(total: int) -> tuple[int, int]:
    """The lowest of a sum of packed numbers, and the others: weight and rarity of what `pack` packed."""
    weight = ((total + HALF) & LOW) - HALF
    return weight, (total - weight) >> SHIFT
