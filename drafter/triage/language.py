"""The language of a text: script first, then small words, then a statistical detector for what is left in doubt.

Small words (`the`, `und`, `que`) decide nearly every review in microseconds. The detector is restricted to twenty languages, loaded on
first need, and believed only when it is sure; otherwise the answer is `und`, which is honest for `ok ok ok`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

from drafter.triage.function_words import LETTERS, function_words

UNKNOWN = "und"
MIN_EVIDENCE = 2.0
"""Weight of small words and letters from which no detector is asked."""
MIN_LEAD = 1.35
"""The first language has this many times the evidence of the second."""
KNOWN_WORD = 0.7
"""Weight of a word that a lexicon knows; prefixes make it know some foreign ones."""
MIN_CONFIDENCE = 0.5
"""Of the detector, for its answer to be taken."""
FEW_WORDS = 3
SURE = 0.75
"""Up to as many words, one that a lexicon knows says more than the detector, unless that is as sure as this: `Broken` is no Dutch."""

_KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ko": re.compile("[\uac00-\ud7af]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
}
_NOISE = re.compile(
    r"<!--.{0,800}?-->|```.{0,800}?```|\{[^{}]{0,800}\}|</?[a-zA-Z][^<>]{0,200}>|https?://\S{1,300}|(?<!\S)\S{1,64}@\S{1,64}|www\.\S{1,300}|(?<!\S)(?:[\w-]{1,63}\.){1,4}[a-z]{2,6}/\S{0,300}",
    re.DOTALL,
)


def detect(text: str, *, count_known: Callable[[str], Mapping[str, int]] | None = None) -> str:
    """BCP 47 primary tag of the language most of the text is in, or `und`.

    Args:
        count_known: Words of a text that each language's lexicon knows; asked only where small words leave a doubt.
    """
    text = _NOISE.sub(" ", text)
    script = _by_script(text)
    if script:
        return script
    best = score_words(text)
    if best and best[0][1] >= MIN_EVIDENCE and (len(best) == 1 or best[0][1] >= MIN_LEAD * best[1][1]):
        return best[0][0]
    if count_known is not None:
        best = _with_vocabulary(best, count_known(text))
        if best and best[0][1] >= MIN_EVIDENCE and (len(best) == 1 or best[0][1] >= MIN_LEAD * best[1][1]):
            return best[0][0]
    return _in_doubt(text, best)


@lru_cache(maxsize=64)
def score_words(text: str) -> Sequence[tuple[str, float]]:
    """Languages with their evidence, the strongest first: small words, each weighed by how few languages share it, and own letters."""
    evidence: dict[str, float] = {}
    lowered = text.lower().replace("’", "'")
    known = function_words()
    for word in _WORD.findall(lowered):
        for part in (word, *word.split("'")) if "'" in word else (word,):
            for language, weight in known.get(part, ()):
                evidence[language] = evidence.get(language, 0.0) + weight
    if not lowered.isascii():
        for letter, languages in LETTERS.items():
            seen = lowered.count(letter)
            for language in languages if seen else ():
                evidence[language] = evidence.get(language, 0.0) + min(seen, 3) / len(languages)
    return tuple(sorted(evidence.items(), key=lambda item: (-item[1], item[0])))


def tell_tongues(text: str) -> dict[str, str]:
    """Small words that only one language has, in order, each with its language; two letters are too few to tell."""
    known = function_words()
    owned = {word: known[word] for word in _WORD.findall(text.lower().replace("’", "'")) if len(word) > 2 and word in known}
    return {word: owners[0][0] for word, owners in owned.items() if len(owners) == 1}


def _with_vocabulary(evidence: Sequence[tuple[str, float]], known: Mapping[str, int]) -> list[tuple[str, float]]:
    """Evidence, with what lexicons know added; words of complaint tell languages apart nearly as well as small ones."""
    weights = dict(evidence)
    for language, words in known.items():
        weights[language] = weights.get(language, 0.0) + KNOWN_WORD * words
    return sorted(weights.items(), key=lambda item: (-item[1], item[0]))


def _by_script(text: str) -> str | None:
    """Language of a script that is one language's own; None for Latin letters or none at all."""
    if text.isascii():
        return None
    latin = len(_LATIN.findall(text))
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    if (kana + han) * 3 > latin and kana + han > 0:
        return "ja" if kana >= 0.08 * (kana + han) else "zh"
    for language, letters in _SCRIPTS.items():
        if len(letters.findall(text)) > latin:
            return language
    return None


def _in_doubt(text: str, evidence: Sequence[tuple[str, float]]) -> str:
    """The detector's answer where it is sure or the small words agree, else the small words' own, else `und`."""
    letters = len(_LATIN.findall(text))
    best, weight = evidence[0] if evidence else (UNKNOWN, 0.0)
    if letters < 4:
        return UNKNOWN
    guess, confidence = _ask_detector(text[:400])
    support = dict(evidence).get(guess, 0.0)
    if evidence and not support and confidence < SURE and len(_WORD.findall(text)) <= FEW_WORDS:
        return best
    if confidence >= MIN_CONFIDENCE or (support and support >= 0.6 * weight and confidence >= MIN_CONFIDENCE / 2):
        return guess
    return best if weight >= MIN_EVIDENCE / 2 else UNKNOWN


@lru_cache(maxsize=256)
def _ask_detector(text: str) -> tuple[str, float]:
    values = _detector().compute_language_confidence_values(text)
    if not values:
        return UNKNOWN, 0.0
    return values[0].language.iso_code_639_1.name.lower(), values[0].value


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    """The detector; slow to load, and most texts never need it."""
    from lingua import Language, LanguageDetectorBuilder

    languages = [
        Language.ENGLISH, Language.GERMAN, Language.FRENCH, Language.SPANISH, Language.ITALIAN, Language.PORTUGUESE, Language.DUTCH,
        Language.SWEDISH, Language.POLISH, Language.TURKISH, Language.DANISH, Language.FINNISH, Language.CZECH, Language.ROMANIAN,
        Language.HUNGARIAN, Language.BOKMAL, Language.CATALAN, Language.INDONESIAN, Language.VIETNAMESE,
    ]  # fmt: skip
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
