"""Learns the weights of `scorer.py` from labelled texts: `python -m drafter.triage.training`.

Plain logistic regression, one issue at a time, in the standard library: the set is small, and the result must be the same everywhere.
Weights are rounded to whole hundredths; what rounds to nothing is left out.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.content import find_content_root, hash_files, read_jsonl
from drafter.domain import Issue
from drafter.triage.frames import Frames, load_frames
from drafter.triage.injection import InjectionFinder, load_injection_finder, without
from drafter.triage.lexicon import Lexicon, load_lexicon
from drafter.triage.machine import load_machine_weights
from drafter.triage.scorer import WORD, Weights, find_features

SETS = ("triage_tuning.jsonl", "triage_open.jsonl")
"""Labelled texts under `evals/sets/` that are learnt from, and so never measured on."""
ROUNDS = 12
STEP = 0.5
SHRINK = 0.001
"""Pull towards zero each time a feature is seen, so that one seen once or with everything says little."""
EASY = 0.02
"""A text judged better than this teaches nothing more."""
SCALE = 100
LEAST = 18
"""Weights smaller than this many hundredths are left out."""
STRENGTHS = {"=": 0.5, "": 0.3, WORD: 0.7}
"""How much a kind of feature (frame, concept, word) counts in learning. Lexicons were written with these texts in view, so what they find
here looks surer than it is in a stranger's review: the surer they look, the less is learnt of them."""
COMBINED_SHARE = 1
"""For each example, how many are made of two side by side: buyers name several things at once, and one must not speak against the other."""
SEEDS = (1, 2, 3, 4)
"""Orders in which the texts are learnt; the mean of several depends less on chance than one."""
THRESHOLD = 10
FAINT = -400


@dataclass(frozen=True, slots=True)
class Example:
    """Features of a text and its issues."""

    features: frozenset[str]
    issues: frozenset[str]


def read_examples(
    rows: Iterable[Mapping[str, Any]], lexicons: Mapping[str, Lexicon], frames: Frames, injection: InjectionFinder
) -> list[Example]:
    """Examples of labelled rows, words for a machine left out as they are when a review is judged."""
    examples = []
    for row in rows:
        text = f"{row['title']}\n{row['body']}" if row.get("title") else str(row["body"])
        seen = lexicons[row["language"]].see(without(text, injection.find(text)))
        examples.append(Example(frozenset(find_features(seen, frames.complaints(seen))), frozenset(row["issues"])))
    return examples


def _kind(feature: str) -> str:
    return "=" if feature.startswith("=") else WORD if feature.startswith(WORD) else ""


def learn(examples: Sequence[Example]) -> Weights:
    """Weights that tell the issues of these examples apart."""
    names = sorted({name for example in examples for name in example.features})
    numbers = {name: number for number, name in enumerate(names)}
    strengths = [STRENGTHS[_kind(name)] for name in names]
    mixes = [_combine(examples, seed) for seed in SEEDS]
    texts = [[sorted(numbers[name] for name in example.features) for example in mix] for mix in mixes]
    bias: dict[str, int] = {}
    rows: list[dict[str, int]] = [{} for _ in names]
    for issue in sorted(issue.value for issue in Issue):
        runs = [learn_one(own, [issue in example.issues for example in mix], strengths) for own, mix in zip(texts, mixes, strict=True)]
        bias[issue] = round(sum(base for _, base in runs) / len(runs) * SCALE)
        for number, weights in enumerate(zip(*(learnt for learnt, _ in runs), strict=True)):
            if abs(whole := round(sum(weights) / len(runs) * SCALE)) >= LEAST:
                rows[number][issue] = whole
    return Weights(THRESHOLD, FAINT, bias, {name: row for name, row in zip(names, rows, strict=True) if row})


def _combine(examples: Sequence[Example], seed: int) -> list[Example]:
    """The examples and pairs of them, mixed; in the same order every time."""
    chance = random.Random(seed)  # noqa: S311 - mixes examples, keeps no secret
    mixed = list(examples)
    for _ in range(COMBINED_SHARE * len(examples)):
        a, b = chance.choice(examples), chance.choice(examples)
        mixed.append(Example(a.features | b.features, a.issues | b.issues))
    chance.shuffle(mixed)
    return mixed


def learn_one(texts: Sequence[Sequence[int]], labels: Sequence[bool], strengths: Sequence[float]) -> tuple[list[float], float]:
    """Weight of each feature for one issue, and the bias: AdaGrad in the order of the texts."""
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


def main() -> None:
    """Writes `guardrails/triage/weights.json`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--root", type=Path, default=None, help="content root; the installed one when left out")
    root = find_content_root(parser.parse_args().root)
    folder, sources = root / "guardrails" / "triage", [root / "evals" / "sets" / name for name in SETS]
    lexicons = {path.stem: load_lexicon(path) for path in sorted(folder.glob("??.yaml"))}
    rows = [row for source in sources for row in read_jsonl(source)]
    injection = load_injection_finder(folder / "injection.yaml", machine=load_machine_weights(folder / "machine.json"))
    weights = learn(read_examples(rows, lexicons, load_frames(folder / "frames.yaml"), injection))
    write_weights(folder / "weights.json", weights, trained_on=hash_files(root, sources))


def write_weights(path: Path, weights: Weights, *, trained_on: str) -> None:
    """Writes a file of weights, one feature a line, so that a change can be read."""
    lines = [f"  {json.dumps(name)}: {json.dumps(row, sort_keys=True)}" for name, row in weights.features.items()]
    head = {"version": 1, "trained_on_sha256": trained_on, "threshold": weights.threshold, "faint": weights.faint}
    top = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items())
    body = ",\n".join(lines)
    bias = json.dumps(dict(weights.bias), sort_keys=True)
    path.write_text(f'{{\n{top},\n "bias": {bias},\n "features": {{\n{body}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
