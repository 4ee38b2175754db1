"""Leetspeak: digits and signs that stand for letters, undone where that gives a word of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from drafter.guardrails.edits import MAX_WORD, Edit, Vocabulary
from drafter.guardrails.letters import look_alikes

_MAX_READINGS = 64
"""Readings tried for one word; a word with more open letters is no word."""
_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "li", "+": "t", "\u20ac": "e", "\u00a3": "le", "\u00a2": "c", "\u00a1": "i",
}  # fmt: skip
LEET_SIGNS = frozenset("@$!|+\u20ac\u00a3\u00a2\u00a1")
_MEASURE = re.compile(
    r"\d+(?:st|nd|rd|th|er|e|o|a|l|s|h|d|g|m|w|v|k|x|t|ml|cl|dl|mm|cm|km|kg|mg|hz|gb|tb|mb|ah|mah|wh|kw|min|in|ft|px|pcs|x\d+)"
)

_SIGN = re.compile("[@$!|+\u20ac\u00a3\u00a2\u00a1]").finditer
_SIGN_BY_LETTER = re.compile("[@$!|+\u20ac\u00a3\u00a2\u00a1](?=[^\\W_])|[^\\W\\d_]@(?=\\s)").search
_DOMAIN_BEHIND = re.compile(r"[^\W_][\w-]*(?:\.|\s?[\[({]\s?(?:\.|[a-z]{2,5})\s?[\])}]\s?)[^\W\d_][\w-]").match
_REST_OF_RUN = re.compile("(?:[^\\W_]|[@$!|+\u20ac\u00a3\u00a2\u00a1])*").match


def find_signs(folded: str, vocabulary: Vocabulary) -> list[Edit]:
    """Reads signs inside words as letters where that gives a known word: `$tar`, `rev!ew`."""
    found: list[Edit] = []
    if not _SIGN_BY_LETTER(folded):
        return found
    for start, run in _signed_runs(folded):
        if len(run) > MAX_WORD or not any(char.isalpha() for char in run) or _is_address(folded, start, run):
            continue
        bare = run.rstrip("!|+")
        # `gracias!` ends with a mark, and a stem would know any letter in its place.
        if bare.isalpha() and vocabulary(bare):
            continue
        for word in dict.fromkeys((run, bare)):
            if edits := undo_leet(word, start, vocabulary):
                found += edits
                break
    return found


def _is_address(folded: str, start: int, run: str) -> bool:
    """True for the beginning of an e-mail address, whose `@` is no letter: a stem such as `service*` knows `service@shop`, too."""
    name, sign, _ = run.partition("@")
    return bool(name and sign) and _DOMAIN_BEHIND(folded, start + len(name) + 1) is not None


def _signed_runs(folded: str) -> Iterator[tuple[int, str]]:
    """Letters, digits and signs that stand together, with a sign among them; each with its place."""
    done = 0
    for match in _SIGN(folded):
        start = match.start()
        if start < done:
            continue
        while start > done and (folded[start - 1].isalnum() or folded[start - 1] in LEET_SIGNS):
            start -= 1
        rest = _REST_OF_RUN(folded, match.start())
        done = rest.end() if rest else match.end()
        yield start, folded[start:done]


def undo_leet(word: str, start: int, vocabulary: Vocabulary) -> list[Edit]:
    """Reads digits and signs as letters where that gives a known word."""
    reading = read_leet(word, vocabulary) if len(word) <= MAX_WORD else None
    return [] if reading is None else [Edit(start + k, char, "leetspeak") for k, char in enumerate(reading) if char != word[k]]


def read_leet(word: str, vocabulary: Vocabulary) -> str | None:
    """The known word that a mix of letters, digits and signs reads; None when there is none."""
    if len(word) < 3 or word.isalpha() or word.isdigit() or _MEASURE.fullmatch(word):
        return None
    twins = {} if word.isascii() else look_alikes().same
    options = [_LEET.get(char) or twins.get(char, char) for char in word]
    count = 1
    for option in options:
        count *= len(option)
    if count > _MAX_READINGS:
        return None
    readings = ["".join(reading) for reading in product(*options)]
    # `11` is `ll` far more often than `ii`, and a stem would know either.
    readings.sort(key=lambda reading: ("ii" in reading, "11" in word and "ll" not in reading))
    return next((reading for reading in readings if reading.isalpha() and vocabulary(reading)), None)
