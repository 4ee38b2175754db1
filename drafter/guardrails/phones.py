"""Finds telephone numbers in a document: in digits, spaced out, or read aloud.

Order ids, card numbers, dates, sizes and part numbers come first, because they look like phones: `0171-3920044` is a brush. A number
counts when it is written as only numbers to dial are, when its sentence asks to call, or when it has the form of a national number and
words around it speak of reaching somebody, or nothing else stands in its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from drafter.guardrails.contact_words import contact_words
from drafter.guardrails.document import Document, Token
from drafter.guardrails.kinds.order_id import ORDER_ID

_RUN = re.compile(
    r"(?<![a-z0-9_\u00df-\u024f.,])(?<!\d[-./])(?:\+|00)?\s?\(?\d"
    r"(?:[\s().\-/\u2010-\u2015\u2212\u00b7\u2022_*~|]{0,4}\d){6,18}(?![a-z0-9_\u00df-\u024f]|[.,]\d)"
)
_DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\s?[-\u2013]\s?\d{1,2}\s?[-\u2013/]\s?\d{1,2}|(?:19|20)\d\d\s?[-\u2013/]\s?(?:19|20)\d\d"
)
_ISBN = re.compile(r"97[89][- ]?\d{1,5}[- ]?\d{1,7}[- ]?\d{1,7}[- ]?\d")
_INTERNATIONAL = re.compile(r"^\s?\(?\+")
_DIAL_FORM = re.compile(r"^\(0?[1-9]\d{1,3}\)\s?\d|^1-8\d\d-\d{3}-\d{4}$")
_NATIONAL = re.compile(
    r"^(?:00\s?[1-9]|\(?0[\d\s()./-]|\(\d{2,4}\)\s?\d|1[- ]?8\d\d[- ]|\d{3}[-. ]\d{3}[-. ]\d{4}$|\d{3} \d{3} \d{3,4}$"
    r"|[3679]\d\d(?: ?\d\d){3}\d?$|3\d\d[ /]\d{6,7}$)"
)
_MIN_DIGITS, _MAX_DIGITS = 7, 15
_MIN_SAID = 3
"""Digits said in words that make a run of seven a number read aloud, not a row of digits."""
_LOOK_BACK, _LOOK_AHEAD = 28, 40
_NEAR_BEFORE, _NEAR_AFTER = 8, 5
"""Words around a number in which one that may mean something else, such as `ring`, speaks of calling."""
_ALONE = 3
"""So few other words in a sentence say nothing about its number."""
_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "BR", "PT", "JP", "CN")


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number; raw offsets."""

    start: int
    end: int
    digits: str


def phones_in(document: Document) -> tuple[Phone, ...]:
    """Telephone numbers of a document."""
    found: tuple[Phone, ...] | None = document.memo.get("phones")
    if found is None:
        found = tuple(_find(document))
        document.memo["phones"] = found
    return found


def _find(document: Document) -> Iterator[Phone]:
    """Numbers in digits, then numbers in words."""
    covered: list[tuple[int, int]] = []
    if may_be_written(document):
        for phone in _written(document):
            covered.append((phone.start, phone.end))
            yield phone
    if not document.text.isascii():
        for match in _kana_digits().finditer(document.folded.text):
            start, end = document.folded.to_raw(*match.span())
            covered.append((start, end))
            yield Phone(start, end, "".join(contact_words().digits[word] for word in _kana_digit().findall(match.group())))
    if is_said(document):
        for phone in _said(document):
            if all(phone.end <= start or phone.start >= end for start, end in covered):
                yield phone


def may_be_written(document: Document) -> bool:
    """False for a text without enough digits in a row."""
    return len(document.chars & _DIGITS) > 1 and _SEVEN(document.folded.text) is not None


def is_said(document: Document) -> bool:
    """True for a text that says some digits as words."""
    return not said_words().isdisjoint(document.words) and sum(map(said_words().__contains__, document.norms)) >= _MIN_SAID


_DIGITS = frozenset("0123456789\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\u24ea\u2460\u2461\u2462\u2463\u2464")
_SEVEN = re.compile(r"\d(?:[^\w\n]{0,4}\d|_\d){6}").search


def _written(document: Document) -> Iterator[Phone]:
    """Numbers in digits."""
    text = document.folded.text
    taken = [match.span() for match in ORDER_ID.finditer(text)]
    something_else: set[tuple[int, str]] = set()
    for match in _RUN.finditer(text):
        start, end = match.span()
        if any(first < end and start < last for first, last in taken):
            continue
        written = match.group()
        digits = "".join(char for char in written if char.isdigit())
        if not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS:
            continue
        series = _sentence_at(document, start), _series(written.strip())
        is_named = _names_something_else(text, start, end)
        if is_named:
            something_else.add(series)
        if _is_phone(document, written.strip(), digits, start, is_other=is_named or series in something_else):
            yield Phone(*document.folded.to_raw(start + len(written) - len(written.lstrip()), end), digits)


def _series(written: str) -> str:
    """What numbers of one series share: the digits up to the last two, and how they are parted."""
    digits = [k for k, char in enumerate(written) if char.isdigit()]
    last_two = digits[-2:]
    return "".join("#" if k in last_two else char for k, char in enumerate(written))


def _names_something_else(text: str, start: int, end: int) -> bool:
    """True when the words around a number say that it is no telephone number, or a letter behind it does: `03-5550-1184-B`."""
    before, after = text[max(0, start - _LOOK_BACK) : start], text[end : end + 12]
    cues = contact_words().not_phone_cues
    if _PART_LETTER(after) or cues.is_in(_WORDS(before), before) or cues.is_in(_WORDS(after)[:1], after[:8]):
        return True
    return any(denial in text[end : end + _LOOK_AHEAD] for denial in contact_words().no_phone)


_PART_LETTER = re.compile(r"-[a-z](?![a-z\u00df-\u024f])").match


def _is_phone(document: Document, written: str, digits: str, start: int, *, is_other: bool) -> bool:
    """True when this run of digits is a number to call; `is_other` when something says that it is none."""
    if _DATE.fullmatch(written) or _ISBN.fullmatch(written) or len(set(digits)) == 1:
        return False
    if _INTERNATIONAL.match(written):
        return len(digits) >= 9 and (not is_other or _is_called(document, start))
    if is_other:
        return False
    if _is_called(document, start):
        return True
    if not 9 <= len(digits) <= 14 or not _is_valid_somewhere(written):
        return False
    return bool(_DIAL_FORM.match(written)) or (bool(_NATIONAL.match(written)) and _is_offered(document, start))


_WORDS = re.compile(r"[^\W\d_]+").findall


def _is_called(document: Document, at: int) -> bool:
    """True when the sentence around an offset of the folded text asks to call."""
    around = _around(document, at)
    cues = contact_words()
    return cues.phone_cues.is_in(around.sentence, "".join(around.sentence)) or cues.maybe_phone_cues.is_in(
        around.near, "".join(around.near)
    )


def _is_offered(document: Document, at: int) -> bool:
    """True when the words around a number speak of reaching somebody, or when it stands alone."""
    around = _around(document, at)
    words = [norm for norm in around.sentence if not norm.isdigit()]
    return len(words) <= _ALONE or contact_words().reach_cues.is_in(words, "".join(words))


class _Around(NamedTuple):
    """Words around a number."""

    sentence: list[str]
    near: list[str]


def _around(document: Document, at: int) -> _Around:
    """Words of the sentence around an offset of the folded text, and those near it."""
    number = _sentence_at(document, at)
    if number < 0:
        return _Around([], [])
    sentence = document.sentences[number]
    raw = document.folded.to_raw(at, at + 1)[0]
    here = next((k for k in range(sentence.first, sentence.last) if document.tokens[k].end > raw), sentence.last)
    behind = here
    while behind < sentence.last and document.norms[behind].isdigit():
        behind += 1
    norms = document.norms
    near = norms[max(sentence.first, here - _NEAR_BEFORE) : here] + norms[behind : min(sentence.last, behind + _NEAR_AFTER)]
    return _Around(norms[sentence.first : sentence.last], near)


def _sentence_at(document: Document, at: int) -> int:
    """Number of the sentence around an offset of the folded text; -1 when there is none."""
    raw = document.folded.to_raw(at, at + 1)[0]
    return next((k for k, sentence in enumerate(document.sentences) if sentence.start <= raw <= sentence.end), -1)


@lru_cache(maxsize=256)
def _is_valid_somewhere(written: str) -> bool:
    """True when a numbering plan of a country that the stores serve has this number. The library is loaded on first use."""
    import phonenumbers

    for region in _REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(written, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


# ── read aloud ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def said_words() -> frozenset[str]:
    """Words for single digits."""
    return frozenset(word for word, digits in contact_words().digits.items() if len(digits) == 1)


@lru_cache(maxsize=1)
def _kana_digit() -> re.Pattern[str]:
    """One digit in kana, which the reading layer cuts into characters."""
    words = sorted((word for word in contact_words().digits if "\u3041" <= word[0] <= "\u30ff"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@lru_cache(maxsize=1)
def _kana_digits() -> re.Pattern[str]:
    """A number read aloud in kana: `ぜろ・ごー・ぜろの、いち・に・さん・なな`."""
    digit = _kana_digit().pattern
    return re.compile(rf"(?:{digit})(?:[・、,\s\-ー]{{1,2}}(?:{digit})|の[・、,\s]{{0,2}}(?:{digit})){{{_MIN_DIGITS - 1},{_MAX_DIGITS}}}")


_MIXED = re.compile(r"(?:double|triple)?[0-9o]{1,12}").fullmatch


def _said(document: Document) -> Iterator[Phone]:
    """Numbers read aloud: `oh two oh, seven nine four six, double three`, with digits mixed in."""
    if sum(map(_most_digits, document.norms)) < _MIN_DIGITS:
        return
    tokens = document.tokens
    run: list[Token] = []
    digits, said, factor = "", 0, 1
    for token in [*tokens, None]:
        value = _value_of(token.norm) if token else None
        if token and value is not None:
            if value.startswith("x"):
                factor = int(value[1:])
            else:
                digits += value[0] * factor + value[1:] if len(value) == 1 or factor > 1 else value
                said += not token.norm[0].isdigit()
                factor = 1
            run.append(token)
            continue
        if token and run and token.norm in contact_words().between_digits:
            continue
        if len(digits) >= _MIN_DIGITS and said >= _MIN_SAID:
            yield Phone(run[0].start, run[-1].end, digits)
        run, digits, said, factor = [], "", 0, 1


@lru_cache(maxsize=8192)
def _most_digits(norm: str) -> int:
    """Most digits that a word can add to a number read aloud; `double` may make a whole one of few."""
    value = _value_of(norm) or ""
    return _MIN_DIGITS if value.startswith("x") else len(value)


@lru_cache(maxsize=4096)
def _value_of(norm: str) -> str | None:
    """Digits that a word stands for; `x2` for `double`; None when it is no digit."""
    words = contact_words()
    if norm in words.digits:
        return words.digits[norm] if norm != "10" else "1"
    if norm in words.double:
        return "x2"
    if norm in words.triple:
        return "x3"
    if norm in ("o", "oo", "ooo"):
        return "0" * len(norm)
    if norm.isdigit() and norm.isascii():
        return norm
    if _MIXED(norm):
        times = 2 if norm.startswith("double") else 3 if norm.startswith("triple") else 1
        rest = norm[6:] if times > 1 else norm
        return rest[0].replace("o", "0") * times + rest[1:].replace("o", "0")
    return None
