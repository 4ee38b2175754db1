"""What the bought thing is called: a noun of `things` in `prompts/details/`, from the product's name or the buyer's own words."""

from __future__ import annotations

import re
from functools import lru_cache

from drafter.drafting.details import DetailBook
from drafter.scoring.words import SPACELESS

SOLE = frozenset({"food", "pet"})
"""Kinds of nouns of which one that stands alone in a review, without any rival, is the thing."""
_SUBJECT = r"(?:^|[.!?,\n]\s?)(?:\w+\s)?{}\s(?:is|are|was|were|came|arrived|tastes?|tasted|has|had|have|with|without)\b"
"""A noun of which a clause says something."""
MIN_SCORE = 3
"""Of a noun, from which it is taken for the thing: said with its article."""
_BEFORE_MORE = re.compile(r"\s+(?:with|for|by|in|from)\s|[,;:|/(\[]|\s[-–—]\s")
_AFTER_NOUN = re.compile(
    r"(?:\s+(?:\S*\d\S*|(?-i:[A-Z]{1,3})|sets? of|packs?|pairs?|count|pcs?|ct|x|pieces|bags?|box|gift|large|small|medium|mini|xl|of|"
    r"panels|black|white|grey|gray|"
    r"inch|inches|oz|ml|cm|mm|qt|quart|king|queen|twin|double|single|glass|ceramic|plastic|metal|bamboo|leather|silicone|wireless|cordless|"
    r"electric|kids|portable|rechargeable|litre|liter|kg|lbs?|ft|watt|gallon|piece|\w+\s+(?:&|and)\s+\w+|silver|gold|brass|red|blue|green|pink|navy|brown|beige|yellow|purple|round|square|oak|acacia|steel|stainless|wood|cotton))*\s*",
    re.IGNORECASE,
)
"""After the noun for a thing in a product's name: how many, how large, of which colour."""


_MODEL = re.compile(r"(?:\s+(?:[A-Z][\w'-]*|\d\S*))+")


def name_thing(text: str, title: str, book: DetailBook) -> str:
    """The noun that the review uses for the bought thing, title included; empty when it does not say so plainly."""
    if book.file.language in SPACELESS:
        return ""
    if title.strip().lower() in book.things:
        return title.strip().lower()
    pointing, after = ("|".join(words.split()) for words in (book.file.thing_pointed_at, book.file.thing_after))
    scores: dict[str, int] = {}
    # Hundreds of nouns, of which a review has a few: a pattern for each would cost more than the rest of the draft.
    said = text.lower()
    for noun, kind in book.things.items():
        if kind == "listed" or noun not in said:
            continue
        pointed = _count(rf"\b(?:{pointing})\s(?:\w+\s)?{re.escape(noun)}\b", text)
        named = 0 if kind == "part" else _count(rf"\b(?:{after})\s(?:\w+\s)?{re.escape(noun)}\b(?! of\b)", text)
        seen, titled = (_count(rf"\b{re.escape(noun)}\b", where) for where in (text, title))
        if pointed or named or (seen and kind in SOLE and (titled or _count(_SUBJECT.format(re.escape(noun)), text))):
            scores[noun] = 3 * pointed + 2 * named + seen + 2 * (titled if kind != "part" else 0)
    best = sorted(scores, key=lambda noun: (-scores[noun], -len(noun)))
    longer = [noun for noun in book.things if best and noun.endswith(f" {best[0]}") and _is_its_name(noun, best[0], text, title)]
    rivals = [scores[noun] for noun in best[1:] if best[0] not in noun and noun not in best[0]]
    if (
        not best
        or (scores[best[0]] < MIN_SCORE and (len(best) > 1 or book.things[best[0]] not in SOLE))
        or (rivals and rivals[0] * 3 > scores[best[0]] * 2)
    ):
        return ""
    return longer[0] if longer else best[0]


def _is_its_name(longer: str, noun: str, text: str, title: str) -> bool:
    """True when the thing is called by the longer name: in the title, or nearly always."""
    called = _count(rf"\b{re.escape(longer)}\b", text)
    return called > 0 and (called * 2 > _count(rf"\b{re.escape(noun)}\b", text) or longer.lower() in title.lower())


def _is_before_its_name(name: str, noun: str, end: int) -> bool:
    """True for a noun in small letters before what the maker calls it: "Trail shoes Fell 2"."""
    return name[end - len(noun) : end].islower() and _MODEL.fullmatch(name[end:]) is not None


def _count(pattern: str, text: str) -> int:
    return len(_compiled(pattern).findall(text))


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern about one noun: there are more nouns than patterns that `re` itself keeps, and compiling takes longer than looking."""
    return re.compile(pattern, re.IGNORECASE)


def name_in_title(title: str, book: DetailBook) -> str:
    """The noun in a product's name that the words before it describe; empty when it is none of ours."""
    name = _BEFORE_MORE.split(title, maxsplit=1)[0]
    # As above: only nouns that the name has cost a pattern.
    lowered = name.lower()
    said = [noun for noun in book.things if noun in lowered]
    places = {noun: m.end() for noun in said for m in _compiled(rf"\b{re.escape(noun)}\b").finditer(name)}
    last = {noun: end for noun, end in places.items() if _AFTER_NOUN.fullmatch(name[end:]) or _is_before_its_name(name, noun, end)}
    return max(last, key=lambda noun: (last[noun], len(noun)), default="")
