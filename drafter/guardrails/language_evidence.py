"""Which language a text is in, from its scripts and its small words; a statistical model only where these do not say.

Small words come from `guardrails/languages/_function_words.yaml`. The model (lingua, low accuracy, a few languages) costs a quarter of
a second to load and is asked about one text in a hundred.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from drafter.content import find_content_root, read_yaml
from drafter.errors import ContentError

SCRIPTS: Mapping[str, str] = {
    "kana": "\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "cyrillic": "\u0400-\u052f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff",
    "hebrew": "\u05d0-\u05ea",
    "devanagari": "\u0904-\u0939\u0958-\u0961",
    "thai": "\u0e01-\u0e33\u0e40-\u0e46",
    "other": "\u0531-\u0588\u0985-\u0df3\u0e81-\u0ec6\u1000-\u109f\u10a0-\u10ff\u1200-\u137f\u1780-\u17b3",
}
"""Letters by script, as the inside of a character class; Latin is the rest."""
_OF_SCRIPT = {name: re.compile(f"[{letters}]") for name, letters in SCRIPTS.items()}
SCRIPT_OF: Mapping[str, str] = {
    "ko": "hangul", "ru": "cyrillic", "uk": "cyrillic", "bg": "cyrillic", "sr": "cyrillic", "el": "greek", "ar": "arabic", "fa":
    "arabic", "ur": "arabic",
    "he": "hebrew", "hi": "devanagari", "mr": "devanagari", "ne": "devanagari", "th": "thai",
}  # fmt: skip
_LANGUAGE_OF = {
    "hangul": "ko", "cyrillic": "ru", "greek": "el", "arabic": "ar", "hebrew": "he", "devanagari": "hi", "thai": "th", "other": "und",
}  # fmt: skip
MODEL_LANGUAGES = frozenset({"en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "tr", "cs", "ca", "ro"})
_MODEL_NAMES = "ENGLISH GERMAN FRENCH SPANISH ITALIAN PORTUGUESE DUTCH SWEDISH DANISH POLISH TURKISH CZECH CATALAN ROMANIAN"
_SURE = 0.9
_FEW_WORDS = 4


@dataclass(frozen=True, slots=True)
class SmallWords:
    """Small words by language, and for each language those of others that it cannot be mistaken for."""

    by_language: Mapping[str, frozenset[str]]
    languages_of: Mapping[str, tuple[str, ...]]
    strange_to: Mapping[str, frozenset[str]]
    """By language: words that are small words elsewhere and none there."""
    loans: frozenset[tuple[str, ...]]
    """Phrases that other languages write as their own."""


@cache
def small_words() -> SmallWords:
    """The file, read once.

    Raises:
        ContentError: a language has no list of words.
    """
    path = find_content_root() / "guardrails" / "languages" / "_function_words.yaml"
    raw: Any = read_yaml(path)
    loans = raw.pop("loans", None) if isinstance(raw, dict) else None
    if not isinstance(loans, list) or not all(isinstance(key, str) and isinstance(words, str) for key, words in raw.items()):
        message = "there is no list `loans`, or a language without its one line of words"
        raise ContentError(path, message, hint="put the language `no` in quotation marks")
    by_language = {language: frozenset(words.split()) for language, words in raw.items()}
    languages_of: dict[str, tuple[str, ...]] = {}
    for language, words in by_language.items():
        for word in words:
            languages_of[word] = (*languages_of.get(word, ()), language)
    everything = frozenset(languages_of)
    strange_to = {language: everything - words for language, words in by_language.items()}
    return SmallWords(by_language, languages_of, strange_to, frozenset(tuple(phrase.split()) for phrase in loans))


def script_shares(text: str) -> dict[str, float]:
    """Share of each script among the letters of a text, Latin included; empty when it has none."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _OF_SCRIPT.items()} if not text.isascii() else {}
    others = sum(counts.values())
    latin = sum(map(str.isalpha, text)) - others
    total = latin + others
    if total <= 0:
        return {}
    return {name: count / total for name, count in (*counts.items(), ("latin", latin)) if count > 0}


def count_small_words(norms: Sequence[str]) -> dict[str, int]:
    """How many words of a text are small words of each language."""
    counts: dict[str, int] = {}
    languages_of = small_words().languages_of
    for norm, count in Counter(norms).items():
        for language in languages_of.get(norm, ()):
            counts[language] = counts.get(language, 0) + count
    return counts


def evident_language(text: str, norms: Sequence[str]) -> str | None:
    """Language that scripts and small words show; None when they do not say, `und` for a script that we tell no languages of."""
    shares = script_shares(text)
    if not shares:
        return None
    script = max(shares, key=lambda name: shares[name])
    if script in ("kana", "han") or shares.get("kana", 0) + shares.get("han", 0) > _MOSTLY_CJK:
        return "ja" if shares.get("kana", 0) > _SOME_KANA else "zh"
    if script != "latin":
        return _LANGUAGE_OF[script]
    if not text.isascii() and len(_VIETNAMESE.findall(text)) > len(norms) * 0.15:
        return "vi"
    counts = count_small_words(norms)
    words = sum(norm[0].isalpha() for norm in norms)
    if words < _FEW_WORDS or not counts:
        return None
    ranked = sorted(counts, key=lambda language: (-counts[language], language))
    best = counts[ranked[0]]
    second = counts[ranked[1]] if len(ranked) > 1 else 0
    is_clear = best >= 3 and best >= 1.3 * second and best >= 0.12 * words
    is_clear = is_clear or (best == 2 > second and words == _FEW_WORDS)
    return ranked[0] if is_clear else None


_MOSTLY_CJK, _SOME_KANA = 0.4, 0.08
_VIETNAMESE = re.compile("[\u01a0\u01a1\u01af\u01b0\u0110\u0111\u1ea0-\u1ef9]")


def likely_language(norms: Sequence[str]) -> str | None:
    """Language by letter statistics, where small words do not say; None when that is not sure either."""
    words = [norm for norm in norms if norm[0].isalpha()]
    return _ask_model(" ".join(words[:60])) if len(words) > _FEW_WORDS else None


@lru_cache(maxsize=256)
def _ask_model(text: str) -> str | None:
    """Language by letter statistics; None when it is not sure."""
    ranking = _model().compute_language_confidence_values(text)
    if not ranking or ranking[0].value < _SURE:
        return None
    return str(ranking[0].language.iso_code_639_1.name).lower()


@cache
def _model() -> Any:
    """The statistical model; loaded on first use."""
    from lingua import Language, LanguageDetectorBuilder

    languages = [getattr(Language, name) for name in _MODEL_NAMES.split()]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
