"""`Gated`: a pattern that is only run over texts in which the words it cannot do without stand.

Hundreds of patterns look at each clause, and nearly all find nothing. Whether one piece of text stands in another is told thirty times as
fast as whether a pattern does, so each pattern brings the pieces of which every match holds one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MIN_CHARS = 2
"""Shorter pieces stand in nearly every text."""
MAX_PIECES = 60
"""More take as long to look for as the pattern."""
ODD = frozenset("\u0130\u0131\u017f\u00b5\u0345\u03c2\u1fbe\ufb05\ufb06")
"""Letters that a pattern takes for others than their small ones; a text that has one is always searched."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A text that many patterns look at."""

    text: str
    small: str | None
    """The same in small letters; None when they do not tell what a pattern takes them for."""

    @classmethod
    def of(cls, text: str) -> Lowered:
        return cls(text, text.lower() if ODD.isdisjoint(text) else None)


@dataclass(frozen=True, slots=True)
class Gated:
    """A pattern and what its matches need."""

    pattern: re.Pattern[str]
    pieces: tuple[str, ...]
    """Small letters of which each match holds one of these; empty when it may hold none."""

    @classmethod
    def of(cls, pattern: re.Pattern[str]) -> Gated:
        """A pattern, with what it needs read from it."""
        return cls(pattern, tuple(sorted(_needed(parser.parse(pattern.pattern, pattern.flags)), key=len)))

    def search(self, text: Lowered) -> re.Match[str] | None:
        """The first match."""
        return self.pattern.search(text.text) if self._may_match(text.small) else None

    def _may_match(self, small: str | None) -> bool:
        if small is None:
            return True
        # A loop of its own: a generator costs more than the looking.
        for piece in self.pieces:
            if piece in small:
                return True
        return not self.pieces


def _needed(items: Iterable[Any]) -> frozenset[str]:
    """Pieces of which each match of a sequence holds one; the best of those that its parts need."""
    best: frozenset[str] = frozenset()
    run = ""
    for op, value in items:
        if op is sre.LITERAL:
            run += chr(value).lower()
            continue
        best, run = _better(best, _of_run(run)), ""
        best = _better(best, _needed_by(op, value))
    return _better(best, _of_run(run))


def _needed_by(op: Any, value: Any) -> frozenset[str]:
    if op is sre.SUBPATTERN:
        return _needed(value[-1])
    if op is sre.BRANCH:
        branches = [_needed(branch) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT) and value[0]:
        return _needed(value[2])
    return frozenset()


def _of_run(run: str) -> frozenset[str]:
    return frozenset([run]) if len(run) >= MIN_CHARS else frozenset()


def _better(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The pieces that fewer texts hold: by the shortest of them, then by their number."""
    return max(one, other, key=_worth)


def _worth(pieces: Sequence[str] | frozenset[str]) -> tuple[int, int]:
    if not pieces or len(pieces) > MAX_PIECES:
        return (0, 0)
    return (min(min(map(len, pieces)), 5), -len(pieces))
