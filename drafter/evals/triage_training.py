"""Labelled texts -> `guardrails/triage/weights.json`: `python -m drafter.evals.triage_training`.

Logistic regressions, one for each issue, learnt in two ways and averaged: from whole texts, and from the part of a text that speaks
plainest, as texts are judged (`scorer.py`). Their mean found more in authors who were left out than either. Beside its own weight each
word weighs by where it lies among word vectors (`word_vectors.py`), in which `refund`, `rimborso` and `devolver` are neighbours; so words
that no labelled text holds get a weight too. All of it ends in whole numbers a feature. The libraries are needed here only
(`requirements-train.lock`); judging needs nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from drafter.content import find_content_root, hash_files, read_jsonl
from drafter.domain import Issue
from drafter.evals.word_vectors import WordVectors
from drafter.triage.frames import Frames, load_frames
from drafter.triage.injection import InjectionFinder, load_injection_finder, without
from drafter.triage.lexicon import Lexicon, load_lexicon
from drafter.triage.machine import load_machine_weights
from drafter.triage.reading import fold, read
from drafter.triage.scorer import MAX_RUN, WORD, find_features, name_words, pack

SETS = ("triage_tuning.jsonl", "triage_open.jsonl")
"""Labelled texts under `evals/sets/` that are learnt from, and so never measured on."""
TEXTS = "reader/*.jsonl"
"""Texts about orders whose words get a weight by their place among the vectors."""
STRENGTH = 3.0
"""Inverse of regularisation; 1 to 10 made little difference to authors who were left out."""
SHARES = {"=": 0.5, "": 0.6, WORD: 0.7}
"""How far a kind of feature (frame, concept, word) is trusted. Lexicons were written with these texts in view, so what they find here
looks surer than it is in a stranger's review: the surer they look, the less is learnt of them."""
VECTOR_SHARE = 0.4
SOFTNESS = 0.25
"""How far below the plainest part of a text another one still counts."""
BIAS_SCALE = 4.0
"""How much less the bias is held back than the weights."""
ROUNDS = 60
SEEDS = (1, 2)
"""Orders in which texts are paired; the mean of several depends less on chance than one."""
SCALE = 100
LEAST = 10
"""A feature whose weights are all smaller than this many hundredths is left out."""
LEAST_UNSEEN = 34
"""The same for words that no labelled text holds."""
MIN_TEXTS = 3
"""Texts that must hold a pair of words."""
THRESHOLD = 0
FAINT = -400
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Example:
    """Features of a text and its issues."""

    features: frozenset[str]
    issues: frozenset[str]
    clauses: tuple[frozenset[str], ...] = ()
    """Features of each clause."""


def read_examples(
    rows: Iterable[Mapping[str, Any]], lexicons: Mapping[str, Lexicon], frames: Frames, injection: InjectionFinder
) -> list[Example]:
    """Examples of labelled rows, words for a machine left out as they are when a review is judged."""
    examples = []
    for row in rows:
        text = f"{row['title']}\n{row['body']}" if row.get("title") else str(row["body"])
        seen = lexicons[row["language"]].see(without(text, injection.find(text)))
        features = find_features(seen, frames.complaints(seen))
        clauses: dict[int, set[str]] = {}
        for feature, places in features.items():
            for first, _ in places:
                clauses.setdefault(seen.reading.clauses[first], set()).add(feature)
        examples.append(Example(frozenset(features), frozenset(row["issues"]), tuple(map(frozenset, clauses.values()))))
    return _without_rare_pairs(examples)


def _without_rare_pairs(examples: Sequence[Example]) -> list[Example]:
    """The examples less the pairs of words that hardly any text holds."""
    counts = Counter(name for example in examples for name in example.features if " " in name)

    def keep(names: frozenset[str]) -> frozenset[str]:
        return frozenset(name for name in names if " " not in name or counts[name] >= MIN_TEXTS)

    return [replace(e, features=keep(e.features), clauses=tuple(map(keep, e.clauses))) for e in examples]


def learn(examples: Sequence[Example], vectors: WordVectors, unlabelled: Iterable[str] = ()) -> dict[str, Any]:
    """Bias and rows of weights that tell the issues of these examples apart.

    Args:
        unlabelled: Words that get a weight, too.
    """
    import numpy as np

    names = sorted({name for example in examples for name in example.features})
    issues = sorted(issue.value for issue in Issue)
    by_whole = [_fit([(e.features,) for e in texts], texts, names, issues, vectors) for texts in (_pair(examples, seed) for seed in SEEDS)]
    by_part = _fit([(e.features, *e.clauses) for e in examples], examples, names, issues, vectors)
    fits = [*by_whole, *[by_part] * len(by_whole)]
    own, bias, directions = (sum(parts) / len(fits) * SCALE for parts in zip(*fits, strict=True))
    own *= np.array([SHARES[_kind(name)] for name in names])[:, None]
    own[[_is_whole(name) for name in names]] += vectors.of([name.removeprefix(WORD) for name in names if _is_whole(name)]) @ directions
    strange = sorted(set(unlabelled) - {name.removeprefix(WORD) for name in names})
    rows = [*zip(names, own, [LEAST] * len(names), strict=True)]
    rows += [(WORD + word, row, LEAST_UNSEEN) for word, row in zip(strange, vectors.of(strange) @ directions, strict=True)]
    return {
        "bias": {issue: round(base) for issue, base in zip(issues, bias.tolist(), strict=True)},
        "features": {name: pack(row.tolist()) for name, row, least in rows if abs(row).max() >= least},
    }


def _pair(examples: Sequence[Example], seed: int) -> list[Example]:
    """The examples and as many pairs of them: buyers name several things at once, and one must not speak against the other."""
    chance = random.Random(seed)  # noqa: S311 - mixes examples, keeps no secret
    pairs = [(chance.choice(examples), chance.choice(examples)) for _ in examples]
    return [*examples, *(Example(a.features | b.features, a.issues | b.issues) for a, b in pairs)]


def _fit(
    parts: Sequence[Sequence[frozenset[str]]],
    examples: Sequence[Example],
    names: Sequence[str],
    issues: Sequence[str],
    vectors: WordVectors,
) -> tuple[Any, Any, Any]:
    """Of each issue: weight of each feature, the bias, and the direction among word vectors; a column an issue.

    Args:
        parts: Of each example, the sets of features it is judged by; the one that weighs most counts.
    """
    import numpy as np
    from scipy.optimize import minimize

    table = _tabulate([part for own in parts for part in own], names, vectors)
    turned = table.T.tocsr()
    sizes = np.array([len(own) for own in parts])
    starts = np.cumsum(sizes) - sizes
    signs = np.array([[1.0 if issue in example.issues else -1.0 for issue in issues] for example in examples])
    shape = (table.shape[1] + 1, len(issues))

    def judge(flat: Any) -> tuple[float, Any]:
        """Loss of these weights, and its slope."""
        weights = flat.reshape(shape)
        scores = table @ weights[:-1]
        most = np.maximum.reduceat(scores, starts, axis=0)
        votes = np.exp((scores - np.repeat(most, sizes, axis=0)) / SOFTNESS)
        total = np.add.reduceat(votes, starts, axis=0)
        margins = signs * (most + SOFTNESS * np.log(total) + weights[-1] * BIAS_SCALE)
        slopes = -STRENGTH * signs / (1 + np.exp(margins))
        by_part = votes / np.repeat(total, sizes, axis=0) * np.repeat(slopes, sizes, axis=0)
        slope = np.vstack([turned @ by_part, slopes.sum(0, keepdims=True) * BIAS_SCALE]) + weights
        return float(STRENGTH * np.logaddexp(0, -margins).sum() + (weights**2).sum() / 2), slope.ravel()

    weights = minimize(judge, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x.reshape(shape)
    return weights[: len(names)], weights[-1] * BIAS_SCALE, weights[len(names) : -1] * VECTOR_SHARE


def _tabulate(parts: Sequence[frozenset[str]], names: Sequence[str], vectors: WordVectors) -> Any:
    """A row for each set of features: its features, each in its share, and the sum of its words' vectors."""
    import numpy as np
    from scipy import sparse

    columns = {name: column for column, name in enumerate(names)}
    cells = [(row, columns[name]) for row, part in enumerate(parts) for name in sorted(part)]
    rows, places = np.array(cells).T
    shares = np.array([SHARES[_kind(name)] for name in names])
    known = sparse.csr_matrix((shares[places], (rows, places)), shape=(len(parts), len(names)))
    whole = [column for column, name in enumerate(names) if _is_whole(name)]
    places_of_words = vectors.of([names[column].removeprefix(WORD) for column in whole])
    held = (known[:, whole] != 0).astype(float)
    return sparse.hstack([known, sparse.csr_matrix(held @ places_of_words * VECTOR_SHARE)]).tocsr()


def _kind(name: str) -> str:
    return "=" if name.startswith("=") else WORD if name.startswith(WORD) else ""


def _is_whole(name: str) -> bool:
    """True of a word, not of a beginning, an end, a pair or a number."""
    return name.startswith(WORD) and not {"*", " "} & set(name) and name != f"{WORD}0"


def words_of(texts: Iterable[str]) -> Iterator[str]:
    """Words of texts, and runs of characters."""
    for text in texts:
        reading = read(text, "ja" if _CJK.search(text) else "fr")
        yield from (name.removeprefix(WORD) for name, _, _ in name_words(reading) if _is_whole(name))


def words_of_pieces(vectors: WordVectors) -> Iterator[str]:
    """Words and runs of characters that have vectors of their own."""
    yield from map(fold, vectors.words)
    yield from (run for run in vectors.runs if len(run) <= MAX_RUN)


def main() -> None:
    """Writes `guardrails/triage/weights.json`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--root", type=Path, default=None, help="content root; the installed one when left out")
    root = find_content_root(parser.parse_args().root)
    folder, sets = root / "guardrails" / "triage", root / "evals" / "sets"
    sources, unlabelled = [sets / name for name in SETS], sorted(sets.glob(TEXTS))
    lexicons = {path.stem: load_lexicon(path) for path in sorted(folder.glob("??.yaml"))}
    injection = load_injection_finder(folder / "injection.yaml", machine=load_machine_weights(folder / "machine.json"))
    rows = [row for source in sources for row in read_jsonl(source)]
    examples = read_examples(rows, lexicons, load_frames(folder / "frames.yaml"), injection)
    vectors = WordVectors(sorted({name.removeprefix(WORD) for example in examples for name in example.features if _is_whole(name)}))
    texts = (row["text"] for path in unlabelled for row in read_jsonl(path))
    learnt = learn(examples, vectors, {*words_of(texts), *words_of_pieces(vectors)})
    write_weights(folder / "weights.json", learnt, trained_on=hash_files(root, [*sources, *unlabelled]), vectors=vectors.sha256)


def write_weights(path: Path, learnt: Mapping[str, Any], *, trained_on: str, vectors: str) -> None:
    """Writes a file of weights, one feature a line.

    Args:
        trained_on: Hash of every text whose words got a weight.
        vectors: Hash of the word vectors they lie in.
    """
    provenance = {"trained_on_sha256": trained_on, "vectors_sha256": vectors}
    head = {"version": 2, **provenance, "threshold": THRESHOLD, "faint": FAINT, "bias": learnt["bias"]}
    top = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items())
    body = ",\n".join(f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in sorted(learnt["features"].items()))
    path.write_text(f'{{\n{top},\n "features": {{\n{body}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
