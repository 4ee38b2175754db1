"""Postal addresses as reviews give them: streets with their flats and towns, boxes, a postal code with its town.

The guardrail's own finder knows what a reply of ours may not show; a buyer's signature has more forms. Words are content:
`guardrails/privacy/addresses.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from drafter.content import find_content_root, sections_of
from drafter.privacy.cjk_names import HAN, HAS_CJK
from drafter.privacy.names import either

_CAP = r"[A-Z\u00c0-\u00de\u0150-\u017d][\w'\u2019.-]*"
_NUMBER = r"\d{1,5}(?:[-/\u2013]\d{1,4})?(?!\d)(?:\s?[/-]?\s?[A-Za-z]\b)?"
_CODE = r"(?:[A-Z]{1,2}[-\u2013 ])?\d{4,5}(?:-\d{3,4})?"
_TOWN_WORD = r"[A-Z\u00c0-\u00de\u0150-\u017d](?:[^\W\d_]|['\u2019-](?=[^\W\d_]))+"
_TOWN = rf"{_TOWN_WORD}(?:[ -](?:(?:am|an der|im|in|le|la|les|de|do|da|del|sur|sous|upon|on|di) )?{_TOWN_WORD}){{0,2}}"
_UK_CODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
_SEPARATOR = r"(?:\s*[,;|\u00b7\u2013-]\s*|\s{1,2}|\s*\()"
_CODED = re.compile(r"\d{4,5}(?:-\d{3,4})? [A-Z\u00c0-\u017d]|[A-Z] \d{5}|\d[A-Z]?\d? \d[A-Z]{2}").search
_DIGIT = re.compile(r"\d").search


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled words of `addresses.yaml`."""

    heads: tuple[re.Pattern[str], ...]
    """Streets and boxes; what else belongs to them follows."""
    whole: tuple[re.Pattern[str], ...]
    """Addresses that are complete as they are found; the first group is the address."""
    tail: re.Pattern[str]
    cjk: tuple[re.Pattern[str], ...]
    not_streets: frozenset[str]


@cache
def _words() -> _Words:
    """Words of `guardrails/privacy/addresses.yaml`.

    Raises:
        ContentError: a section is missing.
    """
    with sections_of(find_content_root() / "guardrails" / "privacy" / "addresses.yaml") as raw:
        compass, ends, starts, units = (either(raw[key]) for key in ("compass", "street_ends", "street_starts", "units"))
        small, places, not_towns = either(raw["particles"]), either(raw["german_places"]), either(raw["not_towns"])
        name = rf"(?:(?:{small})[ ']?){{0,3}}{_CAP}(?: (?:(?:{small})[ ']?){{0,3}}{_CAP}){{0,4}}"
        town = rf"(?!(?:{not_towns})\b){_TOWN}"
        heads = (
            rf"(?<![\w.,])\d{{1,5}}[A-Za-z]?,? (?:(?:{compass})\.? )?"
            rf"(?:(?:{_CAP}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,4}}?(?i:{ends})\b\.?(?: (?:{compass})\b)?",
            rf"(?<![\w.,])\d{{1,4}}(?: ?(?:bis|ter|[A-Da-d]))?,? (?i:{starts})\s?{name}",
            rf"(?<!\w)(?i:{starts})\s?{name},?\s(?:n\.?[\u00bao\u00b0]?\.?\s?)?{_NUMBER}",
            rf"(?<!\w)(?i:{either(raw['boxes'])})[\s:]{{0,2}}(?:n\.?[\u00bao\u00b0]\s?)?\d[\d ]{{0,8}}",
        )
        whole = (
            # What a house number ends and a postal code with its town follows is a street, whatever its name.
            rf"(?<!\w)((?:(?:(?i:{places})|{_CAP}) ){{1,5}}{_NUMBER}[,\s|\u2013-]{{1,3}}{_CODE} {town})",
            rf"(?:(?<=[,;:|\n])|^)[ \t]*({_CODE}[ ]{town}(?: ?\([A-Z]{{2}}\))?)(?=[ \t]*(?:[,.;|\n]|$))",
            rf"(?<!\w)({_TOWN_WORD} {_UK_CODE})",
            rf"(?<!\w)({town}, [A-Z]{{2}} \d{{5}}(?:-\d{{4}})?)\b",
        )
        return _Words(
            tuple(map(re.compile, heads)), tuple(map(re.compile, whole)), _tail(units, town), _cjk(raw), frozenset(raw["not_streets"])
        )


def _tail(units: str, town: str) -> re.Pattern[str]:
    """What may follow a street: a flat, a floor, a postal code with a town, a state."""
    return re.compile(
        rf",?\s{_TOWN},? [A-Z]{{2}} \d{{5}}(?:-\d{{4}})?"
        rf"|{_SEPARATOR}(?:(?i:{units})\.?\s?(?:n\.?[\u00bao\u00b0]\s?)?(?:\d{{1,4}}\s?[A-Za-z]?|[A-Z])\b[\u00ba\u00b0\u00aa.]?"
        rf"|\d{{1,2}}\.?[\u00ba\u00aa\u00b0]\.?(?:\s?(?:[A-H]\b|(?i:esq|dto|dir|izq|dcha|izda)\b\.?))?"
        rf"|{_CODE} {town}(?: ?\([A-Z]{{2}}\))?|{_UK_CODE}|[A-Z]{{2}} \d{{5}}(?:-\d{{4}})?)"
        rf"|,\s{town}(?:,? [A-Z]{{2}}\b(?: \d{{5}}(?:-\d{{4}})?)?)?(?=[,.;\n)]|\s?[-\u2013(]|\s*$|\s[A-Z]|\s\d)"
    )


def _cjk(raw: Any) -> tuple[re.Pattern[str], ...]:
    """Japanese addresses down to the building, Chinese ones down to the room."""
    digit = r"[\d\uff10-\uff19\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]"
    part = f"[{HAN}\u30a1-\u30fa\u30fc\u30f6\u30f5]"
    block = rf"{digit}{{1,4}}(?:\u4e01\u76ee|\u756a\u5730?|\u53f7|\u53f7\u5ba4|\u968e|[-\u2010\u2212\uff0d\u30fc\u2013](?={digit})|)"
    ja_start = (
        rf"(?:\u3012?\s?\d{{3}}-?\d{{4}}\s*)?"
        rf"(?:{part}{{2,3}}?[\u90fd\u9053\u5e9c\u770c])?(?:{part}{{1,6}}?[\u5e02\u533a\u753a\u6751\u90e1]){{1,3}}"
    )
    ja_number = rf"{digit}{{1,4}}(?:\u4e01\u76ee|\u756a\u5730|\u756a\d|[-\u2010\u2212\uff0d\u2013](?={digit}))"
    ja = rf"{ja_start}{part}{{0,10}}?{ja_number}(?:{block}){{0,4}}(?:\s?{part}{{2,12}}\s?\d{{2,4}}(?:\u53f7\u5ba4?)?)?"
    province = rf"(?:(?:{either(raw['zh_provinces'])})(?:\u7701|\u5e02|\u81ea\u6cbb\u533a)?)?"
    levels = (
        rf"(?:[{HAN}]{{2,4}}?[\u5e02\u5dde\u76df])?(?:[{HAN}]{{1,5}}?[\u533a\u53bf\u65d7])?"
        rf"(?:[{HAN}]{{2,5}}?(?:\u9547|\u4e61|\u8857\u9053))?"
    )
    road = (
        rf"[{HAN}]{{1,8}}?(?:\u8def|\u8857|\u5927\u9053|\u5df7|\u5f04|\u80e1\u540c)"
        rf"[\u4e1c\u897f\u5357\u5317\u4e2d]?(?:[\u4e00-\u9fff]?\u6bb5)?\s?\d{{1,5}}\s?[\u53f7\u5f04]?"
    )
    room = (
        r"(?:[\s,\uff0c]?(?:\d{1,4}|[A-Z\u7532\u4e59\u4e00\u4e8c\u4e09\u56db\u4e94\u516d])"
        r"(?:\u53f7\u697c|\u680b|\u5e62|\u5355\u5143|\u5ba4|\u697c|\u5c42|\u5ea7|\u53f7)){0,5}"
    )
    zh = rf"(?![{raw['zh_before']}]){province}{levels}{road}{room}"
    return re.compile(ja), re.compile(zh)


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand, in no order; some may overlap."""
    if not _DIGIT(text):
        return
    words = _words()
    for pattern in words.heads:
        yield from ((match.start(), end_of_address(text, match.end())) for match in pattern.finditer(text))
    whole = words.whole if _CODED(text) else ()
    yield from (match.span(1) for pattern in whole for match in pattern.finditer(text))
    if HAS_CJK(text):
        yield from (match.span() for pattern in words.cjk for match in pattern.finditer(text))


def is_street(piece: str) -> bool:
    """False for what only looks like a street: `via USB 3`."""
    return _words().not_streets.isdisjoint(piece.split())


def end_of_address(text: str, end: int) -> int:
    """End of an address with the flat, the postal code and the town behind the street."""
    while (more := _words().tail.match(text, end)) is not None and more.end() > end:
        end = more.end()
    return end
