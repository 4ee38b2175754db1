"""`Edit`: one step of undoing a disguise."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

MAX_WORD = 40
"""Letters of the longest word that may be a disguise."""
MAX_LETTERS = 1_200
"""Spaced letters looked at in one text; a text with more is over every channel's length anyway."""
SPACERS = frozenset(" .-_*/|\u00b7\u2022~+'\u00a0\u2009\u3000\u2010\u2011\u2013\u2014=\\\u30fb\uff0f\uff0e\n\r\t,:;#[](){}\u2026\u2019")
"""What may stand between letters that are pulled apart."""
LINE_CUTS = frozenset(["-\n", "\n", "\u2010\n", "- \n", "-\n ", "\r\n", "-\r\n", "\n ", " \n", "\t", "\u2028", "\u2029", "\x0b", "\x85"])
"""How a word may be parted at the end of a line."""
Vocabulary = Callable[[str], bool]
"""True for a folded word, inflected or not, that some rule cares about."""


class Edit(NamedTuple):
    """One character of the folded text to be read otherwise."""

    at: int
    char: str
    """Empty: the character is taken out."""
    trick: str


def drop(start: int, end: int, trick: str) -> list[Edit]:
    """Edits that take out [start, end)."""
    return [Edit(index, "", trick) for index in range(start, end)]
