"""Joins Chinese and Japanese words that were pulled apart, cut by line ends, or written with characters repeated for looks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from drafter.guardrails import letters
from drafter.guardrails.edits import LINE_CUTS, MAX_LETTERS, SPACERS, Edit, Vocabulary, drop
from drafter.guardrails.segmentation import Parts

CJK_START = "\u2e80"
_REPEATED_CJK = re.compile("([\u30a1-\u30fa\u4e00-\u9fff])\\1{2,}")
_HIRAGANA = re.compile("[\u3041-\u3096]")
_HONEST_BETWEEN_CJK = frozenset("\u30fb,:;#[](){}\u2026\u2019\u2014")


def join_cjk(parts: Parts, vocabulary: Vocabulary) -> list[Edit]:
    """Joins Chinese and Japanese characters that are pulled apart: four in a row, or around a known word."""
    found: list[Edit] = []
    words, seps = parts.words, parts.seps
    gaps = [
        k
        for k in parts.breaks
        if 0 < k < len(words) and seps[k] and _is_cjk_spacer(seps[k]) and letters.is_cjk(words[k - 1]) and letters.is_cjk(words[k])
    ]
    looked_up = 0
    for row in _rows(sorted([*gaps, *_blanks_between_cjk(parts)])):
        for k in row:
            is_line_end = seps[k] in LINE_CUTS or "\n" in seps[k]
            is_pulled = len(row) > 2 and "/" not in seps[k] and not is_line_end
            looked_up += not is_pulled
            if is_pulled or (
                looked_up < MAX_LETTERS and (_is_parted_by_line if is_line_end else _is_inside_known_word)(words, k, vocabulary)
            ):
                found += drop(parts.ends[k - 1], parts.starts[k], "spacing")
    return found


def _blanks_between_cjk(parts: Parts) -> Iterator[int]:
    """Separators that are one blank between two characters."""
    words, seps = parts.words, parts.seps
    for k in range(1, len(words)):
        if seps[k] == " " and words[k] >= CJK_START and letters.is_cjk(words[k]) and letters.is_cjk(words[k - 1]):
            yield k


def _rows(gaps: list[int]) -> Iterator[list[int]]:
    """Runs of neighbouring numbers."""
    row: list[int] = []
    for gap in gaps:
        if row and gap != row[-1] + 1:
            yield row
            row = []
        row.append(gap)
    if row:
        yield row


def _is_inside_known_word(words: list[str], k: int, vocabulary: Vocabulary) -> bool:
    """True when a known word of two to five characters spans the gap before word `k`."""
    return any(
        vocabulary("".join(words[start : start + size]))
        for size in (2, 3, 4, 5)
        for start in range(max(0, k - size + 1), min(k, len(words) - size + 1))
    )


def _is_parted_by_line(words: list[str], k: int, vocabulary: Vocabulary) -> bool:
    """True when a longer known word spans the line end before word `k` than ends before it or begins behind it.

    Particles that end a greeting and begin a sentence are no word: `お客様へ`, `お届けした`.
    """
    if _HIRAGANA.fullmatch(words[k - 1]) and _HIRAGANA.fullmatch(words[k]):
        return False
    for size in (5, 4, 3, 2):
        if vocabulary("".join(words[k : k + size])) or (k >= size and vocabulary("".join(words[k - size : k]))):
            return False
        starts = range(max(0, k - size + 1), min(k, len(words) - size + 1))
        if any(vocabulary("".join(words[start : start + size])) for start in starts):
            return True
    return False


def unrepeat_cjk(folded: str, parts: Parts, vocabulary: Vocabulary) -> list[Edit]:
    """Takes out Chinese and Japanese characters repeated for looks, where one of them is part of a known word: `评价价价`."""
    found: list[Edit] = []
    for match in _REPEATED_CJK.finditer(folded):
        first, last = bisect_left(parts.starts, match.start()), bisect_left(parts.starts, match.end())
        words = [*parts.words[max(0, first - 4) : first + 1], *parts.words[last : last + 4]]
        at = min(first, 4)
        if _is_inside_known_word(words, at, vocabulary) or _is_inside_known_word(words, at + 1, vocabulary):
            found += drop(match.start() + 1, match.end(), "repeated_letters")
    return found


def _is_cjk_spacer(sep: str) -> bool:
    """True for what may stand between pulled-apart characters; the middle dot, the comma and the like are honest there."""
    return len(sep) <= 4 and (sep in LINE_CUTS or SPACERS.issuperset(sep)) and _HONEST_BETWEEN_CJK.isdisjoint(sep)
