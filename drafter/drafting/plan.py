"""What a reply will say before a word is chosen: language, issues, remedy, facts, or whether it only holds the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from drafter.domain import DraftRequest, Issue, IssueSpan, Route, Triage
from drafter.drafting.aims import Question
from drafter.drafting.aspects import find_aspects
from drafter.drafting.details import FORGIVABLE, Detail, DetailBook
from drafter.drafting.facts import ASKING_ENDS, choose_facts, find_unanswered, is_asking
from drafter.drafting.gravity import weigh_issue
from drafter.drafting.offer import ASKED_ISSUES, Offer, make_offer
from drafter.drafting.points import complains, has_contrast, is_negation, praises
from drafter.drafting.sentences import Piece, split_clauses, split_sentences
from drafter.drafting.things import name_in_title, name_thing
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.material import PUBLIC_CHANNELS
from drafter.scoring.words import base_language, content_words, words_of

MAX_ISSUES = 4
"""Named in one reply; more would read like a list of faults."""

NOTED_IN = "en"
"""Language in which sellers note facts, whatever the review is in."""
ASKED_IN_A_MESSAGE = ASKED_ISSUES | {Issue.NOT_AS_DESCRIBED, Issue.SIZE_OR_FIT}
"""The same in a message without a word of complaint: about what a page leaves open, and about another size."""

MAX_QUESTIONS = 2
"""Taken up in one reply."""
MILD_RATING = 3
HAPPY_RATING = 5
"""Of a buyer whose "but" is no complaint unless something plain is named."""
UNHAPPY_RATING = 2
"""Up to which triage is believed wherever the clause has words for what it saw."""

SHORT_REVIEW_CHARS = 60
"""Of a review that says too little to bear an issue out; then triage is believed."""

TOLD_OF_OTHERS = frozenset({Issue.CUSTOMER_SERVICE})
"""Issues that a mere "they said" may look like."""


class Hold(StrEnum):
    """Why a message only holds the line."""

    SAFETY = "safety"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Plan:
    """The choices behind one reply."""

    language: str
    is_public: bool
    hold: Hold | None
    is_resolved: bool
    may_be_plugged_in: bool
    """True when the review or the product's name speaks of electricity."""
    issues: tuple[Issue, ...]
    """Main one first."""
    offer: Offer
    facts: tuple[str, ...]
    quotable: bool
    """True when the reply is in the review's language, so that its words may be taken up."""
    details: tuple[Detail, ...]
    """What the review complains of, as far as words of ours are at hand; clearest first."""
    aspects: tuple[Detail, ...]
    """Parts of the thing that it complains of, in its order."""
    plain_issues: tuple[Issue, ...]
    """What triage alone bears out, for a reply that says no details."""
    thing: str
    """Noun for what was bought; empty when neither its name nor the review gives one."""
    is_mild: bool
    """True when the buyer is not simply unhappy: a deep apology would be out of place."""
    is_content: bool
    """True when no complaint was found and the buyer is not unhappy: there is nothing to be sorry for."""
    is_paid_back: bool
    """True when the buyer writes that the money is back: no remedy is left to offer."""
    is_part_wanted: bool
    """True when the buyer wants, or misses, no more than a small part."""
    questions: tuple[Question, ...]
    """What the buyer asks and no fact of the reply answers, with its place in `Review.text`."""
    needed_by: Piece | None
    """A day to come by which the buyer needs something."""
    is_treated: bool
    """True when somebody who was hurt has seen a doctor."""
    is_question: bool
    """True when a buyer asks something rather than complains."""


def make_plan(
    request: DraftRequest, triage: Triage, *, language: str, lexicons: Mapping[str, Lexicon], books: Mapping[str, DetailBook]
) -> Plan:
    """Plan for one request."""
    is_public = request.channel in PUBLIC_CHANNELS
    quotable = base_language(triage.language) == language
    lexicon, book = lexicons.get(base_language(triage.language)), books.get(language) if quotable else None
    rating = request.review.rating
    details = tuple(book.find(request.review.text, triage, title=request.review.title, about=request.product.title)) if book else ()
    proven = tuple(dict.fromkeys(d.spec.issue for d in details if not d.spec.is_faint and d.spec.issue is not Issue.SAFETY_HAZARD))
    is_contrasted = has_contrast(request.review.text, base_language(triage.language))
    is_mild = rating is not None and rating >= MILD_RATING
    named = _main_issues(triage, request, lexicon, book, is_wanted=not details and (is_contrasted or not is_mild))
    issues = tuple(sorted(dict.fromkeys((*proven, *named)), key=weigh_issue))[:MAX_ISSUES] or (Issue.OTHER,)
    hold = _hold(triage)
    thing = _name_thing(request, books.get(language), quotable=quotable)
    is_praised = _praises(request.review.text, lexicon)
    is_happy = rating is not None and rating >= HAPPY_RATING and not details and not set(named) - {Issue.OTHER}
    is_mistaken = book is not None and is_praised and book.aims.mistaken.search(request.review.text) is not None and not proven
    is_told_of = bool(_complaining(triage, request.review.text, lexicon, book))
    has_complaint = not is_mistaken and (
        (not is_happy and (is_contrasted or is_told_of))
        or bool(details)
        or (
            rating is not None and rating <= MILD_RATING and _has_words(request.review.text, lexicon, book, of_fault=is_mild and is_praised)
        )
    )
    is_private = not (hold or is_public)
    questions = _find_questions(request, triage, lexicon, book) if is_private else ()
    facts = () if hold else choose_facts(request, triage, details, issues, language, lexicons, books.get(language), questions)
    is_paid_back = book is not None and _is_paid_back(request.review.text, facts, book)
    is_settled = request.order.resolved or is_paid_back
    return Plan(
        language=language,
        is_public=is_public,
        hold=hold,
        is_resolved=request.order.resolved,
        may_be_plugged_in=_may_be_plugged_in(request, lexicons.get(language)),
        issues=issues,
        offer=make_offer(request, triage.wants, issues, details, book, books.get(NOTED_IN), lexicon)
        if is_private and not is_settled
        else Offer(),
        facts=facts,
        quotable=quotable,
        details=details,
        aspects=find_aspects(request.review, triage, lexicon, book, thing=thing) if lexicon and book else (),
        plain_issues=tuple(sorted(named or _main_issues(triage, request, lexicon, book, is_wanted=True), key=weigh_issue)) or issues,
        thing=thing,
        is_mild=is_mild,
        is_content=not has_complaint
        and quotable
        and (is_mild or is_mistaken or (rating is None and not triage.issue_spans))
        and (is_praised or bool(triage.praise_spans) or (is_happy and _is_forgiving(request, book))),
        is_paid_back=is_paid_back,
        is_part_wanted=book is not None and book.aims.part.search(request.review.text) is not None,
        questions=find_unanswered(questions, facts, lexicon, is_message=request.channel == "buyer_message")[:MAX_QUESTIONS],
        needed_by=book.aims.find_day(request.review.text, triage.injection_spans) if book and is_private and not is_settled else None,
        is_treated=book is not None and book.aims.treated.search(request.review.text) is not None,
        is_question=not proven and _is_mere_question(request, triage, named, questions, lexicon, book),
    )


def is_waited_for(plan: Plan) -> bool:
    """True where a reply will say more than a message that only holds the line, and may come second."""
    return not (plan.is_public or plan.hold or plan.is_content or plan.is_resolved or plan.is_paid_back)


def _is_paid_back(text: str, facts: Sequence[str], book: DetailBook) -> bool:
    """True where the buyer says so, and neither asks for it nor says that it still is to come, or where the reply says so."""
    told = [book.mood.told_part(text, s).text for s in split_sentences(text) if not s.text.endswith(ASKING_ENDS)]
    return any(book.aims.repaid.search(fact) for fact in facts) or any(
        not book.denied.search(sentence[: m.start()]) for sentence in told for m in book.paid_back.finditer(sentence)
    )


def _is_no_wait(span: IssueSpan, text: str, book: DetailBook) -> bool:
    """True where the parcel came in time, or what took so long was an answer, a refund or an exchange."""
    return book.in_time.search(text) is not None or book.is_other_wait(text, [(span.start, span.end)])


def _is_forgiving(request: DraftRequest, book: DetailBook | None) -> bool:
    return book is not None and book.forgiven.search(request.review.text) is not None


def _has_fault_word(text: str, lexicon: Lexicon | None, book: DetailBook | None) -> bool:
    """True when a clause names a fault, beside praise in others; a mere denial may be praise as well."""
    if lexicon is None:
        return False
    clauses = [c for sentence in split_sentences(text) for c in split_clauses(text, sentence) if not lexicon.aside.match(c.text)]
    told = [c for c in clauses if not (book and (book.faultless.search(c.text) or book.is_forgiven(text, c.start)))]
    return any(not is_negation(m.group().lower(), lexicon) for c in told for m in lexicon.negative.finditer(c.text))


def _has_words(text: str, lexicon: Lexicon | None, book: DetailBook | None, *, of_fault: bool) -> bool:
    """True when a clause that is no aside has a word of complaint; beside praise it must name a fault."""
    if of_fault:
        return _has_fault_word(text, lexicon, book)
    clauses = [clause for sentence in split_sentences(text) for clause in split_clauses(text, sentence)]
    return lexicon is not None and any(lexicon.negative.search(c.text) and not lexicon.aside.match(c.text) for c in clauses)


def _praises(text: str, lexicon: Lexicon | None) -> bool:
    """True when a clause praises."""
    clauses = [clause for sentence in split_sentences(text) for clause in split_clauses(text, sentence)]
    return lexicon is not None and any(praises(clause.text, lexicon) for clause in clauses)


def _also_complains(request: DraftRequest, triage: Triage, lexicon: Lexicon | None) -> bool:
    """True for a buyer, unless he is happy, who complains: by what triage saw in a review, or in a sentence that asks nothing."""
    rating = request.review.rating
    if lexicon is None or (rating is not None and rating > UNHAPPY_RATING):
        return False
    if rating is not None and set(triage.issues) - ASKED_ISSUES:
        return True
    return any(complains(s.text, lexicon) for s in split_sentences(request.review.body) if not s.text.endswith(("?", "\uff1f")))


def _find_questions(request: DraftRequest, triage: Triage, lexicon: Lexicon | None, book: DetailBook | None) -> tuple[Question, ...]:
    """What the buyer asks; of "What now?" nothing can be taken up."""
    if book is None or lexicon is None:
        return ()
    asked = book.aims.find_questions(request.review.text, triage.injection_spans)
    return tuple(question for question in asked if content_words(words_of(question.text, lexicon.language), lexicon.stop))


def _is_mere_question(
    request: DraftRequest,
    triage: Triage,
    named: Sequence[Issue],
    questions: Sequence[Question],
    lexicon: Lexicon | None,
    book: DetailBook | None,
) -> bool:
    """True when nothing is complained of beside what is asked; a message is taken at its words, a review by its stars as well."""
    is_wish = book is not None and request.channel == "buyer_message" and book.aims.swaps.search(request.review.text) is not None
    if not (is_asking(request) or is_wish):
        return False
    if request.channel == "buyer_message":
        return not _told_beside(questions, triage, named) - ASKED_IN_A_MESSAGE and _only_asks(request, lexicon, book)
    return not set(named) - ASKED_ISSUES and not _also_complains(request, triage, lexicon)


def _told_beside(questions: Sequence[Question], triage: Triage, named: Sequence[Issue]) -> set[Issue]:
    """The named issues of which more than a question speaks."""
    told = [s for s in triage.issue_spans if not any(asked.start < s.end and s.start < asked.end for asked in questions)]
    return {span.issue for span in told} & set(named)


def _only_asks(request: DraftRequest, lexicon: Lexicon | None, book: DetailBook | None) -> bool:
    """True for a message without a word of complaint beside its questions; what is written on a page, and what is not, is none."""
    if lexicon is None or book is None:
        return False
    text = request.review.text
    told = [s.text for s in split_sentences(text) if not s.text.endswith(ASKING_ENDS) and not book.aims.page.search(s.text)]
    return not book.aims.no_money.search(text) and not any(lexicon.negative.search(sentence) for sentence in told)


def _name_thing(request: DraftRequest, book: DetailBook | None, *, quotable: bool) -> str:
    """Noun for the thing: from its name, else from the review in the reply's own language."""
    if book is None:
        return ""
    if request.product.title:
        return name_in_title(request.product.title, book)
    return name_thing(request.review.text, request.review.title, book) if quotable else ""


def _complaining(triage: Triage, text: str, lexicon: Lexicon | None, book: DetailBook | None) -> list[IssueSpan]:
    """Spans of triage beside which there is a word that complains or denies, and one for the issue; all where no word list can say."""
    if lexicon is None:
        return list(triage.issue_spans)
    clauses = _told_clauses(text, book)
    bad = [c for c in clauses if complains(c.text, lexicon)]
    return [
        s
        for s in triage.issue_spans
        if any(c.start < s.end and s.start < c.end and (book is None or book.is_shown(s.issue, c.text)) for c in bad)
    ]


def _told_clauses(text: str, book: DetailBook | None) -> list[Piece]:
    """The clauses that tell what happened; all where no book can say."""
    if book is None:
        return [clause for sentence in split_sentences(text) for clause in split_clauses(text, sentence)]
    return [clause for sentence in split_sentences(text) for clause in book.mood.told_clauses(text, sentence)]


def choose_language(request: DraftRequest, triage: Triage) -> str:
    """Language to write in: as asked, else the review's, else that of the marketplace."""
    if request.options.language:
        return base_language(request.options.language)
    if triage.language != "und":
        return base_language(triage.language)
    return MARKETPLACE_LANGUAGES.get((request.review.marketplace or "").lower().removeprefix("amazon."), "en")


MARKETPLACE_LANGUAGES = {
    "de": "de",
    "at": "de",
    "fr": "fr",
    "es": "es",
    "com.mx": "es",
    "mx": "es",
    "it": "it",
    "com.br": "pt",
    "br": "pt",
    "co.jp": "ja",
    "jp": "ja",
    "cn": "zh",
}
"""Language of a store, for reviews too short to show one; any other store is English."""


def _hold(triage: Triage) -> Hold | None:
    if triage.safety or Issue.SAFETY_HAZARD in triage.issues:
        return Hold.SAFETY
    return Hold.PERSON if triage.route is Route.HUMAN_ONLY else None


def _may_be_plugged_in(request: DraftRequest, lexicon: Lexicon | None) -> bool:
    text = f"{request.product.title}\n{request.review.text}"
    return lexicon is not None and lexicon.electric.search(text) is not None


def _main_issues(
    triage: Triage, request: DraftRequest, lexicon: Lexicon | None, book: DetailBook | None, *, is_wanted: bool
) -> tuple[Issue, ...]:
    """Issues that the review bears out, named ones before `other`; one whose only words are an aside ("I don't have a cat") is none.

    Where nothing is borne out, the first that the review has words for is taken if one is wanted.
    """
    text = request.review.text
    clauses = _told_clauses(text, book) if lexicon else []
    aside = {c for c in clauses if lexicon and lexicon.aside.match(c.text)}
    spans = [s for s in triage.issue_spans if not any(c.start <= s.start < c.end for c in aside)] or list(triage.issue_spans)
    if book and any(s.issue in FORGIVABLE for s in spans):
        wished = [c for c in clauses if book.wishes.search(c.text)]
        reports = [c for c in clauses if not book.asides.is_background(c.text, lexicon)]
        spans = [s for s in spans if s.issue not in FORGIVABLE or any(c.start < s.end and s.start < c.end for c in reports)]
        spans = [s for s in spans if s.issue not in FORGIVABLE or not any(c.start <= s.start < c.end for c in wished)]
        spans = [s for s in spans if s.issue not in FORGIVABLE or not book.is_forgiven(text, s.start)]
        spans = [s for s in spans if s.issue is not Issue.LATE_DELIVERY or not _is_no_wait(s, text, book)]
    told = {s.issue for s in _complaining(triage, text, lexicon, book) if s in spans}
    rating = request.review.rating
    if rating is not None and rating <= UNHAPPY_RATING and lexicon and book:
        plain = [c for c in clauses if not praises(c.text, lexicon)]
        told |= {
            s.issue for s in spans if any(c.start <= s.start < c.end and book.is_shown(s.issue, f"{c.text}\n{s.quote}") for c in plain)
        }
    if not told and is_wanted:
        is_short = len(text) <= SHORT_REVIEW_CHARS
        told_text = "\n".join(clause.text for clause in clauses)
        shown = [
            s.issue for s in spans if book is None or (is_short and s.issue not in TOLD_OF_OTHERS) or book.is_shown(s.issue, told_text)
        ]
        told = set(shown if book is None or is_short else shown[:1])
    named = tuple(issue for issue in triage.issues if issue in told)
    return tuple(i for i in named if i is not Issue.OTHER) or named
