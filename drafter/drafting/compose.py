"""Parts joined into a reply. Private: greeting, apology, restatement, meaning, remedy or question, signature. Public: shorter, no offer.

Each part says what it stands on, so that a draft's proof is made while it is written and not guessed afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence

from drafter.domain import Issue, SentenceKind
from drafter.drafting.case import Case
from drafter.drafting.details import DetailBook
from drafter.drafting.facts import FACT_ISSUES, needs_article
from drafter.drafting.offering import name_day, offer_remedy
from drafter.drafting.parts import RESOLVED, Layout, Part, lay_out, link_fact, link_review
from drafter.drafting.plan import Hold
from drafter.drafting.points import Point
from drafter.drafting.tell import Told, is_short, is_telling, name_the_rest, quote_point, quote_the_rest, say_the_rest, tell_complaint

MAX_PUBLIC_CHARS = 400
MAX_PUBLIC_SENTENCES = 4
"""House caps for public replies, POLICY rule public-brevity."""

SHOWN_BY_A_WORD = frozenset({Issue.COMPATIBILITY, Issue.NOT_AS_DESCRIBED})
"""Issues of which nothing more is said than their names, where no detail bears them out."""
SPOILS_A_DAY = frozenset({Issue.LATE_DELIVERY, Issue.DAMAGED_IN_TRANSIT, Issue.WRONG_ITEM, Issue.MISSING_PARTS})
"""Issues after which a present is none, or comes too late."""
ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f")


def compose_reply(case: Case, *, opening: Part | None, points: Sequence[Point]) -> Layout:
    """A whole reply.

    Args:
        opening: A model's sentence that names the problem; None lets the parts do it.
        points: The buyer's own words that may be taken up beside it; empty for issue-level words only.
    """
    plan = case.plan
    if plan.hold:
        return compose_holding(case, points=points)
    if opening is None and plan.is_question and not plan.is_public:
        return frame(case, [[case.say("asked_about", case.voice.book.asked_about, SentenceKind.NOTICE)], _answer(case)])
    if opening is None and plan.is_content:
        return _thank(case)
    told = Told([opening, *_say_what_is_left(case, opening, points)], plan.issues[0]) if opening else tell_complaint(case, points)
    if plan.is_public:
        return _public(case, told)
    return frame(
        case, [[*told.parts, _meant(case, told.issue)], _solve(case, has_detail=opening is not None or bool(plan.details or points))]
    )


def _thank(case: Case) -> Layout:
    """To a buyer who complains of nothing: thanks, and an open ear."""
    book = case.voice.book
    thanks = case.say("content", book.content, SentenceKind.EMPATHY)
    if case.plan.is_public:
        return lay_out([[thanks]], book.space)
    return frame(case, [[thanks, case.say("ask_content", book.ask_content, SentenceKind.NOTICE)]])


def _answer(case: Case) -> list[Part]:
    """The fact that answers a question, or who will."""
    book = case.voice.book
    facts = [_state(case, fact) for fact in case.plan.facts]
    aims = case.voice.details.aims if case.voice.details else None
    text = case.request.review.text
    if case.plan.offer.remedy and aims and (aims.asks_for_remedy(text) or aims.swaps.search(text)):
        return [*facts, *_take_up_questions(case), *offer_remedy(case)]
    if not facts:
        return [case.say("person", book.holding.person, SentenceKind.NOTICE)]
    if case.plan.questions:
        return [*facts, *_take_up_questions(case)]
    ask = case.say("ask", book.ask_after_fact, SentenceKind.QUESTION)
    return [*facts, ask, case.say("answer_question", book.answer_question, SentenceKind.NOTICE)]


def _meant(case: Case, issue: Issue) -> Part:
    """What it meant to the buyer, by what was found clearest, or by the issue that the reply speaks of."""
    plan, voice = case.plan, case.voice
    if issue in SHOWN_BY_A_WORD and not any(d.spec.issue is issue for d in plan.details):
        issue = Issue.OTHER  # Two things that do not go together may be a pot and its lid; "like it says" may be about how it was used.
    theme = next((d.spec.theme for d in plan.details if d.spec.issue is issue or d is plan.details[0]), "")
    if (plan.is_paid_back or not SPOILS_A_DAY.isdisjoint(plan.issues)) and voice.details and _is_for_a_day(case, voice.details):
        theme = "occasion"
    return case.say("meant", voice.meant(issue, theme), SentenceKind.EMPATHY, case.links_to(issue))


def compose_waiting(case: Case, *, opening: Part | None, points: Sequence[Point]) -> Layout:
    """A message that names the complaint and says that the reply follows: nothing offered, nothing asked."""
    soon = case.say("soon", case.voice.book.holding.soon, SentenceKind.NOTICE)
    if case.plan.is_question:
        return frame(case, [[case.say("asked_about", case.voice.book.asked_about, SentenceKind.NOTICE)], [soon]])
    told = Told([opening], case.plan.issues[0]) if opening else tell_complaint(case, points)
    return frame(case, [[*told.parts, _meant(case, told.issue)], [*name_day(case), soon]])


def _is_for_a_day(case: Case, book: DetailBook) -> bool:
    """True when the review tells of a day that the order was meant for."""
    return book.occasion.search(case.request.review.text) is not None


def compose_holding(case: Case, *, points: Sequence[Point]) -> Layout:
    """A message that denies nothing, explains nothing, offers nothing, and says that a person will answer."""
    plan, holding = case.plan, case.voice.book.holding
    if plan.hold is Hold.SAFETY:
        points = [point for point in points if point.issue is Issue.SAFETY_HAZARD]
    short = [point for point in points if is_short(point.text) and is_telling(case, point)] if plan.hold is Hold.SAFETY else []
    quote = [quote_point(case, short[0])] if short and not plan.is_public else []
    notice = SentenceKind.NOTICE
    if plan.hold is Hold.SAFETY:
        seen = tuple(link_review(case.request, span.start, span.end) for span in case.triage.safety_spans)
        opening = [case.say("safety", holding.safety, SentenceKind.EMPATHY, seen), *quote]
        unplug = [case.say("unplug", holding.unplug, notice)] if plan.may_be_plugged_in else []
        hurt = case.say("treated", holding.treated, notice) if plan.is_treated else case.say("hurt", holding.hurt, notice)
        steps = [case.say("stop", holding.stop, notice), *unplug, hurt]
    else:
        opening, steps = [case.say("human", holding.human, SentenceKind.EMPATHY), *quote], []
    if plan.is_public:
        return lay_out([[*opening, *steps[:1], case.say("person", holding.person_public, notice)]], case.voice.book.space)
    return frame(case, [opening, [*steps, case.say("person", holding.person, notice)]])


def frame(case: Case, paragraphs: Sequence[Sequence[Part]]) -> Layout:
    """Paragraphs between greeting and signature; without a name to sign with, the text just ends."""
    book, tone, seller = case.voice.book, case.voice.tone, case.request.seller
    greeting = case.say("greeting", book.greeting.of(tone), SentenceKind.NOTICE)
    name = seller.signature.strip() or seller.brand.strip()
    ending = [[case.say("signature", book.signature.of(tone), SentenceKind.NOTICE, name=name)]] if name else []
    return lay_out([[greeting], *(p for p in paragraphs if p), *ending], book.space)


def finish(text: str, full_stop: str) -> str:
    """Text that ends like a sentence."""
    return text if text.endswith(ENDS) else f"{text}{full_stop}"


def _say_what_is_left(case: Case, opening: Part, points: Sequence[Point]) -> list[Part]:
    """A sentence for what a model's sentence, which names the main complaint, does not: in the buyer's words, else by its name."""
    said = [(link.start, link.end) for link in opening.links if link.start is not None and link.end is not None]
    named = [case.plan.issues[0], *(detail.spec.issue for detail in case.plan.details)]
    return say_the_rest(case, points, opening.text) or quote_the_rest(case, points, said, opening.text) or name_the_rest(case, said, named)


def _solve(case: Case, *, has_detail: bool) -> list[Part]:
    """Facts that answer, what the buyer asks besides, then the remedy or one question, then how to answer."""
    plan, book = case.plan, case.voice.book
    facts = [_state(case, fact) for fact in plan.facts]
    left_open = case.say("left_open", book.left_open, SentenceKind.NOTICE)
    if plan.is_resolved:
        return [*facts, left_open] if facts else [case.say("resolved", book.resolved, SentenceKind.CLAIM, [RESOLVED])]
    asked = _take_up_questions(case)
    if plan.offer.remedy:
        return [*facts, *asked, *offer_remedy(case)]
    if plan.is_paid_back:
        return [*facts, *(asked or [left_open])]
    if plan.is_part_wanted:
        return [*facts, *asked, case.say("part_open", book.part.open, SentenceKind.NOTICE)]
    if asked:
        return [*facts, *asked]
    if any(case.voice.details and case.voice.details.aims.settles.search(fact) for fact in plan.facts):
        return [*facts, left_open]
    is_answered = bool(facts) and plan.issues[0] in FACT_ISSUES
    question = book.ask_after_fact if is_answered else book.ask_after_detail if has_detail else book.issues[plan.issues[0]].ask
    ask = case.say("ask", question, SentenceKind.QUESTION)
    return [*facts, ask, case.say("answer_question", book.answer_question, SentenceKind.NOTICE)]


def _take_up_questions(case: Case) -> list[Part]:
    """That a person will answer what the buyer asks, where no fact does."""
    asked = case.plan.questions
    if not asked:
        return []
    links = [link_review(case.request, question.start, question.end) for question in asked]
    words = case.voice.join(tuple(case.voice.quote(question.text) for question in asked))
    return [case.say("question", case.voice.book.question, SentenceKind.RESTATEMENT, links, quote=words)]


def _state(case: Case, fact: str) -> Part:
    """A fact as a sentence of its own, linked to its place in the seller's list."""
    number = next(i for i, text in enumerate(case.request.seller.facts) if fact in text)
    words = f"the {fact}" if needs_article(fact, case.plan.language) else fact
    return Part(finish(words[0].upper() + words[1:], case.voice.book.full_stop), SentenceKind.CLAIM, (link_fact(case.request, number),))


def _public(case: Case, told: Told) -> Layout:
    """For the next reader: the apology and what was done, within the caps; what does not fit is left out from the end."""
    voice, issue = case.voice, told.issue
    done = [_state(case, fact) for fact in case.plan.facts]
    if not done:
        done = [case.say("meant", voice.meant(issue), SentenceKind.EMPATHY, case.links_to(issue))]
    kept: list[Part] = []
    for part in [*told.parts[:2], *done]:
        if len(kept) < MAX_PUBLIC_SENTENCES and len(voice.book.space.join(p.text for p in [*kept, part])) <= MAX_PUBLIC_CHARS:
            kept.append(part)
    return lay_out([kept], voice.book.space)
