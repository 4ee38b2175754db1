"""Intervals and bounds of one run: what a set of this size can say at all."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence

from drafter.domain import Value

Z95 = 1.959964


class NothingMeasured(ValueError):
    """A statistic was asked of no measurement: an empty set has no rate, not a rate of 0."""


class Interval(Value):
    """A value with its 95 % bounds."""

    value: float
    low: float
    high: float


def rate_interval(hits: int, n: int, *, z: float = Z95) -> Interval:
    """Wilson interval of a rate, both ends in [0, 1].

    Args:
        hits: Samples that met the condition; 0 <= hits <= n.
        n: Samples that could be judged. Unmeasured ones are not in it.

    Raises:
        NothingMeasured: n is 0.

    Source: Wilson (1927), J. Am. Stat. Assoc. 22.
    """
    if n == 0:
        raise NothingMeasured("a rate over nothing")
    p, zz = hits / n, z * z
    centre, spread = p + zz / (2 * n), z * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    # At the ends the formula is exact; its floating point is not.
    low = (centre - spread) / (1 + zz / n) if hits else 0.0
    high = (centre + spread) / (1 + zz / n) if hits < n else 1.0
    return Interval(value=p, low=low, high=high)


def mean_interval(values: Mapping[str, Sequence[float]], *, rounds: int = 1000, seed: int = 1) -> Interval:
    """Mean over clusters' values with its bootstrap interval; whole clusters are drawn, so that one review counts once.

    Args:
        values: Values of each cluster.
        rounds: Draws; the same seed gives the same interval.
        seed: Of the draws.

    Raises:
        NothingMeasured: there is no value.
    """
    clusters = [(sum(group), len(group)) for group in values.values() if group]
    if not clusters:
        raise NothingMeasured("a mean over nothing")
    mean = sum(total for total, _ in clusters) / sum(n for _, n in clusters)
    if len(clusters) == 1 or len({total / n for total, n in clusters}) == 1:
        return Interval(value=mean, low=mean, high=mean)
    draw = random.Random(seed)  # noqa: S311 - statistics, no secret
    means = []
    for _ in range(rounds):
        drawn = draw.choices(clusters, k=len(clusters))
        means.append(sum(total for total, _ in drawn) / sum(n for _, n in drawn))
    means.sort()
    return Interval(value=mean, low=means[int(rounds * 0.025)], high=means[min(rounds - 1, int(rounds * 0.975))])


def zero_bound(n: int) -> float:
    """Highest rate that n trials without a single violation leave possible (95 %): the rule of three, exactly.

    Raises:
        NothingMeasured: n is 0.
    """
    if n == 0:
        raise NothingMeasured("no trial")
    return float(1 - 0.05 ** (1 / n))


def quantile(values: Iterable[float], share: float) -> float | None:
    """Value below which this share lies; None without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
