"""Labelled texts -> `guardrails/triage/weights.json`: `python -m drafter.evals.triage_training`.

One logistic regression for each issue, by scikit-learn. Beside its own weight each word weighs by where it lies among word vectors
(`word_vectors.py`), in which `refund`, `rimborso` and `devolver` are neighbours; so words that no labelled text holds get a weight too.
All of it ends in whole numbers a feature. The libraries are needed here only (`requirements-train.lock`); judging needs nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
SEEDS = (1, 2)
"""Orders in which texts are paired; the mean of several depends less on chance than one."""
SCALE = 100
LEAST = 10
"""A feature whose weights are all smaller than this many hundredths is left out."""
LEAST_UNSEEN = 34
"""The same for words that no labelled text holds."""
LEANINGS = {
    Issue.DEFECTIVE: -55, Issue.SIZE_OR_FIT: -40, Issue.OTHER: -30,
    Issue.CUSTOMER_SERVICE: 45, Issue.MISSING_PARTS: 25, Issue.USABILITY_OR_INSTRUCTIONS: 25, Issue.DAMAGED_IN_TRANSIT: 15,
    Issue.NOT_AS_DESCRIBED: 10,
}  # fmt: skip
"""Hundredths by which an issue is taken less or more readily than it was learnt: what did best on six authors, each left out in turn."""
THRESHOLD = 0
FAINT = -400
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


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


def learn(examples: Sequence[Example], vectors: WordVectors, unlabelled: Iterable[str] = ()) -> dict[str, Any]:
    """Bias and rows of weights that tell the issues of these examples apart.

    Args:
        unlabelled: Words that get a weight, too.
    """
    import numpy as np

    names = sorted({name for example in examples for name in example.features})
    issues = sorted(issue.value for issue in Issue)
    fits = [_fit(_pair(examples, seed), names, issues, vectors) for seed in SEEDS]
    own, bias, directions = (sum(parts) / len(fits) * SCALE for parts in zip(*fits, strict=True))
    own *= np.array([SHARES[_kind(name)] for name in names])[:, None]
    own[[_is_whole(name) for name in names]] += vectors.of([name.removeprefix(WORD) for name in names if _is_whole(name)]) @ directions
    strange = sorted(set(unlabelled) - {name.removeprefix(WORD) for name in names})
    rows = [*zip(names, own, [LEAST] * len(names), strict=True)]
    rows += [(WORD + word, row, LEAST_UNSEEN) for word, row in zip(strange, vectors.of(strange) @ directions, strict=True)]
    return {
        "bias": {issue: round(base) + LEANINGS.get(Issue(issue), 0) for issue, base in zip(issues, bias.tolist(), strict=True)},
        "features": {name: pack(row.tolist()) for name, row, least in rows if abs(row).max() >= least},
    }


def _pair(examples: Sequence[Example], seed: int) -> list[Example]:
    """The examples and as many pairs of them: buyers name several things at once, and one must not speak against the other."""
    chance = random.Random(seed)  # noqa: S311 - mixes examples, keeps no secret
    pairs = [(chance.choice(examples), chance.choice(examples)) for _ in examples]
    return [*examples, *(Example(a.features | b.features, a.issues | b.issues) for a, b in pairs)]


def _fit(examples: Sequence[Example], names: Sequence[str], issues: Sequence[str], vectors: WordVectors) -> tuple[Any, Any, Any]:
    """Of each issue: weight of each feature, the bias, and the direction among word vectors; a column an issue."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    table = _tabulate(examples, names, vectors)
    models = [
        LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=60, tol=1e-2, intercept_scaling=4, random_state=0).fit(
            table, [issue in example.issues for example in examples]
        )
        for issue in issues
    ]
    weights = np.array([model.coef_[0] for model in models]).T
    return weights[: len(names)], np.array([model.intercept_[0] for model in models]), weights[len(names) :] * VECTOR_SHARE


def _tabulate(examples: Sequence[Example], names: Sequence[str], vectors: WordVectors) -> Any:
    """A row for each example: its features, each in its share, and the sum of its words' vectors."""
    import numpy as np
    from scipy import sparse

    columns = {name: column for column, name in enumerate(names)}
    cells = [(row, columns[name]) for row, example in enumerate(examples) for name in sorted(example.features)]
    rows, places = np.array(cells).T
    shares = np.array([SHARES[_kind(name)] for name in names])
    known = sparse.csr_matrix((shares[places], (rows, places)), shape=(len(examples), len(names)))
    whole = [column for column, name in enumerate(names) if _is_whole(name)]
    places_of_words = vectors.of([names[column].removeprefix(WORD) for column in whole])
    held = (known[:, whole] != 0).astype(float)
    return sparse.hstack([known, sparse.csr_matrix(held @ places_of_words * VECTOR_SHARE)]).tocsr()


def _kind(name: str) -> str:
    return "=" if name.startswith("=") else WORD if name.startswith(WORD) else ""


def _is_whole(name: str) -> bool:
    """True of a word, not of a beginning or a number."""
    return name.startswith(WORD) and not name.endswith("*") and name != f"{WORD}0"


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
