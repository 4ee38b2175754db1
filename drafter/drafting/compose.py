"""Parts joined into a reply. Private: greeting, apology, restatement, meaning, remedy or question, signature. Public: shorter, no offer.

Each part says what it stands on, so that a draft's proof is made while it is written and not guessed afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drafter.domain import DraftRequest, Issue, Link, LinkTo, SentenceKind, Triage
from drafter.drafting.parts import RESOLVED, Layout, Part, lay_out, link_fact, link_issues, link_remedy, link_review
from drafter.drafting.phrasebook import Voice
from drafter.drafting.plan import Hold, Plan
from drafter.drafting.points import NAMED, TOLD, Point
from drafter.drafting.restate import restate
from drafter.drafting.sentences import split_sentences

MAX_PUBLIC_CHARS = 400
MAX_PUBLIC_SENTENCES = 4
"""House caps for public replies, POLICY rule public-brevity."""

MAX_POINTS = 4
MAX_POINTS_PUBLIC = 2
MAX_QUOTED_CHARS = 260
MAX_RESTATED = 2
"""Sentences that say points in our voice; further points are quoted."""
MAX_RESTATED_CHARS = 130
"""Of two clauses in one sentence; longer ones get a sentence each."""

ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f")

QUESTION_MARKS = ("?", "\uff1f")

VAGUE = frozenset({Issue.QUALITY_OR_DURABILITY, Issue.OTHER})
"""Issues whose name alone adds nothing once a detail is named: "the quality as well"."""


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


def compose_reply(case: Case, *, opening: Part | None, points: Sequence[Point]) -> Layout:
    """A whole reply.

    Args:
        opening: A model's sentence that names the problem; None lets the parts do it.
        points: The buyer's own words that may be taken up beside it; empty for issue-level words only.
    """
    plan = case.plan
    if plan.hold:
        return compose_holding(case, points=points)
    points = choose_points(plan, points)
    sentences = [opening, *_take_up(case, points, is_first=False)] if opening else _apologise(case, points)
    sentences += _name_the_rest(case, sentences, points)
    if plan.is_public:
        return _public(case, sentences)
    issue = plan.issues[0]
    sentences.append(case.say("meant", case.voice.meant(issue), SentenceKind.EMPATHY, case.links_to(issue)))
    return frame(case, [sentences, _solve(case, has_detail=bool(opening or points))])


def compose_holding(case: Case, *, points: Sequence[Point]) -> Layout:
    """A message that denies nothing, explains nothing, offers nothing, and says that a person will answer."""
    plan, holding = case.plan, case.voice.book.holding
    if plan.hold is Hold.SAFETY:
        points = [point for point in points if point.issue is Issue.SAFETY_HAZARD] or list(points)
    quote = [_quote(case, "quoted", points[:1])] if points and not plan.is_public else []
    notice = SentenceKind.NOTICE
    if plan.hold is Hold.SAFETY:
        seen = tuple(link_review(case.request, span.start, span.end) for span in case.triage.safety_spans)
        opening = [case.say("safety", holding.safety, SentenceKind.EMPATHY, seen), *quote]
        unplug = [case.say("unplug", holding.unplug, notice)] if plan.may_be_plugged_in else []
        steps = [case.say("stop", holding.stop, notice), *unplug, case.say("hurt", holding.hurt, notice)]
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


def choose_points(plan: Plan, points: Sequence[Point]) -> list[Point]:
    """Points that fit one reply: one of each issue first, then others, within the room for quotes; in the order of the review."""
    most = MAX_POINTS_PUBLIC if plan.is_public else MAX_POINTS
    firsts = {point.issue: point for point in reversed(points)}
    ranked = sorted(points, key=lambda p: (p is not firsts[p.issue] and p.weight == NAMED, -p.weight, p.issue != plan.issues[0]))
    chosen: list[Point] = []
    for point in ranked:
        if len(chosen) < most and sum(len(p.text) for p in chosen) + len(point.text) <= MAX_QUOTED_CHARS:
            chosen.append(point)
    return [point for point in points if point in chosen]


def _apologise(case: Case, points: Sequence[Point]) -> list[Part]:
    """The apology that names the problem, with the buyer's own words where they may be used."""
    taken_up = _take_up(case, points, is_first=True)
    if taken_up and _clauses(case, points):
        return taken_up
    issue = case.plan.issues[0]
    links = case.links_to(issue)
    kind = SentenceKind.RESTATEMENT if links else SentenceKind.EMPATHY
    return [case.say("sorry", case.voice.book.issues[issue].sorry, kind, links), *taken_up]


def _take_up(case: Case, points: Sequence[Point], *, is_first: bool) -> list[Part]:
    """Sentences that take points up: turned into our voice where code can, else in the buyer's own words."""
    clauses = _in_voice(_clauses(case, points))
    turned = [point for point, _ in clauses]
    quoted = [point for point in points if point not in turned]
    book = case.voice.book
    sentences: list[Part] = []
    for pair in _in_pairs(clauses):
        slot, variants = ("restated", book.restated) if is_first and not sentences else ("restated_more", book.restated_more)
        links = [link_review(case.request, point.start, point.end) for point, _ in pair]
        clause = f" {book.and_that} ".join(text for _, text in pair)
        sentences.append(case.say(slot, variants, SentenceKind.RESTATEMENT, links, clause=clause))
    said = [point for point in quoted if not point.text.endswith(QUESTION_MARKS)]
    if said:
        sentences.append(_quote(case, "quoted" if is_first and not sentences else "quoted_more", said))
    asked = [point for point in quoted if point not in said]
    return [*sentences, *([_quote(case, "asked", asked)] if asked else [])]


def _clauses(case: Case, points: Sequence[Point]) -> list[tuple[Point, str]]:
    """Points that code can say in our voice, with the words for it; none where the phrasebook has no frame for them."""
    if not case.voice.book.restated or case.plan.language != "en":
        return []
    return [(point, clause) for point in points if point.weight > TOLD and (clause := restate(point.text))]


def _in_voice(clauses: Sequence[tuple[Point, str]]) -> list[tuple[Point, str]]:
    """The clauses that fit the sentences that a reply may begin with an apology; a third "We are sorry" would sound like a machine."""
    return [clause for pair in _in_pairs(clauses)[:MAX_RESTATED] for clause in pair]


def _in_pairs(clauses: Sequence[tuple[Point, str]]) -> list[list[tuple[Point, str]]]:
    """Clauses in the order of the review, two short ones together."""
    pairs: list[list[tuple[Point, str]]] = []
    for clause in clauses:
        if pairs and len(pairs[-1]) == 1 and len(pairs[-1][0][1]) + len(clause[1]) <= MAX_RESTATED_CHARS:
            pairs[-1].append(clause)
        else:
            pairs.append([clause])
    return pairs


def _quote(case: Case, slot: str, points: Sequence[Point]) -> Part:
    """A sentence around the buyer's words."""
    book = case.voice.book
    variants = {"quoted": book.quoted, "quoted_more": book.quoted_more, "asked": book.asked}[slot]
    links = [link_review(case.request, point.start, point.end) for point in points]
    words = case.voice.join(tuple(case.voice.quote(point.text) for point in points))
    return case.say(slot, variants, SentenceKind.RESTATEMENT, links, quote=words)


def _name_the_rest(case: Case, sentences: Sequence[Part], points: Sequence[Point]) -> list[Part]:
    """A sentence that names the issues of which nothing was said yet; none when all were."""
    book, triage = case.voice.book, case.triage
    said = [link for part in sentences for link in part.links if link.to is LinkTo.REVIEW]
    pieces = [s for s in split_sentences(case.request.review.text) if any(_touch(s.start, s.end, link) for link in said)]
    named = {point.issue for point in points}
    if named <= {Issue.OTHER}:
        named.add(case.plan.issues[0])
    named |= {span.issue for span in triage.issue_spans if any(p.start <= span.start < p.end for p in pieces)}
    rest = [issue for issue in case.plan.issues if issue not in named and not (issue in VAGUE and said)]
    rest = [issue for issue in rest if case.links_to(issue)]
    if not rest:
        return []
    words = case.voice.join(tuple(dict.fromkeys(book.issues[issue].also for issue in rest)))
    return [case.say("also", book.also, SentenceKind.RESTATEMENT, case.links_to(*rest), list=words)]


def _touch(start: int, end: int, link: Link) -> bool:
    return link.start is not None and link.end is not None and link.start < end and start < link.end


def _solve(case: Case, *, has_detail: bool) -> list[Part]:
    """One fact that answers, then one remedy or one question, then how to answer."""
    plan, book = case.plan, case.voice.book
    if plan.is_resolved:
        return [case.say("resolved", book.resolved, SentenceKind.CLAIM, [RESOLVED])]
    facts = [_state(case, fact, book.fact) for fact in plan.facts]
    if plan.remedy:
        offer = case.say("remedy", book.remedy[plan.remedy], SentenceKind.ACTION, [link_remedy(case.request, plan.remedy)])
        return [*facts, offer, case.say("answer", book.answer, SentenceKind.NOTICE)]
    question = book.ask_after_fact if facts else book.ask_after_detail if has_detail else book.issues[plan.issues[0]].ask
    ask = case.say("ask", question, SentenceKind.QUESTION)
    return [*facts, ask, case.say("answer_question", book.answer_question, SentenceKind.NOTICE)]


def _state(case: Case, fact: str, variants: tuple[str, ...]) -> Part:
    """A fact as a sentence, linked to its place in the seller's list."""
    number = next(i for i, text in enumerate(case.request.seller.facts) if fact in text)
    return Part(
        finish(case.voice.say("fact", variants, fact=fact), case.voice.book.full_stop),
        SentenceKind.CLAIM,
        (link_fact(case.request, number),),
    )


def _public(case: Case, sentences: list[Part]) -> Layout:
    """For the next reader: the apology and what was done, within the caps; what does not fit is left out from the end."""
    voice, issue = case.voice, case.plan.issues[0]
    done = [_state(case, fact, ("{fact}",)) for fact in case.plan.facts]
    done = [Part(part.text[0].upper() + part.text[1:], part.kind, part.links) for part in done]
    if not done:
        done = [case.say("meant", voice.meant(issue), SentenceKind.EMPATHY, case.links_to(issue))]
    kept: list[Part] = []
    for part in [*sentences[:2], *done]:
        if len(kept) < MAX_PUBLIC_SENTENCES and len(voice.book.space.join(p.text for p in [*kept, part])) <= MAX_PUBLIC_CHARS:
            kept.append(part)
    return lay_out([kept], voice.book.space)
