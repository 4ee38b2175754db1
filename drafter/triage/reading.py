"""A review as triage reads it: words (or single characters, in Chinese and Japanese) with their sentence and clause.

Triage looks for complaints, not for disguises, so its reading is plainer than the guardrail's: lower case, no accents, and every unit
knows where it stands in the raw text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

CHARACTER_LANGUAGES = frozenset({"ja", "zh"})
"""Written without spaces: a unit is one character."""
ELIDING_LANGUAGES = frozenset({"fr", "it", "pt"})
"""`l'écran` is two words there, while `won't` is one in English."""

_END = r"(?P<end>[.!?…。！？｡\n]+)"
_PART = r"(?P<part>[,;:()\[\]–—―\"“”„«»‹›、，；：（）「」『』]|(?<=\s)-(?=\s))"
_WORD = re.compile(rf"(?P<word>\d+(?:[.,:]\d+)+|[^\W_]+(?:['’][^\W_]+)*)|{_END}|{_PART}")
_ELIDED = re.compile(rf"(?P<word>\d+(?:[.,:]\d+)+|[^\W_]+)|{_END}|{_PART}")
_CHARACTER = re.compile(rf"{_END}|{_PART}|(?P<word>\S)")
_WIDE = str.maketrans({chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | {"’": "'"})


@dataclass(frozen=True, slots=True)
class Reading:
    """Units of a text, column by column; unit `i` is `text[starts[i]:ends[i]]`."""

    text: str
    language: str
    norms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]

    @property
    def is_characters(self) -> bool:
        """True when units are characters."""
        return self.language in CHARACTER_LANGUAGES

    def quote(self, first: int, last: int) -> str:
        """Words of the units [first, last)."""
        return self.text[self.starts[first] : self.ends[last - 1]]


@lru_cache(maxsize=4)
def read(text: str, language: str, *, turns: frozenset[str] = frozenset()) -> Reading:
    """Units of `text`.

    Args:
        text: The raw text; all offsets lie in it.
        language: Decides what a unit is.
        turns: Words that begin a new clause, such as `but`.
    """
    pattern = _CHARACTER if language in CHARACTER_LANGUAGES else _ELIDED if language in ELIDING_LANGUAGES else _WORD
    norms: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[int] = []
    clauses: list[int] = []
    sentence = clause = 0
    for found in pattern.finditer(text):
        kind = found.lastgroup
        if kind == "word":
            norm = fold(found[0])
            clause += norm in turns
            norms.append(norm)
            starts.append(found.start())
            ends.append(found.end())
            sentences.append(sentence)
            clauses.append(clause)
        else:
            clause += 1
            sentence += kind == "end"
    return Reading(text, language, tuple(norms), tuple(starts), tuple(ends), tuple(sentences), tuple(clauses))


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Lower case without accents and wide forms; kana keep their marks, which make other letters of them."""
    word = word.lower().translate(_WIDE)
    if word.isascii():
        return word
    word = word.replace("ß", "ss").replace("œ", "oe").replace("æ", "ae").replace("ø", "o")
    if any("\u3000" <= c <= "\u30ff" for c in word):
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
