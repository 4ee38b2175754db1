"""Whether a clause of a review tells what happened: advice to others, suppositions, wishes and expectations do not.

The words that show it stand in `prompts/details/<language>.yaml`: `unreal` anywhere in a clause, `advice` at its beginning; `skip` where
another thing, another time, or other people are meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.drafting.sentences import Piece, split_clauses

_GOES_ON = re.compile(r"\)\s*(?:and|or|und|oder|et|ou|y|o|e|ed)\s")
"""After an aside in brackets: what follows belongs to the clause before it."""
_RELATIVE = re.compile(
    r"(?:which|who|whose|der|die|das|dass|qui|dont|que|che|o que|lo que|quand|quando|cuando|finché|wobei)\b", re.IGNORECASE
)
"""First words of a clause that speaks of what the one before it spoke of."""

MIN_HEAD_WORDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Mood:
    """How a language shows that a clause tells nothing that happened with what was bought."""

    unreal: re.Pattern[str]
    advice: re.Pattern[str]
    others: re.Pattern[str]

    @lru_cache(maxsize=256)  # noqa: B019  # a mood lives as long as the process; a draft asks for the same few sentences many times
    def told_clauses(self, text: str, sentence: Piece, *, with_others: bool = True) -> Sequence[Piece]:
        """The clauses of a sentence that tell what happened; of one that ends in a supposition, what comes before it: "it leaks if tilted".

        Args:
            with_others: Also to another thing, or to other people.
        """
        found: list[Piece] = []
        is_before, end = True, sentence.start
        for clause in split_clauses(text, sentence):
            gap = text[end : clause.start]
            told = self._told_head(clause, with_others=with_others)
            if told and not is_before and (_GOES_ON.search(gap) or _RELATIVE.match(clause.text)):
                told = None
            if told:
                found.append(told)
            is_told = told == clause
            if "(" not in gap:
                is_before = is_told
            end = clause.end
        return tuple(found)

    def told_part(self, text: str, sentence: Piece) -> Piece:
        """The sentence with spaces for what tells nothing."""
        part = list(sentence.text)
        for start, end in self.untold(text, sentence):
            part[start - sentence.start : end - sentence.start] = " " * (end - start)
        return Piece("".join(part), sentence.start, sentence.end)

    def untold(self, text: str, sentence: Piece) -> Iterator[tuple[int, int]]:
        """Places in a sentence of what never happened."""
        told = {clause.start: clause.end for clause in self.told_clauses(text, sentence)}
        for clause in split_clauses(text, sentence):
            if (start := told.get(clause.start, clause.start)) < clause.end:
                yield start, clause.end

    def _told_head(self, clause: Piece, *, with_others: bool) -> Piece | None:
        if self.advice.match(clause.text) or (not with_others and self.others.search(clause.text)):
            return None
        unreal = self.unreal.search(clause.text)
        if unreal is None:
            return clause
        head = clause.text[: unreal.start()].rstrip()
        return Piece(head, clause.start, clause.start + len(head)) if len(head.split()) >= MIN_HEAD_WORDS else None
