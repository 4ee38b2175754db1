"""Labelled texts -> the second reader's weights: logistic regression over rarity-weighted parts of sentences, by scikit-learn.

Sets hold snippets (one or two sentences, wholly violation or wholly not) and whole messages. A compliant message is compliant in every
window. A violating message says only that one of its windows violates: the one that reads most like it, by the model so far.

Words that no text here holds get a weight, too: beside its own weight each word weighs by its letters and by where it lies among
Google's multilingual word vectors (`drafter/evals/word_vectors.py`), in which `refund`, `rimborso` and `devolver` are neighbours. All
of it ends in one number a word. The libraries are needed here only (`requirements-train.lock`); reading needs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from drafter.domain import Category, CheckRequest
from drafter.evals.word_vectors import WordVectors
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.reader import MILD, RARITY_SCALE, SCALE
from drafter.guardrails.reader_features import NUMBER, channel_feature, features, is_read_alone, letter_runs
from drafter.guardrails.scene import Scene

STRENGTH = 20.0
"""Inverse of regularisation; 20 to 200 made no difference to authors who were left out, less than 5 did harm."""
KEPT_FEATURES = 12_000
"""Of neighbouring words and concepts; all words stay."""
MIN_COUNT = 2
"""A feature of a single window teaches nothing."""
MIN_RUNS = 3
SHARES = {"word": 1.0, "words": 0.6, "concept": 1.0, "public": 1.0, "public pair": 0.7}
"""How far a feature is trusted beside the others; chosen on authors who were left out."""
RUN_SHARE, VECTOR_SHARE = 0.3, 0.5
MIN_UNSEEN = 3000
"""Thousandths below which the weight of a word that no text holds is left out; a sentence divides it by thirty or so."""
MIN_LETTERS = 300
MIN_OF_A_KIND = 10
MIN_KIND_WEIGHT = 2000
KIND_STRENGTH = 50.0
KIND_VECTOR_SHARE = 0.1
"""Of four authors left out, this told 90 % of the categories first, without it 87 %; more of it told fewer."""
_CASE = ("language", "resolved", "review", "seller_started")


@dataclass(frozen=True, slots=True)
class Text:
    """A labelled text, cut into windows: each the names of its parts, with how many of its sentences hold them."""

    windows: tuple[Mapping[str, int], ...]
    spans: tuple[tuple[int, int], ...]
    """First and last sentence of each window."""
    is_violation: bool
    is_snippet: bool
    """One or two sentences, so that the last window is what is labelled."""
    categories: frozenset[str]
    is_mild: bool
    """A violation that is worth a warning only."""
    channel: str
    """Feature of the channel."""


def read_texts(guardrail: Guardrail, rows: Iterable[Mapping[str, Any]]) -> list[Text]:
    """Labelled rows as the reader sees them; what has no words is left out."""
    return [text for text in (read_text(guardrail, row) for row in rows) if text.windows]


def read_text(guardrail: Guardrail, row: Mapping[str, Any]) -> Text:
    """One labelled row, window by window, in the order of `Model.read`."""
    scene = scene_of(guardrail, row)
    sentences = scene.document.sentences
    parts = [Counter(features(scene, i, guardrail.concepts)) for i in range(len(sentences))]
    found = [((i, i), parts[i]) for i in range(len(parts)) if is_read_alone(scene, i, guardrail.concepts)]
    found += [((i, i + 1), a if a == b else a + b) for i, (a, b) in enumerate(pairwise(parts))]
    return Text(
        windows=tuple(names for _, names in found),
        spans=tuple(span for span, _ in found),
        is_violation=row["label"] == "violation",
        is_snippet=len(sentences) <= 2,
        categories=frozenset(row["categories"]),
        is_mild=row["label"] == "violation" and row.get("severity") == "warn",
        channel=channel_feature(scene.channel),
    )


def scene_of(guardrail: Guardrail, row: Mapping[str, Any]) -> Scene:
    """A labelled text as the rules see it."""
    case = {key: row[key] for key in _CASE if row.get(key) is not None}
    return guardrail.look_at(CheckRequest(channel=row["channel"], text=row["text"], **case))


def rows_of_rules(guardrail: Guardrail) -> Iterator[dict[str, Any]]:
    """The rules' own examples as labelled texts; an allow example only where no other rule finds anything in it."""
    for rule in guardrail.rules:
        if rule.kind == "learned":
            continue
        for example in rule.flag:
            categories = [category.value for category in rule.categories_on(example.channel)]
            told = {"label": "violation", "severity": rule.severity_on(example.channel).value, "categories": categories}
            yield {**example.case, "channel": example.channel, "text": example.text, **told}
        for example in rule.allow:
            if not guardrail.check(example.request).findings:
                yield {**example.case, "channel": example.channel, "text": example.text, "label": "compliant", "categories": []}


def train(texts: Sequence[Text], vectors: WordVectors, *, say: Callable[[str], None]) -> dict[str, Any]:
    """What `guardrails/reader/weights.tsv` holds, by its parts; `reader_weights.Weights.of` takes it in."""
    sure = [window for text in texts if not text.is_violation for window in text.windows]
    clear = [text for text in texts if text.is_violation and text.is_snippet]
    hidden = [text for text in texts if text.is_violation and not text.is_snippet]
    violating = [text.windows[-1] for text in clear]
    first = _Fit(sure, violating, vectors)
    violating += [max(text.windows, key=first.score) for text in hidden]
    say(f"{len(violating)} violating windows, {len(sure)} others")
    model = _Fit(sure, violating, vectors, keep=KEPT_FEATURES)
    return {**model.written(), "kinds": dict(_kinds([*clear, *hidden], violating, model))}


class _Fit:
    """A balanced binary model over windows."""

    def __init__(
        self,
        compliant: Sequence[Mapping[str, int]],
        violating: Sequence[Mapping[str, int]],
        vectors: WordVectors,
        *,
        keep: int | None = None,
    ) -> None:
        windows = [*compliant, *violating]
        truth = [False] * len(compliant) + [True] * len(violating)
        self._vectors = vectors
        self._size = len(windows)
        counts = Counter(name for window in windows for name in window)
        self._seen = {name[1:]: count for name, count in counts.items() if _sort_of(name) == "word"}
        runs = Counter(run for window in windows for run in {run for word in _words_of(window) for run in letter_runs(word)})
        self._runs = {run: self._rarity(count) * RUN_SHARE for run, count in runs.items() if count >= MIN_RUNS}
        self._idf = {name: self._rarity(count) * SHARES[_sort_of(name)] for name, count in counts.items() if count >= MIN_COUNT}
        self._learn(windows, truth)
        if keep is not None:
            others = sorted((n for n in self._idf if _sort_of(n) != "word"), key=lambda n: (-abs(self._weights[n]), n))
            self._idf = {name: idf for name, idf in self._idf.items() if _sort_of(name) == "word"} | {
                n: self._idf[n] for n in others[:keep]
            }
            self._learn(windows, truth)

    def _rarity(self, count: int) -> float:
        from math import log

        return log((1 + self._size) / (1 + count)) + 1

    def _learn(self, windows: Sequence[Mapping[str, int]], truth: Sequence[bool]) -> None:
        from sklearn.linear_model import LogisticRegression

        self._columns = {name: i for i, name in enumerate(self._idf)}
        self._runs_at = {run: i for i, run in enumerate(self._runs)}
        model = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced", tol=1e-4, random_state=0)
        model.fit(self._matrix(windows), truth)
        weights = model.coef_[0]
        self._bias = float(model.intercept_[0])
        self._weights = {name: float(weights[self._columns[name]]) * idf for name, idf in self._idf.items()}
        self._run_weights = {run: float(weights[len(self._columns) + self._runs_at[run]]) * idf for run, idf in self._runs.items()}
        self._direction = weights[len(self._columns) + len(self._runs) :] * VECTOR_SHARE
        self._memo: dict[str, float] = {}

    def _matrix(self, windows: Sequence[Mapping[str, int]]) -> Any:
        """A row for each window: known parts, letters and the sum of its words' vectors, all over the length of the known parts."""
        import numpy as np
        from scipy import sparse

        lengths = np.array([self._length(window) for window in windows])
        known = _sparse(
            (
                (row, self._columns[name], count * self._idf[name])
                for row, window in enumerate(windows)
                for name, count in window.items()
                if name in self._idf
            ),
            (len(windows), len(self._idf)),
        )
        counts, words = _count_words(windows)
        letters = _sparse(
            (
                (row, self._runs_at[run], self._runs[run])
                for row, word in enumerate(words)
                for run in letter_runs(word)
                if run in self._runs
            ),
            (len(words), len(self._runs)),
        )
        rarity = sparse.diags([self._rarity(self._seen.get(word, 0)) * VECTOR_SHARE for word in words])
        dense = counts @ (rarity @ self._vectors.of(words))
        return (sparse.diags(1 / lengths) @ sparse.hstack([known, counts @ letters, sparse.csr_matrix(dense)])).tocsr()

    def _length(self, window: Mapping[str, int]) -> float:
        return float(max(sum(count * self._idf[name] ** 2 for name, count in window.items() if name in self._idf), 1) ** 0.5)

    def score(self, window: Mapping[str, int]) -> float:
        """Log-odds of a window."""
        total = sum(count * self._weights[name] for name, count in window.items() if name in self._weights)
        total += sum(count * self._drift(word) for word, count in _words_of(window).items())
        return self._bias + total / self._length(window)

    def _drift(self, word: str) -> float:
        """What a word weighs by its letters and by its neighbours in meaning."""
        if word not in self._memo:
            place = float(self._vectors.of([word])[0] @ self._direction) * self._rarity(self._seen.get(word, 0))
            self._memo[word] = self._letters(word) + place
        return self._memo[word]

    def _letters(self, word: str) -> float:
        return sum(self._run_weights.get(run, 0.0) for run in letter_runs(word))

    def places(self, words: Sequence[str]) -> Any:
        """Where words lie in meaning, as far as that tells a category."""
        from scipy import sparse

        return sparse.diags([self._rarity(self._seen.get(word, 0)) * KIND_VECTOR_SHARE for word in words]) @ self._vectors.of(words)

    @property
    def kept(self) -> Mapping[str, float]:
        """Features that carry a weight, with their rarity."""
        return self._idf

    def written(self) -> dict[str, Any]:
        """Bias; of each feature weight and squared rarity; weights of unseen words and of letters; as whole numbers."""
        weights = {name: [self._written_weight(name), round(idf**2 * RARITY_SCALE)] for name, idf in self._idf.items()}
        rare = (word for word in self._seen if f"={word}" not in self._idf)
        words = dict.fromkeys((*rare, *(word for word in self._vectors.words if word not in self._seen)))
        unseen = {word: round(self._drift(word) * SCALE) for word in words}
        letters = {run: round(weight * SCALE) for run, weight in self._run_weights.items()}
        return {
            "bias": round(self._bias * SCALE),
            "weights": dict(sorted(weights.items())),
            "unseen": {word: weight for word, weight in sorted(unseen.items()) if abs(weight - self._letters(word) * SCALE) >= MIN_UNSEEN},
            "letters": {run: weight for run, weight in sorted(letters.items()) if abs(weight) >= MIN_LETTERS},
        }

    def _written_weight(self, name: str) -> int:
        drift = self._drift(name[1:]) if _sort_of(name) == "word" and name[1:] != NUMBER else 0.0
        return round((self._weights[name] + drift) * SCALE)


def _sort_of(name: str) -> str:
    """Key of `SHARES`."""
    if name[0] == "=":
        return "words" if " " in name else "word"
    if name[0] == "+":
        return "concept"
    return "public pair" if "&" in name else "public"


def _words_of(window: Mapping[str, int]) -> dict[str, int]:
    return {name[1:]: count for name, count in window.items() if _sort_of(name) == "word" and name[1:] != NUMBER}


def _count_words(windows: Sequence[Mapping[str, int]]) -> tuple[Any, list[str]]:
    """How often each window holds each word, and the words."""
    numbers: dict[str, int] = {}
    cells = [
        (row, numbers.setdefault(word, len(numbers)), count)
        for row, window in enumerate(windows)
        for word, count in _words_of(window).items()
    ]
    return _sparse(cells, (len(windows), len(numbers))), list(numbers)


def _sparse(cells: Iterable[tuple[int, int, float]], shape: tuple[int, int]) -> Any:
    import numpy as np
    from scipy import sparse

    table = np.fromiter(cells, dtype=np.dtype([("row", np.int32), ("column", np.int32), ("value", np.float64)]))
    return sparse.csr_matrix((table["value"], (table["row"], table["column"])), shape=shape)


def _kinds(texts: Sequence[Text], violating: Sequence[Mapping[str, int]], fit: _Fit) -> Iterator[tuple[str, dict[str, Any]]]:
    """For each category, and for `MILD`: bias and weights of the parts that speak for it, among violations.

    A category is also told by where a violation's words lie in meaning: rare ones speak for what their neighbours speak for.
    """
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    counts = Counter(category for text in texts for category in text.categories)
    windows = [(*window, text.channel) for text, window in zip(texts, violating, strict=True)]
    columns = {name: i for i, name in enumerate((*fit.kept, *sorted({text.channel for text in texts})))}
    cells = ((row, columns[name], len(names) ** -0.5) for row, names in enumerate(windows) for name in names if name in columns)
    parts = _sparse(cells, (len(windows), len(columns)))
    together, words = _count_words(violating)
    lengths = sparse.diags([len(names) ** -0.5 for names in windows])
    places = fit.places(words)
    both = sparse.hstack([parts, sparse.csr_matrix(lengths @ (together.sign() @ places))]).tocsr()
    told = {
        category: [category in text.categories for text in texts]
        for category in sorted(counts)
        if counts[category] >= MIN_OF_A_KIND and category in set(Category)
    }
    for kind, truth in {**told, MILD: [text.is_mild for text in texts]}.items():
        if not any(truth):
            continue
        model = LogisticRegression(C=KIND_STRENGTH, max_iter=2000, class_weight="balanced", solver="liblinear", random_state=0)
        model.fit(parts if kind == MILD else both, truth)
        weights = Counter({name: float(model.coef_[0][i]) for name, i in columns.items()})
        if kind != MILD:
            drifts = places @ model.coef_[0][len(columns) :]
            weights.update({f"={word}": float(drift) for word, drift in zip(words, drifts, strict=True)})
        whole = {name: round(weight * SCALE) for name, weight in sorted(weights.items())}
        kept_weights = {name: weight for name, weight in whole.items() if abs(weight) >= MIN_KIND_WEIGHT}
        yield kind, {"bias": round(float(model.intercept_[0]) * SCALE), "weights": kept_weights}
