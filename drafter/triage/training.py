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
from drafter.triage.lexicon import Lexicon, load_lexicon
from drafter.triage.scorer import Weights, find_features

ROUNDS = 20
STEP = 0.5
SHRINK = 1e-5
"""Pull towards zero per round, so that a feature seen once says little."""
SCALE = 100
LEAST = 4
"""Weights smaller than this many hundredths are left out."""
STRENGTHS = {"=": 4.0, "&": 0.2, "": 0.5}
"""How much a kind of feature (frame, pair, concept) counts in learning: a frame is a plain statement, a pair a faint one."""
TRUST = {"=": 1.5, "&": 0.5, "": 0.6}
"""What is made of the learnt weight: frames were written by people who have seen more than the training set."""
COMBINED_SHARE = 2
"""For each example, how many are made of two side by side: buyers name several things at once, and one must not speak against the other."""
SEED = 5
THRESHOLD = 50
FAINT = -400


@dataclass(frozen=True, slots=True)
class Example:
    """Features of a text, with how much each counts, and its issues."""

    features: Mapping[str, float]
    issues: frozenset[str]


def read_examples(rows: Iterable[Mapping[str, Any]], lexicons: Mapping[str, Lexicon], frames: Frames) -> list[Example]:
    """Examples of labelled rows."""
    examples = []
    for row in rows:
        text = f"{row['title']}\n{row['body']}" if row.get("title") else str(row["body"])
        seen = lexicons[row["language"]].see(text)
        features = find_features(seen, frames.complaints(seen))
        examples.append(Example({name: STRENGTHS[_kind(name)] for name in features}, frozenset(row["issues"])))
    return examples


def _kind(feature: str) -> str:
    return "=" if feature.startswith("=") else "&" if "&" in feature else ""


def learn(examples: Sequence[Example]) -> Weights:
    """Weights that tell the issues of these examples apart."""
    examples = _combine(examples)
    features: dict[str, dict[str, int]] = {}
    bias: dict[str, int] = {}
    for issue in sorted(issue.value for issue in Issue):
        learnt, base = _learn_one(examples, issue)
        bias[issue] = round(base * SCALE)
        for name, weight in learnt.items():
            kind = _kind(name)
            whole = round(weight * STRENGTHS[kind] * TRUST[kind] * SCALE)
            if abs(whole) >= LEAST:
                features.setdefault(name, {})[issue] = whole
    return Weights(THRESHOLD, FAINT, bias, {name: features[name] for name in sorted(features)})


def _combine(examples: Sequence[Example]) -> list[Example]:
    """The examples and pairs of them, mixed; in the same order every time."""
    chance = random.Random(SEED)  # noqa: S311 - mixes examples, keeps no secret
    mixed = list(examples)
    for _ in range(COMBINED_SHARE * len(examples)):
        a, b = chance.choice(examples), chance.choice(examples)
        mixed.append(Example({**a.features, **b.features}, a.issues | b.issues))
    chance.shuffle(mixed)
    return mixed


def _learn_one(examples: Sequence[Example], issue: str) -> tuple[dict[str, float], float]:
    """Weights and bias of one issue, by AdaGrad in the order of the examples."""
    weights: dict[str, float] = {}
    squares: dict[str, float] = {}
    base, base_square = -2.0, 1.0
    for _ in range(ROUNDS):
        for example in examples:
            score = base + sum(weights.get(name, 0.0) * value for name, value in example.features.items())
            error = (1.0 if issue in example.issues else 0.0) - 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
            base_square += error * error
            base += STEP * error / math.sqrt(base_square)
            if abs(error) < 0.01:
                continue
            for name, value in example.features.items():
                slope = error * value
                squares[name] = squares.get(name, 1.0) + slope * slope
                weights[name] = weights.get(name, 0.0) * (1.0 - SHRINK * ROUNDS) + STEP * slope / math.sqrt(squares[name])
    return weights, base


def main() -> None:
    """Writes `guardrails/triage/weights.json`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--root", type=Path, default=None, help="content root; the installed one when left out")
    root = find_content_root(parser.parse_args().root)
    folder, source = root / "guardrails" / "triage", root / "evals" / "sets" / "triage_tuning.jsonl"
    lexicons = {path.stem: load_lexicon(path) for path in sorted(folder.glob("??.yaml"))}
    weights = learn(read_examples(read_jsonl(source), lexicons, load_frames(folder / "frames.yaml")))
    write_weights(folder / "weights.json", weights, trained_on=hash_files(root, [source]))


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
