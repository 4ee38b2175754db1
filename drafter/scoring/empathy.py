"""Empathy in three mechanisms, each none, weak or strong; strong only where a word of this very review stands beside it.

Source: Sharma et al. 2020 (EPITOME, arXiv 2009.08441). Matching feeling words alone rewards stock phrases (Lee et al., EACL 2023),
so two apologies count as one and an apology that fits any letter stays weak.
"""

from __future__ import annotations

from functools import lru_cache

from drafter.domain import Score, Span
from drafter.scoring.material import Material
from drafter.scoring.words import stem_words

NAME = "empathy"
VERSION = 2

STRONG = 2
WEAK = 1


def score_empathy(material: Material) -> Score:
    """Reached levels of concern, understanding and interest over all there are."""
    lexicon = material.lexicon
    if lexicon is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason=f"no word list for {material.language}")
    levels = {
        "concern": _level(material, lexicon.feel),
        "understanding": _level(material, lexicon.understand),
        "interest": _level(material, (*lexicon.ask, "?", "？")),
    }
    value = sum(level for level, _ in levels.values()) / (STRONG * len(levels))
    reason = ", ".join(f"{name} {('none', 'weak', 'strong')[level]}" for name, (level, _) in levels.items())
    spans = tuple(dict.fromkeys(place for _, place in levels.values() if place))
    return Score(scorer=NAME, version=VERSION, value=round(value, 4), reason=reason, spans=spans)


def _level(material: Material, marks: tuple[str, ...]) -> tuple[int, Span | None]:
    """The level and its sentence: strong where the sentence or the one before it holds a word of the review, weak with the mark alone."""
    level, place = 0, None
    framing = _framing(marks, material.language)
    for i, sentence in enumerate(material.sentences):
        if not any(mark in sentence for mark in marks):
            continue
        found = STRONG if material.near(i) & material.review_content - framing else WEAK
        if found > level:
            level, place = found, material.places[i]
    return level, place


@lru_cache(maxsize=64)
def _framing(marks: tuple[str, ...], language: str) -> frozenset[str]:
    """Stems of the marks: `Please respond here` shares a word with `nobody responded`, and takes up nothing by it."""
    return frozenset(stem for mark in marks for stem in stem_words(mark, language))
