"""Words that grounds for removal need, found in a text in any of the languages we read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.content import read_yaml
from drafter.triage.injection import CHARACTERS_AS, WORDS_AS
from drafter.triage.lexicon import Lexicon, compile_groups

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where each group of words stands in the text, and in which sentence."""

    places: Mapping[str, Sequence[tuple[int, int, int]]]
    """Group -> (start, end, sentence)."""

    def of(self, group: str) -> list[Range]:
        """Places of a group."""
        return [(start, end) for start, end, _ in self.places.get(group, ())]

    def together(self, first: str, second: str) -> list[Range]:
        """Stretches that hold a word of each group in one sentence."""
        return [(min(a[0], b[0]), max(a[1], b[1])) for a in self.places.get(first, ()) for b in self.places.get(second, ()) if a[2] == b[2]]


@dataclass(frozen=True, slots=True)
class EvidenceFinder:
    """Finds the words of `guardrails/triage/removal.yaml`."""

    words: Lexicon
    characters: Lexicon
    names: Mapping[str, str]
    """Ground -> what Amazon calls it."""

    def find(self, text: str, language: str) -> Evidence:
        """All groups with their places."""
        seen = (self.characters if language in {"ja", "zh"} else self.words).see(text)
        places: dict[str, list[tuple[int, int, int]]] = {}
        for mention in seen.mentions:
            reading = seen.reading
            place = (reading.starts[mention.first], reading.ends[mention.last - 1], reading.sentences[mention.first])
            places.setdefault(mention.name, []).append(place)
        return Evidence(places)


def load_evidence_finder(path: Path) -> EvidenceFinder:
    """Finder of `removal.yaml`.

    Raises:
        ContentError: a phrase is wrong; names the line.
    """
    values: Any = read_yaml(path)
    return EvidenceFinder(
        words=_lexicon(path, values["words"], WORDS_AS),
        characters=_lexicon(path, values["characters"], CHARACTERS_AS),
        names={ground: str(entry["name"]) for ground, entry in values["grounds"].items()},
    )


def _lexicon(path: Path, groups: Any, read_as: str) -> Lexicon:
    return Lexicon(read_as, turns=frozenset(), reach=(0, 0), phrases={"concepts": compile_groups(path, groups, read_as), "issues": []})
