"""Which kinds of things a text speaks of: enough to suspect that a review stands under another product, never enough to be sure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.content import read_yaml
from drafter.triage.evidence import Range
from drafter.triage.injection import CHARACTERS_AS, WORDS_AS
from drafter.triage.lexicon import Lexicon, compile_groups

BESIDE = "beside"
MOST_BETWEEN = 3
"""Words (characters) between `my` and the thing that is only spoken of."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of things in a text."""

    named: dict[str, Range]
    """Kind -> where it is named as the thing itself, not as something beside it."""
    spoken_of: frozenset[str]
    """All kinds that occur."""


NO_KINDS = Kinds({}, frozenset())


@dataclass(frozen=True, slots=True)
class KindFinder:
    """Finds the words of `guardrails/triage/kinds.yaml`."""

    lexicons: tuple[Lexicon, ...]

    def find(self, text: str) -> Kinds:
        """All kinds in a text of any language."""
        named: dict[str, Range] = {}
        spoken_of: set[str] = set()
        for lexicon in self.lexicons:
            seen = lexicon.see(text)
            beside = [m for m in seen.mentions if m.name == BESIDE]
            for mention in seen.mentions:
                if mention.name == BESIDE:
                    continue
                spoken_of.add(mention.name)
                if not any(0 <= mention.first - b.last <= MOST_BETWEEN for b in beside):
                    named.setdefault(mention.name, (seen.reading.starts[mention.first], seen.reading.ends[mention.last - 1]))
        return Kinds(named, frozenset(spoken_of))


def load_kind_finder(path: Path) -> KindFinder:
    """Finder of `kinds.yaml`.

    Raises:
        ContentError: a phrase is wrong; names the line.
    """
    values: Any = read_yaml(path)
    groups = {**values["kinds"], BESIDE: values[BESIDE]}
    return KindFinder(
        tuple(
            Lexicon(
                read_as,
                turns=frozenset(),
                reach=(0, 0),
                phrases={
                    "concepts": compile_groups(path, {name: [words[key]] for name, words in groups.items()}, read_as),
                    "issues": [],
                },
            )
            for key, read_as in (("words", WORDS_AS), ("characters", CHARACTERS_AS))
        )
    )
