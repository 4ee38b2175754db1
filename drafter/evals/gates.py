"""Suite, run and baseline -> verdict. Pure: the same report, the same verdict, the same exit code.

Certain failures come first (exit code 1); what could not be measured comes after (exit code 3) and is never a pass; a comparison that would
mix what must not be mixed is an error of content (exit code 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from drafter.evals.intervals import mean_interval
from drafter.evals.report import BranchFigure, CaseFigure, Comparison, Delta, Failure, LostCase, MetricFigure, Report, RunState, Verdict
from drafter.evals.sample import Unmeasured
from drafter.evals.suite import INVARIANTS, Floor, Suite

FIRST_LOOK = 0.005
"""A loss this sure needs no second look."""
DOUBT = 0.25
"""Up to this p value a loss may be real: all cases are run again on both prompts, and only what holds over both looks counts."""
SECOND_LOOK = 0.6
"""Share of alpha that the second look may use; with the first, false alarms stay below alpha (`benchmarks/evals.py`)."""
BROKEN_BEFORE = 0.8
BROKEN_AFTER = 0.2
"""A case counts as broken when fresh runs pass this often on the old prompt, and at most this often on the new one."""
EPSILON = 1e-9

EXIT_CODES: Mapping[str, int] = {
    "passed": 0,
    "invariant": 1,
    "case_broken": 1,
    "regression": 1,
    "floor": 1,
    "budget": 1,
    "branches": 1,
    "missing_case": 1,
    "no_baseline": 2,
    "evaluator_changed": 2,
    Unmeasured.PROVIDER_DOWN.value: 3,
    Unmeasured.CALL_DEADLINE.value: 3,
    Unmeasured.CASE_DEADLINE.value: 3,
    Unmeasured.RUN_DEADLINE.value: 3,
    Unmeasured.BUDGET_CAP.value: 3,
    Unmeasured.STALE_TAPE.value: 3,
    Unmeasured.CRASHED.value: 3,
    Unmeasured.STOPPED.value: 3,
    "dead_scorer": 3,
    "incomplete": 3,
}
"""Every reason there is, in the order in which one of them becomes the reason of the run."""


def alpha_of(suite: Suite, *, looks: int) -> float:
    """P value up to which a loss counts in this look, where a second one may follow. What repeats exactly is looked at once, with all."""
    return suite.gates.alpha * SECOND_LOOK if looks > 1 else FIRST_LOOK


def is_in_doubt(suite: Suite, comparison: Comparison) -> bool:
    """True when a second look is worth its calls: a graded loss that may be real and is not sure."""
    return any(d.p_adjusted <= DOUBT and d.p_adjusted > FIRST_LOOK and _loss(suite, d) > 0 for d in comparison.deltas)


def suspects(suite: Suite, comparison: Comparison, cases: Sequence[CaseFigure]) -> tuple[LostCase, ...]:
    """Cases that fell so far that they are asked again."""
    guard = suite.gates.cases
    if guard is None:
        return ()
    enough = {case.id for case in cases if case.measured >= guard.min_repeats}
    return tuple(c for c in comparison.lost if c.before - c.after >= guard.fall - EPSILON and c.id in enough)


def judge(
    suite: Suite,
    cases: Sequence[CaseFigure],
    metrics: Sequence[MetricFigure],
    run: RunState,
    *,
    comparison: Comparison | None,
    dead: Sequence[str],
    mixed: Sequence[str],
    needs_baseline: bool,
    branches: Sequence[BranchFigure] = (),
) -> Verdict:
    """The verdict.

    Args:
        suite: The gates.
        cases: Every case with its repeats.
        metrics: Over all cases.
        run: What it took.
        comparison: With the baseline; None when there is none.
        dead: Scorers that cannot tell their own controls apart.
        mixed: Judges whose version differs from the baseline's.
        needs_baseline: False when a first baseline is being made.
        branches: Of the prompt, for each kind of model that a gate names.
    """
    failures = [
        *_invariants(suite, cases),
        *_compared(suite, comparison),
        *_floors(suite, cases, metrics),
        *_budgets(suite, cases, run, comparison),
        *_branches(suite, branches),
        *_unmeasured(cases, run, comparison),
        *_nothing_compared(suite, comparison),
        *(Failure(reason="dead_scorer", message=f"{name} cannot tell its controls apart", metric=name) for name in dead),
        *(Failure(reason="evaluator_changed", message=f"{name}; bless a new baseline") for name in mixed),
    ]
    if needs_baseline and suite.baseline and comparison is None:
        hint = f"look at the report, then `drafter evals bless {suite.suite} --because …`"
        failures.append(Failure(reason="no_baseline", message=f"there is no baseline {suite.baseline}; {hint}"))
    order = list(EXIT_CODES)
    failures.sort(key=lambda f: order.index(f.reason))
    warnings = tuple(_warnings(suite, comparison))
    if not failures:
        return Verdict(passed=True, exit_code=0, reason="passed", sentence=_passed(suite, cases, comparison), warnings=warnings)
    first = failures[0]
    rest = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
    return Verdict(
        passed=False,
        exit_code=EXIT_CODES[first.reason],
        reason=first.reason,
        sentence=f"{first.message}{rest}",
        failures=tuple(failures),
        warnings=warnings,
    )


def _invariants(suite: Suite, cases: Sequence[CaseFigure]) -> Iterator[Failure]:
    for case in cases:
        for violation in {(v.invariant, v.detail): v for v in case.violations}.values():
            if violation.invariant in suite.gates.invariants:
                message = f"{case.id}: {INVARIANTS[violation.invariant]}: {violation.detail}"
                yield Failure(reason="invariant", message=message, case=case.id, metric=violation.invariant)


def _compared(suite: Suite, comparison: Comparison | None) -> Iterator[Failure]:
    if comparison is None:
        return
    for case in comparison.lost:
        if case.confirmed:
            yield Failure(reason="case_broken", message=f"{case.id} passed before and fails now ({case.again})", case=case.id)
    for delta in comparison.deltas:
        if delta.verdict == "worse" and delta.name in suite.gates.graded and _loss(suite, delta) > suite.gates.graded[delta.name].tolerance:
            message = (
                f"{delta.name} got worse: {delta.before:.3f} → {delta.after:.3f} "
                f"[{delta.interval.low:+.3f}, {delta.interval.high:+.3f}], "
                f"{delta.losses} of {delta.pairs} cases lose, p = {delta.p_adjusted:.4f}"
            )
            yield Failure(reason="regression", message=message, metric=delta.name)
    for name in comparison.missing:
        yield Failure(reason="missing_case", message=f"{name} is in the baseline and not in this run", case=name)


def _nothing_compared(suite: Suite, comparison: Comparison | None) -> Iterator[Failure]:
    """A baseline whose every case has become another proves nothing of these."""
    if comparison is not None and suite.gates.graded and comparison.changed and not comparison.deltas:
        message = f"all {len(comparison.changed)} cases of the baseline say something else now: nothing was compared; bless a new one"
        yield Failure(reason="no_baseline", message=message)


def _loss(suite: Suite, delta: Delta) -> float:
    graded = suite.gates.graded.get(delta.name)
    return (delta.after - delta.before) if graded and graded.better == "lower" else (delta.before - delta.after)


def _floors(suite: Suite, cases: Sequence[CaseFigure], metrics: Sequence[MetricFigure]) -> Iterator[Failure]:
    found = {m.name: m for m in metrics} | {m.name: m for m in _pass_rate(cases)}
    for name, floor in suite.gates.floors.items():
        figure = found.get(name)
        if figure is None or figure.cases < floor.min_n:
            n = figure.cases if figure else 0
            yield Failure(reason="incomplete", message=f"{name} has {n} measured cases, needs {floor.min_n}", metric=name)
        elif not _reaches(floor, figure.interval.value):
            wanted = f"at least {floor.at_least:g}" if floor.at_least is not None else f"at most {floor.at_most:g}"
            message = f"{name} is {figure.interval.value:.4f} [{figure.interval.low:.3f}, {figure.interval.high:.3f}], must be {wanted}"
            yield Failure(reason="floor", message=message, metric=name)


def _pass_rate(cases: Iterable[CaseFigure]) -> Iterator[MetricFigure]:
    groups: dict[str, list[float]] = {}
    for case in cases:
        if case.pass_rate is not None:
            groups.setdefault(case.cluster, []).append(case.pass_rate)
    if groups:
        yield MetricFigure(name="pass_rate", interval=mean_interval(groups), cases=sum(map(len, groups.values())), silent=0)


def _reaches(floor: Floor, value: float) -> bool:
    if floor.at_least is not None:
        return value >= floor.at_least - EPSILON
    return floor.at_most is not None and value <= floor.at_most + EPSILON


def _budgets(suite: Suite, cases: Sequence[CaseFigure], run: RunState, comparison: Comparison | None) -> Iterator[Failure]:
    for name, budget in suite.gates.budget.items():
        now = run.p95_s if name == "p95_s" else _mean_of(cases, name)
        if now is None:
            continue
        if budget.at_most is not None and now > budget.at_most:
            yield Failure(reason="budget", message=f"{name} is {now:.4g} a case, may be {budget.at_most:g}", metric=name)
        delta = next((d for d in comparison.costs if d.name == name), None) if comparison else None
        if delta is not None and budget.max_rise is not None and delta.after > delta.before * (1 + budget.max_rise) + EPSILON:
            rise = delta.after / delta.before - 1 if delta.before else 1.0
            message = f"{name} rose by {rise:.0%} ({delta.before:.4g} → {delta.after:.4g} a case), may rise by {budget.max_rise:.0%}"
            yield Failure(reason="budget", message=message, metric=name)


def _branches(suite: Suite, figures: Sequence[BranchFigure]) -> Iterator[Failure]:
    found = {figure.profile: figure for figure in figures}
    for profile, least in suite.gates.branches.items():
        figure = found.get(profile)
        if figure is None:
            yield Failure(reason="incomplete", message=f"no prompt was there to count the branches of ({profile})")
        elif figure.share < least - EPSILON:
            for branch in figure.missed:
                message = f"line {branch.line} ({branch.about}) of the {profile} prompt: no case takes this branch; add one to the set"
                yield Failure(reason="branches", message=message, line=branch.line)


def _mean_of(cases: Sequence[CaseFigure], name: str) -> float | None:
    values = [value for case in cases if (value := case.metrics.get(name)) is not None]
    return sum(values) / len(values) if values else None


def _unmeasured(cases: Sequence[CaseFigure], run: RunState, comparison: Comparison | None) -> Iterator[Failure]:
    total = sum(case.repeats for case in cases)
    for reason, n in run.unmeasured.items():
        detail = f": {run.details[0]}" if run.details else ""
        yield Failure(reason=reason, message=f"{n} of {total} samples could not be measured ({reason}){detail}")
    for case in cases:
        if not case.repeats:
            yield Failure(reason="incomplete", message=f"{case.id} was never run", case=case.id)
    for what in comparison.unmeasured if comparison else ():
        yield Failure(reason="incomplete", message=f"{what} was measured in the baseline and cannot be said now", case=what.split(":")[0])


def _warnings(suite: Suite, comparison: Comparison | None) -> Iterator[str]:
    if comparison is None:
        return
    for case in comparison.lost:
        if not case.confirmed:
            again = f"; again: {case.again}" if case.again else ""
            yield f"{case.id} passes less often: {case.before:.0%} → {case.after:.0%}{again}"
    for delta in comparison.deltas:
        if delta.verdict == "unclear" and _loss(suite, delta) > 0:
            needed = f"; {delta.cases_needed} cases would tell" if delta.cases_needed else ""
            yield f"{delta.name}: cannot tell whether {delta.before:.3f} → {delta.after:.3f} is real (p = {delta.p_adjusted:.2f}){needed}"
    for name in comparison.changed:
        yield f"{name} says something else than in the baseline and is in no pair"


def _passed(suite: Suite, cases: Sequence[CaseFigure], comparison: Comparison | None) -> str:
    n = sum(case.measured for case in cases)
    if comparison is None or not comparison.deltas:
        return f"all gates hold over {len(cases)} cases, {n} samples"
    better = [d.name for d in comparison.deltas if d.verdict == "better"]
    seen = [d.detectable for d in comparison.deltas if d.detectable]
    told = f"better: {', '.join(better)}; " if better else "no loss; "
    return f"{told}smallest loss this set could see: {max(seen):.3f}" if seen else f"{told}nothing moved in {len(cases)} cases"


def mixed_versions(now: Mapping[str, str], baseline: Report | None) -> tuple[str, ...]:
    """Judges that another version of them judged in the baseline."""
    before = baseline.versions if baseline else {}
    return tuple(f"{name} was version {before[name]}, is {now[name]}" for name in now if name in before and before[name] != now[name])
