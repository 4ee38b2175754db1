"""Words around addresses and numbers, from `guardrails/languages/_contact_words.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from drafter.content import find_content_root, sections_of

_CJK_START = "\u3000"
_LISTS = ("at", "dot", "maybe_dot", "slash", "dash", "sure_endings", "more_endings", "opt_out", "no_phone")
"""Sections whose words are looked for as they stand."""


class WordSet:
    """Words, and stems that are written with a star. Chinese and Japanese ones are found inside a run of characters."""

    def __init__(self, words: Iterable[str]) -> None:
        """Sort the words by how they are looked for."""
        listed = [str(word) for word in words]
        self.words = frozenset(word for word in listed if not word.endswith("*") and word[0] < _CJK_START)
        self.stems = tuple(word[:-1] for word in listed if word.endswith("*"))
        self.pieces = tuple(word for word in listed if word[0] >= _CJK_START)
        self._has = lru_cache(maxsize=8192)(self._look_up)

    def _look_up(self, word: str) -> bool:
        return word in self.words or (bool(self.stems) and word.startswith(self.stems))

    def has(self, word: str) -> bool:
        """True when a folded word is listed."""
        return self._has(word)

    def is_in(self, words: Iterable[str], text: str) -> bool:
        """True when one of `words` is listed, or a Chinese or Japanese one stands in `text`."""
        return any(map(self._has, words)) or (not text.isascii() and any(piece in text for piece in self.pieces))


@dataclass(frozen=True, slots=True)
class ContactWords:
    """All sections of the file."""

    at: tuple[str, ...]
    dot: tuple[str, ...]
    maybe_dot: tuple[str, ...]
    slash: tuple[str, ...]
    dash: tuple[str, ...]
    sure_endings: tuple[str, ...]
    more_endings: tuple[str, ...]
    digits: Mapping[str, str]
    """Digits by the word that says them."""
    double: frozenset[str]
    triple: frozenset[str]
    between_digits: frozenset[str]
    phone_cues: WordSet
    maybe_phone_cues: WordSet
    reach_cues: WordSet
    not_phone_cues: WordSet
    no_phone: tuple[str, ...]
    """Said behind a number that is none to call."""
    apps: WordSet
    everyday_apps: frozenset[str]
    app_words: WordSet
    first_person: WordSet
    reach_verbs: WordSet
    prepositions: frozenset[str]
    qr: WordSet
    qr_scan: WordSet
    qr_reasons: WordSet
    opt_out: tuple[str, ...]


@cache
def contact_words() -> ContactWords:
    """The file, read once.

    Raises:
        ContentError: a section is missing, or a word is none (`no` and `on` need quotation marks in YAML).
    """
    with sections_of(find_content_root() / "guardrails" / "languages" / "_contact_words.yaml") as raw:
        _require_words(raw)
        return ContactWords(
            **{name: tuple(raw[name]) for name in _LISTS},
            digits={word: digits for digits, words in raw["digits"].items() for word in words},
            double=frozenset(raw["double"]),
            triple=frozenset(raw["triple"]),
            between_digits=frozenset(raw["between_digits"]),
            phone_cues=WordSet(raw["phone_cues"]),
            maybe_phone_cues=WordSet(raw["maybe_phone_cues"]),
            reach_cues=WordSet(raw["reach_cues"]),
            not_phone_cues=WordSet(raw["not_phone_cues"]),
            apps=WordSet(raw["apps"]["plain"]),
            everyday_apps=frozenset(raw["apps"]["everyday"]),
            app_words=WordSet(raw["apps"]["app_words"]),
            first_person=WordSet(raw["first_person"]),
            reach_verbs=WordSet(raw["reach_verbs"]),
            prepositions=frozenset(raw["prepositions"]),
            qr=WordSet(raw["qr"]["words"]),
            qr_scan=WordSet(raw["qr"]["scan"]),
            qr_reasons=WordSet(raw["qr"]["reasons"]),
        )


def _require_words(value: Any) -> None:
    """Raises TypeError for anything that is no word, list of words or mapping of these."""
    if isinstance(value, dict):
        for item in value.values():
            _require_words(item)
    elif isinstance(value, list):
        for item in value:
            if not isinstance(item, str):
                raise TypeError(f"{item!r} is no word")
    else:
        raise TypeError(f"{value!r} is no list")
