"""What went wrong, each thing as a clause in our voice: details in our words, and turned clauses of the buyer's.

Only what is certain is said: where two sayings tell the same, the one that tells more stands for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drafter.domain import Issue
from drafter.drafting.case import Case
from drafter.drafting.details import Detail, DetailBook
from drafter.drafting.gravity import weigh_issue
from drafter.drafting.nucleus import find_nuclei, turn_whole
from drafter.drafting.points import TOLD, Point, complains
from drafter.drafting.restate import FINITE, RESTATED
from drafter.drafting.sentences import split_clauses, split_sentences
from drafter.scoring.lexicon import any_word
from drafter.scoring.words import SPACELESS

MAX_DETAILS = 4
"""In our words, two to a sentence; more would read like a list of faults."""
PER_SENTENCE = 2
MAX_ASPECTS = 3
"""Parts named in one clause."""
CONCRETE = frozenset(
    {Issue.WRONG_ITEM, Issue.MISSING_PARTS, Issue.NOT_AS_DESCRIBED, Issue.DEFECTIVE, Issue.DAMAGED_IN_TRANSIT, Issue.SIZE_OR_FIT}
)
"""Issues whose clause is a fault by itself."""
GENERIC = frozenset({"broken", "hoped", "damage", "size", "missing"})
GENERIC_RESTATED = frozenset({"fault", "missing", "wrong", "feel", "size", "damage", "manual"})
"""Themes of which a clause of the buyer's says more than our own words; the second set where `restate` turns clauses."""
OF_THE_THING = frozenset({Issue.QUALITY_OR_DURABILITY, Issue.USABILITY_OR_INSTRUCTIONS, Issue.COMPATIBILITY, Issue.PACKAGING})
"""Issues whose clause tells of the thing, though perhaps not of a fault."""
OF_A_FAULT = frozenset({"broken", "fault", "hoped"})
"""Themes of which one clause of a buyer's tells only one."""
OF_A_PARCEL = frozenset({Issue.PACKAGING, Issue.DAMAGED_IN_TRANSIT})
"""A crushed box is one or the other."""
OF_ONE_FAULT = frozenset(
    {Issue.DEFECTIVE, Issue.DAMAGED_IN_TRANSIT, Issue.QUALITY_OR_DURABILITY, Issue.NOT_AS_DESCRIBED, Issue.SIZE_OR_FIT, Issue.COMPATIBILITY}
)
"""Issues of which a title is another name for what the body tells."""
_SUBJECT = re.compile(rf"(?:(?:and|but|also|then|plus|even) )?(?:the|my|its) (?:\w+ ){{0,2}}?(\w+) {FINITE.pattern}", re.IGNORECASE)
_PLAIN_NAMES = any_word(
    "product item thing order package parcel box stuff unit quality seller delivery material fabric colour color smell odor odour scent",
    "en",
)
"""Subjects that mean the thing itself, or what its own words speak of."""
_OF_THEM = re.compile(r"^((?:\w+ )?\w+ of )them\b")


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that went wrong, as it will be said."""

    issue: Issue
    clause: str
    spans: tuple[tuple[int, int], ...]
    """Clauses in `Review.text` that say so."""
    places: tuple[tuple[int, int], ...]
    """Where in them."""
    is_ours: bool
    """True for a detail: a clause in our words, which may share the thing's name with its neighbour."""
    is_clear: bool = True
    """False where it only says that something is wrong, so that the buyer's own words would say more."""


def gather_sayings(case: Case, points: Sequence[Point]) -> list[Saying]:
    """What can be said in our voice, gravest first: parts of the buyer's clauses, and details that these do not say already."""
    details = _one_of_each(d for d in case.plan.details if (points or not d.slots) and not _is_disputed(case, d))[:MAX_DETAILS]
    turned = [] if case.plan.language in SPACELESS else _turned_clauses(case, points, details)
    clear = [d for d in details if not (turned and (d.spec.is_faint or _is_covered(case, d, turned)))]
    plain = [d for d in clear if not d.spec.is_faint]
    said = [place for saying in turned for place in saying.spans] + [place for d in plain for place in d.places]
    aspects = _uncovered_aspects(case, said)
    clear = plain if aspects else clear
    ours = [Saying(d.spec.issue, _in_our_words(case, d), d.spans, d.places, is_ours=True, is_clear=_is_clear(case, d)) for d in clear]
    return sorted([*turned, *ours, *aspects], key=lambda saying: weigh_issue(saying.issue))[:MAX_DETAILS]


def _is_of_a_part(case: Case, detail: Detail) -> bool:
    """True for an English clause whose subject is plainly something else: "the little bell came in pieces" says nothing of the seat."""
    subjects = [m.group(1).lower() for start, end in detail.spans if (m := _SUBJECT.match(case.request.review.text[start:end]))]
    own = f"{case.plan.thing} {case.request.product.title}".lower()
    return any(subject not in own and not _PLAIN_NAMES.fullmatch(subject) for subject in subjects)


def _is_disputed(case: Case, detail: Detail) -> bool:
    """True for what is only found where somebody's reason is told: "refused because the box was open"."""
    book, text = case.voice.details, case.request.review.text
    if book is None or detail.spec.issue is Issue.CUSTOMER_SERVICE:
        return False
    within = [s for s in split_sentences(text) if touches(s.start, s.end, detail.spans)]
    return bool(within) and all(book.disputed.search(s.text) for s in within)


def _uncovered_aspects(case: Case, said: Sequence[tuple[int, int]]) -> list[Saying]:
    """One saying for the parts that stand where nothing else was said of."""
    text, book = case.request.review.text, case.voice.details
    told = " ".join(text[start:end] for start, end in said)
    rest = [d for d in case.plan.aspects if not any(touches(*span, said) for span in d.spans)]
    rest = [d for d in rest if book and not book.is_in(d.spec, told, word=d.words[0])][:MAX_ASPECTS]
    if not rest:
        return []
    seen = [span.issue for span in case.triage.issue_spans if any(touches(span.start, span.end, d.spans) for d in rest)]
    issue = next((issue for issue in seen if issue in case.plan.issues), rest[0].spec.issue)
    clause = rest[0].say(case.voice.items["item"], case.voice.join(tuple(word for d in rest for word in d.words)))
    spans = tuple(span for d in rest for span in d.spans)
    return [Saying(issue, clause, spans, tuple(place for d in rest for place in d.places), is_ours=True, is_clear=False)]


def _is_clear(case: Case, detail: Detail) -> bool:
    """True for words of ours that tell what is wrong."""
    spec = detail.spec
    if case.plan.language in SPACELESS:
        return False
    # "The buttons are stiff" is not "the case is stiff".
    if "{it}" in spec.say and any(touches(*span, detail.spans) for aspect in case.plan.aspects for span in aspect.spans):
        return False
    if "{it}" in spec.say and _is_of_a_part(case, detail):
        return False
    return not (spec.is_faint or spec.is_general) and (spec.theme not in GENERIC or case.plan.language in RESTATED or bool(detail.words))


def _in_our_words(case: Case, detail: Detail) -> str:
    return detail.say(case.voice.items["item"], case.voice.join(detail.words) if detail.words else "")


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
    # Two kinds may stand in one clause; and of a detail that is looked for in whole sentences, the sentence says nothing.
    is_wide = one.spec.in_sentence or other.spec.in_sentence or one.spec.kind != other.spec.kind
    stretches = other.places if is_wide else other.spans
    return is_alike and any(touches(*place, stretches) for place in (one.places if is_wide else one.spans))


def _is_covered(case: Case, detail: Detail, turned: Sequence[Saying]) -> bool:
    """True when a clause of the buyer's says it already, or says another thing of the kind."""
    book = case.voice.details
    in_title = all(end <= len(case.request.review.title) for _, end in detail.places)
    if in_title and detail.spec.is_general and any(saying.issue in OF_ONE_FAULT for saying in turned):
        return True
    if detail.spec.kind and book and case.plan.language not in SPACELESS:
        return any(book.is_in(detail.spec, saying.clause) for saying in turned)
    said = [place for saying in turned for place in saying.places]
    is_alike = detail.spec.theme in _generic(case) and any(saying.issue is detail.spec.issue for saying in turned)
    return is_alike or any(touches(*place, said) for place in detail.places)


def _generic(case: Case) -> frozenset[str]:
    """Themes of which a clause of the buyer's says more than our own words."""
    return GENERIC_RESTATED if case.plan.language in RESTATED else GENERIC


def _taken(case: Case, details: Sequence[Detail]) -> list[tuple[int, int]]:
    """Places of the review of which our own words say at least as much as the buyer's."""
    generic = _generic(case)
    return [place for d in details if not d.spec.is_faint and d.spec.theme not in generic for place in d.places]


def _turned_clauses(case: Case, points: Sequence[Point], details: Sequence[Detail]) -> list[Saying]:
    """Parts of the buyer's points in our voice, where our own words do not say it already."""
    book, found = case.voice.details, list[Saying]()
    taken = _taken(case, details) + (_untold(case.request.review.text, book) if book else [])
    for point in sorted(points, key=lambda p: (-p.weight, p.start)):
        if book and book.nucleus:
            seen = [(0, len(point.text))] if point.weight != TOLD else []
        else:
            seen = [(a - point.start, b - point.start) for a, b in _seen(case, is_plain=not taken and not case.plan.is_mild)]
        said = [(a - point.start, b - point.start) for a, b in taken]
        for n in find_nuclei(point.text, book, seen=seen, taken=said, is_told=point.weight == TOLD):
            place = (point.start + n.start, point.start + n.end)
            if book and book.nucleus and case.lexicon and not complains(point.text[n.start : n.end], case.lexicon):
                continue
            if (clause := _with_name(case, n.clause)) and (found or not clause.startswith("one of them")):
                found.append(Saying(_issue_at(case, place), clause, (place,), (place,), is_ours=False))
    return found


def turn_quote(case: Case, quote: Point) -> Saying | None:
    """What would be quoted, in our voice: where code can turn the whole of it, that reads better than quotation marks."""
    book = case.voice.details
    nucleus = turn_whole(quote.text, book) if book else None
    clause = _with_name(case, nucleus) if nucleus else ""
    place = ((quote.start, quote.end),)
    return Saying(_issue_at(case, place[0]), clause, place, place, is_ours=False) if clause else None


def _issue_at(case: Case, place: tuple[int, int]) -> Issue:
    """What triage saw there, first what the reply is about."""
    issues = [span.issue for span in case.triage.issue_spans if touches(span.start, span.end, [place])]
    return next((issue for issue in issues if issue in case.plan.issues), Issue.OTHER)


def _untold(text: str, book: DetailBook) -> list[tuple[int, int]]:
    """Places of what never happened, is wished or forgiven, is told of others, or is what somebody else is said to have said."""
    places: list[tuple[int, int]] = []
    for sentence in split_sentences(text):
        places += book.mood.untold(text, sentence)
        is_wished = False
        for clause in split_clauses(text, sentence):
            is_wished = is_wished or book.wishes.search(clause.text) is not None
            if is_wished or book.forgiven.search(clause.text) or book.mood.others.search(clause.text):
                places.append((clause.start, clause.end))
        if book.disputed.search(sentence.text):
            places.append((sentence.start, sentence.end))
    return places


def _seen(case: Case, *, is_plain: bool) -> list[tuple[int, int]]:
    """Where triage saw what the reply is about, and the clause is a fault even without a word for one.

    Args:
        is_plain: Nothing clearer was found, and the buyer is unhappy.
    """
    wanted = (CONCRETE | (OF_THE_THING if is_plain else frozenset())) & {*case.plan.issues, Issue.OTHER}
    return [(span.start, span.end) for span in case.triage.issue_spans if span.issue in wanted]


def _with_name(case: Case, clause: str) -> str:
    """The clause with the thing's name for a first "it" or "of them", where its number agrees; empty where "them" is left open."""
    book, it = case.voice.details, case.voice.items["item"]
    if book is None or not book.file.again_one:
        return clause
    is_one = book.again(case.plan.thing or it, it) == book.file.again_one
    if is_one:
        clause = re.sub(rf"^{book.file.again_one}\b", it, clause)
        if re.match(rf"{book.file.again_many_first}\b", clause):
            return ""
        return "" if _OF_THEM.match(clause) and not clause.startswith("one of them") else clause
    return _OF_THEM.sub(rf"\g<1>{it}", re.sub(rf"^{book.file.again_many_first}\b", it, clause))


def touches(start: int, end: int, places: Iterable[tuple[int, int]]) -> bool:
    """True when the stretch meets one of the places."""
    return any(a < end and start < b for a, b in places)
