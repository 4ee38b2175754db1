"""`SentenceMemo`: what was worked out for a sentence is known when it comes again.

Drafts share greetings, closings and templates' sentences, candidates for one draft share most of theirs, and a repair changes one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Known = TypeVar("Known")

MAX_SENTENCES = 4_000
MAX_TOKENS = 60
"""Sentences kept, and the longest that is: some megabytes, whatever is sent."""


class SentenceMemo(dict[tuple[str, ...], Known]):
    """Results by a sentence's folded words; a new one is worked out."""

    def __init__(self, work: Callable[[tuple[str, ...]], Known]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, norms: tuple[str, ...]) -> Known:
        """What `work` makes of a sentence."""
        found = self._work(norms)
        if len(norms) <= MAX_TOKENS:
            if len(self) >= MAX_SENTENCES:
                self.clear()
            self[norms] = found
        return found
