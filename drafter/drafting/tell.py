"""The sentence that says what went wrong: in our words where they are known, in a turned clause of the buyer's, else by the issue's name.

Only what is certain is said. One sentence too few costs an agent a glance; one that is not true costs the buyer's trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drafter.domain import DraftRequest, Issue, Link, SentenceKind, Triage
from drafter.drafting.details import Detail, DetailBook, weigh_issue
from drafter.drafting.nucleus import find_nucleus
from drafter.drafting.parts import Part, link_issues, link_review
from drafter.drafting.phrasebook import Voice
from drafter.drafting.plan import Plan
from drafter.drafting.points import NAMED, TOLD, Point
from drafter.drafting.restate import RESTATED
from drafter.scoring.words import SPACELESS

MAX_DETAILS = 4
"""In our words, two to a sentence; more would read like a list of faults."""
PER_SENTENCE = 2
CONCRETE = frozenset(
    {Issue.WRONG_ITEM, Issue.MISSING_PARTS, Issue.NOT_AS_DESCRIBED, Issue.DEFECTIVE, Issue.DAMAGED_IN_TRANSIT, Issue.SIZE_OR_FIT}
)
"""Issues whose clause is a fault by itself."""
JUDGED = frozenset({Issue.OTHER, Issue.PRICE_OR_VALUE})
"""Issues of which the buyer's words are a judgement; those are not said back where code can turn a plain complaint."""
GENERIC = frozenset({"broken", "hoped", "damage", "size", "missing"})
GENERIC_RESTATED = frozenset({"fault", "missing", "wrong"})
"""Themes of which a clause of the buyer's says more than our own words; the second set where `restate` turns clauses."""
OF_THE_THING = frozenset({Issue.QUALITY_OR_DURABILITY, Issue.USABILITY_OR_INSTRUCTIONS, Issue.COMPATIBILITY, Issue.PACKAGING})
"""Issues whose clause tells of the thing, though perhaps not of a fault."""
OF_A_FAULT = frozenset({"broken", "fault", "hoped"})
"""Themes of which one clause of a buyer's tells only one."""
OF_A_PARCEL = frozenset({Issue.PACKAGING, Issue.DAMAGED_IN_TRANSIT})
"""A crushed box is one or the other."""
MAX_QUOTED_WORDS = 9
"""A longer quote reads like a machine's."""
MAX_QUOTED_CHARS = 60
MAX_QUOTED_SPACELESS = 20
"""Of Chinese and Japanese, where a sentence takes few characters."""


@dataclass(frozen=True, slots=True)
class Case:
    """What every part is made from."""

    plan: Plan
    voice: Voice
    request: DraftRequest
    triage: Triage

    def say(self, slot: str, variants: tuple[str, ...], kind: SentenceKind, links: Sequence[Link] = (), **values: str) -> Part:
        """A part in the request's voice."""
        return Part(self.voice.say(slot, variants, **values), kind, tuple(links))

    def links_to(self, *issues: Issue) -> tuple[Link, ...]:
        """Where the review speaks of these issues."""
        return link_issues(self.request, self.triage, issues)


def tell_complaint(case: Case, points: Sequence[Point]) -> list[Part]:
    """The apology that names the problem."""
    details = _one_of_each(d for d in case.plan.details if points or not d.slots)[:MAX_DETAILS]
    nucleus = _first_nucleus(case, points, details)
    clear = [d for d in details if not (nucleus and (d.spec.is_faint or _is_covered(case, d, *nucleus)))]
    if nucleus and case.voice.book.told:
        clause = nucleus[1][0].upper() + nucleus[1][1:]
        link = link_review(case.request, nucleus[0].start, nucleus[0].end)
        told = case.say("told", case.voice.book.told, SentenceKind.RESTATEMENT, [link], clause=clause)
        return [told, *([_also_that(case, clear[:PER_SENTENCE])] if clear else [])]
    if (nucleus or clear) and case.voice.book.restated:
        first = clear[: PER_SENTENCE - bool(nucleus)]
        clauses = _clauses_of(case, first)
        # The buyer's own clause comes first unless it tells of something lighter.
        is_lighter = nucleus and first and weigh_issue(first[0].spec.issue) < weigh_issue(nucleus[0].issue)
        clauses = ([*clauses, nucleus[1]] if is_lighter else [nucleus[1], *clauses]) if nucleus else clauses
        spans = [(nucleus[0].start, nucleus[0].end)] if nucleus else []
        links = _links_of(case, spans + [span for d in first for span in d.spans])
        rest = clear[len(first) : len(first) + PER_SENTENCE]
        return [say_sorry_that(case, clauses, links), *([_also_that(case, rest)] if rest else [])]
    issue = case.plan.issues[0]
    links = list(case.links_to(issue))
    kind = SentenceKind.RESTATEMENT if links else SentenceKind.EMPATHY
    slot = "sorry_mild" if case.plan.is_mild else "sorry"
    sorry = case.say(slot, case.voice.book.issues[issue].sorry, kind, links)
    short = [p for p in points if _is_quotable(case, p)]
    return [sorry, *([quote_point(case, short[0])] if short and not case.plan.is_public else [])]


def _also_that(case: Case, details: Sequence[Detail]) -> Part:
    """A second sentence, for what else went wrong."""
    book = case.voice.book
    clause = book.and_that.join(_clauses_of(case, details))
    links = _links_of(case, [span for d in details for span in d.spans])
    return case.say("also_that", book.also_that, SentenceKind.RESTATEMENT, links, clause=clause)


def _links_of(case: Case, spans: Sequence[tuple[int, int]]) -> list[Link]:
    return [link_review(case.request, start, end) for start, end in dict.fromkeys(spans)]


def quote_point(case: Case, point: Point) -> Part:
    """A sentence around the buyer's words."""
    links = [link_review(case.request, point.start, point.end)]
    return case.say("quoted", case.voice.book.quoted, SentenceKind.RESTATEMENT, links, quote=case.voice.quote(point.text))


def say_sorry_that(case: Case, clauses: Sequence[str], links: Sequence[Link]) -> Part:
    """An apology around clauses in our voice, in the manner that suits this buyer."""
    book = case.voice.book
    slot, variants = ("restated_mild", book.restated_mild) if case.plan.is_mild else ("restated", book.restated)
    return case.say(slot, variants, SentenceKind.RESTATEMENT, links, clause=book.and_that.join(clauses))


def _clauses_of(case: Case, details: Sequence[Detail]) -> list[str]:
    """Clauses for details; those that go on about the thing itself share its name."""
    it, book = case.voice.items["item"], case.voice.details
    if book is None:
        return []
    clauses: list[str] = []
    for detail in details:
        clause = detail.say(it, case.voice.join(detail.words) if detail.words else "")
        if clauses and clause.startswith(f"{it} ") and clauses[-1].startswith(f"{it} "):
            clauses[-1] = case.voice.join((clauses[-1], clause.removeprefix(f"{it} ")))
        elif clauses:
            clauses.append(
                _without_repeats(clause.replace(it, book.again(case.plan.thing, it)) if it in clauses[-1] else clause, clauses[-1], book)
            )
        else:
            clauses.append(clause)
    return clauses


def _without_repeats(clause: str, before: str, book: DetailBook) -> str:
    """The clause with shorter words for what the one before has just named."""
    for words, shorter in book.file.repeats.items():
        if words in clause and words.split()[-1] in before:
            return clause.replace(words, shorter)
    return clause


def _is_seen(case: Case, point: Point, *, is_plain: bool) -> bool:
    """True when triage saw in the point what the reply is about, and its clause is a fault even without a word for one.

    Args:
        is_plain: Nothing clearer was found, and the buyer is unhappy.
    """
    if point.weight != NAMED or point.issue not in {*case.plan.issues, Issue.OTHER}:
        return False
    book = case.voice.details
    return bool(book and book.nucleus) or point.issue in CONCRETE or (is_plain and point.issue in OF_THE_THING)


def _one_of_each(details: Iterable[Detail]) -> list[Detail]:
    """The clearest detail of each theme; one that says it in the review's own kind of words comes before a general one."""
    chosen: dict[str, Detail] = {}
    for detail in details:
        kind = detail.spec.kind or detail.spec.theme
        before = chosen.get(kind)
        if before is None or (detail.words and not before.words):
            chosen[kind] = detail
    return _without_general(list(chosen.values()))


def _without_general(details: list[Detail]) -> list[Detail]:
    """The details without those that only repeat, less clearly, what one of the same theme says of the same clause."""
    kept: list[Detail] = []
    for detail in sorted(details, key=lambda d: not d.spec.kind):
        if not any((k.spec.kind or _is_one_fault(k, detail)) and _is_same_place(detail, k) for k in kept):
            kept.append(detail)
    return [detail for detail in details if detail in kept]


def _is_one_fault(one: Detail, other: Detail) -> bool:
    return {one.spec.theme, other.spec.theme} <= OF_A_FAULT


def _is_same_place(one: Detail, other: Detail) -> bool:
    themes, issues = {one.spec.theme, other.spec.theme}, {one.spec.issue, other.spec.issue}
    is_alike = len(themes) == 1 or len(issues) == 1 or themes <= OF_A_FAULT or issues == OF_A_PARCEL
    return is_alike and any(a < d and c < b for a, b in one.spans for c, d in other.spans)


def _is_covered(case: Case, detail: Detail, point: Point, clause: str) -> bool:
    """True when the buyer's own clause says it already, or says another thing of the kind."""
    book = case.voice.details
    if detail.spec.kind and book:
        return book.is_in(detail.spec, clause)
    return detail.spec.issue is point.issue or _says_same(detail, point)


def _says_same(detail: Detail, point: Point) -> bool:
    """True when the detail was seen in the point as well."""
    return any(start < point.end and point.start < end for start, end in detail.spans)


def _first_nucleus(case: Case, points: Sequence[Point], details: Sequence[Detail]) -> tuple[Point, str] | None:
    """The first point of which a part can be said in our voice, where our own words do not say it already."""
    book = case.voice.details
    generic = GENERIC if book and book.nucleus else GENERIC_RESTATED
    spans = [span for d in details if not d.spec.is_faint and d.spec.theme not in generic for span in d.spans]
    ranked = sorted(points, key=lambda p: (-p.weight, p.start))
    for point in ranked:
        if any(start < point.end and point.start < end for start, end in spans):
            continue
        is_seen = _is_seen(case, point, is_plain=not spans and not case.plan.is_mild)
        if clause := find_nucleus(point.text, case.voice.details, is_seen=is_seen, is_told=point.weight == TOLD):
            return point, _with_name(case, clause)
    return None


def _with_name(case: Case, clause: str) -> str:
    """The clause with the thing's name for a first "it", where its number is known to be one."""
    book, it = case.voice.details, case.voice.items["item"]
    if book is None or not book.file.again_one or book.again(case.plan.thing, it) != book.file.again_one:
        return clause
    return re.sub(rf"^{book.file.again_one}\b", it, clause)


def _is_quotable(case: Case, point: Point) -> bool:
    """True for a few words in which triage saw what the reply is about."""
    length, is_spaceless = point.end - point.start, case.plan.language in SPACELESS
    if point.end <= len(case.request.review.title) or point.issue is Issue.CUSTOMER_SERVICE:
        return False
    if length > MAX_QUOTED_SPACELESS if is_spaceless else length * 2 > len(case.request.review.text):
        return False
    is_named = point.weight == NAMED and point.issue in {*case.plan.issues, Issue.OTHER}
    book = case.voice.details
    if point.issue in JUDGED and book and book.nucleus:
        return False
    if case.plan.language in RESTATED and point.issue not in CONCRETE - {Issue.NOT_AS_DESCRIBED}:
        return False
    return is_named and is_short(point.text) and not point.text.endswith(("?", "\uff1f"))


def is_short(text: str) -> bool:
    """True for words few enough to be quoted."""
    return len(text.split()) <= MAX_QUOTED_WORDS and len(text) <= MAX_QUOTED_CHARS
