"""Words of a text with their stems and places. Chinese and Japanese have no spaces: there a word is a pair of neighbouring characters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer

SPACELESS = frozenset({"ja", "zh"})
"""Languages that are compared by character pairs."""

MAX_CHARS = 6_000
"""Of a text that is looked at: a longer review is judged by its beginning, so that scoring stays within its time."""

STEMMERS = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
}

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_RUN = re.compile(r"[\u3400-\u9fff\u30a0-\u30ff々ー]+|[A-Za-z0-9]+")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")


Runs = Collection[int]
"""What an earlier reply is compared by: its runs of words (`roteness.read_runs`)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it stands in a text."""

    text: str
    """Case-folded."""
    stem: str
    start: int
    end: int


def fold(text: str) -> str:
    """Text for comparing: case-folded, with straight apostrophes and quotes."""
    return text.casefold().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')


def base_language(tag: str) -> str:
    """First part of a BCP 47 tag, e.g. `pt` of `pt-BR`."""
    return tag.split("-")[0].lower()


@lru_cache(maxsize=1 << 8)
def words_of(text: str, language: str) -> tuple[Word, ...]:
    """Words of a text in order; at most the first `MAX_CHARS` characters are read. The same text is asked for many times in a draft.

    Few are kept, since they are buyers' words: what the next drafts ask for pushes them out.
    """
    text = text[:MAX_CHARS]
    if language in SPACELESS:
        return tuple(_pairs(text))
    return tuple(
        Word(folded, stem(folded, language), m.start(), m.end())
        for m in _WORD.finditer(text)
        if (folded := m.group().casefold().replace("’", "'"))
    )


def stem_words(text: str, language: str) -> set[str]:
    """Stems of all words of a text."""
    return {word.stem for word in words_of(text, language)}


def content_words(words: Iterable[Word], stop: frozenset[str]) -> list[Word]:
    """Words that say something: no stop words, no single letters, no elided articles. One Chinese character may be a word."""
    return [w for w in words if w.text not in stop and w.stem not in stop and (len(w.text) > 1 or w.text >= "\u3400")]


@lru_cache(maxsize=1 << 16)
def stem(word: str, language: str) -> str:
    """Stem of a folded word; the word itself where the language has no stemmer."""
    if language == "en" and word.endswith("'s"):
        word = word[:-2]
    elif language in {"fr", "it"} and "'" in word:
        word = word.rsplit("'", 1)[1]
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer | None:
    name = STEMMERS.get(language)
    return snowballstemmer.stemmer(name) if name else None


def _pairs(text: str) -> Iterable[Word]:
    for run in _RUN.finditer(text):
        start, piece = run.start(), run.group().casefold()
        if piece.isascii() or len(piece) == 1:
            yield Word(piece, piece, start, run.end())
            continue
        for i in range(len(piece) - 1):
            yield Word(piece[i : i + 2], piece[i : i + 2], start + i, start + i + 2)
