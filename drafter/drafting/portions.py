"""A quote in portions that each bring a subject of their own: those that code can turn are said, what is left is quoted.

What a buyer writes in one breath ("the coating peels, the handle is loose and it takes twice as long") reads in our voice as one thing
after the other; the words around it that complain of nothing ("bought it in May") are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from drafter.domain import Issue
from drafter.drafting.case import Case
from drafter.drafting.cutting import BUT, not_conceded
from drafter.drafting.points import Point, complains
from drafter.drafting.quoting import Quoted, is_quotable
from drafter.drafting.restate import FINITE, RESTATED
from drafter.drafting.sayings import CONCRETE, Saying, touches, turn_quote
from drafter.drafting.sentences import Piece, split_sentences

MAX_LEFT_WORDS = 12
"""Of a portion that is quoted beside others that are said."""
_JOINT = re.compile(
    r"(?:[,;:]|\s[-–—])\s+(?:(?:and|but|so|plus|also|then|because|yet) )?|\s(?:and|but|so)\s(?:also |now |then )?|\s?\d\)\s"
)
_SUBJECT = re.compile(
    r"(?:(?:and|but|also|plus|then|so|now) )*(?:the|my|our|its|half(?! an? )|one|two|three|four|both|there|no|all|some|most|each|\d+|"
    r"(?!an?\b|only|just|not|so|too|with|without|for|from|in|on|at|of|to|which|who|that|when|while|after|before|even|never)[a-z]+)\b",
    re.IGNORECASE,
)
_OF_THE_BUYER = re.compile(
    r"(?:i|we|i've|we've|i'm|we're|my (?:kids?|dogs?|cats?|wife|husband|son|daughter|family)|when|as|considering|sorry|ever since|"
    r"you could|thought|opened|tried|used|washed|bought|ordered|got|put|set it|unpacked|in the (?:photo|picture))\b",
    re.IGNORECASE,
)
"""First words of a quote that tells of the buyer: beside what is said of the thing it sounds odd."""
_YOU = re.compile(r"you\b", re.IGNORECASE)
_THE_SAME = re.compile(r"(?:it|they|that|this|these|which|i|we|you|he|she)\b", re.IGNORECASE)
"""Subjects that may go on with the portion before."""
_GOES_ON = re.compile(r"(?:left (?:an?|the|my)|\w+ed)\b", re.IGNORECASE)
"""Verbs whose subject is that of the portion before."""
_OF_THE_THING = re.compile(r"(?:it|they)\b", re.IGNORECASE)


def turn_portions(case: Case, quote: Point) -> tuple[list[Saying], list[Point]]:
    """What of a quote is said in our voice, and what of it stays a quote: all of it where nothing can be turned."""
    if saying := turn_quote(case, quote):
        return [saying], []
    portions = [quote.cut(piece.start, piece.end) for piece in _split(case, quote)]
    said = {portion.start: saying for portion in portions if (saying := turn_quote(case, portion))}
    # What is said of the thing beside a complaint belongs to it; what the buyer did does not.
    sore = [portion for portion in portions if _is_sore(case, portion)]
    turned = {p.start: said[p.start] for p in portions if p.start in said and (p in sore or _belongs(case, p, said[p.start], sore))}
    if not any(portion.start in turned for portion in sore):
        return [], [quote]
    left = [p for p in portions if p.start not in turned and _is_sore(case, p) and _is_fit(case, p) and not _OF_THE_BUYER.match(p.text)]
    return list(turned.values()), left


def say_what_is_left(case: Case, points: Sequence[Point], quoted: Quoted) -> Quoted:
    """With the complaints of which nothing is said or quoted yet, as far as they can be turned, in place of words that only say so."""
    sayings = [saying for saying in quoted.kept if saying.is_clear or not saying.is_ours]
    places = [place for saying in sayings for place in saying.places] + [(quote.start, quote.end) for quote in quoted.quotes]
    found: list[Saying] = []
    for point in points if not case.plan.is_mild or sayings or quoted.quotes else ():
        for piece in _split(case, point):
            portion = point.cut(piece.start, piece.end)
            is_open = not touches(piece.start, piece.end, places) and is_quotable(case, piece)
            if is_open and _is_sore(case, portion) and (saying := turn_quote(case, portion)):
                found.append(saying)
                places.append((piece.start, piece.end))
    taken = [place for saying in found for place in saying.places]
    kept = [s for s in quoted.kept if s in sayings or not any(touches(*place, taken) for place in s.places)]
    order = sorted([*found, *(s for s in kept if not s.is_ours)], key=lambda saying: saying.places)
    return replace(quoted, kept=(*order, *(s for s in kept if s.is_ours))) if found else quoted


def is_worth_quoting(case: Case, quote: Point) -> bool:
    """True for a quote beside what is said already: short, about the thing, and no mere verdict."""
    if case.plan.language not in RESTATED:
        return True
    is_short = len(quote.text.split()) <= MAX_LEFT_WORDS and FINITE.search(quote.text) is not None
    return is_short and not _OF_THE_BUYER.match(quote.text)


def _belongs(case: Case, portion: Point, saying: Saying, sore: Sequence[Point]) -> bool:
    """True for what is said of the thing in one sentence with a complaint; what the buyer did is left out."""
    sentence = next((s for s in split_sentences(case.request.review.text) if s.start <= portion.start < s.end), None)
    is_beside = sentence is not None and any(sentence.start <= other.start < sentence.end for other in sore)
    after = case.request.review.text[portion.end :]
    return is_beside and BUT.match(after) is None and _YOU.match(saying.clause) is None


def _is_sore(case: Case, portion: Point) -> bool:
    """True for a portion that complains, or in which triage saw a plain fault."""
    is_seen = any(s.issue in CONCRETE and touches(s.start, s.end, [(portion.start, portion.end)]) for s in case.triage.issue_spans)
    return is_seen or case.lexicon is None or complains(portion.text, case.lexicon)


def _is_fit(case: Case, portion: Point) -> bool:
    """True for a few words with a verb of their own, of which triage saw what they are about."""
    seen = any(s.issue is not Issue.OTHER and touches(s.start, s.end, [(portion.start, portion.end)]) for s in case.triage.issue_spans)
    has_verb = case.plan.language not in RESTATED or FINITE.search(portion.text) is not None
    return seen and has_verb and len(portion.text.split()) <= MAX_LEFT_WORDS


def _split(case: Case, quote: Point) -> Sequence[Piece]:
    """Portions in order; one that begins with a pronoun goes with the complaint before it, whose subject it may mean."""
    text, found = case.request.review.text, list[Piece]()
    for sentence in split_sentences(text):
        start, end = max(sentence.start, quote.start), min(sentence.end, quote.end)
        if start >= end:
            continue
        if case.plan.language not in RESTATED:
            found += not_conceded(case, Piece(text[start:end], start, end))
            continue
        cuts = [start]
        for m in _JOINT.finditer(text, start, end):
            before, after = Piece(text[cuts[-1] : m.start()], cuts[-1], m.start()), text[m.end() : end]
            if _begins(case, before, after):
                found.append(before)
                cuts.append(m.end())
        found.append(Piece(text[cuts[-1] : end].rstrip(" .!,;"), cuts[-1], cuts[-1] + len(text[cuts[-1] : end].rstrip(" .!,;"))))
    return [piece for piece in found if piece.text]


def _begins(case: Case, before: Piece, after: str) -> bool:
    """True where a portion ends and another begins."""
    own = after[: m.start()] if (m := _JOINT.search(after)) else after
    if FINITE.search(own) is None or FINITE.match(own) or _GOES_ON.match(own):
        return False
    if _THE_SAME.match(after):
        is_before_a_fault = case.lexicon is None or complains(before.text, case.lexicon)
        return _OF_THE_THING.match(after) is not None and not is_before_a_fault
    return _SUBJECT.match(after) is not None
