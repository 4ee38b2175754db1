"""A listing title, shortened to what a person would call the thing."""

from __future__ import annotations

import re

from drafter.scoring.words import SPACELESS

MAX_WORDS = 6
"""A name longer than this reads like a listing; then the thing is called by a plain word instead."""
MAX_CHARS = 48

_CUT = re.compile(r"\s*(?:[,;:|/(\[\u3001\uff0c\uff1b\uff1a\uff08\u3010]|\s[-–—]\s).*", re.DOTALL)
_TAIL = {
    "en": r"\s+(?:with|for|by|in|from|made)\s.*",
    "de": r"\s+(?:mit|für|von|aus|in|inkl\.?)\s.*",
    "fr": r"\s+(?:avec|pour|de marque|en)\s.*",
    "es": r"\s+(?:con|para|en)\s.*",
    "it": r"\s+(?:con|per|in)\s.*",
    "pt": r"\s+(?:com|para|em)\s.*",
}
_UNNAMEABLE = re.compile(r"[<>{}@#$€£%!?\"“”„«»*_=\\]|https?:|www\.|\b\w+\.(?:com|net|org|de|cn)\b", re.IGNORECASE)
_UNITS = "mm|cm|m|ml|l|g|kg|oz|lb|inch|in|w|v|mah|gb|tb|ft|psi|pcs|pack|piece|count|ct"
_MEASURE = re.compile(rf"\s+\d[\d.,x×]*(?:\s*[x×]\s*\d[\d.,]*)?[\s-]*(?:{_UNITS})?\b\.?$", re.IGNORECASE)
_FIRST_MEASURE = re.compile(rf"^\d[\d.,]*[\s-]*(?:{_UNITS})\s+", re.IGNORECASE)
_FOR_WHOM = frozenset(["ブランド", "レディース", "メンズ", "キッズ", "男女兼用", "女士", "男士", "儿童", "新款"])


def short_title(title: str, brand: str, language: str) -> str:
    """Short name of a product, or an empty string when the title yields none that reads well."""
    name = _CUT.sub("", " ".join(title.split()))
    if len(name.split()) > 3 and language in _TAIL:
        name = re.sub(_TAIL[language], "", name, flags=re.IGNORECASE)
    if language in {"en", "de"}:
        name = _without_brand(name, brand)
    name = _core(name, brand) if language in SPACELESS else _FIRST_MEASURE.sub("", _MEASURE.sub("", name))
    name = re.sub(r"\s+(?:of|for|with|and|the|de|di|da|von|mit|für|con|per|para|pour|avec|com)$", "", name, flags=re.IGNORECASE)
    if not name or _UNNAMEABLE.search(name) or len(name) > MAX_CHARS or len(name.split()) > MAX_WORDS:
        return ""
    return name if any(c.isalpha() for c in name) else ""


def _core(name: str, brand: str) -> str:
    """The longest word of a Chinese or Japanese title that is neither brand, measure, nor for whom it is."""
    words = [w for w in name.split() if not re.search(r"[0-9A-Za-z]", w) and w not in brand and w not in _FOR_WHOM and len(w) > 1]
    return max(words, key=len, default="")


def _without_brand(name: str, brand: str) -> str:
    """The name without the brand, or the brand's first word, in front, when enough is left to name the thing."""
    first = "" if "&" in brand else brand.split(" ")[0]
    for front in (brand, first):
        if front and name.casefold().startswith(front.casefold() + " ") and len(name) > len(front) + 3:
            return name[len(front) + 1 :]
    return name
