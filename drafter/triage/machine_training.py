"""Learns the weights of `machine.py`: `python -m drafter.triage.machine_training`.

Positives and near misses stand in `evals/sets/triage_machine.jsonl`; of the tuning set those labelled `injection` are positives,
and those in which no phrase is found the ordinary text they must stand out from.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Sequence
from pathlib import Path

from drafter.content import find_content_root, hash_files, read_jsonl
from drafter.triage.injection import InjectionFinder, load_injection_finder
from drafter.triage.machine import find_traits
from drafter.triage.scorer import WORD

SET = "triage_machine.jsonl"
ORDINARY = "triage_tuning.jsonl"
SEED = 5
EMPHASIS = 3
"""How often each text of the set is shown: ordinary ones are many."""
STRENGTHS = {True: 0.4, False: 0.7}
"""How much a word, or a concept, counts in learning."""
ROUNDS = 12
STEP = 0.5
SHRINK = 0.001
"""Pull towards zero each time a trait is seen, so that one seen once or with everything says little."""
EASY = 0.02
"""A sentence judged better than this teaches nothing more."""
SCALE = 100
LEAST = 6
"""Weights smaller than this many hundredths are left out."""
THRESHOLD = 400


def learn(root: Path) -> tuple[int, dict[str, int]]:
    """Bias and weight of each trait."""
    finder = load_injection_finder(root / "guardrails" / "triage" / "injection.yaml", machine=None)
    sets = root / "evals" / "sets"
    examples = [(_traits(finder, row["text"]), bool(row["injection"])) for row in read_jsonl(sets / SET)] * EMPHASIS
    for row in read_jsonl(sets / ORDINARY):
        if row.get("injection"):
            examples += [(_traits(finder, row["body"]), True)] * EMPHASIS
        elif not finder.find(f"{row['title']}\n{row['body']}"):
            examples.append((_traits(finder, row["body"]), False))
    random.Random(SEED).shuffle(examples)  # noqa: S311 - mixes examples, keeps no secret
    names = sorted(set().union(*(traits for traits, _ in examples)))
    numbers = {name: number for number, name in enumerate(names)}
    texts = [sorted(numbers[name] for name in traits) for traits, _ in examples]
    weights, bias = _fit(texts, [label for _, label in examples], [STRENGTHS[name.startswith(WORD)] for name in names])
    whole = {name: round(weight * SCALE) for name, weight in zip(names, weights, strict=True)}
    return round(bias * SCALE), {name: weight for name, weight in whole.items() if abs(weight) >= LEAST}


def _fit(texts: Sequence[Sequence[int]], labels: Sequence[bool], strengths: Sequence[float]) -> tuple[list[float], float]:
    """Weight of each trait, and the bias: logistic regression by AdaGrad, in the order of the texts."""
    weights = [0.0] * len(strengths)
    squares = [1.0] * len(strengths)
    base, base_square = -2.0, 1.0
    for _ in range(ROUNDS):
        for features, label in zip(texts, labels, strict=True):
            score = base + sum(map(weights.__getitem__, features))
            error = label - 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
            if abs(error) < EASY:
                continue
            base_square += error * error
            base += STEP * error / math.sqrt(base_square)
            for feature in features:
                strength = strengths[feature]
                slope = error * strength
                square = squares[feature] = squares[feature] + slope * slope
                weights[feature] += strength * (STEP * slope / math.sqrt(square) - SHRINK * weights[feature])
    return weights, base


def _traits(finder: InjectionFinder, text: str) -> frozenset[str]:
    return frozenset().union(*find_traits(finder.see(text)))


def main() -> None:
    """Writes `guardrails/triage/machine.json`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--root", type=Path, default=None, help="content root; the installed one when left out")
    root = find_content_root(parser.parse_args().root)
    bias, traits = learn(root)
    trained_on = hash_files(root, [root / "evals" / "sets" / name for name in (SET, ORDINARY)])
    head = {"version": 1, "trained_on_sha256": trained_on, "threshold": THRESHOLD, "bias": bias}
    top = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items())
    body = ",\n".join(f"  {json.dumps(name)}: {weight}" for name, weight in traits.items())
    path = root / "guardrails" / "triage" / "machine.json"
    path.write_text(f'{{\n{top},\n "traits": {{\n{body}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
