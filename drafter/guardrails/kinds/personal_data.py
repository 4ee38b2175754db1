"""Kind `personal_data`: what tells the public who a buyer is or where they live, and numbers of cards and accounts.

Names count behind a greeting or a title, addresses by their form, numbers by their check digit or the word before them.
Words are content: `guardrails/languages/_personal_words.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from drafter.content import find_content_root, sections_of
from drafter.guardrails.addresses import emails_in
from drafter.guardrails.document import Document, Hit, TextCheck
from drafter.guardrails.kinds.order_id import ORDER_ID
from drafter.guardrails.phones import phones_in

_NAME = r"[A-Z\u00c0-\u00de][a-z\u00df-\u00ff'\u2019]*(?:-[A-Z\u00c0-\u00de][a-z\u00df-\u00ff]+)?\.?"
_HAN, _KANA = "\u4e00-\u9fff\u3005", "\u3041-\u3096\u30a1-\u30fa\u30fc"
_TRACKING = re.compile(
    r"\b1Z[0-9A-Z]{16}\b|\bTBA\d{9,15}\b|\b[A-Z]{2}\d{9}[A-Z]{2}\b|\bJJ?D\d{14,20}\b|\b[A-Z]{1,4}\d{10,20}\b|(?<![\d.,-])"
    r"\d{16,30}(?![\d.,]\d)|\b(?:\d{4} ){4,6}\d{2,4}\b"
)
_CARD = re.compile(r"(?<![\d.,-])\d(?:[ -]?\d){12,18}(?![\d-]|[.,]\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\u3012\s?\d{3}-?\d{4}|\b[A-Z]{2} \d{5}(?:-\d{4})?\b")
_JA_PLACE = re.compile(
    rf"[{_HAN}]{{1,3}}[都道府県][{_HAN}]{{1,4}}[市区町村]|[{_HAN}]{{1,4}}市[{_HAN}]{{1,4}}区|\d{{1,3}}\s?丁目|\d{{1,4}}\s?番地|[{_HAN}]{{1,4}}[市区町村][{_HAN}{_KANA}]{{0,8}}\d{{1,3}}-\d{{1,3}}"
)
_ZH_PLACE = re.compile(
    "[\u4e00-\u9fff]{2,3}省[\u4e00-\u9fff]{1,4}市|[\u4e00-\u9fff]{2}市?[\u4e00-\u9fff]{2}区|[\u4e00-\u9fff]{2,5}[路街巷]\\d{1,5}号?"
    "|\\d{1,4}[号栋][\u4e00-\u9fff]{0,3}\\d{0,4}室?(?=[\uff0c,\u3002)\uff09]|$)"
)
_JA_NAME = re.compile(rf"([{_HAN}]{{1,3}}[\s\u3000]?[{_HAN}]{{1,4}}|[{_HAN}{_KANA}A-Za-z]{{1,8}})(?:様|さん|さま)(?![子々式相態])")

FINDERS = ("name", "order_id", "tracking", "address", "phone", "email", "card", "iban")


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled words of `_personal_words.yaml`."""

    greeting: re.Pattern[str]
    title: re.Pattern[str]
    openers: frozenset[str]
    """First words of greetings and titles; a text without them names nobody so."""
    nobody: frozenset[str]
    nobody_cjk: tuple[str, ...]
    street: re.Pattern[str]
    order: re.Pattern[str]
    tracking: re.Pattern[str]
    zh_name: re.Pattern[str]
    zh_places_not: tuple[str, ...]


@cache
def _words() -> _Words:
    """Words of `guardrails/languages/_personal_words.yaml`.

    Raises:
        ContentError: a section is missing.
    """
    with sections_of(find_content_root() / "guardrails" / "languages" / "_personal_words.yaml") as raw:
        ends, starts, stems = (_either(raw[key]) for key in ("street_ends", "street_starts", "street_stems"))
        surnames = raw["zh_surnames"]
        # A full stop behind a word that is no abbreviation ends its sentence: `… with the client. We …`.
        title = rf"(?:(?:{_either(raw['titles'])})\b|(?:{_either(raw['short_titles'])})\.)\s"
        return _Words(
            greeting=re.compile(rf"(?<!\w)(?i:{_either(raw['greetings'])})\b,?\s((?:(?i:{title}))?{_NAME}(?:\s{_NAME}){{0,3}})"),
            title=re.compile(rf"(?<!\w)(?i:{title})({_NAME}(?:\s{_NAME}){{0,2}})"),
            openers=frozenset(re.split(r"[ .]", word)[0] for word in (*raw["greetings"], *raw["titles"])),
            nobody=frozenset(raw["nobody"]),
            nobody_cjk=tuple(raw["nobody_cjk"]),
            street=re.compile(
                rf"\b\d{{1,5}}[A-Za-z]?,? (?:{_NAME} ){{1,3}}(?i:{ends})\b"
                rf"|\b[A-Z\u00c0-\u00de][\w\u00df-\u00ff-]{{1,30}}(?:{stems})\s?\d{{1,4}}\s?[a-z]?\b|\b(?:{_NAME}|[A-Z][a-z]+er)"
                rf" (?:Stra\u00dfe|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ring) \d{{1,4}}\s?[a-z]?\b"
                rf"|\b\d{{1,4}}(?: ?(?:bis|ter))?,? (?:{starts}) (?:d[eu]s? |de la |de l['\u2019]|d['\u2019])?{_NAME}"
                rf"|\b(?i:{starts})\.? (?:d[eoai]s? |del |de la |dell[ao'] ?"
                rf"|dei )?{_NAME}(?:[ ](?:d[eoai]s? )?{_NAME}){{0,3}},? (?:n\.?[\u00bao\u00b0]?\.? ?)?\d{{1,5}}\b"
            ),
            order=re.compile(
                rf"(?i:(?<![a-z])(?:{_either(raw['order_words'])}))(?:[ .:#-]{{0,3}}(?i:number|no|nr|id|num|n[\u00ba\u00b0]|num\u00e9ro"
                rf"|n\u00famero|numero|nummer))?[ .:#\uff1a]{{0,3}}#?\s?(\d[\d-]{{4,24}})"
            ),
            tracking=re.compile(
                rf"(?i:(?<![a-z])(?:{_either(raw['tracking_words'])}))[^\n.\d]{{0,30}}\b((?=[A-Z\d ]*\d{{5}})"
                rf"[A-Z]{{0,4}}\d[\dA-Z ]{{6,30}}\d|[A-Z]{{2,4}}\d{{4}}-[\dA-Z-]{{3,26}}\d)"
            ),
            zh_name=re.compile(
                rf"(?:{_either(raw['zh_buyers'])})\s?([{surnames}][\u4e00-\u9fff]{{1,2}})(?=[^\u4e00-\u9fff]|[\u4e00-\u9fff])|([{surnames}][\u4e00-\u9fff]{{0,2}})(?:先生|女士|小姐|太太)"
            ),
            zh_places_not=tuple(raw["zh_places_not"]),
        )


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def compile_personal_data(spec: Mapping[str, Any]) -> TextCheck:
    """A check for data about a person.

    Args:
        spec: `find`: some of `name`, `order_id`, `tracking`, `address`, `phone`, `email`, `card`, `iban`; all when not given.

    Raises:
        ValueError: `find` names something else.
    """
    wanted = tuple(spec.get("find", FINDERS))
    if unknown := [name for name in wanted if name not in _FINDERS]:
        raise ValueError(f"unknown data {unknown[0]!r}; one of {', '.join(FINDERS)}")
    finders = [_FINDERS[name] for name in wanted]
    _words()  # a wrong word file must fail when the pack is loaded, not at the first check

    def check(document: Document) -> Iterator[Hit]:
        for find in finders:
            yield from find(document)

    return check


def _text(document: Document) -> str:
    """The raw text with plain letters and digits for full-width ones, each in its place."""
    return document.text if document.text.isascii() else document.text.translate(_PLAIN)


_WIDE = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
_PLAIN = {0x3000: " ", 0xFF0D: "-"} | {wide: chr(wide - 0xFEE0) for wide in _WIDE}


def _find_names(document: Document) -> Iterator[Hit]:
    """Names behind a greeting or a title, and before 様."""
    words, text = _words(), _text(document)
    own = " ".join(document.request.names).lower()
    for pattern in (words.greeting, words.title) if not words.openers.isdisjoint(document.words) else ():
        for match in pattern.finditer(text):
            if pattern is words.greeting and text[max(0, match.start() - 3) : match.start()].rstrip(" ")[-1:] not in _BEFORE_GREETING:
                continue
            parts = [part.strip(".").lower() for part in re.split(r"[ \n]", match.group(1))]
            parts = parts[1:] if len(parts) > 1 and parts[0] in _TITLE_STARTS else parts
            if parts[0] not in words.nobody and len(parts[0]) > 1 and parts[0] not in own:
                yield Hit(*match.span(1), view="raw", detail="a person's name")
    if not document.text.isascii() and _CJK(text):
        yield from _find_cjk_names(text, words)


_BEFORE_GREETING = ("", ".", "!", "?", ",", "\n")
_TITLE_STARTS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "herr",
        "herrn",
        "frau",
        "monsieur",
        "madame",
        "mme",
        "mlle",
        "m",
        "señor",
        "señora",
        "sr",
        "sra",
        "signor",
        "signora",
        "senhor",
        "senhora",
    ]
)
_CJK = re.compile("[\u3041-\u30ff\u4e00-\u9fff]").search


def _find_cjk_names(text: str, words: _Words) -> Iterator[Hit]:
    """Japanese names before 様 and さん, Chinese names behind a word for buyer or before 先生."""
    for match in _JA_NAME.finditer(text) if not _CJK_SIGNS.isdisjoint(text) else ():
        if not match.group(1).endswith(words.nobody_cjk) and not match.group(1).startswith(words.nobody_cjk):
            yield Hit(*match.span(), view="raw", detail="a person's name")
    for match in words.zh_name.finditer(text):
        group = 1 if match.group(1) else 2
        yield Hit(*match.span(group), view="raw", detail="a person's name")


_CJK_SIGNS = frozenset("様さ")


def _find_order_ids(document: Document) -> Iterator[Hit]:
    """Order ids, and other numbers behind a word for order."""
    if len(document.chars & _DIGITS) < 1:
        return
    for match in ORDER_ID.finditer(document.folded.text):
        yield Hit(*document.folded.to_raw(*match.span()), detail="an order number")
    for match in _words().order.finditer(_text(document)):
        if not ORDER_ID.search(match.group()):
            yield Hit(*match.span(1), view="raw", detail="an order number")


_DIGITS = frozenset("0123456789\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19")


def _find_tracking(document: Document) -> Iterator[Hit]:
    """Numbers of parcels, by their form or behind a word for them."""
    if len(document.chars & _DIGITS) < 2:
        return
    spans: list[tuple[int, int]] = []
    for match in _TRACKING.finditer(_text(document)):
        spans.append(match.span())
        yield Hit(*match.span(), view="raw", detail="a tracking number")
    for match in _words().tracking.finditer(_text(document)):
        first, last = match.span(1)
        if sum(map(str.isdigit, match.group(1))) >= 8 and all(last <= a or first >= b for a, b in spans):
            yield Hit(first, last, view="raw", detail="a tracking number")


def _find_addresses(document: Document) -> Iterator[Hit]:
    """Streets with a house number, postal codes, and Japanese and Chinese places."""
    text = _text(document)
    if not document.chars.isdisjoint(_DIGITS):
        for pattern in (_words().street, _POSTCODE):
            yield from (Hit(*match.span(), view="raw", detail="an address") for match in pattern.finditer(text))
    if text.isascii() or not _CJK(text):
        return
    if _KANA_IN(text):
        yield from (Hit(*match.span(), view="raw", detail="an address") for match in _JA_PLACE.finditer(text))
        return
    for match in _ZH_PLACE.finditer(text):
        # One character more: what ends like a district may be the beginning of a word, as in 颜色区分.
        seen = text[match.start() : match.end() + 1]
        if not any(word in seen for word in _words().zh_places_not):
            yield Hit(*match.span(), view="raw", detail="an address")


_KANA_IN = re.compile("[\u3041-\u3096]").search


def _find_phones(document: Document) -> Iterator[Hit]:
    return (Hit(phone.start, phone.end, detail="a telephone number") for phone in phones_in(document))


def _find_emails(document: Document) -> Iterator[Hit]:
    return (Hit(*document.folded.to_raw(email.start, email.end), detail="an e-mail address") for email in emails_in(document))


def _find_cards(document: Document) -> Iterator[Hit]:
    """Numbers of payment cards: 13 to 19 digits whose last one checks out."""
    if len(document.chars & _DIGITS) < 2:
        return
    for match in _CARD.finditer(document.text):
        digits = [int(char) for char in match.group() if char.isdigit()]
        if digits[0] in (2, 3, 4, 5, 6) and _is_luhn(digits) and not ORDER_ID.search(match.group()):
            yield Hit(*match.span(), view="raw", detail="a card number")


def _is_luhn(digits: Sequence[int]) -> bool:
    """True when the last digit is the check digit of the others (ISO/IEC 7812)."""
    doubled = [digit if k % 2 == 0 else digit * 2 - 9 * (digit > 4) for k, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


def _find_ibans(document: Document) -> Iterator[Hit]:
    """Account numbers whose check digits are right (ISO 13616)."""
    if len(document.chars & _DIGITS) < 2:
        return
    for match in _IBAN.finditer(document.text):
        compact = match.group().replace(" ", "")
        for length in range(min(34, len(compact)), 14, -1):
            piece = compact[:length]
            if int("".join(str(int(char, 36)) for char in piece[4:] + piece[:4])) % 97 == 1:
                yield Hit(*match.span(), view="raw", detail="an account number")
                break


_FINDERS: Mapping[str, Callable[[Document], Iterator[Hit]]] = {
    "name": _find_names,
    "order_id": _find_order_ids,
    "tracking": _find_tracking,
    "address": _find_addresses,
    "phone": _find_phones,
    "email": _find_emails,
    "card": _find_cards,
    "iban": _find_ibans,
}
