"""Data in a text that names or reaches a person: what the guardrail and triage look for already, names, addresses, accounts.

Too much is better than too little here: a product number taken for a telephone costs a draft one detail, a telephone that leaves cannot be
called back.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from drafter.domain import CheckRequest
from drafter.guardrails.addresses import links_in
from drafter.guardrails.document import Document, TextCheck
from drafter.guardrails.kinds.personal_data import compile_personal_data
from drafter.guardrails.reading import read
from drafter.privacy.cjk_names import find_cjk_names
from drafter.privacy.names import find_names
from drafter.privacy.postal import end_of_address, find_addresses, is_street
from drafter.privacy.word_edges import says
from drafter.triage.private_data import find_private_data


class Kind(StrEnum):
    """What is masked; the first that fits wins where two lie in one place."""

    EMAIL = "email"
    LINK = "link"
    ORDER_ID = "order_id"
    IBAN = "iban"
    CARD = "card"
    TRACKING = "tracking"
    IDENTITY = "identity"
    ADDRESS = "address"
    PHONE = "phone"
    NAME = "name"


class Entity(NamedTuple):
    """One piece of data."""

    kind: Kind
    text: str
    is_own: bool = False
    """True for the name by which the writer calls himself."""


class _Found(NamedTuple):
    start: int
    end: int
    kind: Kind
    is_own: bool


# What stands in angle brackets before an address is no tag: `Anna Schmidt <anna@postbox.example>`.
_TAG = re.compile(r"</?(?=[a-zA-Z!])[^<>@]{1,200}>")
_INLINE_TAG = re.compile(r"[ ]?</?(?:a|abbr|b|big|code|em|font|i|mark|s|small|span|strong|sub|sup|u)\b[^<>@]{0,200}>[ ]?", re.IGNORECASE)
_TRIAGE_KINDS = {"email": Kind.EMAIL, "order_number": Kind.ORDER_ID, "phone": Kind.PHONE, "address": Kind.ADDRESS, "plate": Kind.TRACKING}
_DIALLED = re.compile(
    r"(?<![A-Za-z\d_.,\u20ac$\u00a3-])(?:(?:\+|00)?[(\uff08]?\d{2,5}"
    r"(?:[ \u00a0./()\uff08\uff09\u2010-\u2013\u2212\uff0d-]{1,3}\d{2,8}){1,5}"
    r"|\+?\d{9,14})(?![A-Za-z\d_-]|[.,]\d)"
)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,3}(?:[. \u00a0]\d{3})+")
_MIN_DIGITS, _MAX_DIGITS = 7, 16
_CODE_AND_TOWN = re.compile(
    r"(?i:\b(?:plz|postleitzahl|code postal|c[o\u00f3]digo postal|c[o\u00f3]d\. postal|cap|cep|c\.p\.|zip(?: code)?|postcode)"
    r"|\u90ae\u7f16|\u90ae\u653f\u7f16\u7801|\u90f5\u4fbf\u756a\u53f7)[:\uff1a]?\s?(?=[A-Z\d -]{0,6}\d)[A-Z\d][A-Z\d -]{3,9}"
    r"|\b\d{5}-\d{3}\b(?: [A-Z\u00c0-\u00de]\w+)?|\b\d{4}-\d{3} [A-Z\u00c0-\u00de]\w+|\bD-\d{5}\b|\u3012\s?\d{3}-?\d{4}"
)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z]\w*(?:\.\w+)*")
_MESSENGERS = frozenset({"wechat", "weixin", "vx", "wx", "qq", "line", "telegram", "instagram", "insta", "skype"})
_ACCOUNT = re.compile(
    rf"(?i:\u5fae\u4fe1\u53f7?|\b(?:{'|'.join(sorted(_MESSENGERS))})\b)[\s:\uff1a]{{0,3}}(?:id\b|ID\b|\u53f7|\u662f)?[\s:\uff1a]{{0,2}}"
    r"((?=[\w.-]*[\d_])[A-Za-z\d][A-Za-z\d_.-]{4,30})"
)
_IDENTITY = re.compile(
    r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b|\b\d{8}-?[A-HJ-NP-TV-Z]\b|\b[XYZ]-?\d{7}-?[A-Z]\b|\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b"
    r"|(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])|(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![\dA-Za-z])"
)
"""Numbers of persons: Brazil, Spain, Italy, the United States, China."""
_HONORIFIC = re.compile("(?<=.)(?:\u69d8|\u3055\u3093|\u3055\u307e)$")


def plain(text: str) -> str:
    """Text as a reader sees it: entities read, tags gone; `Anna <b>Schmidt</b>` is one line."""
    return _TAG.sub("\n", _INLINE_TAG.sub(" ", html.unescape(text)))


def find_entities(text: str, *, own: Sequence[str], has_names: bool) -> list[Entity]:
    """All data in a text, each piece once, in the order of the text.

    Args:
        own: The product's and the seller's names, which name no buyer.
        has_names: False for texts of the seller, in which a capitalised word is no buyer's name.
    """
    text = plain(text)
    # The guardrail takes a part of a word for a name of ours, so it is told none.
    document = read(CheckRequest(channel="", text=text))
    order = list(Kind)
    hits = (hit for hit in _find(document, has_names=has_names) if hit.kind is not Kind.ADDRESS or is_street(text[hit.start : hit.end]))
    ranked = sorted(hits, key=lambda f: (order.index(f.kind), f.start - f.end))
    kept: list[_Found] = []
    for found in ranked:
        if found.end > found.start and all(found.end <= other.start or found.start >= other.end for other in kept):
            kept.append(found)
    known = " \n ".join(own)
    pieces = (Entity(f.kind, _bare(text[f.start : f.end], f.kind), f.is_own) for f in sorted(kept))
    return [piece for piece in pieces if piece.text and not (piece.kind is Kind.NAME and says(known, piece.text))]


def _bare(piece: str, kind: Kind) -> str:
    """A name without the word of respect behind it, an address without the stop; both stay where they stand."""
    if kind is Kind.ADDRESS:
        return piece.strip(" \t\n.,;")
    return _HONORIFIC.sub("", piece.strip()) if kind is Kind.NAME else piece.strip()


@cache
def _checks() -> Mapping[Kind, TextCheck]:
    """The guardrail's own finders."""
    names = (Kind.EMAIL, Kind.ORDER_ID, Kind.IBAN, Kind.CARD, Kind.TRACKING, Kind.ADDRESS, Kind.PHONE)
    return {kind: compile_personal_data({"find": [kind.value]}) for kind in names}


@cache
def _titled() -> TextCheck:
    return compile_personal_data({"find": [Kind.NAME.value]})


def _find(document: Document, *, has_names: bool) -> Iterator[_Found]:
    text = document.text
    for kind, check in _checks().items():
        yield from (_Found(hit.start, _whole(text, hit.end, kind), kind, False) for hit in check(document))
    for datum in find_private_data(text, near_phone_words=[], near_plate_words=[]):
        kind = _TRIAGE_KINDS[datum.kind]
        yield _Found(datum.start, _whole(text, datum.end, kind), kind, False)
    for link in links_in(document):
        yield _Found(*document.folded.to_raw(link.start, link.end), Kind.LINK, False)
    yield from (_Found(start, end, Kind.ADDRESS, False) for start, end in find_addresses(text))
    for pattern, kind in ((_HANDLE, Kind.EMAIL), (_CODE_AND_TOWN, Kind.ADDRESS), (_IDENTITY, Kind.IDENTITY)):
        yield from (_Found(*match.span(), kind, False) for match in pattern.finditer(text))
    if not _MESSENGERS.isdisjoint(document.norms) or "\u5fae\u4fe1" in text:
        yield from (_Found(*match.span(1), Kind.EMAIL, False) for match in _ACCOUNT.finditer(text))
    for match in _DIALLED.finditer(text):
        if _MIN_DIGITS <= sum(map(str.isdigit, match.group())) <= _MAX_DIGITS and not _DATE.fullmatch(match.group()):
            yield _Found(*match.span(), Kind.PHONE, False)
    if has_names:
        names = (*find_names(text), *find_cjk_names(text))
        yield from (_Found(name.start, name.end, Kind.NAME, name.is_own) for name in names)
        # A word that begins a line is no name for standing below "Thanks".
        yield from (_Found(h.start, h.end, Kind.NAME, False) for h in _titled()(document) if text[h.start - 1 : h.start] != "\n")


def _whole(text: str, end: int, kind: Kind) -> int:
    """End of a piece; that of an address lies behind its flat and its town."""
    return end_of_address(text, end) if kind is Kind.ADDRESS else end
