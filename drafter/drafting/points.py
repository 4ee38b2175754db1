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
WHOLE_SENTENCE_CHARS = 45
"""Of Chinese or Japanese that is quoted whole: its clauses lean on each other."""

_CONJUNCTION = re.compile(
    r"^(?:(?:and|but|then|so|also|plus|however|or|und|aber|dann|auch|et|mais|puis|y|pero|luego|e|ma|poi|mas)\s+|但是?|而且|然后|不过|でも|しかし)",
    re.IGNORECASE,
)
"""A quote does not begin with the word that tied it to the sentence before."""
VAGUE = frozenset({Issue.QUALITY_OR_DURABILITY, Issue.PRICE_OR_VALUE, Issue.OTHER})
_QUOTE_MARKS = re.compile(r"[\"“”„«»「」]")
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
    """Points in the order of the review, no words twice. What addresses the machine or praises is left out."""
    sentences = split_sentences(text)
    points: list[Point] = []
    reached = 0
    for span in sorted(triage.issue_spans, key=lambda s: s.start):
        sentence = next((s for s in sentences if s.start <= span.start < s.end), None)
        clause = _clause_of(text, span, sentence, triage, lexicon) if sentence and span.start >= reached else None
        if sentence and clause and _is_usable(clause.text, lexicon) and _complains(clause, sentence, span.issue, lexicon):
            points.append(Point(span.issue, clause.text, sentence.text))
            reached = clause.end
    return points


def _clause_of(text: str, span: IssueSpan, sentence: Piece, triage: Triage, lexicon: Lexicon) -> Piece | None:
    """The clause around a span, with its neighbour when it is too short to stand alone; None when it is not the buyer's plain complaint."""
    clauses = split_clauses(text, sentence)
    if clauses and lexicon.language in SPACELESS and len(sentence.text) <= WHOLE_SENTENCE_CHARS:
        clauses = [Piece(text[clauses[0].start : clauses[-1].end], clauses[0].start, clauses[-1].end)]
    at = next((i for i, c in enumerate(clauses) if c.start <= span.start < c.end), None)
    if at is None:
        return None
    piece = clauses[at]
    if piece.end < span.end <= sentence.end:
        last = next((c for c in clauses[at:] if c.end >= span.end), clauses[-1])
        piece = Piece(text[piece.start : last.end], piece.start, last.end)
    if any(q.start < piece.end and piece.start < q.end for q in (*triage.injection_spans, *triage.praise_spans)):
        return None
    if piece.end + 1 == sentence.end and text[piece.end] in "?\uff1f":
        piece = Piece(text[piece.start : sentence.end], piece.start, sentence.end)
    tie = _CONJUNCTION.match(piece.text)
    return Piece(piece.text[tie.end() :], piece.start + tie.end(), piece.end) if tie else piece


def _complains(clause: Piece, sentence: Piece, issue: Issue, lexicon: Lexicon) -> bool:
    """True for a clause that can stand alone and, where an issue's words alone do not complain ("the taste"), has one that does."""
    if clause.end - clause.start < len(sentence.text.rstrip(".!? ")) and lexicon.leaning.match(clause.text):
        return False
    return issue not in VAGUE or lexicon.negative.search(clause.text) is not None


def _is_usable(text: str, lexicon: Lexicon) -> bool:
    """True for a short, clean clause that says something."""
    if (
        len(text) > MAX_CHARS
        or lexicon.unquotable.search(text)
        or has_unsafe_form(text)
        or _SHOUTING.search(text)
        or len(_QUOTE_MARKS.findall(text)) % 2
    ):
        return False
    code = lexicon.language
    words = words_of(text, code)
    least = 3 if code in SPACELESS else MIN_WORDS
    most = MAX_CHARS if code in SPACELESS else MAX_WORDS
    return least <= len(words) <= most and bool(content_words(words, lexicon.stop))
