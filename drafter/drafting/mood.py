"""Whether a clause of a review tells what happened: advice to others, suppositions, wishes and expectations do not.

The words that show it stand in `prompts/details/<language>.yaml`: `unreal` anywhere in a clause, `advice` at its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drafter.drafting.sentences import Piece, split_clauses

_GOES_ON = re.compile(r"\)\s*(?:and|or|und|oder|et|ou|y|o|e|ed)\s")
"""After an aside in brackets: what follows belongs to the clause before it."""


@dataclass(frozen=True, slots=True)
class Mood:
    """How a language shows that a clause tells nothing that happened."""

    unreal: re.Pattern[str]
    advice: re.Pattern[str]

    def is_told(self, clause: str) -> bool:
        """False for advice, a supposition, a wish or an expectation."""
        return not (self.unreal.search(clause) or self.advice.match(clause))

    def told_clauses(self, text: str, sentence: Piece) -> Iterator[Piece]:
        """The clauses of a sentence that tell what happened."""
        is_before, end = True, sentence.start
        for clause in split_clauses(text, sentence):
            gap = text[end : clause.start]
            is_told = self.is_told(clause.text) and (is_before or not _GOES_ON.search(gap))
            if is_told:
                yield clause
            if "(" not in gap:
                is_before = is_told
            end = clause.end

    def told_part(self, text: str, sentence: Piece) -> Piece:
        """The sentence with spaces for what tells nothing."""
        told = [" "] * (sentence.end - sentence.start)
        reached = sentence.start
        clauses = list(self.told_clauses(text, sentence))
        if len(clauses) == len(split_clauses(text, sentence)):
            return sentence
        for clause in clauses:
            told[clause.start - reached : clause.end - reached] = clause.text
        return Piece("".join(told), sentence.start, sentence.end)
