"""The sentences that offer: one remedy, or two that go together, and how to accept."""

from __future__ import annotations

from drafter.domain import Issue, Remedy, SentenceKind
from drafter.drafting.case import Case
from drafter.drafting.offer import SENT_BACK
from drafter.drafting.parts import Part, link_remedy, link_review
from drafter.drafting.phrasebook import Variants

BESIDE_MISSING = frozenset({Issue.MISSING_PARTS, Issue.PACKAGING, Issue.LATE_DELIVERY, Issue.CUSTOMER_SERVICE})
"""Issues beside which the part that a buyer needs is the one that was missing."""


def offer_remedy(case: Case) -> list[Part]:
    """The plan's offer as sentences, with the day by which it is needed."""
    book, offer = case.voice.book, case.plan.offer
    slot, variants = _words_for(case, offer.remedies[0])
    links = [link_remedy(case.request, remedy) for remedy in offer.remedies]
    is_choice = slot == "either"
    answer = case.say("answer_either", book.answer_either, SentenceKind.NOTICE) if is_choice else None
    return [
        case.say(slot, variants, SentenceKind.ACTION, links),
        *name_day(case),
        answer or case.say("answer", book.answer, SentenceKind.NOTICE),
    ]


def _words_for(case: Case, remedy: Remedy) -> tuple[str, Variants]:
    """Slot and variants that say this offer most plainly."""
    plan, book = case.plan, case.voice.book
    if plan.offer.is_for_part:
        return "part_replaced", book.part.replaced
    if plan.offer.other is Remedy.TROUBLESHOOTING:
        return "with_steps", book.with_steps
    if set(plan.offer.remedies) == SENT_BACK:
        return "with_label", book.with_label
    if plan.offer.other:
        return "either", book.either[remedy]
    if remedy is Remedy.SPARE_PART and plan.issues[0] is Issue.MISSING_PARTS and set(plan.issues) <= BESIDE_MISSING:
        return "part_missing", book.part.missing
    return "remedy", book.remedy[remedy]


def name_day(case: Case) -> list[Part]:
    """That we know by when it is needed."""
    day = case.plan.needed_by
    if day is None:
        return []
    links = [link_review(case.request, day.start, day.end)]
    return [case.say("needed_by", case.voice.book.needed_by, SentenceKind.RESTATEMENT, links, quote=case.voice.quote(day.text))]
