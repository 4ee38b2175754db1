"""Complaints of a text: issue phrases and frames of concepts, weighed, and neighbours told apart by precedence rules.

Frames and rules are content (`guardrails/triage/frames.yaml`), the same for every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.content import line_of, read_yaml
from drafter.domain import Issue
from drafter.errors import ContentError
from drafter.triage.lexicon import Seen
from drafter.triage.phrases import Mention

ENOUGH = 2
"""Weight from which an issue counts: one plain word for it, or two hints."""
CERTAIN = 3
"""Weight of a frame marked `!`: what it says counts whatever the rest of the text says."""
DEFAULT_REACH = 8
WEIGHTS = {"?": 1, "!": CERTAIN}
"""Marks of a frame."""
MAX_PLACES = 60
"""Places of one concept that frames look at; who says `late` more often says nothing new."""
MAX_PHRASES = 300
CHARACTERS_PER_WORD = 3
"""A reach in words, turned into characters for Chinese and Japanese."""


@dataclass(frozen=True, slots=True)
class Term:
    """A concept in a frame; `polarity` is +1 (not denied), -1 (denied) or 0 (either)."""

    concept: str
    polarity: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Concepts that together say that something is wrong."""

    issue: str
    terms: tuple[Term, ...]
    reach: int
    weight: int
    source: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """An issue seen at units [first, last), and by which frame or phrase."""

    issue: str
    first: int
    last: int
    weight: int
    via: str


@dataclass(frozen=True, slots=True)
class Precedence:
    """Where complaints of `when` stand, those of `drop` do not count."""

    when: frozenset[str]
    drop: frozenset[str]
    where: str
    via: frozenset[str]
    """Only complaints of `drop` that come from these frames or phrases; empty means all."""


class Frames:
    """All frames, found by the concepts they need."""

    def __init__(self, frames: Iterable[Frame], precedence: Sequence[Precedence]) -> None:
        self._by_rarest: dict[str, list[Frame]] = {}
        for frame in frames:
            self._by_rarest.setdefault(frame.terms[-1].concept, []).append(frame)
        self._precedence = precedence

    def complaints(self, seen: Seen) -> list[Complaint]:
        """Everything the text complains about, in order of mention, hints that stand alone left out."""
        found = [
            Complaint(m.name.rstrip("?"), m.first, m.last, 1 if m.name.endswith("?") else ENOUGH, "phrase")
            for m in seen.phrases[:MAX_PHRASES]
        ]
        found += self._framed(seen)
        found = self._give_way(found, seen)
        weights: dict[str, int] = {}
        for complaint in {(c.issue, c.first, c.last): c for c in sorted(found, key=lambda c: c.weight)}.values():
            weights[complaint.issue] = weights.get(complaint.issue, 0) + complaint.weight
        kept = [c for c in found if weights[c.issue] >= ENOUGH]
        return sorted(kept, key=lambda c: (c.first, c.last, c.issue))

    def _framed(self, seen: Seen) -> list[Complaint]:
        by_concept: dict[str, list[Mention]] = {}
        for mention in seen.mentions:
            places = by_concept.setdefault(mention.name, [])
            if len(places) < MAX_PLACES:
                places.append(mention)
        denied = {mention: seen.is_negated(mention) for mention in seen.mentions} if seen.negations else {}
        found = []
        for concept in by_concept:
            for frame in self._by_rarest.get(concept, ()):
                if all(term.concept in by_concept for term in frame.terms):
                    found += _meet(frame, by_concept, denied, seen)
        return found

    def _give_way(self, found: list[Complaint], seen: Seen) -> list[Complaint]:
        for rule in self._precedence:
            winners = [c for c in found if c.issue in rule.when and c.weight >= ENOUGH]
            if winners:
                found = [
                    c
                    for c in found
                    if c.issue not in rule.drop
                    or (rule.via and c.via not in rule.via)
                    or not any(c is not winner and _touches(winner, c, rule.where, seen) for winner in winners)
                ]
        return found


def _meet(frame: Frame, by_concept: dict[str, list[Mention]], denied: dict[Mention, bool], seen: Seen) -> list[Complaint]:
    """Places where all terms of a frame stand close enough; each mention of the last term counts once."""
    reach = frame.reach * (CHARACTERS_PER_WORD if seen.reading.is_characters else 1)
    sentences = seen.reading.sentences
    found = []
    for anchor in by_concept[frame.terms[-1].concept]:
        if not _suits(frame.terms[-1], anchor, denied):
            continue
        members = [anchor]
        for term in frame.terms[:-1]:
            near = [
                m
                for m in by_concept[term.concept]
                if sentences[m.first] == sentences[anchor.first]
                and (m.last <= anchor.first or m.first >= anchor.last)
                and max(m.first - anchor.last, anchor.first - m.last) <= reach
                and _suits(term, m, denied)
            ]
            if not near:
                break
            members.append(min(near, key=lambda m: max(m.first - anchor.last, anchor.first - m.last)))
        else:
            found.append(Complaint(frame.issue, min(m.first for m in members), max(m.last for m in members), frame.weight, frame.source))
    return found


def _suits(term: Term, mention: Mention, denied: dict[Mention, bool]) -> bool:
    return term.polarity == 0 or denied.get(mention, False) == (term.polarity < 0)


def _touches(a: Complaint, b: Complaint, where: str, seen: Seen) -> bool:
    if where == "text":
        return True
    if where == "overlap":
        return a.first < b.last and b.first < a.last
    column = seen.reading.clauses if where == "clause" else seen.reading.sentences
    return bool(set(column[a.first : a.last]) & set(column[b.first : b.last]))


def load_frames(path: Path) -> Frames:
    """Frames of `frames.yaml`.

    Raises:
        ContentError: an issue or a rule is unknown or empty; names the line.
    """
    values: Any = read_yaml(path)
    frames = [_parse_frame(path, issue, line) for issue, lines in (values.get("frames") or {}).items() for line in lines or []]
    known = {issue.value for issue in Issue}
    for frame in frames:
        if frame.issue not in known:
            raise ContentError(path, f"unknown issue '{frame.issue}'", line=line_of(path, f"{frame.issue}:"))
    precedence = [
        Precedence(frozenset(_list(rule["when"])), frozenset(_list(rule["drop"])), str(rule["where"]), frozenset(_list(rule.get("via"))))
        for rule in values.get("precedence") or []
    ]
    return Frames(frames, precedence)


def _list(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _parse_frame(path: Path, issue: str, line: str) -> Frame:
    terms: list[Term] = []
    reach, weight = DEFAULT_REACH, ENOUGH
    for word in str(line).split():
        if word.startswith("~"):
            reach = int(word[1:])
        elif word in WEIGHTS:
            weight = WEIGHTS[word]
        else:
            terms.append(Term(word.lstrip("+-"), {"+": 1, "-": -1}.get(word[0], 0)))
    if not terms:
        raise ContentError(path, f"a frame of '{issue}' has no concept", line=line_of(path, str(line)))
    return Frame(issue, tuple(terms), reach, weight, str(line))
