"""Sentences and clauses of a review, with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_END = ".!?\u3002\uff01\uff1f"
_SENTENCE = re.compile(rf"(?:[^{_END}\n]|\.(?=[a-z0-9,])|(?<=\d)\.(?=\s[a-zäöüß])|(?<=\b(?:oz|lb|vs))\.(?=\s[a-z]))+[{_END}]*[\"”»」’')]*")
"""A point inside a number, a name, or after a unit ends nothing."""
_CONJUNCTIONS = "and|but|so|und|aber|et|mais|y|pero|e|ma|mas"
_CLAUSE_BREAK = re.compile(
    rf"\s*(?:[,:](?!\d)|[;()\[\]\u3001\uff0c\uff1b\uff1a]|\s[-–—]+\s|—|\.{{2,}}|…)\s*(?:(?:{_CONJUNCTIONS})\s)?|"
    r"\sbut\s(?=the\s|it\s|my\s|they\s|it's\s|(?:after|within|on|in) \w+ \w+ (?:\w+ )?(?:the|one|it|my|half|both)\s)|"
    r"\s(?:pero|mais|ma|mas|però|aber)\s(?=(?:\w+\s){2}\w)(?!anche\b|também\b|aussi\b|también\b|auch\b|pas\b|non\b|sin\b)"
)
_PART_BREAK = re.compile(rf"\s+(?:{_CONJUNCTIONS})\s+")
_JUNK = " \t\n,;:*_-–—\"“”„«»「」'’‘()[]\u3001\uff0c\uff1b\uff1a" + _END


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=16)
def split_sentences(text: str) -> Sequence[Piece]:
    """Sentences in order, without the white space around them."""
    return tuple(piece for m in _SENTENCE.finditer(text) if (piece := _trimmed(text, m.start(), m.end(), " \t")).text)


@lru_cache(maxsize=256)
def split_clauses(text: str, piece: Piece) -> Sequence[Piece]:
    """Clauses of one sentence, without the punctuation around them. Whoever drafts asks for those of the same few many times."""
    clauses, start = [], piece.start
    for m in _CLAUSE_BREAK.finditer(text, piece.start, piece.end):
        if m.end() > m.start():
            clauses.append(_trimmed(text, start, m.start(), _JUNK))
            start = m.end()
    clauses.append(_trimmed(text, start, piece.end, _JUNK))
    return tuple(clause for clause in clauses if clause.text)


def split_parts(clause: Piece) -> list[Piece]:
    """Parts of a clause between its conjunctions."""
    cuts = [(m.start(), m.end()) for m in _PART_BREAK.finditer(clause.text)]
    places = zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(clause.text)], strict=True)
    return [Piece(clause.text[a:b], clause.start + a, clause.start + b) for a, b in places]


def _trimmed(text: str, start: int, end: int, junk: str) -> Piece:
    while start < end and text[start] in junk:
        start += 1
    while end > start and text[end - 1] in junk:
        end -= 1
    return Piece(text[start:end], start, end)
