"""Sentences that sound as if they were spoken to a machine: whole numbers over words, pairs of words and concepts.

The phrases of `injection.yaml` find what somebody thought of; these weights find what resembles it. They are learnt from
`evals/sets/triage_machine.jsonl` by `python -m drafter.triage.machine_training` and kept in `guardrails/triage/machine.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from drafter.content import read_text
from drafter.errors import ContentError
from drafter.triage.lexicon import Seen
from drafter.triage.reading import Reading
from drafter.triage.scorer import MAX_RUN, STEM, WORD


@dataclass(frozen=True, slots=True)
class MachineWeights:
    """`machine.json`: what each trait says for a sentence being meant for a machine, in hundredths."""

    threshold: int
    """Score from which it is taken to be; high, since a review that is none would lose the sentence."""
    bias: int
    traits: Mapping[str, int]


def find_traits(seen: Seen) -> list[frozenset[str]]:
    """Traits of each sentence, in order."""
    sentences = seen.reading.sentences
    traits: dict[int, set[str]] = {sentence: set() for sentence in sentences}
    concepts: dict[int, set[str]] = {}
    for mention in seen.mentions:
        concepts.setdefault(sentences[mention.first], set()).add(mention.name)
    for sentence, names in concepts.items():
        traits[sentence] |= names | {f"{a}&{b}" for a, b in combinations(sorted(names), 2)}
    for unit, sentence in enumerate(sentences):
        traits[sentence].update(_runs(seen.reading, unit) if seen.reading.is_characters else _words(seen.reading, unit))
    return [frozenset(traits[sentence]) for sentence in sorted(traits)]


def _words(reading: Reading, unit: int) -> list[str]:
    """A word, its beginning, and the word with the next."""
    norms, sentences = reading.norms, reading.sentences
    found = [WORD + norms[unit]]
    if len(norms[unit]) > STEM:
        found.append(f"{WORD}{norms[unit][:STEM]}*")
    if unit + 1 < len(norms) and sentences[unit + 1] == sentences[unit]:
        found.append(f"{WORD}{norms[unit]} {norms[unit + 1]}")
    return found


def _runs(reading: Reading, unit: int) -> list[str]:
    """Runs of characters that begin here and end in the sentence."""
    norms, sentences = reading.norms, reading.sentences
    last = min(unit + MAX_RUN, len(norms))
    return [WORD + "".join(norms[unit:end]) for end in range(unit + 2, last + 1) if sentences[end - 1] == sentences[unit]]


def find_spoken_to_machine(weights: MachineWeights, seen: Seen) -> list[tuple[int, int]]:
    """Units of the sentences, or of two in a row, that weigh enough."""
    known = weights.traits
    told = [{trait: known[trait] for trait in traits if trait in known} for traits in find_traits(seen)]
    order = sorted(set(seen.reading.sentences))
    hit: set[int] = set()
    for at, own in enumerate(told):
        if _score(weights, own) >= weights.threshold:
            hit.add(order[at])
        elif at and order[at - 1] not in hit and _score(weights, own | told[at - 1]) >= weights.threshold:
            hit |= {order[at - 1], order[at]}
    return [(unit, unit + 1) for unit, sentence in enumerate(seen.reading.sentences) if sentence in hit]


def _score(weights: MachineWeights, told: Mapping[str, int]) -> int:
    return weights.bias + sum(told.values())


def load_machine_weights(path: Path) -> MachineWeights:
    """Weights of `machine.json`.

    Raises:
        ContentError: not such a file.
    """
    try:
        values = json.loads(read_text(path))
        return MachineWeights(int(values["threshold"]), int(values["bias"]), {str(k): int(v) for k, v in values["traits"].items()})
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise ContentError(path, f"not a file of weights: {exc}", hint="run python -m drafter.triage.machine_training") from exc
