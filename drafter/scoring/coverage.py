"""How many of the review's complaint points the draft takes up, in the buyer's words or in words for that issue.

A point is a clause of the review in which triage saw an issue: a buyer who tells of three faults has made three points, though all
three are called `defective`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drafter.domain import Issue, Score, Span
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.material import Material
from drafter.scoring.words import content_words, words_of

_CLAUSE = re.compile(r"[^.!?。！？\n,;:，；：、]+")

NAME = "coverage"
VERSION = 2


@dataclass(frozen=True, slots=True)
class _Point:
    issue: Issue
    stems: frozenset[str]
    """Of the clause, when no other issue is in it."""
    marks: frozenset[str]
    """Of the words in which triage saw the issue."""


def score_coverage(material: Material) -> Score:
    """Share of the complaint points that the draft answers; None when triage found none."""
    lexicon = material.lexicon
    if lexicon is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason=f"no word list for {material.language}")
    points = list(_points(material, lexicon))
    if not points:
        return Score(scorer=NAME, version=VERSION, value=None, reason="triage found no complaint point")
    said = frozenset(w.stem for w in material.words)
    named = {issue for issue, stems in lexicon.issues.items() if stems & said}
    open_points = [p.issue for p in points if not (p.marks | p.stems) & said and not (p.issue in named and _is_alone(p, points))]
    value = 1 - len(open_points) / len(points)
    reason = f"all {len(points)} complaint points taken up" if not open_points else "not taken up: " + ", ".join(open_points)
    answering = frozenset(stem for p in points for stem in p.stems | p.marks)
    spans = tuple(place for stems, place in zip(material.sentence_stems, material.places, strict=True) if stems & answering)
    return Score(scorer=NAME, version=VERSION, value=round(value, 4), reason=reason, spans=spans)


def _is_alone(point: _Point, points: list[_Point]) -> bool:
    """True for the only point of its issue: then the issue's name answers it."""
    return sum(other.issue == point.issue for other in points) == 1


def _points(material: Material, lexicon: Lexicon) -> Iterator[_Point]:
    text = material.request.review.text
    clauses = [Span(start=m.start(), end=m.end()) for m in _CLAUSE.finditer(text)]
    issues_in = [{span.issue for span in material.triage.issue_spans if s.start <= span.start < s.end} for s in clauses]
    seen: set[tuple[Issue, int]] = set()
    for span in material.triage.issue_spans:
        clause = next((s for s in clauses if s.start <= span.start < s.end), None)
        key = (span.issue, clause.start if clause else -1)
        if key not in seen:
            seen.add(key)
            is_own = clause is not None and len(issues_in[clauses.index(clause)]) == 1
            whole = text[clause.start : clause.end] if clause and is_own else span.quote
            stems = [frozenset(w.stem for w in content_words(words_of(t, material.language), lexicon.stop)) for t in (whole, span.quote)]
            yield _Point(span.issue, *stems)
