"""Whether marked letters are Vietnamese rather than a disguise: `với`, `thế`, `mỗi` are words there, and bare they are words elsewhere.

A Vietnamese syllable has a fixed build and at most one tone; `rẹvịew` and `delẹte` have not. A text in disguise has such words as well, and
all it says is known once bare, so that one honest word excuses nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from drafter.guardrails.edits import Vocabulary

_BUILD = re.compile("(?:ngh|ng|nh|gh|kh|ph|qu|th|tr|ch|gi|[bcdđghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?").fullmatch
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SHAPES = frozenset(["a\u0302", "a\u0306", "e\u0302", "o\u0302", "o\u031b", "u\u031b"])
"""Letters of their own, made with a mark: â, ă, ê, ô, ơ, ư."""
LEAST_BUILT = 0.9
"""Share of the marked words that are syllables; a name or a brand is none."""
LEAST_STRANGE = 0.1
"""Share of the marked words that no language file knows without their marks."""


def is_vietnamese(words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """True when the words with marks are Vietnamese syllables, and not only such as hide a known word."""
    marked = {word for word in words if not word.isascii() and _bare(word) != word}
    built = [word for word in marked if is_syllable(word)]
    strange = sum(not vocabulary(_bare(word)) for word in built)
    return len(built) >= LEAST_BUILT * len(marked) and strange >= LEAST_STRANGE * len(marked) > 0


def is_syllable(word: str) -> bool:
    """True for a well-built Vietnamese syllable with at most one tone."""
    letters: list[str] = []
    tones = 0
    for sign in unicodedata.normalize("NFD", word):
        if not unicodedata.combining(sign):
            letters.append(sign)
        elif not letters or letters[-1] not in "aeiouy" or not (sign in _TONES or letters[-1] + sign in _SHAPES):
            return False
        else:
            tones += sign in _TONES
    return tones <= 1 and _BUILD("".join(letters)) is not None


def _bare(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign)).replace("đ", "d")
