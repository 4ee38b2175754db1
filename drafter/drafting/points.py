"""The buyer's complaint points as pieces of text that a reply may take up: clean, short, and about the problem.

Nothing is rephrased here, so a quoted point is true by construction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drafter.domain import Issue, IssueSpan, Triage
from drafter.drafting.sanitise import has_unsafe_form
from drafter.drafting.sentences import Piece, split_clauses, split_sentences
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.words import SPACELESS, content_words, words_of

MIN_WORDS, MAX_WORDS = 3, 16
MAX_CHARS = 110

_CONJUNCTION = re.compile(
    r"^(?:and|but|then|so|also|plus|however|or|und|aber|dann|auch|et|mais|puis|y|pero|luego|e|ma|poi|mas)\s+", re.IGNORECASE
)
"""A quote does not begin with the word that tied it to the sentence before."""
_SHOUTING = re.compile(r"\b[A-Z]{4,}\b.*\b[A-Z]{4,}\b")


@dataclass(frozen=True, slots=True)
class Point:
    """One complaint point of the review."""

    issue: Issue
    text: str
    """As the buyer wrote it."""
    sentence: str
    """The sentence it stands in."""


def find_points(text: str, triage: Triage, lexicon: Lexicon) -> list[Point]:
    """Points in the order of the review; each issue's first usable clause. Parts that address the machine or praise are left out."""
    sentences = split_sentences(text)
    points: list[Point] = []
    taken: set[Issue] = set()
    for span in triage.issue_spans:
        if span.issue in taken:
            continue
        sentence = next((s for s in sentences if s.start <= span.start < s.end), None)
        clause = _clause_of(text, span, sentence, triage) if sentence else None
        if sentence and clause and _is_usable(clause.text, lexicon):
            taken.add(span.issue)
            points.append(Point(span.issue, clause.text, sentence.text))
    return points


def _clause_of(text: str, span: IssueSpan, sentence: Piece, triage: Triage) -> Piece | None:
    """The clause around a span, with its neighbour when it is too short to stand alone; None when it is not the buyer's plain complaint."""
    clauses = split_clauses(text, sentence)
    at = next((i for i, c in enumerate(clauses) if c.start <= span.start < c.end), None)
    if at is None:
        return None
    piece = clauses[at]
    if piece.end < span.end <= sentence.end:
        last = next((c for c in clauses[at:] if c.end >= span.end), clauses[-1])
        piece = Piece(text[piece.start : last.end], piece.start, last.end)
    if any(q.start < piece.end and piece.start < q.end for q in (*triage.injection_spans, *triage.praise_spans)):
        return None
    tie = _CONJUNCTION.match(piece.text)
    return Piece(piece.text[tie.end() :], piece.start + tie.end(), piece.end) if tie else piece


def _is_usable(text: str, lexicon: Lexicon) -> bool:
    """True for a short, clean clause that says something."""
    if len(text) > MAX_CHARS or lexicon.unquotable.search(text) or has_unsafe_form(text) or _SHOUTING.search(text) or text.count('"') % 2:
        return False
    code = lexicon.language
    words = words_of(text, code)
    least = 3 if code in SPACELESS else MIN_WORDS
    most = MAX_CHARS if code in SPACELESS else MAX_WORDS
    return least <= len(words) <= most and bool(content_words(words, lexicon.stop))
