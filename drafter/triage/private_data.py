"""Personal data, links and order numbers in a review: shapes, confirmed by the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ORDER_NUMBER = re.compile(r"(?<![\d-])\d{3}-\d{7}-\d{7}(?![\d-])")
EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|＠|\(at\)|\[at\]|\sat\s(?=\w+\sdot\s))\s?[\w-]{1,63}(?:(?:\.|\sdot\s|\(dot\)|\[dot\])[\w-]{1,63}){1,5}"
)
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'）)」]+|(?<![\w@.])(?:[\w-]{1,63}\.){1,5}"
    r"(?:com|net|org|info|biz|shop|store|online|site|io|me|tv|xyz|app|example|test|invalid|de|fr|es|it|pt|jp|cn|uk|eu|ca|mx|br|co\.uk|co\.jp|com\.br|nl|pl|se)"
    r"(?![\w.-]*@)(?=[/?\s,;:.!)」。、]|$)(?:/[^\s<>\"')」]*)?",
    re.IGNORECASE,
)
_AMAZON = re.compile(
    r"(?:https?://)?(?:www\.|smile\.)?(?:amazon\.(?:com?\.)?[a-z]{2,3}|amzn\.(?:to|eu|com|asia))(?:[/?]\S*)?$", re.IGNORECASE
)
_AFFILIATE = re.compile(r"[?&](?:tag|ascsubtag|linkcode)=", re.IGNORECASE)
_PHONE = re.compile(r"(?<![A-Za-z0-9_.,/-])(?:\+|00)?\(?\d{1,5}\)?(?:[ .\-/]?\(?\d{2,5}\)?){1,6}(?![A-Za-z0-9_-]|[.,]\d)")
_STREET = re.compile(
    r"\b\d{1,4}[a-z]?,? (?:[A-Z][\w'-]+ ){1,3}"
    r"(?:[Ss]treet|St\.|[Rr]oad|Rd\.|[Aa]venue|Ave\.?|[Ll]ane|Drive|Close|Way|Court|Boulevard|Blvd|Crescent|Square|Row|Place|Gardens|Grove|Mews|Terrace|Walk|Yard|Rise|Parade|Quay)\b"
    r"|\b[A-ZÄÖÜ][\wäöüß-]{0,60}(?:straße|strasse|str\.|weg|gasse|allee|platz) ?\d{1,4}\b"
    r"|\b\d{1,4},? (?:bis |ter )?(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Ii]mpasse|[Cc]hemin|[Aa]llée) "
    r"(?:(?:de|du|des|la|le|l['’]) ?){0,3}[A-ZÉÈ][\w'’-]+"
    r"|\b(?:[Cc]alle|C/|[Aa]venida|Avda\.?|[Pp]laza|[Pp]aseo|[Rr]ua|[Tt]ravessa|[Ll]argo|[Pp]raça|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso) "
    r"(?:(?:de|del|da|do|dos|das|della|dei|la|las|los|el|di) ){0,4}[A-ZÁÉÍÓÚ][\w'’]+(?: [A-ZÁÉÍÓÚ][\w'’]+){0,3},? (?:n[ºo°.]\s?)?\d{1,4}\b"
    r"|〒?\d{3}-\d{4}\s?\S{2,4}[都道府県]|[\u4e00-\u9fff]{2,20}(?:丁目|番地)|[\u4e00-\u9fff]{2,8}[路街]\d+[号弄]"
)
_PLATE = re.compile(r"\b(?=[A-Z0-9 -]{5,11}\b)(?=[A-Z -]{0,10}\d)[A-Z]{1,3}[ -]?[A-Z0-9]{1,4}[ -]?[A-Z0-9]{1,4}\b")
_AT = re.compile(r"[@＠]|[(\[]at[)\]]|\sat\s\w+\sdot\s")
_DIGIT = re.compile(r"\d")
MIN_PHONE_DIGITS = 7
SURE_PHONE_DIGITS = 9
MAX_PHONE_DIGITS = 15


@dataclass(frozen=True, slots=True)
class PrivateDatum:
    """One piece of data that names or reaches a person."""

    kind: str
    start: int
    end: int


def find_private_data(text: str, *, near_phone_words: list[tuple[int, int]], near_plate_words: list[tuple[int, int]]) -> list[PrivateDatum]:
    """E-mail addresses, telephone and order numbers, postal addresses and plates.

    Args:
        near_phone_words: Where words such as `ring me` stand; a short number is a telephone only near one.
        near_plate_words: Likewise for number plates.
    """
    found = [PrivateDatum("email", *m.span()) for m in EMAIL.finditer(text)] if _AT.search(text) else []
    if not _DIGIT.search(text):
        return found
    found += [PrivateDatum("order_number", *m.span()) for m in ORDER_NUMBER.finditer(text)]
    taken = [(d.start, d.end) for d in found]
    for start, end in _phones(text, near_phone_words):
        if not any(start < b and a < end for a, b in taken):
            found.append(PrivateDatum("phone", start, end))
    found += [PrivateDatum("address", *m.span()) for m in _STREET.finditer(text)]
    if near_plate_words:
        found += [PrivateDatum("plate", *m.span()) for m in _PLATE.finditer(text) if _is_near(m.span(), near_plate_words, 30)]
    return sorted(found, key=lambda d: d.start)


def _phones(text: str, cues: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for match in _PHONE.finditer(text):
        digits = sum(c.isdigit() for c in match[0])
        if not MIN_PHONE_DIGITS <= digits <= MAX_PHONE_DIGITS:
            continue
        is_dialled = match[0][0] in "+0(" and digits >= SURE_PHONE_DIGITS and not match[0].isdigit()
        if _is_near(match.span(), cues, 60) or is_dialled:
            yield match.span()


def _is_near(span: tuple[int, int], cues: list[tuple[int, int]], reach: int) -> bool:
    return any(span[0] - reach <= end and start <= span[1] + reach // 2 for start, end in cues)


def find_links(text: str) -> list[tuple[int, int]]:
    """Links that lead off Amazon, or carry an affiliate tag."""
    links = []
    for match in LINK.finditer(text):
        if match.start() and text[match.start() - 1] == "@":
            continue
        link = match[0].rstrip(".,;:!?")
        if not _AMAZON.match(link) or _AFFILIATE.search(link):
            links.append((match.start(), match.start() + len(link)))
    return links
