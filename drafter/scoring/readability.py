"""Whether a draft is easy to read: by the length of its sentences and words, which every language has. No word list, no syllables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from drafter.domain import Score, Span
from drafter.scoring.material import Material
from drafter.scoring.words import SPACELESS

NAME = "readability"
VERSION = 1

LONG_SENTENCE = 26.0
"""Words from which a sentence is long; two characters of Chinese or Japanese count as one word."""
LONGEST = 70.0
"""Words from which nobody reads it."""
WORD_CHARS = {"de": 7.5}
PLAIN_WORD_CHARS = 6.5
"""Mean letters of a word from which words are long; German joins its words."""
LONG_WORDS = 4.0
"""Letters beyond that make a text unreadable."""


def score_readability(material: Material) -> Score:
    """1 for short sentences of plain words, falling with the longest sentence and the mean word; None without a word."""
    starts = [w.start for w in material.words]
    lengths = [_length(material, place, starts) for place in material.places]
    if not material.words or not lengths:
        return Score(scorer=NAME, version=VERSION, value=None, reason="no words")
    longest = max(lengths)
    for_sentence = 1 - max(0.0, longest - LONG_SENTENCE) / (LONGEST - LONG_SENTENCE)
    mean = sum(w.end - w.start for w in material.words) / len(material.words)
    plain = WORD_CHARS.get(material.language, PLAIN_WORD_CHARS)
    for_words = 1.0 if material.language in SPACELESS else 1 - max(0.0, mean - plain) / LONG_WORDS
    value = round(max(0.0, min(for_sentence, for_words, 1.0)), 4)
    spans = (material.places[lengths.index(longest)],) if longest > LONG_SENTENCE else ()
    reason = f"longest sentence {longest:.0f} words, mean word {mean:.1f} letters"
    return Score(scorer=NAME, version=VERSION, value=value, reason=reason, spans=spans)


def _length(material: Material, place: Span, starts: Sequence[int]) -> float:
    """Words of one sentence; `starts` are those of all words."""
    if material.language in SPACELESS:
        return sum(not c.isspace() for c in material.draft.text[place.start : place.end]) / 2
    return float(bisect_left(starts, place.end) - bisect_left(starts, place.start))
