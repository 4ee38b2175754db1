"""Two reports of the same cases -> what got worse, what got better, what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drafter.evals.paired import Paired, holm
from drafter.evals.report import COSTS, CaseFigure, Comparison, Delta, LostCase
from drafter.evals.suite import Gates

EPSILON = 1e-9


def compare(
    gates: Gates, cases: Sequence[CaseFigure], before: Sequence[CaseFigure], *, title: str, alpha: float, looks: int = 1
) -> Comparison:
    """The comparison of a run's cases with those of an earlier one.

    Args:
        gates: Which metrics are compared, and which direction is better; without any, all that the earlier run has.
        title: Of the earlier run.
        alpha: Above this adjusted p value a loss is not called one.
        looks: How often the question was asked; only shown.
    """
    old = {case.id: case for case in before}
    new = {case.id: case for case in cases}
    changed = tuple(name for name in new if name in old and new[name].sha256 != old[name].sha256)
    both = [name for name in new if name in old and name not in changed]
    names = list(gates.graded) or list(dict.fromkeys(name for case in before for name in case.metrics if name not in COSTS))
    signs = {name: -1.0 if name in gates.graded and gates.graded[name].better == "lower" else 1.0 for name in names}
    pairs = {name: _pair(name, both, old, new) for name in names}
    pairs = {name: pair for name, pair in pairs.items() if pair.differences}
    worse = holm({name: _turned(pair, signs[name]).p_worse() for name, pair in pairs.items()})
    better = holm({name: _turned(pair, -signs[name]).p_worse() for name, pair in pairs.items()})
    deltas = tuple(_delta(name, pair, old, new, signs[name], worse[name], better[name], alpha) for name, pair in pairs.items())
    costs = {name: _pair(name, both, old, new) for name in COSTS}
    return Comparison(
        baseline=title,
        deltas=deltas,
        costs=tuple(
            _delta(name, pair, old, new, -1.0, _turned(pair, -1.0).p_worse(), pair.p_worse(), alpha)
            for name, pair in costs.items()
            if pair.differences
        ),
        lost=_lost(both, old, new),
        missing=tuple(name for name in old if name not in new),
        added=tuple(name for name in new if name not in old),
        changed=changed,
        unmeasured=tuple(
            f"{case}: {name}" for case in both for name in names if old[case].metrics.get(name) is not None and _is_gone(new[case], name)
        ),
        looks=looks,
    )


def _is_gone(case: CaseFigure, name: str) -> bool:
    return case.measured > 0 and case.metrics.get(name) is None


def _pair(name: str, both: Sequence[str], old: Mapping[str, CaseFigure], new: Mapping[str, CaseFigure]) -> Paired:
    differences = {}
    for case in both:
        before, after = old[case].metrics.get(name), new[case].metrics.get(name)
        if before is not None and after is not None:
            difference = after - before
            differences[case] = 0.0 if abs(difference) < EPSILON else difference
    return Paired(differences, {case: new[case].cluster for case in differences})


def _turned(pair: Paired, sign: float) -> Paired:
    return Paired({case: sign * difference for case, difference in pair.differences.items()}, pair.clusters)


def _delta(
    name: str,
    pair: Paired,
    old: Mapping[str, CaseFigure],
    new: Mapping[str, CaseFigure],
    sign: float,
    p_worse: float,
    p_better: float,
    alpha: float,
) -> Delta:
    """One row of the comparison."""
    values = [sign * difference for difference in pair.differences.values()]
    n = len(values)
    interval, turned = pair.interval(), _turned(pair, sign)
    loss = -sum(values) / n
    if not any(values):
        verdict = "same"
    elif p_worse <= alpha and loss > 0:
        verdict = "worse"
    elif p_better <= alpha and loss < 0:
        verdict = "better"
    else:
        verdict = "unclear"
    return Delta(
        name=name,
        before=sum(old[case].metrics[name] or 0.0 for case in pair.differences) / n,
        after=sum(new[case].metrics[name] or 0.0 for case in pair.differences) / n,
        interval=interval,
        p=turned.p_worse(),
        p_adjusted=p_worse,
        pairs=n,
        wins=sum(value > 0 for value in values),
        ties=sum(value == 0 for value in values),
        losses=sum(value < 0 for value in values),
        detectable=turned.detectable(),
        cases_needed=turned.cases_needed(loss) if verdict == "unclear" else None,
        verdict=verdict,
    )


def _lost(both: Sequence[str], old: Mapping[str, CaseFigure], new: Mapping[str, CaseFigure]) -> tuple[LostCase, ...]:
    """Cases whose pass rate fell, the worst first."""
    lost = []
    for case in both:
        before, after = old[case].pass_rate, new[case].pass_rate
        if before is not None and after is not None and after < before - EPSILON:
            lost.append(LostCase(id=case, before=before, after=after))
    return tuple(sorted(lost, key=lambda c: (c.after - c.before, c.id)))
