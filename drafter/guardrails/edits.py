"""`Edit`: one step of undoing a disguise."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

MAX_WORD = 40
"""Letters of the longest word that may be a disguise."""
Vocabulary = Callable[[str], bool]
"""True for a folded word, inflected or not, that some rule cares about."""


class Edit(NamedTuple):
    """One character of the folded text to be read otherwise."""

    at: int
    char: str
    """Empty: the character is taken out."""
    trick: str
