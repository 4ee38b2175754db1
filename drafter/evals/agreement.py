"""How far two people agree about replies, and how far each scorer agrees with them.

Labels are lines of `{"id": …, "labels": {"dimension": "good" | "usable" | "bad"}}`, written by each reader alone. Replies are lines of
`{"id": …, "reply": …, "request": …}`. Weights and thresholds are chosen on one half of the ids and reported on the
other; an id decides its half.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from drafter.content import read_jsonl
from drafter.domain import Value
from drafter.errors import ContentError
from drafter.evals.intervals import NothingMeasured


class Label(StrEnum):
    """What a reader thinks of one side of a reply."""

    GOOD = "good"
    USABLE = "usable"
    BAD = "bad"


RANK = {Label.BAD: 0.0, Label.USABLE: 1.0, Label.GOOD: 2.0}


class Labelled(Value):
    """One reader's labels of one reply."""

    id: str
    labels: Mapping[str, Label]
    """By dimension, e.g. `overall`, `empathy`, `truth`."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readers on one dimension."""

    dimension: str
    n: int
    observed: float
    """Share of replies with the same label."""
    kappa: float | None
    """Cohen's, by rank distance squared; None when both used one and the same label throughout."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A scorer against one reader on one dimension and one half."""

    scorer: str
    dimension: str
    half: str
    n: int
    rank_correlation: float | None
    """Spearman's; None when either side is constant."""
    auc: float | None
    """Chance that a reply that is not bad scores above a bad one; None without both."""


def read_labels(path: Path) -> Mapping[str, Mapping[str, Label]]:
    """Labels by reply id.

    Raises:
        ContentError: a line is wrong, or an id stands twice.
    """
    found: dict[str, Mapping[str, Label]] = {}
    for value in read_jsonl(path):
        try:
            labelled = Labelled.model_validate(value)
        except ValidationError as exc:
            first = exc.errors()[0]
            raise ContentError(path, f"{value.get('id')}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        if labelled.id in found:
            raise ContentError(path, f"{labelled.id} is labelled twice")
        found[labelled.id] = labelled.labels
    return found


def half_of(reply_id: str) -> str:
    """`choose` or `report`, by the id alone."""
    return "choose" if hashlib.sha256(reply_id.encode()).digest()[0] % 2 else "report"


def measure_agreement(left: Mapping[str, Mapping[str, Label]], right: Mapping[str, Mapping[str, Label]]) -> list[Agreement]:
    """Each dimension that both used, over the replies that both labelled.

    Raises:
        NothingMeasured: they share no labelled reply.
    """
    pairs: dict[str, list[tuple[Label, Label]]] = {}
    for reply_id in left.keys() & right.keys():
        for dimension in left[reply_id].keys() & right[reply_id].keys():
            pairs.setdefault(dimension, []).append((left[reply_id][dimension], right[reply_id][dimension]))
    if not pairs:
        raise NothingMeasured("the two files share no labelled reply")
    return [_agreement(dimension, pairs[dimension]) for dimension in sorted(pairs)]


def calibrate(scores: Mapping[str, Mapping[str, float | None]], labels: Mapping[str, Mapping[str, Label]]) -> list[Calibration]:
    """Each scorer against each dimension, on each half. A score of None is not in it.

    Args:
        scores: By reply id, then by scorer.

    Raises:
        NothingMeasured: no scored reply is labelled.
    """
    scorers = sorted({name for card in scores.values() for name in card})
    dimensions = sorted({name for given in labels.values() for name in given})
    found = []
    for scorer in scorers:
        for dimension in dimensions:
            for half in ("choose", "report"):
                ids = [i for i in scores.keys() & labels.keys() if half_of(i) == half and dimension in labels[i]]
                pairs = [(value, labels[i][dimension]) for i in sorted(ids) if (value := scores[i].get(scorer)) is not None]
                if pairs:
                    found.append(_calibration(scorer, dimension, half, pairs))
    if not found:
        raise NothingMeasured("no scored reply is labelled")
    return found


def rank_correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Spearman's rho with mean ranks for ties; None when a side is constant."""
    a, b = _ranks(left), _ranks(right)
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    spread_a, spread_b = sum((x - mean_a) ** 2 for x in a), sum((y - mean_b) ** 2 for y in b)
    if not spread_a or not spread_b:
        return None
    return sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True)) / sqrt(spread_a * spread_b)


def area_under_curve(good: Sequence[float], bad: Sequence[float]) -> float | None:
    """Chance that a good one scores above a bad one, ties counting half; None without both."""
    if not good or not bad:
        return None
    return sum((g > b) + 0.5 * (g == b) for g in good for b in bad) / (len(good) * len(bad))


def _agreement(dimension: str, pairs: Sequence[tuple[Label, Label]]) -> Agreement:
    n = len(pairs)
    lefts, rights = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum((RANK[a] - RANK[b]) ** 2 for a, b in pairs) / n
    expected = sum((RANK[a] - RANK[b]) ** 2 * lefts[a] * rights[b] for a in Label for b in Label) / n**2
    kappa = 1 - observed / expected if expected else None
    return Agreement(dimension, n, sum(a is b for a, b in pairs) / n, kappa)


def _calibration(scorer: str, dimension: str, half: str, pairs: Sequence[tuple[float, Label]]) -> Calibration:
    values = [value for value, _ in pairs]
    rho = rank_correlation(values, [RANK[label] for _, label in pairs])
    auc = area_under_curve([v for v, label in pairs if label is not Label.BAD], [v for v, label in pairs if label is Label.BAD])
    return Calibration(scorer, dimension, half, len(pairs), rho, auc)


def _ranks(values: Sequence[float]) -> list[float]:
    """Rank of each value from 1, equal ones sharing the mean."""
    order = sorted(values)
    places: dict[float, list[int]] = {}
    for place, value in enumerate(order, start=1):
        places.setdefault(value, []).append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def score_replies(rows: Sequence[Mapping[str, Any]], judge: Any) -> dict[str, dict[str, float | None]]:
    """Scores by reply id, with what `judge(request, reply)` says of each row."""
    return {str(row["id"]): {s.scorer: s.value for s in judge(row["request"], row["reply"]).scores} for row in rows}
