"""Labelled texts -> the second reader's weights: logistic regression over rarity-weighted features, by scikit-learn.

Sets hold snippets (one or two sentences, wholly violation or wholly not) and whole messages. A compliant message is compliant in every
window. A violating message says only that one of its windows violates: the one that reads most like it, by the model so far.
scikit-learn is needed here only (`requirements-train.lock`); what it learned is content, and reading with it needs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drafter.domain import Category, CheckRequest
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.languages import Concepts
from drafter.guardrails.reader import RARITY_SCALE, SCALE, Feature, Window, windows, write_feature
from drafter.guardrails.scene import Scene

STRENGTH = 20.0
"""Inverse of regularisation; between 5 and 100 it made no difference in four-fold runs."""
KEPT_FEATURES = 10_000
MIN_COUNT = 2
"""A feature of a single sample teaches nothing."""
MIN_OF_A_KIND = 10
MIN_KIND_WEIGHT = 1500
"""Thousandths below which a weight towards a category is left out."""
_CASE = ("language", "resolved", "review", "seller_started")


@dataclass(frozen=True, slots=True)
class Sample:
    """One window and what it is."""

    features: tuple[Feature, ...]
    is_violation: bool
    categories: frozenset[str]


def train(guardrail: Guardrail, rows: Iterable[Mapping[str, Any]], *, say: Callable[[str], None]) -> dict[str, Any]:
    """The content of `guardrails/reader/weights.json`."""
    snippets, messages = _collect(guardrail, rows)
    first = _Fit(snippets, lambda sample: sample.is_violation)
    worst = [(max(found, key=lambda w: first.score(w.features)), categories) for found, categories in messages]
    samples = snippets + [Sample(window.features, True, categories) for window, categories in worst]
    violations = [sample for sample in samples if sample.is_violation]
    say(f"{len(violations)} violating windows, {len(samples) - len(violations)} others")
    model = _Fit(samples, lambda sample: sample.is_violation, keep=KEPT_FEATURES)
    counts = Counter(category for sample in violations for category in sample.categories)
    kinds = {
        category: _Fit(violations, _speaks_of(category), vocabulary=model.vocabulary).written_kind(guardrail.concepts)
        for category in sorted(counts)
        if counts[category] >= MIN_OF_A_KIND and category in set(Category)
    }
    return {**model.written(guardrail.concepts), "kinds": kinds}


def rows_of_rules(guardrail: Guardrail) -> Iterator[dict[str, Any]]:
    """The rules' own examples as labelled texts; an allow example only where no other rule finds anything in it."""
    for rule in guardrail.rules:
        if rule.kind == "learned":
            continue
        for example in rule.flag:
            categories = [category.value for category in rule.categories_on(example.channel)]
            yield {**example.case, "channel": example.channel, "text": example.text, "label": "violation", "categories": categories}
        for example in rule.allow:
            if not guardrail.check(example.request).findings:
                yield {**example.case, "channel": example.channel, "text": example.text, "label": "compliant", "categories": []}


def _collect(guardrail: Guardrail, rows: Iterable[Mapping[str, Any]]) -> tuple[list[Sample], list[tuple[list[Window], frozenset[str]]]]:
    """Windows that are surely one thing, and the windows of messages of which one violates."""
    snippets: list[Sample] = []
    messages: list[tuple[list[Window], frozenset[str]]] = []
    for row in rows:
        scene = scene_of(guardrail, row)
        found = list(windows(scene))
        categories = frozenset(row["categories"])
        if not found:
            continue
        if row["label"] == "compliant":
            snippets += [Sample(window.features, False, frozenset()) for window in found]
        elif len(scene.document.sentences) <= 2:
            snippets.append(Sample(found[-1].features, True, categories))
        else:
            messages.append((found, categories))
    return snippets, messages


def scene_of(guardrail: Guardrail, row: Mapping[str, Any]) -> Scene:
    """A labelled text as the rules see it."""
    case = {key: row[key] for key in _CASE if row.get(key) is not None}
    return guardrail.look_at(CheckRequest(channel=row["channel"], text=row["text"], **case))


def _speaks_of(category: str) -> Callable[[Sample], bool]:
    return lambda sample: category in sample.categories


class _Fit:
    """A balanced binary model over samples."""

    def __init__(
        self,
        samples: Sequence[Sample],
        is_positive: Callable[[Sample], bool],
        *,
        keep: int | None = None,
        vocabulary: frozenset[Feature] | None = None,
    ) -> None:
        if vocabulary is None:
            counts = Counter(feature for sample in samples for feature in sample.features)
            vocabulary = frozenset(feature for feature, count in counts.items() if count >= MIN_COUNT)
        self._learn(samples, is_positive, vocabulary)
        if keep is not None and len(vocabulary) > keep:
            heaviest = sorted(self._names, key=lambda name: -abs(self._weights[name]))[:keep]
            self._learn(samples, is_positive, frozenset(self._features[name] for name in heaviest))

    def _learn(self, samples: Sequence[Sample], is_positive: Callable[[Sample], bool], vocabulary: frozenset[Feature]) -> None:
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.feature_extraction.text import TfidfTransformer
        from sklearn.linear_model import LogisticRegression

        self.vocabulary = vocabulary
        self._features = {_key(feature): feature for feature in vocabulary}
        self._counting, self._weighting = DictVectorizer(), TfidfTransformer()
        rows = [{_key(f): 1 for f in sample.features if f in vocabulary} for sample in samples]
        matrix = self._weighting.fit_transform(self._counting.fit_transform(rows))
        self._model = LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced", random_state=0)
        self._model.fit(matrix, [is_positive(sample) for sample in samples])
        self._names: list[str] = list(self._counting.get_feature_names_out())
        rarities = self._weighting.idf_
        self._rarity = {name: float(rarities[i]) for i, name in enumerate(self._names)}
        self._weights = {name: float(self._model.coef_[0][i]) * self._rarity[name] for i, name in enumerate(self._names)}

    def score(self, features: Sequence[Feature]) -> float:
        """Log-odds of a window."""
        row = {_key(f): 1 for f in features if f in self.vocabulary}
        return float(self._model.decision_function(self._weighting.transform(self._counting.transform([row])))[0])

    def written(self, concepts: Concepts) -> dict[str, Any]:
        """Bias, and of each feature weight and squared rarity, as whole numbers."""
        weights = {
            write_feature(self._features[name], concepts): [
                round(self._weights[name] * SCALE),
                round(self._rarity[name] ** 2 * RARITY_SCALE),
            ]
            for name in self._names
        }
        weights.pop("", None)
        return {"bias": round(float(self._model.intercept_[0]) * SCALE), "weights": dict(sorted(weights.items()))}

    def _written_weight(self, name: str) -> list[int]:
        return [round(self._weights[name] * SCALE), round(self._rarity[name] ** 2 * RARITY_SCALE)]

    def written_kind(self, concepts: Concepts) -> dict[str, Any]:
        """Bias and weights towards a category; small ones are left out."""
        weights = {write_feature(self._features[name], concepts): round(self._weights[name] * SCALE) for name in self._names}
        weights.pop("", None)
        kept = {name: weight for name, weight in sorted(weights.items()) if abs(weight) >= MIN_KIND_WEIGHT}
        return {"bias": round(float(self._model.intercept_[0]) * SCALE), "weights": kept}


def _key(feature: Feature) -> str:
    return feature if isinstance(feature, str) else f"\0{feature}"
