"""How well triage finds the issues of authors it has not learnt from: `python -m drafter.evals.triage_left_out`.

The labelled texts are dealt into folds by author (the letters of an id), and each fold is judged with weights learnt from the others. The
lexicons were written with these texts in view, so the figure flatters them; it compares one state of lexicons and weights with another.
Authors whose texts complain of nothing are learnt from and not judged: nobody sends a sentence of scenery as a review of one star.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from drafter.content import find_content_root, read_jsonl
from drafter.domain import Issue
from drafter.evals.triage import Count, TriageFigures, evaluate
from drafter.evals.triage_training import FAINT, SETS, THRESHOLD, learn, read_examples
from drafter.evals.word_vectors import WordVectors
from drafter.triage import Triager
from drafter.triage.scorer import WORD, Weights

FOLDS = 4


def author_of(row: Mapping[str, Any]) -> str:
    """Letters that the author's ids begin with."""
    return str(row["id"]).partition("-")[0]


def deal_authors(rows: Sequence[Mapping[str, Any]], folds: int = FOLDS) -> list[frozenset[str]]:
    """Authors of each fold, dealt by the number of their texts so that folds weigh alike; those without a complaint are in none."""
    sizes = Counter(author_of(row) for row in rows)
    complaining = {author_of(row) for row in rows if row["issues"]}
    dealt: list[set[str]] = [set() for _ in range(folds)]
    loads = [0] * folds
    for author, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        if author in complaining:
            lightest = loads.index(min(loads))
            dealt[lightest].add(author)
            loads[lightest] += size
    return [frozenset(authors) for authors in dealt if authors]


def judge_left_out(triager: Triager, rows: Sequence[Mapping[str, Any]]) -> dict[str, TriageFigures]:
    """Figures by author, each with weights that were learnt without the author's fold."""
    examples = read_examples(rows, triager.lexicons, triager.frames, triager.injection)
    words = {name.removeprefix(WORD) for example in examples for name in example.features if name.startswith(WORD)}
    vectors = WordVectors(sorted(word for word in words if not {"*", " "} & set(word)))
    texts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        texts[author_of(row)].append(row)
    figures: dict[str, TriageFigures] = {}
    for fold in deal_authors(rows):
        learnt = learn([example for example, row in zip(examples, rows, strict=True) if author_of(row) not in fold], vectors)
        bias = {Issue(issue).value: base for issue, base in learnt["bias"].items()}
        judge = replace(triager, weights=Weights(THRESHOLD, FAINT, tuple(bias), tuple(bias.values()), learnt["features"]))
        figures |= {author: evaluate(judge, texts[author]) for author in sorted(fold)}
    return figures


def main() -> None:
    """Prints F1 of the issues by author, and of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--root", type=Path, default=None, help="content root; the installed one when left out")
    root = find_content_root(parser.parse_args().root)
    rows = [row for name in SETS for row in read_jsonl(root / "evals" / "sets" / name)]
    figures = judge_left_out(Triager.load(root), rows)
    total = Count()
    for author, own in sorted(figures.items()):
        sys.stdout.write(f"{author:<6} {own.rows:>5} texts  F1 {own.issues.f1 or 0:.3f}\n")
        total.tp += own.issues.tp
        total.fp += own.issues.fp
        total.fn += own.issues.fn
    sys.stdout.write(f"all           P {total.precision or 0:.3f}  R {total.recall or 0:.3f}  F1 {total.f1 or 0:.3f}\n")


if __name__ == "__main__":
    main()
