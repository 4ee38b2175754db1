"""Which of the buyer's own words are quoted: those for which code has no clear words of ours.

A clause turned wrongly, or an issue that the buyer never named, costs his trust; what he wrote himself is always true and always specific.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from drafter.domain import Issue
from drafter.drafting.asides import TO_THE_WRITER
from drafter.drafting.case import Case
from drafter.drafting.cutting import cut_short
from drafter.drafting.details import DetailBook
from drafter.drafting.points import COMPLAINS, NAMED, TOLD, Point, is_fit_to_quote, praises, untie
from drafter.drafting.restate import FINITE, RESTATED
from drafter.drafting.sayings import Saying, touches
from drafter.drafting.sentences import Piece, split_clauses, split_sentences
from drafter.drafting.trimming import MAX_FRAGMENT_WORDS, MIN_PART_WORDS, is_aside_only, make_whole, stands_alone, trim_quotes
from drafter.scoring.words import SPACELESS, stem_words

MAX_QUOTES = 3
MAX_CHARS = 180
"""Of one quote."""
MAX_CHARS_TOGETHER = 300
MAX_CHARS_SPACELESS = 90
"""The same in Chinese and Japanese, where a sentence takes few characters."""
MAX_CHARS_TOGETHER_SPACELESS = 150
MAX_CHARS_PUBLIC = 170
"""Of all quotes of a public reply."""
SHORT_REVIEW_CHARS = 280
"""Of a body that tells of nothing but the complaint."""
LONG_REVIEW_CHARS = 600
MAX_CHARS_OF_A_STORY = 140
"""Of a quote from a longer one."""
UNHAPPY_RATING = 2
"""Up to which a clause is a complaint where triage saw an issue in it, without any word of complaint."""
MIN_TITLE_WORDS = 4
"""Of a title that says something by itself."""
JUDGED = frozenset({Issue.OTHER})
"""Issues without words of their own."""
_STOPS = " .!,;\u3002\uff01\uff0c\n"
_OPENS, _CLOSES = re.compile(r"(?<!\w)['‘](?=\w)"), re.compile(r"(?<=[\w.,!?])['’](?!\w)")
_LEANS = re.compile(
    r"(?:it|they|that|still|the same|es|sie|er|il|elle|ils|elles|cela|ça|ele|ela|eles|elas|la sigo|lo sigo)\b", re.IGNORECASE
)
"""First words that speak of what the sentence before spoke of."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is quoted, and what of ours is still to be said."""

    quotes: tuple[Point, ...]
    kept: tuple[Saying, ...]


def choose_quotes(case: Case, points: Sequence[Point], sayings: Sequence[Saying]) -> Quoted:
    """The points of which nothing clear is said, as many as a reply can bear, in the buyer's order.

    Words of ours that only say that something is wrong give way to a quote of the same clause, and so do clear ones that tell but one half
    of a sentence whose other half cannot stand alone.
    """
    if not points:
        return Quoted((), tuple(sayings))
    clear = [saying for saying in sayings if saying.is_clear]
    vague = [span for saying in sayings if not saying.is_clear for span in saying.spans]
    # A long story has words of complaint about other things: there only what triage saw as well is one of this thing.
    is_long = is_story(case) and any(p.is_sore and p.weight == NAMED for p in points)
    points = [point for point in points if point.weight == NAMED or not is_long]
    points = [point for point in points if not (TO_THE_WRITER.search(point.text) or is_aside_only(case, point.start, point.end))]
    told = [point for point in points if point.is_sore or _is_seen(case, point) or touches(point.start, point.end, vague)]
    found = _quote_all(case, told, clear, vague)
    found = _add_vague(case, found, [span for span in vague if span[0] >= len(case.request.review.title)])
    if not found and not clear and _is_unhappy(case):
        found = _quote_all(case, points, clear, vague) or _quote_title(case)
    found = make_whole(case, trim_quotes(case, found, is_said=any(s.issue is not Issue.CUSTOMER_SERVICE for s in clear)))
    found = found if case.plan.language in RESTATED else cut_short(case, found)
    places = [(quote.start, quote.end) for quote in found]
    kept = [s for s in sayings if not any(touches(*place, places) for place in (s.places if s.is_clear else s.spans))]
    if found or clear:
        kept = [s for s in kept if s.is_clear or not (s.issue is Issue.OTHER or _is_in_title(case, s))]
    return Quoted(tuple(found), tuple(kept))


def is_story(case: Case) -> bool:
    """True for a review that tells of more than the thing."""
    return len(case.request.review.body) > LONG_REVIEW_CHARS


def is_quotable(case: Case, piece: Piece) -> bool:
    """True for words of the body that tell what happened, and may be said back."""
    most = MAX_CHARS_SPACELESS if case.plan.language in SPACELESS else MAX_CHARS
    if piece.start < len(case.request.review.title) or len(piece.text) > most or piece.text.endswith(("?", "\uff1f")):
        return False
    book = case.voice.details
    return book is None or not (_is_untold(case, piece, book) or is_no_complaint(case, piece))


def _quote_all(case: Case, points: Sequence[Point], clear: Sequence[Saying], vague: Sequence[tuple[int, int]]) -> list[Point]:
    found: list[Point] = []
    for point in sorted(points, key=lambda p: (not p.is_sore, -p.weight, p.start)):
        for quote in _open_parts(case, point, clear, vague):
            more = _joined(case, [*found, quote])
            if _is_room(case, more):
                found = more
    found = [_piece_of(case, quote, quote.start, quote.end) for quote in found]
    return _joined(case, [_with_fragments(case, quote, clear) for quote in found])


def _add_vague(case: Case, found: list[Point], vague: Sequence[tuple[int, int]]) -> list[Point]:
    """With the sentences, or else the clauses, of which only vague words are at hand and no point was made."""
    for place in vague:
        if not touches(*place, [(quote.start, quote.end) for quote in found]):
            quotes = (quote for quote in _pieces_around(case, place) if _is_room(case, [*found, quote]))
            quote = next(quotes, None)
            found = _joined(case, [*found, quote]) if quote else found
    return found


def _pieces_around(case: Case, place: tuple[int, int]) -> Iterator[Point]:
    """The sentence around a place, then its clause there, as far as they may be quoted."""
    text, lexicon = case.request.review.text, case.lexicon
    for sentence in [s for s in split_sentences(text) if s.start <= place[0] < s.end]:
        clauses = [c for c in split_clauses(text, sentence) if touches(c.start, c.end, [place])]
        for piece in map(untie, [Piece(sentence.text.rstrip(_STOPS), sentence.start, sentence.end), *clauses]):
            is_alone = piece.start == untie(sentence).start or stands_alone(piece.text, case)
            if is_alone and lexicon and is_fit_to_quote(piece.text, lexicon) and _goes_on(case, piece, ()):
                yield Point(Issue.OTHER, piece.text, piece.start, piece.start + len(piece.text), sentence, is_sore=True, weight=TOLD)


def _is_unhappy(case: Case) -> bool:
    rating = case.request.review.rating
    return rating is None or rating <= UNHAPPY_RATING


def _is_seen(case: Case, point: Point) -> bool:
    """True for a clause in which triage saw what an unhappy buyer means, where the review is too short to tell of anything else."""
    book, request = case.voice.details, case.request
    is_short = len(request.review.body) <= SHORT_REVIEW_CHARS
    if case.plan.language in SPACELESS:
        is_told = _is_unhappy(case) and not _has_praise(case, point.text)
        return point.weight == NAMED or (is_short and (point.weight >= COMPLAINS or is_told))
    is_shown = book is None or point.issue in JUDGED or book.is_shown(point.issue, point.text)
    if not (_is_unhappy(case) and is_short) or _has_praise(case, point.text):
        return False
    return (is_shown and point.weight == NAMED) or len(point.text.split()) >= MIN_PART_WORDS


def is_no_complaint(case: Case, piece: Piece) -> bool:
    """True for words in which the buyer wants, forgives, praises or feels something, or tells of himself and of others."""
    book = case.voice.details
    if TO_THE_WRITER.search(piece.text):
        return True
    if book is None:
        return False
    patterns = (book.wishes, book.forgiven, book.faultless, book.paid_back, book.theirs)
    return any(pattern.search(piece.text) for pattern in patterns) or is_aside_only(case, piece.start, piece.end)


def _is_untold(case: Case, piece: Piece, book: DetailBook) -> bool:
    """True where what never happened is told of, or what goes on with a wish."""
    text = case.request.review.text
    for sentence in split_sentences(text):
        if touches(piece.start, piece.end, [(sentence.start, sentence.end)]):
            told = {c.start: c.end for c in book.mood.told_clauses(text, sentence)}
            clauses = split_clauses(text, sentence)
            wished = next((c.start for c in clauses if book.wishes.search(c.text)), sentence.end)
            untold = [(c.start, c.end) for c in clauses if told.get(c.start) != c.end or c.start > wished]
            if touches(piece.start, piece.end, untold):
                return True
    return False


def _open_parts(case: Case, point: Point, clear: Sequence[Saying], vague: Sequence[tuple[int, int]]) -> Iterator[Point]:
    """What of the point is to be quoted; nothing when words of ours tell all that it complains of."""
    said = [place for saying in clear for place in saying.places]
    whole = Piece(point.text, point.start, point.end)
    if case.plan.language in SPACELESS and _is_unhappy(case) and _goes_on(case, point.within, said):
        sentence = untie(point.within)
        yield _piece_of(case, point, sentence.start, sentence.end)
        return
    is_said = touches(point.start, point.end, said)
    own = [place for place in point.sores if not is_aside_only(case, *place)]
    sores = [*own, *(span for span in vague if point.start <= span[0] and span[1] <= point.end)]
    still = sorted(place for place in sores if not touches(*place, said))
    if is_said and not still:
        return
    if is_said and case.plan.language in RESTATED:
        part = point.cut(still[0][0], max(end for _, end in still))
        if not touches(part.start, part.end, said) and stands_alone(part.text, case) and _may_quote(case, part):
            yield part
            return
    if _is_whole(case, point) and is_quotable(case, whole):
        yield point
        return
    lexicon = case.lexicon
    if lexicon and not _is_aside(case, point) and is_fit_to_quote(point.within.text, lexicon) and _goes_on(case, point.within, ()):
        sentence = untie(point.within)
        yield _piece_of(case, point, sentence.start, sentence.end)
        return
    for clause in split_clauses(case.request.review.text, whole):
        part = point.cut(clause.start, clause.end)
        is_open = any(touches(*place, [(clause.start, clause.end)]) for place in still)
        if is_open and stands_alone(part.text, case) and _may_quote(case, part):
            yield part


def _is_aside(case: Case, point: Point) -> bool:
    """True for words in brackets, or after a greeting."""
    before = case.request.review.text[point.within.start : point.start]
    return "(" in before or (case.lexicon is not None and case.lexicon.aside.match(before) is not None)


def _may_quote(case: Case, point: Point) -> bool:
    return is_quotable(case, Piece(point.text, point.start, point.end))


def _is_whole(case: Case, point: Point) -> bool:
    """True for a whole sentence, or a part that can stand alone."""
    if case.plan.language in SPACELESS or len(point.text) >= len(point.within.text.rstrip(".!? ")):
        return True
    before = case.request.review.text[point.within.start : point.start]
    begins = not before.strip() or len(before.split()) == 1 or (case.plan.language in RESTATED and FINITE.match(point.text) is not None)
    return begins or stands_alone(point.text, case)


def _with_fragments(case: Case, quote: Point, clear: Sequence[Saying]) -> Point:
    """The quote with the few words after it that only go on with it, and with the sentence before it that it leans on."""
    text, title = case.request.review.text, case.request.review.title
    sentences = [s for s in split_sentences(text) if s.start >= len(title)]
    at = next((i for i, s in enumerate(sentences) if s.start <= quote.start < s.end), None)
    last = next((i for i, s in enumerate(sentences) if s.start < quote.end <= s.end), None)
    if at is None or last is None:
        return quote
    said = [place for saying in clear for place in saying.places]
    start, end = quote.start, quote.end
    for sentence in sentences[last + 1 :]:
        is_fragment = len(sentence.text.split()) <= MAX_FRAGMENT_WORDS and case.plan.language not in SPACELESS
        if not is_fragment or sentence.end - start > MAX_CHARS or not _goes_on(case, sentence, said):
            break
        end = sentence.end
    if at and _LEANS.match(quote.text) and end - sentences[at - 1].start <= MAX_CHARS and _goes_on(case, sentences[at - 1], said):
        start = sentences[at - 1].start
    return _piece_of(case, quote, start, end)


def _goes_on(case: Case, sentence: Piece, said: Sequence[tuple[int, int]]) -> bool:
    kept_out = [(q.start, q.end) for q in (*case.triage.injection_spans, *case.triage.praise_spans)]
    return (
        not touches(sentence.start, sentence.end, [*said, *kept_out])
        and is_quotable(case, sentence)
        and not (case.lexicon and praises(sentence.text, case.lexicon))
    )


def _has_praise(case: Case, text: str) -> bool:
    lexicon = case.lexicon
    return lexicon is not None and not lexicon.praise.isdisjoint(stem_words(text, lexicon.language))


def _piece_of(case: Case, quote: Point, start: int, end: int) -> Point:
    """A longer stretch of the review as a quote."""
    text = case.request.review.text
    words = text[start:end].rstrip(f"{_STOPS}:")
    if len(_OPENS.findall(words)) > len(_CLOSES.findall(words)) and text[start + len(words) :][:1] in {"'", "’"}:
        words += text[start + len(words)]
    return replace(quote, text=words, start=start, end=start + len(words))


def _joined(case: Case, quotes: Sequence[Point]) -> list[Point]:
    """Quotes in the buyer's order; neighbours are one where nothing but a stop, or a sentence that tells as well, is between them."""
    joined: list[Point] = []
    for quote in sorted(quotes, key=lambda q: q.start):
        if joined and quote.start <= joined[-1].end:
            if quote.end > joined[-1].end:
                joined[-1] = _piece_of(case, joined[-1], joined[-1].start, quote.end)
            continue
        if joined and quote.end - joined[-1].start <= MAX_CHARS and _is_bridged(case, joined[-1].end, quote.start):
            joined[-1] = _piece_of(case, joined[-1], joined[-1].start, quote.end)
        else:
            joined.append(quote)
    return joined


def _is_bridged(case: Case, start: int, end: int) -> bool:
    """True where nothing, or one sentence that tells what happened as well, stands between two quotes."""
    between = [s for s in split_sentences(case.request.review.text) if s.start < end and start < s.end and s.text.strip(_STOPS)]
    between = [s for s in between if start <= s.start and s.end <= end]
    is_clean = all(_goes_on(case, s, ()) and not s.text.endswith("?") for s in between)
    gap = case.request.review.text[start:end].strip(_STOPS)
    return not gap or (len(between) == 1 and is_clean and len(gap) <= len(between[0].text))


def _is_room(case: Case, quotes: Sequence[Point]) -> bool:
    wide = MAX_CHARS_TOGETHER_SPACELESS if case.plan.language in SPACELESS else MAX_CHARS_TOGETHER
    most = min(wide, MAX_CHARS_PUBLIC) if case.plan.is_public else wide
    return len(quotes) <= MAX_QUOTES and sum(len(quote.text) for quote in quotes) <= most


def _quote_title(case: Case) -> list[Point]:
    """The title, where the body says nothing plainly and it is more than a cry."""
    title = case.request.review.title.strip(" .!")
    if len(title.split()) < MIN_TITLE_WORDS or title.endswith("?"):
        return []
    start = case.request.review.text.find(title)
    piece = Piece(title, start, start + len(title))
    return [Point(Issue.OTHER, title, piece.start, piece.end, piece, is_sore=True, weight=TOLD)]


def _is_in_title(case: Case, saying: Saying) -> bool:
    return all(end <= len(case.request.review.title) for _, end in saying.spans)
