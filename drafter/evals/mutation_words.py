"""The half of `mutation.py` that takes words away: all of a concept in a language, or one line of a language file.

The text of each example is read once, and every place of a concept is kept with the lines that carry it. Taking a line away is then
leaving its places out: a rule is run again only where an example has a place that no other line carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from drafter.content import read_yaml
from drafter.evals.mutation import Mutation, Proof, Tick, fresh
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.entries import Costs, Entry
from drafter.guardrails.entry_lines import parse_entry, split_lines
from drafter.guardrails.held import Place
from drafter.guardrails.lexicon import Scan
from drafter.guardrails.scene import Check, Scene

Line = tuple[str, str]
"""Concept and line."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A line of a language file that stands at a place of a text."""

    line: Line
    bit: int
    place: Place


class WordIndex:
    """The lines of one language file by the words at which they can be found."""

    def __init__(self, root: Path, tag: str, bits: Mapping[str, int]) -> None:
        raw: Any = read_yaml(root / "guardrails" / "languages" / f"{tag}.yaml")
        sets = {name: split_lines(words)[0] for name, words in (raw["sets"] or {}).items()}
        costs = Costs(frozenset(split_lines(raw["function_words"])[0]))
        self.concepts: tuple[str, ...] = tuple(raw["concepts"])
        self.lines: list[Line] = []
        self._exact: dict[str, list[tuple[Line, Entry]]] = {}
        self._others: list[tuple[Any, Line, Entry]] = []
        self._met: dict[str, list[tuple[Line, Entry]]] = {}
        for concept, words in raw["concepts"].items():
            for text in split_lines(words)[0]:
                line = (concept, text)
                self.lines.append(line)
                for entry in parse_entry(text, bits[concept], sets, costs):
                    self._add(line, entry)

    def _add(self, line: Line, entry: Entry) -> None:
        entry.prepare()
        for step in entry.anchors:
            if step.kind == "word":
                self._exact.setdefault(step.text, []).append((line, entry))
            else:
                self._others.append((step.test, line, entry))

    def carried(self, scan: Scan) -> Iterator[Carried]:
        """Every line that stands in a text, and where."""
        for sentence in scan.document.sentences:
            norms = scan.document.norms[sentence.first : sentence.last]
            for i, norm in enumerate(norms):
                for line, entry in self._candidates(norm):
                    place = entry.match(norms, i)
                    if place is not None:
                        yield Carried(line, entry.bit, (sentence.first + place[0], sentence.first + place[1]))

    def _candidates(self, norm: str) -> Sequence[tuple[Line, Entry]]:
        found = self._met.get(norm)
        if found is None:
            others = [(line, entry) for test, line, entry in self._others if test(norm)]
            found = self._met[norm] = [*self._exact.get(norm, ()), *others]
        return found


def mutate_words(
    guardrail: Guardrail, root: Path, tag: str, proofs: Sequence[Proof], *, is_whole: bool, tick: Tick
) -> Iterator[tuple[Mutation, bool]]:
    """Every concept of a language and every line of its words, and whether an example notices that it is gone.

    Args:
        proofs: Of any language; only those in this one are run.
        is_whole: True also tries concepts and lines that stand in no example; without all rules' examples that says nothing.
        tick: Called after each example.
    """
    index = WordIndex(root, tag, guardrail.concepts.bits)
    noticed: set[Line] = set()
    met: set[Line] = set()
    noticed_concepts: set[str] = set()
    checks: dict[tuple[str, str], Check] = {}
    for proof in (proof for proof in proofs if proof.language == tag):
        key = (proof.rule.id, proof.example.channel)
        if key not in checks:
            checks[key] = guardrail.compile_rule(proof.rule, proof.example.channel)
        for concept, line, scene in _trials(proof, index):
            met.add(line)
            done = concept in noticed_concepts if not line[1] else line in noticed
            if not done and proof.notices(checks[key], scene()):
                noticed_concepts.add(concept) if not line[1] else noticed.add(line)
        tick()
    for concept in index.concepts:
        if is_whole or (concept, "") in met:
            yield Mutation(kind="concept", rule_id="", language=tag, name=concept), concept in noticed_concepts
    for line in index.lines:
        if is_whole or line in met:
            yield Mutation(kind="entry", rule_id="", language=tag, name=f"{line[0]}: {line[1]}"), line in noticed


def _trials(proof: Proof, index: WordIndex) -> Iterator[tuple[str, Line, Any]]:
    """What can be taken away from one example: concept, line (empty text: the whole concept), and how the text then looks."""
    scan = proof.scene.scan
    carriers: dict[tuple[int, Place], set[Line]] = {}
    for carried in index.carried(scan):
        if carried.place in scan.places.get(carried.bit, ()):
            carriers.setdefault((carried.bit, carried.place), set()).add(carried.line)
    lost: dict[Line, tuple[int, set[Place]]] = {}
    for (bit, place), lines in carriers.items():
        for line in lines:
            lost.setdefault(line, (bit, set()))
            if len(lines) == 1:
                lost[line][1].add(place)
        whole = (next(iter(lines))[0], "")
        lost.setdefault(whole, (bit, set()))[1].add(place)
    for line, (bit, places) in lost.items():
        yield line[0], line, lambda bit=bit, places=places: _without(proof.scene, bit, places)


def _without(scene: Scene, bit: int, lost: set[Place]) -> Scene:
    """The scene without some places of a concept."""
    scan = scene.scan
    kept = [place for place in scan.places[bit] if place not in lost]
    places = {other: found for other, found in scan.places.items() if other != bit}
    masks = [mask & ~bit for mask in scan.sentence_masks]
    if kept:
        places[bit] = kept
        for first, _ in kept:
            masks[scan.document.tokens[first].sentence] |= bit
    mask = scan.mask if kept else scan.mask & ~bit
    smaller = replace(scan, mask=mask, sentence_masks=masks, places=places)
    return replace(fresh(scene), scan=smaller, _case_mask=None)
