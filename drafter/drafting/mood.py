"""Whether a clause of a review tells what happened: advice to others, suppositions, wishes and expectations do not.

The words that show it stand in `prompts/details/<language>.yaml`: `unreal` anywhere in a clause, `advice` at its beginning; `skip` where
another thing, another time, or other people are meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drafter.drafting.sentences import Piece, split_clauses

_GOES_ON = re.compile(r"\)\s*(?:and|or|und|oder|et|ou|y|o|e|ed)\s")
"""After an aside in brackets: what follows belongs to the clause before it."""
_RELATIVE = re.compile(r"(?:which|who|whose|der|die|das|dass|qui|dont|que|che|o que|lo que)\b", re.IGNORECASE)
"""First words of a clause that speaks of what the one before it spoke of."""


@dataclass(frozen=True, slots=True)
class Mood:
    """How a language shows that a clause tells nothing that happened with what was bought."""

    unreal: re.Pattern[str]
    advice: re.Pattern[str]
    others: re.Pattern[str]

    def told_clauses(self, text: str, sentence: Piece, *, with_others: bool = True) -> Iterator[Piece]:
        """The clauses of a sentence that tell what happened.

        Args:
            with_others: Also to another thing, or to other people.
        """
        is_before, end = True, sentence.start
        for clause in split_clauses(text, sentence):
            gap = text[end : clause.start]
            is_told = self._is_told(clause.text, with_others=with_others)
            is_told &= is_before or not (_GOES_ON.search(gap) or _RELATIVE.match(clause.text))
            if is_told:
                yield clause
            if "(" not in gap:
                is_before = is_told
            end = clause.end

    def told_part(self, text: str, sentence: Piece) -> Piece:
        """The sentence with spaces for what tells nothing."""
        told = {clause.start for clause in self.told_clauses(text, sentence)}
        part = list(sentence.text)
        for clause in split_clauses(text, sentence):
            if clause.start not in told:
                part[clause.start - sentence.start : clause.end - sentence.start] = " " * len(clause.text)
        return Piece("".join(part), sentence.start, sentence.end)

    def _is_told(self, clause: str, *, with_others: bool) -> bool:
        is_real = not (self.unreal.search(clause) or self.advice.match(clause))
        return is_real and (with_others or not self.others.search(clause))
