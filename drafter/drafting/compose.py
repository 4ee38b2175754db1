"""Parts joined into a reply. Private: greeting, apology, restatement, meaning, remedy or question, signature. Public: shorter, no offer."""

from __future__ import annotations

from collections.abc import Sequence

from drafter.domain import DraftRequest, Issue
from drafter.drafting.phrasebook import Voice
from drafter.drafting.plan import Hold, Plan
from drafter.drafting.points import Point
from drafter.drafting.restate import restate

MAX_PUBLIC_CHARS = 400
MAX_PUBLIC_SENTENCES = 4
"""House caps for public replies, POLICY rule public-brevity."""

MAX_POINTS = 3
MAX_POINTS_PUBLIC = 1
MAX_QUOTED_CHARS = 200

ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f")


def compose_reply(plan: Plan, voice: Voice, request: DraftRequest, *, opening: str | None, points: Sequence[Point]) -> str:
    """A whole reply.

    Args:
        opening: A model's sentence that names the problem; None lets the parts do it.
        points: The buyer's own words that may be taken up beside it; empty for issue-level words only.
    """
    if plan.hold:
        return compose_holding(plan, voice, request, points=points)
    points = choose_points(plan, points)
    sentences = [opening, *_quote_more(voice, points)] if opening else _apologise(plan, voice, points)
    named = {plan.issues[0], *(point.issue for point in points)}
    rest = tuple(dict.fromkeys(voice.book.issues[issue].also for issue in plan.issues if issue not in named))
    if rest:
        sentences.append(voice.say("also", voice.book.also, list=voice.join(rest)))
    if plan.is_public:
        return _public(plan, voice, sentences)
    sentences.append(voice.say("meant", voice.book.issues[plan.issues[0]].meant))
    return frame(voice, request, [sentences, _solve(plan, voice)])


def compose_holding(plan: Plan, voice: Voice, request: DraftRequest, *, points: Sequence[Point]) -> str:
    """A message that denies nothing, explains nothing, offers nothing, and says that a person will answer."""
    holding = voice.book.holding
    if plan.hold is Hold.SAFETY:
        points = [point for point in points if point.issue is Issue.SAFETY_HAZARD]
    quote = [_quote(voice, "quoted", points[:1])] if points and not plan.is_public else []
    if plan.hold is Hold.SAFETY:
        opening = [voice.say("safety", holding.safety), *quote]
        unplug = [voice.say("unplug", holding.unplug)] if plan.may_be_plugged_in else []
        steps = [voice.say("stop", holding.stop), *unplug, voice.say("hurt", holding.hurt)]
    else:
        opening, steps = [voice.say("human", holding.human), *quote], []
    if plan.is_public:
        return voice.book.space.join([*opening, *steps[:1], voice.say("person", holding.person_public)])
    return frame(voice, request, [opening, [*steps, voice.say("person", holding.person)]])


def frame(voice: Voice, request: DraftRequest, paragraphs: Sequence[Sequence[str]]) -> str:
    """Paragraphs between greeting and signature; without a name to sign with, the text just ends."""
    greeting = voice.say("greeting", voice.book.greeting.of(voice.tone))
    name = request.seller.signature.strip() or request.seller.brand.strip()
    body = [voice.book.space.join(sentences) for sentences in paragraphs if sentences]
    ending = [voice.say("signature", voice.book.signature.of(voice.tone), name=name)] if name else []
    return "\n\n".join([greeting, *body, *ending])


def finish(text: str, full_stop: str) -> str:
    """Text that ends like a sentence."""
    return text if text.endswith(ENDS) else f"{text}{full_stop}"


def choose_points(plan: Plan, points: Sequence[Point]) -> list[Point]:
    """Points that fit one reply: one of each issue first, then others, within the room for quotes; in the order of the review."""
    most = MAX_POINTS_PUBLIC if plan.is_public else MAX_POINTS
    firsts = {point.issue: point for point in reversed(points)}
    ranked = sorted(points, key=lambda p: (p is not firsts[p.issue], p.issue != plan.issues[0]))
    chosen: list[Point] = []
    for point in ranked[:most]:
        if sum(len(p.text) for p in chosen) + len(point.text) <= MAX_QUOTED_CHARS:
            chosen.append(point)
    return [point for point in points if point in chosen]


def _apologise(plan: Plan, voice: Voice, points: Sequence[Point]) -> list[str]:
    """The apology that names the problem, with the buyer's own words where they may be used."""
    parts = voice.book.issues[plan.issues[0]]
    sorry = voice.say("sorry", parts.sorry)
    point = next((p for p in points if p.issue is plan.issues[0]), points[0] if points else None)
    if point is None:
        return [sorry]
    clause = restate(point.text) if plan.language == "en" else None
    if clause and voice.book.restated:
        return [voice.say("restated", voice.book.restated, clause=clause), *_quote_more(voice, [p for p in points if p is not point])]
    return [sorry, _quote(voice, "quoted", points)]


def _quote_more(voice: Voice, points: Sequence[Point]) -> list[str]:
    """A sentence with further words of the buyer; none when there are none."""
    return [_quote(voice, "quoted_more", points)] if points else []


def _quote(voice: Voice, slot: str, points: Sequence[Point]) -> str:
    """A sentence around the buyer's words."""
    variants = voice.book.quoted if slot == "quoted" else voice.book.quoted_more
    return voice.say(slot, variants, quote=voice.join(tuple(voice.quote(point.text) for point in points)))


def _solve(plan: Plan, voice: Voice) -> list[str]:
    """One fact that answers, then one remedy or one question, then how to answer."""
    book = voice.book
    if plan.is_resolved:
        return [voice.say("resolved", book.resolved)]
    facts = [finish(voice.say("fact", book.fact, fact=fact), book.full_stop) for fact in plan.facts]
    if plan.remedy:
        return [*facts, voice.say("remedy", book.remedy[plan.remedy]), voice.say("answer", book.answer)]
    question = book.ask_after_fact if facts else book.issues[plan.issues[0]].ask
    return [*facts, voice.say("ask", question), voice.say("answer_question", book.answer_question)]


def _public(plan: Plan, voice: Voice, sentences: list[str]) -> str:
    """For the next reader: the apology and what was done, within the caps; what does not fit is left out from the end."""
    done = [finish(fact[0].upper() + fact[1:], voice.book.full_stop) for fact in plan.facts]
    if not done:
        done = [voice.say("meant", voice.book.issues[plan.issues[0]].meant)]
    kept: list[str] = []
    for sentence in [*sentences[:2], *done]:
        if len(kept) < MAX_PUBLIC_SENTENCES and len(voice.book.space.join([*kept, sentence])) <= MAX_PUBLIC_CHARS:
            kept.append(sentence)
    return voice.book.space.join(kept)
