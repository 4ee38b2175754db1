"""The buyer's complaint points as pieces of text that a reply may take up: clean, short, and about the problem.

Nothing is rephrased here, so a quoted point is true by construction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from drafter.domain import Issue, IssueSpan, Triage
from drafter.drafting.sanitise import has_unsafe_form
from drafter.drafting.sentences import Piece, split_clauses, split_parts, split_sentences
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.words import SPACELESS, content_words, stem_words, words_of

MIN_WORDS, MAX_WORDS = 2, 34
MAX_CHARS = 180
MIN_CHARS_SPACELESS = 6
MIN_PART_WORDS = 4
"""Of a part of a complaint that tells something by itself."""
MIN_CONTENT = 2
"""Words that say something in a clause of a longer sentence; a sentence of one such word can be a whole complaint."""
NAMED, COMPLAINS, TOLD = 3, 2, 1
SHORT_REVIEW_CHARS = 300
"""Of a review whose every sentence belongs to the complaint; a longer one tells of other things as well."""
MAX_PLAIN = 2
"""Points of a review that complains in no word of ours: what came is then the complaint."""

_CONJUNCTION = re.compile(
    r"^(?:\d\)\s*|(?:and|but|then|so|also|plus|however|or|und|aber|dann|auch|et|mais|puis|y|pero|luego|e|poi|mas)\s+|但是?|而且|可是|只是|另外|"
    r"然后|不过|(?:でも|しかし|ただ(?!今|いま|ちに|の|で)し?|また(?![はがぐた])|あと(?![でかにはの])|なお(?![さすしるりっ])|それに|そして)、?)",
    re.IGNORECASE,
)
"""A quote does not begin with the word that tied it to the sentence before."""
_CONTRAST = {
    "en": r"\b(?:(?<!nothing )but|however|although|though|except|only wish|shame)\b",
    "de": r"\b(?:aber|leider|schade)\b|(?:^|[,.;:!–-]\s*)doch\b",
    "fr": r"\b(?:mais|dommage)\b",
    "es": r"\b(?:pero|lástima|pena que)\b",
    "it": r"\b(?:ma|peccato)\b",
    "pt": r"\b(?:mas|só que)\b",
    "ja": r"(?<!も)しかし|(?:^|[。、！？!?\s])(?:でも|ただ(?!今|いま|ちに|の|で))|(?<!い)ただし?、|ですが|けれど|"
    r"(?<=[るたいだすうくむぶつぬん])けど(?!ころ)|惜し(?!み)",
    "zh": r"(?<![不非])但|可是|(?<!好)不过|(?<!不)只是",
}
"""By language, for "ma" is a contrast only in Italian. Without spaces, the neighbours show what is a word: いただき holds no ただ."""
_CONTRASTS = {language: re.compile(words, re.IGNORECASE) for language, words in _CONTRAST.items()}
_BRACKET_END = re.compile(r"(?<!\b\d)\)")
"""Not one of those that only count: "1) the lid"."""
_CRIES = {"en": re.compile(r"\w+[^s]s"), "de": re.compile(r"\w+t")}
"""A verb by its form, in the languages in which it shows: "Leaks." tells something, "Bad." does not."""
VAGUE = frozenset({Issue.QUALITY_OR_DURABILITY, Issue.PRICE_OR_VALUE, Issue.OTHER})
JUDGED = frozenset({Issue.PRICE_OR_VALUE, Issue.OTHER})
"""Of these, a clause without a word of complaint may be mere talk."""
TOLD_WITH_THE_ORDER = frozenset({Issue.WRONG_ITEM, Issue.MISSING_PARTS, Issue.SIZE_OR_FIT})
"""Of these it belongs to the complaint what was ordered: "I ordered the grey and got beige"."""
_TIED = re.compile(r"\b(?:aber|und|doch|jedoch)\s+$", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:after|dopo|después de|tras|après|au bout de|depois de|nach|schon nach) (?:\w+ ){1,4}(?:the|it|my|i|il|lo|la|gli|le|el|los|"
    r"las|les|o|a|os|as|"
    r"ist|sind|war|waren|hat|haben)\b",
    re.IGNORECASE,
)
"""First words of a main clause that tells when: "after one wash the colours ran"."""
_ARTICLE = re.compile(r"(?:der|das)\b", re.IGNORECASE)
"""After such a word it begins a clause of its own; elsewhere it may tie one to what is before it."""
_QUOTE_MARKS = re.compile(r"[\"“”„«»「」]")
_SHOUTING = re.compile(r"(?:\b[A-Z]{4,}\b.*){3}")


@dataclass(frozen=True, slots=True)
class Point:
    """One complaint point of the review."""

    issue: Issue
    text: str
    """As the buyer wrote it."""
    start: int
    """In `Review.text`."""
    end: int
    within: Piece
    """The sentence it stands in."""
    is_sore: bool
    """True when a word of it complains or denies."""
    weight: int
    """3 for what triage named, 2 for what complains by its words, 1 for what came of it."""
    sores: tuple[tuple[int, int], ...] = ()
    """Places of its parts that complain by their words, and of those beside them that tell something as well."""

    @property
    def sentence(self) -> str:
        """Text of the sentence it stands in."""
        return self.within.text

    def cut(self, start: int, end: int) -> Point:
        """A part of it, by its place in `Review.text`."""
        return replace(self, text=self.text[start - self.start : end - self.start], start=start, end=end)


def find_points(text: str, triage: Triage, lexicon: Lexicon, *, title: str = "") -> list[Point]:
    """Points in the order of the review, no words twice. What addresses the machine or praises is left out.

    First what triage saw; then clauses that complain by their words though triage has no name for it, or tell what came of it, but none of
    these after words to the machine. A title only when the body has none: it says the same in fewer words, or is a quip.
    """
    body_from = len(title) + 1 if title and text.startswith(f"{title}\n") else 0
    sentences = split_sentences(text)
    body = [s for s in sentences if s.start >= body_from]
    named = _named_points(text, triage, lexicon, body)
    until = min((q.start for q in triage.injection_spans), default=len(text))
    rest = [s for s in body if s.end <= until and all(point.within != s for point in named)]
    unnamed = _unnamed_points(text, triage, lexicon, rest)
    points = [*named, *(p for p in unnamed if p.weight == COMPLAINS)]
    told = [p for p in unnamed if p.weight == TOLD and _is_plainly_told(p.text, lexicon)]
    if not points:
        points = [replace(p, weight=COMPLAINS) for p in told[:MAX_PLAIN]]
    elif len(text) <= SHORT_REVIEW_CHARS:
        points += told
    points += [cry for cry in _cries(text, triage, lexicon, body) if all(cry.within != point.within for point in points)]
    points = points or _named_points(text, triage, lexicon, [s for s in sentences if s.start < body_from])
    return sorted(points, key=lambda p: p.start)


def has_contrast(text: str, language: str) -> bool:
    """True when a word stands there beside which, after praise, a complaint may stand; of an unknown language, in any."""
    known = _CONTRASTS.get(language)
    return any(pattern.search(text) for pattern in ([known] if known else _CONTRASTS.values()))


def rank_points(points: Sequence[Point]) -> list[Point]:
    """Points by weight, then in the order of the review."""
    return sorted(points, key=lambda p: (-p.weight, p.start))


def _named_points(text: str, triage: Triage, lexicon: Lexicon, sentences: Sequence[Piece]) -> list[Point]:
    """Clauses in which triage saw an issue."""
    points: list[Point] = []
    reached = 0
    for span in sorted(triage.issue_spans, key=lambda s: s.start):
        sentence = next((s for s in sentences if s.start <= span.start < s.end), None)
        if sentence is None or span.start < reached:
            continue
        clause = _whole(text, sentence, triage, lexicon) or _clause_of(text, span, sentence, triage, lexicon)
        clause = clause and _to_the_end(text, clause, sentence, triage, lexicon)
        if clause and is_fit_to_quote(clause.text, lexicon) and _stands_alone(text, clause, sentence, span.issue, lexicon):
            points.append(_make_point(text, clause, sentence, span.issue, NAMED, lexicon))
            reached = clause.end
    return points


def _unnamed_points(text: str, triage: Triage, lexicon: Lexicon, sentences: Sequence[Piece]) -> list[Point]:
    """Clauses that complain by their words alone, and those that tell what came of it: what does not praise belongs to a complaint."""
    points: list[Point] = []
    for sentence in sentences:
        whole = _whole(text, sentence, triage, lexicon)
        clauses = split_clauses(text, sentence)
        is_praise = not has_contrast(sentence.text, lexicon.language) and any(praises(c.text, lexicon) for c in clauses)
        for clause in [whole] if whole else [_past_aside(untie(c), lexicon) for c in clauses]:
            if is_kept_out(clause, triage) or praises(clause.text, lexicon):
                continue
            if is_praise and not complains(clause.text, lexicon):
                continue
            if is_fit_to_quote(clause.text, lexicon) and _stands_alone(text, clause, sentence, None, lexicon):
                weight = COMPLAINS if complains(clause.text, lexicon) else TOLD
                points.append(_make_point(text, clause, sentence, Issue.OTHER, weight, lexicon))
    return points


def _make_point(text: str, clause: Piece, sentence: Piece, issue: Issue, weight: int, lexicon: Lexicon) -> Point:
    parts = [part for piece in split_clauses(text, clause) for part in split_parts(piece)]
    is_sore = complains(clause.text, lexicon)
    sores = tuple((p.start, p.end) for p in parts if complains(p.text, lexicon) or (is_sore and _goes_on_complaining(p.text, lexicon)))
    return Point(issue, clause.text, clause.start, clause.end, sentence, is_sore, weight, sores)


def _goes_on_complaining(text: str, lexicon: Lexicon) -> bool:
    """True for a part beside a complaint that is long enough to tell something, and no praise."""
    return len(text.split()) >= MIN_PART_WORDS and not praises(text, lexicon)


def _cries(text: str, triage: Triage, lexicon: Lexicon, sentences: Sequence[Piece]) -> list[Point]:
    """Sentences of one word that complain: "Leaks."."""
    alone = [s for s in sentences if len(s.text.split()) == 1 and complains(s.text, lexicon) and not is_kept_out(s, triage)]
    words = [Piece(s.text.rstrip(".! "), s.start, s.start + len(s.text.rstrip(".! "))) for s in alone]
    return [
        _make_point(text, word, sentence, Issue.OTHER, COMPLAINS, lexicon)
        for word, sentence in zip(words, alone, strict=True)
        if lexicon.language in _CRIES and _CRIES[lexicon.language].fullmatch(word.text) and not lexicon.unquotable.search(word.text)
    ]


def _whole(text: str, sentence: Piece, triage: Triage, lexicon: Lexicon) -> Piece | None:
    """The sentence as one piece, less a greeting before it; None when a part of it praises, is an aside, or must not be repeated."""
    clauses = split_clauses(text, sentence)
    while len(clauses) > 1 and lexicon.aside.fullmatch(clauses[0].text):
        clauses = clauses[1:]
    if not clauses:
        return None
    end = sentence.end if text[sentence.end - 1] in "?\uff1f" else clauses[-1].end
    if len(_QUOTE_MARKS.findall(text[clauses[0].start : end])) % 2 and _QUOTE_MARKS.match(text, end):
        end += 1
    piece = untie(Piece(text[clauses[0].start : end], clauses[0].start, end))
    if is_kept_out(piece, triage) or not is_fit_to_quote(piece.text, lexicon):
        return None
    if any(lexicon.aside.match(clause.text) or praises(clause.text, lexicon) for clause in clauses):
        return None
    return piece


def is_kept_out(piece: Piece, triage: Triage) -> bool:
    """True for what addresses the machine or praises."""
    return any(q.start < piece.end and piece.start < q.end for q in (*triage.injection_spans, *triage.praise_spans))


def _is_plainly_told(text: str, lexicon: Lexicon) -> bool:
    """True for a report without comparison or supposition; a language without words for these is taken as it is."""
    judge = lexicon.judge
    return judge is None or not (lexicon.compares.search(text) or any(w.text in judge.modals for w in words_of(text, lexicon.language)))


@lru_cache(maxsize=512)
def complains(text: str, lexicon: Lexicon) -> bool:
    """True for words that complain, or deny."""
    return lexicon.negative.search(text) is not None or any(is_negation(w.text, lexicon) for w in words_of(text, lexicon.language))


@lru_cache(maxsize=512)
def praises(text: str, lexicon: Lexicon) -> bool:
    """True for words of praise, where nothing is denied beside them."""
    return not complains(text, lexicon) and not lexicon.praise.isdisjoint(stem_words(text, lexicon.language))


def is_negation(word: str, lexicon: Lexicon) -> bool:
    """True for a word that denies, or is denied in short: `wasn't`."""
    return word in lexicon.negation or ("n't" in lexicon.negation and word.endswith("n't"))


def _clause_of(text: str, span: IssueSpan, sentence: Piece, triage: Triage, lexicon: Lexicon) -> Piece | None:
    """The clause around a span, with its neighbour when it is too short to stand alone; None when it is not the buyer's plain complaint."""
    clauses = split_clauses(text, sentence)
    # What triage saw may begin with the word that ties the clause to the one before.
    at = next((i for i, c in enumerate(clauses) if span.start < c.end), None)
    if at is None:
        return None
    piece = clauses[at]
    if piece.end < span.end <= sentence.end:
        last = next((c for c in clauses[at:] if c.end >= span.end), clauses[-1])
        piece = Piece(text[piece.start : last.end], piece.start, last.end)
    if is_kept_out(piece, triage):
        return None
    if piece.end + 1 == sentence.end and text[piece.end] in "?\uff1f":
        piece = Piece(text[piece.start : sentence.end], piece.start, sentence.end)
    return _past_aside(untie(piece), lexicon)


def _past_aside(piece: Piece, lexicon: Lexicon) -> Piece:
    """What a clause goes on to tell after an aside: "I bought it in March and the lid won't stay shut"."""
    first, *rest = split_parts(piece)
    later = next((p for p in rest if len(p.text.split()) >= MIN_PART_WORDS and complains(p.text, lexicon)), None)
    if later is None or not lexicon.aside.match(first.text) or complains(first.text, lexicon):
        return piece
    return Piece(piece.text[later.start - piece.start :], later.start, piece.end)


def _to_the_end(text: str, clause: Piece, sentence: Piece, triage: Triage, lexicon: Lexicon) -> Piece:
    """The clause with what comes of it in the same sentence; the clause alone when that praises, is an aside, or makes it too long."""
    later = [c for c in split_clauses(text, sentence) if c.start >= clause.end]
    if not later or any(lexicon.aside.match(c.text) or praises(c.text, lexicon) for c in later):
        return clause
    longer = Piece(text[clause.start : later[-1].end], clause.start, later[-1].end)
    return clause if is_kept_out(longer, triage) or not is_fit_to_quote(longer.text, lexicon) else longer


def untie(piece: Piece) -> Piece:
    """The clause without the word that tied it to the one before."""
    tie = _CONJUNCTION.match(piece.text)
    return Piece(piece.text[tie.end() :], piece.start + tie.end(), piece.end) if tie else piece


def _stands_alone(text: str, clause: Piece, sentence: Piece, issue: Issue | None, lexicon: Lexicon) -> bool:
    """True for a clause that can stand alone and, where an issue's words alone do not complain ("the taste"), has one that does."""
    if lexicon.aside.match(clause.text) and issue not in TOLD_WITH_THE_ORDER:
        return False
    judge = lexicon.judge
    is_part = clause.end - clause.start < len(sentence.text.rstrip(".!? \u3002\uff01\uff1f"))
    is_tied = _TIED.search(text[: clause.start]) and _ARTICLE.match(clause.text)
    is_leaning = lexicon.leaning.match(clause.text) and not (is_tied or _AFTER.match(clause.text))
    if is_part and (is_leaning or _content_count(clause.text, lexicon) < MIN_CONTENT):
        return False
    if judge and not judge.verbs.search(clause.text) and (is_part or (issue is None and len(text) > SHORT_REVIEW_CHARS)):
        return False
    is_judged = issue in JUDGED or (issue in VAGUE and not lexicon.praise.isdisjoint(stem_words(clause.text, lexicon.language)))
    return not is_judged or lexicon.language in SPACELESS or complains(clause.text, lexicon)


def _content_count(text: str, lexicon: Lexicon) -> int:
    return len(content_words(words_of(text, lexicon.language), lexicon.stop))


def is_fit_to_quote(text: str, lexicon: Lexicon) -> bool:
    """True for a short, clean clause that says something."""
    if (
        len(text) > MAX_CHARS
        or lexicon.unquotable.search(text)
        or has_unsafe_form(text)
        or _SHOUTING.search(text)
        or len(_QUOTE_MARKS.findall(text)) % 2
        or text.count("(") != len(_BRACKET_END.findall(text))
    ):
        return False
    code = lexicon.language
    words = words_of(text, code)
    if code in SPACELESS:
        # Much of what Japanese says is written in its small signs, which no list of words knows.
        return len(text) >= MIN_CHARS_SPACELESS or (len(words) >= MIN_WORDS and bool(content_words(words, lexicon.stop)))
    return MIN_WORDS <= len(words) <= MAX_WORDS and bool(content_words(words, lexicon.stop))
