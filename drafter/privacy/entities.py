"""Data in a text that names or reaches a person: what the guardrail and triage look for already, and names.

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
from drafter.privacy.names import find_names
from drafter.triage.private_data import find_private_data


class Kind(StrEnum):
    """What is masked; the first that fits wins where two lie in one place."""

    EMAIL = "email"
    LINK = "link"
    ORDER_ID = "order_id"
    IBAN = "iban"
    CARD = "card"
    TRACKING = "tracking"
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


_TAG = re.compile(r"<[^<>]{1,200}>")
_TRIAGE_KINDS = {"email": Kind.EMAIL, "order_number": Kind.ORDER_ID, "phone": Kind.PHONE, "address": Kind.ADDRESS, "plate": Kind.TRACKING}
_DIALLED = re.compile(
    r"(?<![A-Za-z\d_.,\u20ac$\u00a3-])(?:(?:\+|00)?[(\uff08]?\d{2,5}(?:[ \u00a0./()\uff08\uff09\u2010-\u2013-]{1,3}\d{2,8}){1,5}"
    r"|\+?\d{9,14})(?![A-Za-z\d_-]|[.,]\d)"
)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,3}(?:[. \u00a0]\d{3})+")
_MIN_DIGITS, _MAX_DIGITS = 7, 16
_PLACE_AFTER = re.compile(
    r"[,\s\u3000]{1,3}(?:[A-Z]{1,2}-)?\d{4,6}(?:-\d{3,4})?[ \u00a0]+[A-Z\u00c0-\u00de][\w-]+(?:[ -][A-Z\u00c0-\u00de][\w-]+){0,2}"
)
"""Postal code and town behind a street."""
_CODE_AND_TOWN = re.compile(
    r"(?i:\b(?:plz|postleitzahl|code postal|c[o\u00f3]digo postal|c[o\u00f3]d\. postal|cap|cep|c\.p\.|zip(?: code)?|postcode)"
    r"|\u90ae\u7f16|\u90ae\u653f\u7f16\u7801|\u90f5\u4fbf\u756a\u53f7)[:\uff1a]?\s?(?=[A-Z\d -]{0,6}\d)[A-Z\d][A-Z\d -]{3,9}"
    r"|\b\d{5}-\d{3}\b|\b\d{4}-\d{3} [A-Z\u00c0-\u00de]\w+|\bD-\d{5}\b"
)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z]\w*(?:\.\w+)*")


def plain(text: str) -> str:
    """Text as a reader sees it: entities read, tags gone."""
    return _TAG.sub("\n", html.unescape(text))


def find_entities(text: str, *, own: Sequence[str], has_names: bool) -> list[Entity]:
    """All data in a text, each piece once, in the order of the text.

    Args:
        own: The product's and the seller's names, which name no buyer.
        has_names: False for texts of the seller, in which a capitalised word is no buyer's name.
    """
    text = plain(text)
    document = read(CheckRequest(channel="", text=text, names=tuple(own)))
    order = list(Kind)
    ranked = sorted(_find(document, has_names=has_names), key=lambda f: (order.index(f.kind), f.start - f.end))
    kept: list[_Found] = []
    for found in ranked:
        if found.end > found.start and all(found.end <= other.start or found.start >= other.end for other in kept):
            kept.append(found)
    known = " ".join(own).casefold()
    pieces = (Entity(f.kind, text[f.start : f.end].strip(), f.is_own) for f in sorted(kept))
    return [piece for piece in pieces if piece.text and not (piece.kind is Kind.NAME and piece.text.casefold() in known)]


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
        yield from (_Found(hit.start, _with_town(text, hit.end, kind), kind, False) for hit in check(document))
    for datum in find_private_data(text, near_phone_words=[], near_plate_words=[]):
        kind = _TRIAGE_KINDS[datum.kind]
        yield _Found(datum.start, _with_town(text, datum.end, kind), kind, False)
    for link in links_in(document):
        yield _Found(*document.folded.to_raw(link.start, link.end), Kind.LINK, False)
    for pattern, kind in ((_HANDLE, Kind.EMAIL), (_CODE_AND_TOWN, Kind.ADDRESS)):
        yield from (_Found(*match.span(), kind, False) for match in pattern.finditer(text))
    for match in _DIALLED.finditer(text):
        if _MIN_DIGITS <= sum(map(str.isdigit, match.group())) <= _MAX_DIGITS and not _DATE.fullmatch(match.group()):
            yield _Found(*match.span(), Kind.PHONE, False)
    if has_names:
        yield from (_Found(name.start, name.end, Kind.NAME, name.is_own) for name in find_names(text))
        # A word that begins a line is no name for standing below "Thanks".
        yield from (_Found(h.start, h.end, Kind.NAME, False) for h in _titled()(document) if text[h.start - 1 : h.start] != "\n")


def _with_town(text: str, end: int, kind: Kind) -> int:
    """End of an address with the postal code and the town behind it."""
    after = _PLACE_AFTER.match(text, end) if kind is Kind.ADDRESS else None
    return after.end() if after else end
