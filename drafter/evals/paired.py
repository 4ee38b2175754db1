"""Two runs of the same cases, compared case by case: which metric is really worse, and what this set could have seen.

A difference is tested by flipping the signs of the clusters' differences: under "no change" each sign is as likely as the other, so no
shape of distribution is assumed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drafter.evals.intervals import Interval, NothingMeasured, mean_interval

EXACT_CLUSTERS = 14
"""Up to this many clusters, all sign patterns are counted; beyond it, `FLIPS` are drawn."""
FLIPS = 10_000
SEED = 20_260_101
Z_ALPHA = 1.644854
"""One-sided, 5 %."""
Z_POWER = 0.841621
"""80 %."""


@dataclass(frozen=True, slots=True)
class Paired:
    """Differences of one metric (new less old), one for each case that has both, and their clusters."""

    differences: Mapping[str, float]
    clusters: Mapping[str, str]

    def by_cluster(self) -> dict[str, list[float]]:
        """Differences of each cluster."""
        groups: dict[str, list[float]] = {}
        for case, difference in self.differences.items():
            groups.setdefault(self.clusters[case], []).append(difference)
        return groups

    def interval(self) -> Interval:
        """Mean difference with its bounds."""
        return mean_interval(self.by_cluster())

    def p_worse(self) -> float:
        """Probability of a mean difference this low, or lower, if nothing had changed.

        Raises:
            NothingMeasured: there is no pair.
        """
        sums = [sum(group) for group in self.by_cluster().values()]
        if not sums:
            raise NothingMeasured("no case has both values")
        return sign_flip(sums)

    def detectable(self) -> float | None:
        """Smallest true loss that this set finds four times in five; None with fewer than two clusters."""
        groups = list(self.by_cluster().values())
        n = sum(map(len, groups))
        if len(groups) < 2:
            return None
        mean = sum(map(sum, groups)) / n
        spread = sum((sum(group) - mean * len(group)) ** 2 for group in groups) * len(groups) / (len(groups) - 1)
        return (Z_ALPHA + Z_POWER) * math.sqrt(spread) / n

    def cases_needed(self, loss: float) -> int | None:
        """Cases with which a loss of this size would be found four times in five; None when nothing varies."""
        detectable = self.detectable()
        if detectable is None or loss <= 0:
            return None
        return math.ceil(len(self.differences) * (detectable / loss) ** 2)


def sign_flip(sums: Sequence[float]) -> float:
    """One-sided p value of a sum of differences being this low, by flipping the signs of its terms."""
    moving = [value for value in sums if value]
    observed = sum(moving) + 1e-12
    if not moving:
        return 1.0
    if len(moving) <= EXACT_CLUSTERS:
        totals = [0.0]
        for value in moving:
            totals = [t + v for t in totals for v in (value, -value)]
        return sum(total <= observed for total in totals) / len(totals)
    tables = _byte_tables(moving)
    draw = random.Random(SEED)  # noqa: S311 - statistics, no secret
    bits = 8 * len(tables)
    hits = 0
    for _ in range(FLIPS):
        pattern = draw.getrandbits(bits).to_bytes(len(tables), "little")
        hits += sum(table[byte] for table, byte in zip(tables, pattern, strict=True)) <= observed
    return (hits + 1) / (FLIPS + 1)


def _byte_tables(values: Sequence[float]) -> list[list[float]]:
    """For each eight values, the sum of every sign pattern: a flip of all costs one look-up per eight."""
    tables = []
    for at in range(0, len(values), 8):
        table = [0.0]
        for value in values[at : at + 8]:
            table = [t - value for t in table] + [t + value for t in table]
        # Patterns of a shorter last group repeat, so that a whole byte can be looked up.
        tables.append(table * (256 // len(table)))
    return tables


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p values: with them, the chance of any false alarm over all metrics stays what it was for one.

    Source: Holm (1979), Scand. J. Statist. 6.
    """
    adjusted: dict[str, float] = {}
    highest = 0.0
    for rank, (name, p) in enumerate(sorted(p_values.items(), key=lambda pair: pair[1])):
        highest = max(highest, min(1.0, p * (len(p_values) - rank)))
        adjusted[name] = highest
    return adjusted
