"""Do live requests still look like the cases that prompts are proved on? What a set has no case of, it says nothing about.

Two questions for each trait (language, channel, issue, rating, length):

- *Is something live that the set lacks?* A value with fewer than `FEW` cases in the set, whose share of live requests is surely (Wilson's
  lower bound, at 95 % over all values looked at) above `MIN_SHARE`.
- *Has the mix moved?* A chi-square statistic whose chance is found by drawing sets of the same size from both together: no cell needs
  five cases, as the textbook's table does. It counts when p, by Holm over the traits, is at most `ALPHA`, and at least `MIN_DISTANCE` of
  the live requests would have to be of another kind to match: with ten thousand requests any difference is significant, few matter.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from drafter.domain import DraftRequest, Triage, Value
from drafter.evals.intervals import NothingMeasured, rate_interval
from drafter.evals.paired import holm

FEW = 2
"""One odd case proves nothing of a kind of request."""
MIN_SHARE = 0.05
"""One request in twenty: what is rarer is better looked at by reading it."""
MIN_DISTANCE = 0.25
"""Sets lean toward hard cases on purpose, so they never match: a quarter is beyond leaning."""
ALPHA = 0.01
"""The alarm is looked at weekly: a false one about every two years."""
MIN_LIVE = 50
"""With fewer requests, a value that nobody has sent may still be one in seventeen (95 %)."""
DRAWS = 999
LENGTHS = ((80, "under 80 characters"), (300, "80 to 300"), (1000, "300 to 1000"))
EXAMPLES = 3

Traits = Mapping[str, str]


class Missing(Value):
    """A kind of live request that the set has too few cases of."""

    trait: str
    value: str
    live: int
    share: float
    at_least: float
    """Lower bound of the share."""
    in_set: int
    examples: tuple[str, ...]
    """Ids of such requests: candidates for cases."""


class Shift(Value):
    """How far the mix of one trait has moved."""

    trait: str
    distance: float
    """Share of live requests that would have to be of another kind for the two to match."""
    p: float
    """By Holm over all traits."""
    is_alarm: bool


class Drift(Value):
    """What became of the comparison."""

    cases: int
    live: int
    missing: tuple[Missing, ...]
    shifts: tuple[Shift, ...]

    @property
    def is_alarm(self) -> bool:
        """The set no longer speaks for what is live."""
        return bool(self.missing) or any(shift.is_alarm for shift in self.shifts)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request with what triage says of it."""

    id: str
    traits: Traits


def traits_of(request: DraftRequest, triage: Triage) -> Traits:
    """What kind of request it is."""
    rating = request.review.rating
    length = next((name for limit, name in LENGTHS if len(request.review.text) < limit), "over 1000")
    return {
        "language": triage.language,
        "channel": request.channel,
        "issue": triage.issues[0].value if triage.issues else "none",
        "rating": str(rating) if rating else "none",
        "length": length,
    }


def find_drift(cases: Sequence[Traits], live: Sequence[Seen]) -> Drift:
    """What is live and not in the set, and which mix has moved.

    Raises:
        NothingMeasured: there are no cases, or too few live requests to say anything.
    """
    if not cases or len(live) < MIN_LIVE:
        raise NothingMeasured(f"{len(live)} live requests beside {len(cases)} cases: at least {MIN_LIVE} are needed")
    traits = list(cases[0])
    old = {trait: Counter(case[trait] for case in cases) for trait in traits}
    new = {trait: Counter(seen.traits[trait] for seen in live) for trait in traits}
    looked_at = sum(map(len, new.values()))
    z = NormalDist().inv_cdf(1 - 0.05 / looked_at)
    missing = [
        _missing(trait, value, live, old[trait][value], rate_interval(n, len(live), z=z).low)
        for trait in traits
        for value, n in new[trait].most_common()
        if old[trait][value] < FEW and rate_interval(n, len(live), z=z).low > MIN_SHARE
    ]
    p_values = holm({trait: _chance(old[trait], new[trait]) for trait in traits})
    shifts = []
    for trait in traits:
        distance = _distance(old[trait], new[trait])
        is_alarm = p_values[trait] <= ALPHA and distance >= MIN_DISTANCE
        shifts.append(Shift(trait=trait, distance=distance, p=p_values[trait], is_alarm=is_alarm))
    return Drift(cases=len(cases), live=len(live), missing=tuple(missing), shifts=tuple(shifts))


def _missing(trait: str, value: str, live: Sequence[Seen], in_set: int, low: float) -> Missing:
    names = [seen.id for seen in live if seen.traits[trait] == value]
    share = len(names) / len(live)
    examples = tuple(names[:EXAMPLES])
    return Missing(trait=trait, value=value, live=len(names), share=share, at_least=low, in_set=in_set, examples=examples)


def _distance(old: Counter[str], new: Counter[str]) -> float:
    """Total variation between two mixes, 0 to 1."""
    return sum(abs(old[value] / old.total() - new[value] / new.total()) for value in old | new) / 2


def _chance(old: Counter[str], new: Counter[str]) -> float:
    """Chance of a set this far off, if it were drawn from the same requests."""
    pooled = old + new
    pool, size = list(pooled.elements()), old.total()
    seen = _chi_square(old, pooled, size)
    draw = random.Random(1)  # noqa: S311 - statistics, no secret
    hits = sum(_chi_square(Counter(draw.sample(pool, size)), pooled, size) >= seen - 1e-9 for _ in range(DRAWS))
    return (hits + 1) / (DRAWS + 1)


def _chi_square(counts: Mapping[str, int], pooled: Counter[str], size: int) -> float:
    """How far a draw is from what its size makes expect. The other part of the pool follows from it."""
    total = pooled.total()
    return sum((counts.get(value, 0) - n * size / total) ** 2 / (n * size / total) for value, n in pooled.items())


def drift_lines(drift: Drift) -> Iterable[str]:
    """For people, the alarm first."""
    yield f"{'ALARM' if drift.is_alarm else 'no alarm'}: {drift.live} live requests beside {drift.cases} cases"
    for one in drift.missing:
        yield (
            f"  ✗ {one.trait} {one.value}: {one.share:.0%} of live requests (surely {one.at_least:.0%}), {one.in_set} case(s) in the set; "
            f"e.g. {', '.join(one.examples)}"
        )
    for shift in drift.shifts:
        mark = "✗" if shift.is_alarm else " "
        yield f"  {mark} {shift.trait:<10} {shift.distance:4.0%} would have to be of another kind   p {shift.p:.4f}"
