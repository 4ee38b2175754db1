"""Quotes as short as they can be: the sentences and clauses that complain, without the neutral ones around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from drafter.domain import Issue
from drafter.drafting.case import Case
from drafter.drafting.points import Point, complains, is_kept_out, is_negation, untie
from drafter.drafting.restate import FINITE, RESTATED
from drafter.drafting.sentences import Piece, split_clauses, split_parts, split_sentences
from drafter.scoring.lexicon import any_word
from drafter.scoring.words import SPACELESS, stem_words

MAX_QUOTES = 3
MAX_WORDS_TOGETHER = 44
MAX_CHARS_TOGETHER_SPACELESS = 90
UNHAPPY_RATING = 2
SHORT_REVIEW_CHARS = 300
"""Of a body in which each sentence about the thing belongs to the complaint."""
MAX_WORDS = 24
"""Of one quote."""
MAX_CHARS_SPACELESS = 44
"""The same in Chinese and Japanese."""
MAX_FRAGMENT_WORDS = 3
"""Of a sentence that only goes on with the one before it: "Still. Week three."."""
_PROMISED = re.compile(
    r"(?:(?:the|its?) )?(?:\w+ )?(?:says|said|claims|promises|states)\b|(?:\w+ ){0,2}(?:sold|advertised|listed) as\b", re.IGNORECASE
)
_BUT = re.compile(r"\bbut\b", re.IGNORECASE)
_MODAL = any_word("will can cannot can't won't", "en")
_OWN_SUBJECT = any_word(
    "the my our its it it's there one two half some most all each every no this these both they he she agent step", "en"
)
_COUNTED = re.compile(r"(?:over|about|nearly|almost|more than) (?:half|all|one|two|three|four|five|six|\d+)\b", re.IGNORECASE)
_SELLER = {
    "en": re.compile(r"^(?:the )?seller (?:says|said|told|claims|wants|wanted)\b", re.IGNORECASE),
    "de": re.compile(r"\bverkäufer\w*", re.IGNORECASE),
    "fr": re.compile(r"\bvendeu(?:r|se)\b", re.IGNORECASE),
    "es": re.compile(r"\bvendedora?\b", re.IGNORECASE),
    "it": re.compile(r"\bvendit(?:ore|rice)\b", re.IGNORECASE),
    "pt": re.compile(r"\bvendedora?\b", re.IGNORECASE),
}
_BOUGHT = {
    language: re.compile(rf"(?:{words})\b", re.IGNORECASE)
    for language, words in {
        "en": r"(?:i |we |my \w+ )?(?:ordered|bought|purchased|got this)",
        "de": r"(?:gekauft|bestellt|gekauft habe ich|ich habe (?:es|sie|ihn|das|die|den) (?:\w+ )?gekauft)",
        "fr": r"(?:acheté|achetée|commandé|commandée|j'ai (?:acheté|commandé))",
        "es": r"(?:compré|comprado|comprada|pedí|lo compré|la compré)",
        "it": r"(?:comprato|comprata|acquistato|acquistata|ordinato|l'ho (?:preso|presa|comprato|comprata))",
        "pt": r"(?:comprei|comprado|comprada|encomendei)",
    }.items()
}
"""First words of a sentence that only tells of the purchase."""
PRO_DROP = frozenset({"es", "it", "pt"})
"""Languages in which a verb needs no subject beside it."""
_DENIES = re.compile(r"(?:no|non|não)\s\w+", re.IGNORECASE)
_OF_THE_BUYER = re.compile(r"(?:(?:ich|wir|je|nous|on|yo|io|eu|ho|abbiamo|he|hemos)\b|j'|我|私)", re.IGNORECASE)
"""First words of a sentence about what the buyer did."""
_ADDS = re.compile(
    r"(?:also|plus|and|but|so|however|then|anyway|además|encima|y|pero|"
    r"en plus|de plus|et|mais|inoltre|in più|e|ma|poi|além disso|mas),?\s+",
    re.IGNORECASE,
)
_TRAILS = re.compile(r",? (?:though|tho|however|anyway|i guess|lol|pourtant|però|sin embargo|porém|no entanto)$", re.IGNORECASE)
_LACKS = re.compile(r"(?:no|nothing|none|can't|cannot|won't|doesn't|didn't|isn't)\b", re.IGNORECASE)
"""First words of what is missing, or of what the thing does not do: "No scent to speak of"."""
_POINTS_BACK = re.compile(
    r"(?:that|this|which)(?:'s| is| was)\b|das (?:ist|war)\b|(?:c'est|cela|ça)\b|eso (?:es|fue)\b|questo è\b|isso (?:é|foi)\b",
    re.IGNORECASE,
)
"""First words of a sentence about what the one before it said."""
_SAID_THAT = re.compile(r"\b(?:that|que|qu'|qu’|che|ch'|ch’)\s?", re.IGNORECASE)
"""Before a clause that can stand without what is said of it: "I noticed that half of them were broken"."""
MIN_PART_WORDS = 4
"""Of a part of a sentence that is quoted without the rest."""
MIN_PART_CHARS_SPACELESS = 4
_STOPS = " .!,;:\u3002\uff01\uff0c\n"


def trim_quotes(case: Case, quotes: Sequence[Point], *, is_said: bool) -> list[Point]:
    """The shortest stretches of the quotes that still complain, in the buyer's order; none of a quote that never does.

    Args:
        is_said: Words of ours name a complaint already, so that only what plainly is another one is quoted.
    """
    parts = [part for quote in quotes for part in _sore_stretches(case, quote)]
    plain = [part for part in parts if _is_plain(case, Piece(part.text, part.start, part.end))]
    parts = plain if plain or is_said else parts or _told_stretches(case, quotes)
    parts = _without_service(case, parts)
    kept: list[Point] = []
    for part in sorted(parts, key=lambda part: not _is_seen(case, part.start, part.end)):
        if len(kept) < MAX_QUOTES - is_said and (not kept or _is_room(case, [*kept, part])):
            kept.append(part)
    return sorted(kept, key=lambda part: part.start)


def _is_room(case: Case, parts: Sequence[Point]) -> bool:
    if case.plan.language in SPACELESS:
        return sum(len(part.text) for part in parts) <= MAX_CHARS_TOGETHER_SPACELESS
    return sum(len(part.text.split()) for part in parts) <= MAX_WORDS_TOGETHER


def _is_plain(case: Case, piece: Piece) -> bool:
    """True for what has a word for a fault, or in which triage saw one, or what is told of the thing; a mere denial may be of anything."""
    lexicon = case.lexicon
    if lexicon is None or case.plan.language in SPACELESS or _is_seen(case, piece.start, piece.end):
        return True
    if _LACKS.match(piece.text) or stands_alone(untie(piece).text, case):
        return True
    words = (m.group().lower() for m in lexicon.negative.finditer(piece.text))
    return any(not is_negation(word, lexicon) for word in words)


def _without_service(case: Case, parts: Sequence[Point]) -> list[Point]:
    """The quotes without those that tell of us as of others, where something else is quoted: how we answered is named in our own words."""
    others = [part for part in parts if not _is_of_service(case, part.start, part.end)]
    return others if others and Issue.CUSTOMER_SERVICE in case.plan.issues else list(parts)


def _is_of_service(case: Case, start: int, end: int) -> bool:
    seen = {s.issue for s in case.triage.issue_spans if s.start < end and start < s.end} - {Issue.OTHER, Issue.LATE_DELIVERY}
    book = case.voice.details
    is_shown = book is None or book.is_shown(Issue.CUSTOMER_SERVICE, case.request.review.text[start:end])
    return seen == {Issue.CUSTOMER_SERVICE} and is_shown


def _told_stretches(case: Case, quotes: Sequence[Point]) -> list[Point]:
    """Sentences that tell what happened, where no word of any quote complains: then what they tell is the complaint."""
    text = case.request.review.text
    told = [(q, _within(text, s, q)) for q in quotes for s in split_sentences(text) if s.start < q.end and q.start < s.end]
    kept = [(q, p) for q, p in told if _is_short(case, p.text) and not (_is_no_complaint(case, p) or _is_of_the_seller(case, p.text))]
    return [_cut(text, quote, piece.start, piece.end) for quote, piece in kept]


def _sore_stretches(case: Case, quote: Point) -> list[Point]:
    """Neighbouring sentences of the quote that complain, as far as they are short together."""
    text = case.request.review.text
    whole = [s for s in split_sentences(text) if s.start < quote.end and quote.start < s.end]
    pieces = [_within(text, s, quote) for s in whole]
    is_only = len(pieces) == 1 and not _other_sentences(case, whole[0])
    stretches: list[tuple[int, int]] = []
    before: Piece | None = None
    was_service = is_service = False
    for piece in pieces:
        is_next = before is not None and bool(stretches) and stretches[-1][1] >= before.end
        is_fragment = len(piece.text.split()) <= MAX_FRAGMENT_WORDS and case.plan.language not in SPACELESS
        goes_on = is_next and is_fragment and not _is_no_complaint(case, piece)
        is_sore = is_only or goes_on or _is_sore(case, piece)
        before = piece
        was_service, is_service = is_service, _is_of_service(case, piece.start, piece.end)
        if not is_sore:
            continue
        is_apart = _is_of_the_seller(case, piece.text) or is_service or was_service
        if is_next and not is_apart and _is_short(case, text[stretches[-1][0] : piece.end]):
            stretches[-1] = (stretches[-1][0], piece.end)
        elif not goes_on and (longer := _with_outcome(case, piece)):
            stretches.append((piece.start, longer))
        elif not goes_on:
            stretches += [(short.start, short.end) for short in _shortened(case, piece)]
    if len(stretches) == 1 and len(pieces) > 1 and len(text[slice(*stretches[0])].split()) <= MAX_FRAGMENT_WORDS:
        stretches = _with_sentence_before(case, pieces, stretches[0])
    return [_cut(text, quote, start, end) for start, end in stretches]


def _other_sentences(case: Case, sentence: Piece) -> bool:
    body_from = len(case.request.review.title)
    return any(s != sentence for s in split_sentences(case.request.review.text) if s.start >= body_from)


def _with_outcome(case: Case, piece: Piece) -> int:
    """End of the sentence after one that only says what was promised: "Says 40 minutes a charge. I get 12."; 0 where it cannot be added."""
    text = case.request.review.text
    if case.plan.language not in RESTATED or not _PROMISED.match(piece.text) or (case.lexicon and complains(piece.text, case.lexicon)):
        return 0
    after = next((s for s in split_sentences(text) if s.start >= piece.end), None)
    kept_out = after is None or is_kept_out(after, case.triage) or after.text.endswith("?")
    return after.end if after and not kept_out and _is_short(case, text[piece.start : after.end]) else 0


def _with_sentence_before(case: Case, pieces: Sequence[Piece], fragment: tuple[int, int]) -> list[tuple[int, int]]:
    """A few words with the sentence that they go on with: "Not very good." alone says nothing."""
    start = max((piece.start for piece in pieces if piece.start < fragment[0]), default=fragment[0])
    return [(start, fragment[1]) if _is_short(case, case.request.review.text[start : fragment[1]]) else fragment]


def _shortened(case: Case, piece: Piece) -> list[Piece]:
    """The piece, or what of it is short and complains: halves that each have a subject, else its longest run of clauses."""
    text = case.request.review.text
    clauses = split_clauses(text, piece)
    if _is_short(case, piece.text) and not any(_is_of_the_seller(case, clause.text) for clause in clauses):
        return [piece]
    halves = _halves(case, piece)
    if halves:
        return [half for half in halves if _is_short(case, half.text)]
    runs = [Piece(text[piece.start : c.end], piece.start, c.end) for c in clauses]
    runs += [untie(Piece(text[c.start : piece.end], c.start, piece.end)) for c in clauses[1:]]
    runs = [run for run in runs if run.start == piece.start or stands_alone(run.text, case)]
    fit = [r for r in runs if _is_short(case, r.text) and _is_sore(case, r) and not _is_of_the_seller(case, r.text)]
    return sorted(fit, key=lambda run: -len(run.text))[:1]


def _halves(case: Case, piece: Piece) -> list[Piece]:
    """The English sentence before and after an "and" that begins a clause with a subject and a verb of its own."""
    if case.plan.language not in RESTATED:
        return []
    parts = split_parts(piece)
    for at, part in enumerate(parts[1:], 1):
        before = parts[at - 1]
        if _OWN_SUBJECT.match(part.text) and FINITE.search(part.text) and FINITE.search(before.text):
            text = case.request.review.text
            after = split_clauses(text, Piece(text[part.start : piece.end], part.start, piece.end))[0]
            return [Piece(text[piece.start : before.end], piece.start, before.end), after]
    return []


def make_whole(case: Case, quotes: Sequence[Point]) -> list[Point]:
    """Quotes that each have a subject: one without, that begins inside its sentence, is begun where the clause does, or is none."""
    if case.plan.language in SPACELESS:
        return list(quotes)
    return [_without_ties(case, whole) for quote in quotes if (whole := _whole(case, quote))]


def _without_ties(case: Case, quote: Point) -> Point:
    """The quote without first and last words that only tie it to what stands around it: "Also …", "… though"."""
    lead, tail = _ADDS.match(quote.text), _TRAILS.search(quote.text)
    start, end = quote.start + (lead.end() if lead else 0), quote.end - (len(tail.group()) if tail else 0)
    return quote if (start, end) == (quote.start, quote.end) else _cut(case.request.review.text, quote, start, end)


def _whole(case: Case, quote: Point) -> Point | None:
    text = case.request.review.text
    sentences = [s for s in split_sentences(text) if s.start <= quote.start and s.start >= len(case.request.review.title)]
    sentence = sentences[-1] if sentences else quote.within
    if len(sentences) > 1 and quote.start == sentence.start and _POINTS_BACK.match(quote.text):
        longer = Piece(text[sentences[-2].start : quote.end], sentences[-2].start, quote.end)
        if _is_short(case, longer.text) and not is_kept_out(longer, case.triage):
            return _cut(text, quote, longer.start, longer.end)
    starts = {sentence.start, untie(sentence).start}
    if quote.start in starts or stands_alone(quote.text, case):
        return quote
    said = [sentence.start + m.end() for m in _SAID_THAT.finditer(text[sentence.start : quote.start])]
    for start in (*reversed(said), min(starts)):
        longer = Piece(text[start : quote.end], start, quote.end)
        is_kept = _is_short(case, longer.text) and not is_kept_out(longer, case.triage)
        if is_kept and (start in starts or stands_alone(longer.text, case)):
            return _cut(text, quote, start, quote.end)
    return None


def stands_alone(text: str, case: Case) -> bool:
    """True for a part of a sentence with a subject and a verb of its own."""
    if case.plan.language in SPACELESS:
        return len(text) >= MIN_PART_CHARS_SPACELESS
    if len(text.split()) < MIN_PART_WORDS:
        return False
    book = case.voice.details
    if case.plan.language in RESTATED:
        has_subject = _OWN_SUBJECT.match(text) or _COUNTED.match(text)
        return has_subject is not None and (FINITE.search(text) or _MODAL.search(text)) is not None
    nucleus = book.nucleus if book else None
    if nucleus and case.plan.language in PRO_DROP and (nucleus.verb.match(text) or _DENIES.match(text)):
        return True
    return nucleus is not None and nucleus.starts.match(text) is not None and nucleus.verb.search(text) is not None


def _is_of_the_seller(case: Case, words: str) -> bool:
    """True for what tells of us as of somebody else: it is named, not quoted."""
    pattern = _SELLER.get(case.plan.language)
    return pattern is not None and pattern.search(words) is not None


def _is_short(case: Case, words: str) -> bool:
    if case.plan.language in SPACELESS:
        return len(words.strip(_STOPS)) <= MAX_CHARS_SPACELESS
    return len(words.split()) <= MAX_WORDS


def _is_sore(case: Case, piece: Piece) -> bool:
    """True for words that complain, or in which triage saw what the buyer complains of."""
    if _is_no_complaint(case, piece) or _is_mere_promise(case, piece):
        return False
    if case.lexicon is not None and complains(piece.text, case.lexicon):
        return True
    if _is_of_the_thing(case, piece):
        return True
    bought = _BOUGHT.get(case.plan.language)
    return _is_seen(case, piece.start, piece.end) and not (bought and bought.match(piece.text))


def _is_no_complaint(case: Case, piece: Piece) -> bool:
    book = case.voice.details
    if book is None:
        return False
    is_talk = book.forgiven.search(piece.text) or book.mood.advice.match(piece.text)
    return is_talk is not None or is_aside_only(case, piece.start, piece.end)


def is_aside_only(case: Case, start: int, end: int) -> bool:
    """True for a stretch that tells of the buyer, of others, of what is as it should be, or of a feeling and no cause that triage saw."""
    book, text = case.voice.details, case.request.review.text[start:end]
    if book is None:
        return False
    is_feeling = book.asides.is_mere_feeling(text, case.lexicon) and not _is_seen(case, start, end)
    return is_feeling or book.asides.is_pleased(text, case.lexicon) or book.asides.is_background(text, case.lexicon)


def _is_mere_promise(case: Case, piece: Piece) -> bool:
    """True for a sentence that only says what was promised, and cannot be said together with what came of it."""
    if case.plan.language not in RESTATED or not _PROMISED.match(piece.text) or (case.lexicon and complains(piece.text, case.lexicon)):
        return False
    return not _BUT.search(piece.text) and not _with_outcome(case, piece)


def _is_of_the_thing(case: Case, piece: Piece) -> bool:
    """True for what an unhappy buyer plainly tells of the thing or of a part of it, in a review that is about nothing else."""
    review, lexicon = case.request.review, case.lexicon
    is_unhappy = review.rating is None or review.rating <= UNHAPPY_RATING
    if not is_unhappy or lexicon is None or len(review.body) > SHORT_REVIEW_CHARS:
        return False
    if not lexicon.praise.isdisjoint(stem_words(piece.text, lexicon.language)):
        return False
    words = untie(piece).text
    is_whole = any(s.start <= piece.start and piece.end >= s.start + len(s.text.rstrip(_STOPS)) for s in _around(case, piece))
    return stands_alone(words, case) or (is_whole and case.plan.language not in RESTATED and not _OF_THE_BUYER.match(words))


def _around(case: Case, piece: Piece) -> list[Piece]:
    return [s for s in split_sentences(case.request.review.text) if s.start < piece.end and piece.start < s.end]


def _is_seen(case: Case, start: int, end: int) -> bool:
    return any(s.start < end and start < s.end and s.issue is not Issue.OTHER for s in case.triage.issue_spans)


def _within(text: str, sentence: Piece, quote: Point) -> Piece:
    start, end = max(sentence.start, quote.start), min(sentence.end, quote.end)
    return Piece(text[start:end], start, end)


def _cut(text: str, quote: Point, start: int, end: int) -> Point:
    """A stretch of the review as a quote; as it was where nothing but stops tells them apart."""
    if start == quote.start and end >= quote.end and not text[quote.end : end].strip(_STOPS):
        return quote
    words = text[start:end].rstrip(_STOPS)
    return replace(quote, text=words, start=start, end=start + len(words))
