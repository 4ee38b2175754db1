"""The sentence that says what went wrong: in our words where they are known, in a turned clause of the buyer's, else by the issue's name.

Only what is certain is said. One sentence too few costs an agent a glance; one that is not true costs the buyer's trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from drafter.domain import Issue, Link, SentenceKind
from drafter.drafting.case import Case
from drafter.drafting.cutting import untied
from drafter.drafting.details import DetailBook
from drafter.drafting.gravity import weigh_issue
from drafter.drafting.parts import Part, link_review
from drafter.drafting.phrasebook import fill
from drafter.drafting.points import COMPLAINS, NAMED, Point, is_negation
from drafter.drafting.portions import is_worth_quoting, say_what_is_left, turn_portions
from drafter.drafting.quoting import MAX_CHARS_OF_A_STORY, Quoted, choose_quotes, is_story
from drafter.drafting.restate import FINITE, RESTATED
from drafter.drafting.sayings import OF_ONE_FAULT, PER_SENTENCE, Saying, gather_sayings, touches
from drafter.drafting.sentences import split_clauses, split_parts, split_sentences
from drafter.scoring.words import SPACELESS, stem_words

MAX_TOLD = 3
"""Clauses of the buyer's in a sentence of its own."""
MAX_SENTENCES_SAID = 2
SAID_BY_NAME = frozenset({Issue.LATE_DELIVERY, Issue.CUSTOMER_SERVICE, Issue.MISSING_PARTS})
"""Issues that are named beside a quote."""
OF_THE_ORDER = frozenset({Issue.CUSTOMER_SERVICE, Issue.LATE_DELIVERY, Issue.PACKAGING, Issue.PRICE_OR_VALUE})
"""Issues of which the thing itself is not to blame."""
JUDGED = frozenset({Issue.OTHER, Issue.PRICE_OR_VALUE})
"""Issues of which the buyer's words are a judgement; those are not said back where code can turn a plain complaint."""
SEEN_IN_A_LISTING = frozenset({Issue.SIZE_OR_FIT, Issue.COMPATIBILITY, Issue.WRONG_ITEM})
"""Issues in whose complaint the listing is only called as a witness."""
MAX_QUOTED_WORDS = 9
"""A longer quote reads like a machine's."""
MAX_QUOTED_CHARS = 60
MAX_QUOTED_SPACELESS = 40
"""The same in Chinese and Japanese."""
MAX_TELLING_CHARS = 110
"""Of a quote that stands for the whole complaint."""
CLEAR_BY_NAME = frozenset(Issue) - {Issue.OTHER, Issue.QUALITY_OR_DURABILITY, Issue.NOT_AS_DESCRIBED, Issue.COUNTERFEIT_SUSPICION}
"""Issues whose name says all that is to be sorry for."""
_TELLS = re.compile(rf"(?:the|its?|there|one|two|half|no|\d+)\b(?=.*{FINITE.pattern})(?!.*\b(?:i|we|you)\b)", re.IGNORECASE)
"""A clause about a thing, with its verb: opinions and stories read oddly when they are quoted."""
VAGUE = frozenset({Issue.QUALITY_OR_DURABILITY, Issue.PRICE_OR_VALUE, Issue.OTHER})
"""Issues whose name alone adds nothing once a detail is named: "the quality as well"."""


@dataclass(frozen=True, slots=True)
class Told:
    """Sentences that say what went wrong."""

    parts: list[Part]
    issue: Issue
    """What they are mainly about; `other` where only the buyer's own words say it."""


def tell_complaint(case: Case, points: Sequence[Point]) -> Told:
    """The apology that names all that went wrong, two things to a sentence; what has no clear words of ours is quoted."""
    book = case.voice.details
    points = [point for point in points if not (book and book.solved.search(point.sentence))]
    points = [point for point in points if not is_story(case) or len(point.text) <= MAX_CHARS_OF_A_STORY]
    sayings = gather_sayings(case, points)
    quoted = say_what_is_left(case, points, _turned(case, choose_quotes(case, points, sayings)))
    if not (quoted.quotes or quoted.kept):
        told = Told(_name_main_issue(case, points), case.plan.issues[0])
        return replace(told, parts=[*told.parts, *name_the_rest(case, (), case.plan.issues[:1])])
    if quoted.quotes and case.plan.language in SPACELESS:
        also = [_also_that(case, quoted.kept[:PER_SENTENCE])] if quoted.kept else _name_plain_rest(case, quoted)
        return Told([_quote(case, quoted.quotes, is_first=True), *also], case.plan.issues[0])
    if quoted.quotes and quoted.kept and all(saying.issue is Issue.CUSTOMER_SERVICE for saying in quoted.kept):
        # What was wrong with the order comes before how we answered.
        return Told([_quote(case, quoted.quotes, is_first=True), _say_more(case, quoted.kept[:PER_SENTENCE])], Issue.OTHER)
    said = _say(case, quoted.kept) if quoted.kept else ()
    parts = [*said[:1], *([_quote(case, quoted.quotes, is_first=not said)] if quoted.quotes else []), *said[1:]]
    if (quoted.quotes or any(not saying.is_ours for saying in quoted.kept)) and len(said) < MAX_SENTENCES_SAID:
        parts += _name_plain_rest(case, quoted)
    return Told(parts, case.plan.issues[0] if said else Issue.OTHER)


def _turned(case: Case, quoted: Quoted) -> Quoted:
    """With the quotes that code can turn said in our voice, in the buyer's order before what else is said."""
    turned = [turn_portions(case, quote) for quote in quoted.quotes]
    ours = [saying for said, _ in turned for saying in said]
    is_said = bool(ours) or any(saying.is_clear and saying.issue is not Issue.CUSTOMER_SERVICE for saying in quoted.kept)
    left = tuple(quote for _, quotes in turned for quote in quotes if not is_said or is_worth_quoting(case, quote))
    left = tuple(untied(case, quote) for quote in left)
    kept = [saying for saying in quoted.kept if saying.is_clear] if ours else quoted.kept
    own = sorted([*ours, *(saying for saying in kept if not saying.is_ours)], key=lambda saying: (weigh_issue(saying.issue), saying.places))
    return Quoted(left, (*own, *(saying for saying in kept if saying.is_ours)) if ours else tuple(kept))


def _name_plain_rest(case: Case, quoted: Quoted) -> list[Part]:
    """A sentence for what is neither said nor quoted, where its name says all."""
    said = {saying.issue for saying in quoted.kept} | {quote.issue for quote in quoted.quotes}
    if not SAID_BY_NAME & {*case.plan.issues} - said:
        return []
    quotes = [Saying(q.issue, q.text, ((q.start, q.end),), ((q.start, q.end),), is_ours=False) for q in quoted.quotes]
    rest = [saying for saying in _unnamed(case, [*quoted.kept, *quotes]) if saying.issue in SAID_BY_NAME][:1]
    return [_also_that(case, rest)] if rest else []


def _say(case: Case, sayings: Sequence[Saying]) -> list[Part]:
    """Sayings in one sentence or two."""
    turned = [saying for saying in sayings if not saying.is_ours][:MAX_TOLD]
    if turned and case.voice.book.told:
        first, part = turned, _tell(case, turned)
    else:
        first = list(sayings[:PER_SENTENCE])
        part = say_sorry_that(case, _clauses_of(case, first), _links_of(case, first))
    rest = [saying for saying in sayings if saying not in first and (saying.is_ours or not case.voice.book.told)]
    return [part, *([_also_that(case, rest[:PER_SENTENCE])] if rest else [])]


def _quote(case: Case, quotes: Sequence[Point], *, is_first: bool) -> Part:
    """A sentence around the buyer's words: an apology, or one that goes on with it."""
    book, links = case.voice.book, [link_review(case.request, quote.start, quote.end) for quote in quotes]
    each = tuple(case.voice.quote(quote.text) for quote in quotes)
    if case.plan.language in SPACELESS:
        return case.say("told", book.told, SentenceKind.RESTATEMENT, links, clause=book.and_also.join(each))
    words = case.voice.join(each)
    if not is_first:
        return case.say("also_quoted", book.also_quoted, SentenceKind.RESTATEMENT, links, quote=words)
    is_about_it = not any(quote.issue in OF_THE_ORDER for quote in quotes)
    slot, variants = ("quoted_about", book.quoted_about) if is_about_it else ("quoted_sorry", book.quoted_sorry)
    return case.say(f"{slot}_mild" if case.plan.is_mild else slot, variants, SentenceKind.RESTATEMENT, links, quote=words)


def quote_the_rest(case: Case, points: Sequence[Point], said: Sequence[tuple[int, int]], opening: str) -> list[Part]:
    """A sentence for what else the buyer complains of, in our voice or in quotation marks; none when all is said.

    Args:
        said: What the reply takes up already, as places in `Review.text`.
        opening: The sentence that does so.
    """
    taken = Saying(case.plan.issues[0], "", tuple(said), tuple(said), is_ours=False)
    quoted = choose_quotes(case, points, [taken])
    rest = [q for q in quoted.quotes if not touches(q.start, q.end, said) and not _is_told_in(case, q.text, opening)]
    quoted = _turned(case, Quoted(tuple(rest), ()))
    if quoted.kept:
        return [_say_more(case, quoted.kept[:PER_SENTENCE])]
    return [_quote(case, quoted.quotes, is_first=False)] if quoted.quotes and case.voice.book.also_quoted else []


def say_the_rest(case: Case, points: Sequence[Point], opening: str) -> list[Part]:
    """A sentence in our words for what is no fault of the thing, and of which the opening says nothing."""
    text, language = case.request.review.text, case.plan.language
    said = stem_words(opening, language)
    rest = [
        saying
        for saying in gather_sayings(case, points)
        if saying.is_ours
        and saying.is_clear
        and saying.issue in SAID_BY_NAME
        and all(said.isdisjoint(stem_words(text[start:end], language)) for start, end in saying.places)
    ]
    return [_also_that(case, rest[:PER_SENTENCE])] if rest else []


def _is_told_in(case: Case, words: str, sentence: str) -> bool:
    """True where every word for a fault in the words is in the sentence as well."""
    if case.lexicon is None:
        return False
    faults, said = (
        {m.group().lower() for m in case.lexicon.negative.finditer(text) if not is_negation(m.group().lower(), case.lexicon)}
        for text in (words, sentence)
    )
    return bool(faults) and faults <= said


def name_the_rest(case: Case, said: Sequence[tuple[int, int]], named: Iterable[Issue] = ()) -> list[Part]:
    """A sentence that names the issues of which nothing was said yet; none when all were.

    Args:
        said: What the reply takes up already, as places in `Review.text`.
        named: Issues that it names already.
    """
    taken = [Saying(issue, "", (), (), is_ours=False) for issue in named]
    rest = _unnamed(case, [*taken, *(Saying(Issue.OTHER, "", (), (place,), is_ours=False) for place in said)])
    return [_also_that(case, rest[:PER_SENTENCE])] if rest else []


def _name_main_issue(case: Case, points: Sequence[Point]) -> list[Part]:
    """An apology for the main issue by its name, with a few words of the buyer's where they are fit."""
    issue = case.plan.issues[0]
    links = list(case.links_to(issue))
    kind = SentenceKind.RESTATEMENT if links else SentenceKind.EMPATHY
    slot = "sorry_mild" if case.plan.is_mild else "sorry"
    sorry = case.say(slot, case.voice.book.issues[issue].sorry, kind, links)
    short = [p for p in points if _is_quotable(case, p)]
    return [sorry, *([quote_point(case, short[0])] if short and not case.plan.is_public else [])]


def _tell(case: Case, sayings: Sequence[Saying]) -> Part:
    """Clauses of the buyer's as a sentence of its own, where they cannot follow "that"."""
    *some, last = [saying.clause for saying in sorted(sayings, key=lambda saying: saying.places)]
    clause = case.voice.book.and_also.join(filter(None, (case.voice.book.joining.comma.join(some), last)))
    links = _links_of(case, sayings)
    return case.say("told", case.voice.book.told, SentenceKind.RESTATEMENT, links, clause=clause[0].upper() + clause[1:])


def _say_more(case: Case, sayings: Sequence[Saying]) -> Part:
    """A second sentence; a clause of the buyer's that cannot follow "that" is one of its own."""
    turned = [saying for saying in sayings if not saying.is_ours]
    return _tell(case, turned) if turned and case.voice.book.told else _also_that(case, sayings)


def _also_that(case: Case, sayings: Sequence[Saying]) -> Part:
    """A second sentence, for what else went wrong."""
    book = case.voice.book
    clause = book.and_that.join(_clauses_of(case, sayings))
    return _elide(case, case.say("also_that", book.also_that, SentenceKind.RESTATEMENT, _links_of(case, sayings), clause=clause))


def _unnamed(case: Case, sayings: Sequence[Saying]) -> list[Saying]:
    """The issues of the plan of which nothing is said, by their names."""
    named = _named(case, sayings)
    found = {issue: tuple((s.start, s.end) for s in case.triage.issue_spans if s.issue is issue) for issue in case.plan.issues}
    body_from = len(case.request.review.title)
    rest: list[Saying] = []
    for issue, places in found.items():
        in_body = any(start >= body_from for start, _ in places)
        is_one = issue in OF_ONE_FAULT and bool(named & OF_ONE_FAULT) and not in_body
        if issue not in named and places and not is_one and not (issue in VAGUE and sayings):
            rest.append(Saying(issue, fill(case.voice.book.issues[issue].also, case.voice.items), places, places, is_ours=False))
    return rest


def _named(case: Case, sayings: Sequence[Saying]) -> set[Issue]:
    """Issues that are said, by their place in the review or by the words in which something is said."""
    text, book = case.request.review.text, case.voice.details
    said = [place for saying in sayings for place in saying.places]
    near = [p for s in split_sentences(text) for c in split_clauses(text, s) for p in split_parts(c) if touches(p.start, p.end, said)]
    named = {saying.issue for saying in sayings}
    named |= {span.issue for span in case.triage.issue_spans if touches(span.start, span.end, [(p.start, p.end) for p in near])}
    if book:
        named |= {issue for issue in book.shows if any(book.is_shown(issue, saying.clause) for saying in sayings)}
    fits = {Issue.SIZE_OR_FIT, Issue.COMPATIBILITY}
    return named | (fits if named & fits else set()) | ({Issue.NOT_AS_DESCRIBED} if named & SEEN_IN_A_LISTING else set())


def _links_of(case: Case, sayings: Sequence[Saying]) -> list[Link]:
    return [link_review(case.request, *span) for span in dict.fromkeys(span for saying in sayings for span in saying.spans)]


def quote_point(case: Case, point: Point) -> Part:
    """A sentence around the buyer's words."""
    links = [link_review(case.request, point.start, point.end)]
    return case.say("quoted", case.voice.book.quoted, SentenceKind.RESTATEMENT, links, quote=case.voice.quote(point.text))


def say_sorry_that(case: Case, clauses: Sequence[str], links: Sequence[Link]) -> Part:
    """An apology around clauses in our voice, in the manner that suits this buyer."""
    book = case.voice.book
    slot, variants = ("restated_mild", book.restated_mild) if case.plan.is_mild else ("restated", book.restated)
    return _elide(case, case.say(slot, variants, SentenceKind.RESTATEMENT, links, clause=book.and_that.join(clauses)))


def _elide(case: Case, part: Part) -> Part:
    """The part with what runs together before a vowel."""
    text = part.text
    for pattern, ours in case.voice.book.elided.items():
        text = re.sub(pattern, ours, text)
    return replace(part, text=text)


def _clauses_of(case: Case, sayings: Sequence[Saying]) -> list[str]:
    """Clauses of sayings; those that go on about the thing itself share its name."""
    it, book = case.voice.items["item"], case.voice.details
    clauses: list[str] = []
    before: Saying | None = None
    for saying in sayings:
        clause = saying.clause
        if book and before and before.is_ours and saying.is_ours and clause.startswith(f"{it} ") and clauses[-1].startswith(f"{it} "):
            clauses[-1] = case.voice.join((clauses[-1], _without_verb(clause.removeprefix(f"{it} "), clauses[-1], book)))
        elif book and before:
            again = _again(case, book, clause) if it in clauses[-1] else clause
            clauses.append(_without_repeats(again, clauses[-1], book))
        else:
            clauses.append(clause)
        before = saying
    return clauses


def _again(case: Case, book: DetailBook, clause: str) -> str:
    """The clause with short words for the thing that the one before has named."""
    it = case.voice.items["item"]
    thing = case.plan.thing or it
    clause = re.sub(rf"^{re.escape(it)}\b", book.again(thing, it, is_first=True), clause)
    return re.sub(rf"\b{re.escape(it)}\b(?! \w+ing\b)", book.again(thing, it), clause)


def _without_verb(rest: str, before: str, book: DetailBook) -> str:
    """The rest of a clause without the verb that it shares with the one before."""
    shared = [words for words, shorter in book.file.repeats.items() if not shorter and words in before]
    return next((rest.removeprefix(f"{words} ") for words in shared if rest.startswith(f"{words} ")), rest)


def _without_repeats(clause: str, before: str, book: DetailBook) -> str:
    """The clause with shorter words for what the one before has just named."""
    for words, shorter in book.file.repeats.items():
        if shorter and words in clause and " ".join(words.split()[-2:]) in before:
            return clause.replace(words, shorter)
    return clause


def _is_quotable(case: Case, point: Point) -> bool:
    """True for a few words in which triage saw what the reply is about."""
    length, is_spaceless = point.end - point.start, case.plan.language in SPACELESS
    if point.end <= len(case.request.review.title) or point.issue is Issue.CUSTOMER_SERVICE:
        return False
    if length > MAX_QUOTED_SPACELESS if is_spaceless else length * 2 > len(case.request.review.text):
        return False
    if not is_spaceless and (not point.is_sore or _is_of_others(case, point)):
        return False
    is_named = point.weight == NAMED and point.issue in {*case.plan.issues, Issue.OTHER}
    book = case.voice.details
    if point.issue in JUDGED and book and book.nucleus:
        return False
    if case.plan.language in RESTATED:
        return False
    return is_named and is_short(point.text) and not point.text.endswith(("?", "\uff1f"))


def is_telling(case: Case, point: Point) -> bool:
    """True for a complaint of the body that can stand in quotation marks by itself."""
    return (
        point.weight >= COMPLAINS
        and point.start >= len(case.request.review.title)
        and point.issue is not Issue.CUSTOMER_SERVICE
        and len(point.text) <= MAX_TELLING_CHARS
        and (point.is_sore or case.plan.language in SPACELESS)
        and not _is_of_others(case, point)
        and (case.plan.language not in RESTATED or _TELLS.match(point.text) is not None)
        and not point.text.endswith(("?", "\uff1f"))
    )


def _is_of_others(case: Case, point: Point) -> bool:
    """True where other people, other things, or what never happened are told of."""
    book = case.voice.details
    if book is None:
        return False
    told = {c.start: c.end for c in book.mood.told_clauses(case.request.review.text, point.within, with_others=False)}
    untold = [c for c in split_clauses(case.request.review.text, point.within) if told.get(c.start) != c.end]
    return touches(point.start, point.end, [(c.start, c.end) for c in untold]) or (
        book.nucleus is not None and book.nucleus.refused.search(point.text) is not None
    )


def is_short(text: str) -> bool:
    """True for words few enough to be quoted."""
    return len(text.split()) <= MAX_QUOTED_WORDS and len(text) <= MAX_QUOTED_CHARS
