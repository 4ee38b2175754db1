"""Quotes cut to the few words that complain: no greeting, no tie to the sentence before, nothing told of others.

What a buyer writes at length reads well in a review and badly between quotation marks: three short quotes tell more than a long one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from drafter.domain import Issue
from drafter.drafting.case import Case
from drafter.drafting.points import Point, complains, praises
from drafter.drafting.sentences import Piece, split_clauses, split_sentences
from drafter.drafting.trimming import is_aside_only, stands_alone
from drafter.scoring.words import SPACELESS

MAX_QUOTES = 3
MAX_WORDS = 16
"""Of a quote that is more than one clause."""
MAX_WORDS_TOGETHER = 36
MAX_CHARS_SPACELESS = 44
MAX_CHARS_TOGETHER_SPACELESS = 80
"""The same in Chinese and Japanese."""
FRAGMENT_WORDS = 4
"""Of a sentence that says nothing without its neighbour."""
_STOPS = " .!,;:\u3002\uff01\uff0c\u3001\uff1b\n"
_MARKS = (("(", ")"), ("「", "」"), ("«", "»"), ("“", "”"), ("„", "“"), ("‘", "’"))
BUT = re.compile(
    r"[,，、.…\s]*+(?:(?:but|pero|mais|ma|mas|però|aber|allerdings|leider|par contre|sin embargo|porém|só que|invece)\b|"
    r"但|可是|不过|就是|只是|でも|しかし|ただ)",
    re.IGNORECASE,
)
_STRAIGHT = re.compile(r"(?<!\w)'|'(?!\w)")
_GREETING = re.compile(
    r"(?:hello|hi|hey|dear \w+|good (?:morning|day|evening)|guten (?:tag|morgen|abend)|hallo|liebes? \w+|bonjour|bonsoir|madame|monsieur|"
    r"buen[oa]s(?: (?:d[ií]as|tardes|noches))?|hola|buongiorno|buonasera|salve|ciao|bom dia|boa (?:tarde|noite)|olá|oi|"
    r"こんにちは|お世話になって(?:い|お)ります|你好|您好)(?: \w+)?(?=[,!.、，。！\s]|$)[,!.、，。！\s]*",
    re.IGNORECASE,
)
_TIE = re.compile(
    r"(?:(?:also|plus|and|but|so|then|however|besides|on top of that|anyway|well|"
    r"außerdem|allerdings|leider|zudem|und|aber|dazu|ferner|nur|naja|also|dabei|"
    r"par contre|en revanche|en plus|de plus|mais|et|puis|ensuite|malheureusement|cependant|toutefois|bref|du coup|donc|"
    r"además|y|encima|pero|sin embargo|por otro lado|lamentablemente|desgraciadamente|eso sí|luego|"
    r"invece|però|inoltre|ma|e|ed|purtroppo|in più|poi|per di più|comunque|"
    r"fora isso|além disso|além do mais|mas|porém|infelizmente|só que|no entanto|ainda por cima|aí|"
    r"parabéns|bravo|congratulations|glückwunsch|félicitations|enhorabuena|felicidades|complimenti|great|super|toll|na toll|genial),?\s+|"
    r"(?:また|しかも|さらに|あと|ただ|でも|それに|そして|なお)、|(?:而且|另外|还有|但是|可是|不过|就是|只是)，?|[¿¡]\s*|\d\)\s*)+",
    re.IGNORECASE,
)
"""First words that tie a quote to what stood before it, or cheer."""


def cut_short(case: Case, quotes: Sequence[Point]) -> list[Point]:
    """The stretches of the quotes that complain, in the buyer's order; where room is short, those in which triage saw something."""
    parts = [whole for quote in quotes for part in _stretches(case, quote) if (whole := untied(case, part)).text]
    kept: list[Point] = []
    for part in sorted(parts, key=lambda part: not _is_seen(case, part.start, part.end)):
        if len(kept) < MAX_QUOTES and (not kept or _is_room(case, [*kept, part])):
            kept.append(part)
    return sorted(kept, key=lambda part: part.start)


def _is_room(case: Case, parts: Sequence[Point]) -> bool:
    if case.plan.language in SPACELESS:
        return sum(len(part.text) for part in parts) <= MAX_CHARS_TOGETHER_SPACELESS
    return sum(len(part.text.split()) for part in parts) <= MAX_WORDS_TOGETHER


def _stretches(case: Case, quote: Point) -> list[Point]:
    """What of each sentence of the quote tells of the thing, in parts where it is long; the quote as it is where nothing complains."""
    text = case.request.review.text
    groups: list[tuple[int, int]] = []
    for sentence in split_sentences(text):
        start, end = max(sentence.start, quote.start), min(sentence.end, quote.end)
        runs = list(_runs(case, Piece(text[start:end], start, end))) if start < end else []
        is_fragment = len(text[start:end].split()) <= FRAGMENT_WORDS and case.plan.language not in SPACELESS
        if groups and runs and is_fragment:
            groups[-1] = (groups[-1][0], runs[-1][1])
        elif any(_is_sore(case, *run) for run in runs):
            groups += [run for run in runs if _is_sore(case, *run) or _tells(case, *run)]
    return [_cut(case, quote, start, end) for start, end in _joined(case, groups)] or [quote]


def _joined(case: Case, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Short neighbours as one in Chinese and Japanese, where a sentence may be but a few signs."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        is_next = joined and not case.request.review.text[joined[-1][1] : start].strip(_STOPS)
        if is_next and case.plan.language in SPACELESS and end - joined[-1][0] <= MAX_CHARS_SPACELESS // 2 + 4:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _runs(case: Case, sentence: Piece) -> Iterator[tuple[int, int]]:
    """Neighbouring clauses, without those that complain of nothing; a long run is parted where a clause has a subject of its own."""
    text, run = case.request.review.text, list[Piece]()
    pieces = list(split_subjects(case, sentence))
    for at, piece in enumerate([*pieces, None]):
        is_conceded = piece is not None and _is_conceded(case, pieces[at : at + 2])
        if piece and not is_conceded and not _is_beside(case, piece) and (run or piece == pieces[0] or _is_own(case, piece)):
            is_long = run and not _is_short(case, text[run[0].start : piece.end])
            if is_long and _is_own(case, piece):
                yield run[0].start, run[-1].end
                run = []
            run.append(piece)
        elif run:
            yield run[0].start, run[-1].end
            run = []


def not_conceded(case: Case, sentence: Piece) -> list[Piece]:
    """The clauses of a sentence, without those that grant something before a "but"."""
    pieces = list(split_subjects(case, sentence))
    return [piece for at, piece in enumerate(pieces) if not _is_conceded(case, pieces[at : at + 2])]


def _is_conceded(case: Case, pair: Sequence[Piece]) -> bool:
    """True for a clause that complains of nothing before one that begins with "but"."""
    if len(pair) < 2 or (case.lexicon and complains(pair[0].text, case.lexicon)):
        return False
    between = case.request.review.text[pair[0].end : pair[1].end]
    return BUT.match(between) is not None


def split_subjects(case: Case, sentence: Piece) -> Iterator[Piece]:
    """Clauses of a sentence, each of one that joins two with a subject and a verb of their own in two."""
    book = case.voice.details
    nucleus = book.nucleus if book else None
    for clause in split_clauses(case.request.review.text, sentence):
        start = 0
        for m in nucleus.joint.finditer(clause.text) if nucleus else ():
            if nucleus and nucleus.verb.search(clause.text[start : m.start()]) and nucleus.verb.search(clause.text[m.end() :]):
                yield Piece(clause.text[start : m.start()], clause.start + start, clause.start + m.start())
                start = m.end()
        yield Piece(clause.text[start:], clause.start + start, clause.end)


def _is_beside(case: Case, piece: Piece) -> bool:
    """True for a greeting, praise, and what is told of the buyer, of others or of another thing."""
    book = case.voice.details
    if _GREETING.fullmatch(piece.text) or (case.lexicon and praises(piece.text, case.lexicon)):
        return True
    if book is None or _is_seen(case, piece.start, piece.end):
        return bool(book and (book.theirs.search(piece.text) or book.mood.others.search(piece.text)))
    patterns = (book.theirs, book.mood.others, book.wishes, book.forgiven)
    return any(pattern.search(piece.text) for pattern in patterns) or is_aside_only(case, piece.start, piece.end)


def _is_own(case: Case, piece: Piece) -> bool:
    """True for a clause that can stand without the one before."""
    untied = piece.text[m.end() :] if (m := _TIE.match(piece.text)) else piece.text
    return stands_alone(untied, case)


def _is_sore(case: Case, start: int, end: int) -> bool:
    words = case.request.review.text[start:end]
    return case.lexicon is None or complains(words, case.lexicon) or _is_seen(case, start, end)


def _tells(case: Case, start: int, end: int) -> bool:
    """True for a clause with a verb of its own: beside a complaint in one sentence it belongs to it."""
    return stands_alone(case.request.review.text[start:end], case)


def _is_seen(case: Case, start: int, end: int) -> bool:
    return any(s.start < end and start < s.end and s.issue is not Issue.OTHER for s in case.triage.issue_spans)


def _is_short(case: Case, words: str) -> bool:
    if case.plan.language in SPACELESS:
        return len(words.strip(_STOPS)) <= MAX_CHARS_SPACELESS
    return len(words.split()) <= MAX_WORDS


def untied(case: Case, quote: Point) -> Point:
    """The quote without greeting and tie; a German verb needs the word before it."""
    start, book = quote.start, case.voice.details
    for lead in (_GREETING, _TIE):
        m = lead.match(quote.text[start - quote.start :])
        after = quote.text[start - quote.start + m.end() :] if m else ""
        is_verb = case.plan.language == "de" and book and book.nucleus and book.nucleus.verb.match(after)
        start += m.end() if m and not is_verb else 0
    return quote if start == quote.start else replace(quote, text=quote.text[start - quote.start :], start=start)


def _cut(case: Case, quote: Point, start: int, end: int) -> Point:
    """A stretch of the review as a quote, with the marks that belong to it."""
    text = case.request.review.text
    words = text[start:end].rstrip(_STOPS)
    end = start + len(words)
    for opens, closes in _MARKS:
        if words.count(opens) > words.count(closes) and text[end : end + 1] == closes:
            end += 1
        if words.count(closes) > words.count(opens) and text[start - 1 : start] == opens:
            start -= 1
    if len(_STRAIGHT.findall(words)) % 2 and text[end : end + 1] == "'":
        end += 1
    return replace(quote, text=text[start:end], start=start, end=end)
