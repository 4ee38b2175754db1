"""The one object behind every output of an eval: what was run, what came of it, the verdict. Files and tables only show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from pydantic import AwareDatetime, Field

from drafter import __version__
from drafter.domain import Value
from drafter.errors import RequestError
from drafter.evals.intervals import Interval, mean_interval, quantile, rate_interval
from drafter.evals.sample import Sample, Violation
from drafter.evals.subject import Item

REPORT_SCHEMA = 1
COSTS = ("tokens", "cost_usd", "duration_s")
"""Measured of every sample beside the metrics; gated by budgets."""


class PromptState(Value):
    """Which prompt was measured, in which state."""

    id: str
    sha256: str
    path: str
    changed_line: int = 1
    """First line that differs from the version before it; where annotations point."""


class CaseFigure(Value):
    """All repeats of one case."""

    id: str
    sha256: str
    cluster: str
    tags: tuple[str, ...] = ()
    slices: tuple[tuple[str, str], ...] = ()
    about: str = ""
    passes: int
    measured: int
    repeats: int
    metrics: Mapping[str, float | None]
    """Mean over the measured repeats; None when none of them could say."""
    samples: tuple[Sample, ...]

    @property
    def pass_rate(self) -> float | None:
        """Share of measured repeats that passed; None when none was measured."""
        return self.passes / self.measured if self.measured else None

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Of all repeats."""
        return tuple(violation for sample in self.samples for violation in sample.violations)


class MetricFigure(Value):
    """One metric over all cases."""

    name: str
    interval: Interval
    cases: int
    """That have a value."""
    silent: int
    """Measured cases that this metric cannot be said of; they are not in the mean."""


class SliceFigure(Value):
    """Pass rate of one group of cases."""

    field: str
    value: str
    cases: int
    rate: Interval


class RunState(Value):
    """How the run went."""

    duration_s: float
    busy_slots: float
    slots: int
    carried: int
    fresh: int
    replayed: int
    stale: int
    silent: int
    calls: int
    tokens: int
    is_estimated: bool
    cost_usd: float
    p95_s: float | None
    unmeasured: Mapping[str, int]
    """Samples by the reason why they are missing."""
    details: tuple[str, ...] = ()
    """The first sentences about why."""


class MissedBranch(Value):
    """A branch of the prompt that no case takes: nothing is known of it."""

    line: int
    """In the prompt's file."""
    about: str


class BranchFigure(Value):
    """How much of the prompt the cases reach under one profile."""

    profile: str
    total: int
    missed: tuple[MissedBranch, ...] = ()

    @property
    def share(self) -> float:
        """Of the branches, those that a case takes."""
        return 1 - len(self.missed) / self.total if self.total else 1.0


class Delta(Value):
    """One metric, new less old, over the cases that have both."""

    name: str
    before: float
    after: float
    interval: Interval
    p: float
    """One-sided: of a loss this large by chance alone."""
    p_adjusted: float
    pairs: int
    wins: int
    ties: int
    losses: int
    detectable: float | None
    """Smallest true loss that these pairs would show four times in five."""
    cases_needed: int | None = None
    """To be sure of the loss that was seen."""
    verdict: str
    """`worse`, `better`, `same` (nothing moved) or `unclear`."""


class LostCase(Value):
    """A case whose pass rate fell, or rose, between two runs."""

    id: str
    before: float
    after: float
    confirmed: bool | None = None
    """Whether fresh runs said the same; None when it was not asked again."""
    again: str = ""
    """What they said, e.g. `5/5 before, 0/5 now`."""


class Comparison(Value):
    """Two runs of the same cases."""

    baseline: str
    """Which run: prompt and time."""
    deltas: tuple[Delta, ...]
    costs: tuple[Delta, ...] = ()
    lost: tuple[LostCase, ...] = ()
    missing: tuple[str, ...] = ()
    """Cases of the baseline that this run does not have."""
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """Cases that say something else now; they are in no pair."""
    unmeasured: tuple[str, ...] = ()
    """`case: metric` that the baseline had and this run could not say."""
    looks: int = 1
    """2 when the first comparison was in doubt and all cases were run again on both prompts."""


class Failure(Value):
    """One reason why a gate failed."""

    reason: str
    """Code: `invariant`, `case_broken`, `regression`, `floor`, `budget`, `branches`, `missing_case`, `incomplete`, `provider_down` …"""
    message: str
    case: str | None = None
    metric: str | None = None
    line: int | None = None
    """In the prompt's file, where it is about one."""


class Verdict(Value):
    """What follows."""

    passed: bool
    exit_code: int = Field(ge=0, le=3)
    reason: str
    """Of the first failure, or `passed`."""
    sentence: str
    failures: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()


class Report(Value):
    """One run of one suite."""

    schema_version: int = REPORT_SCHEMA
    drafter_version: str = __version__
    suite: str
    subject: str
    created_at: AwareDatetime
    prompt: PromptState | None
    model: str
    sets: tuple[str, ...]
    set_sha256: str
    content_sha256: str
    code_sha256: str
    versions: Mapping[str, str]
    repeats: int
    cases: tuple[CaseFigure, ...]
    metrics: tuple[MetricFigure, ...]
    slices: tuple[SliceFigure, ...]
    pass_rate: Interval | None
    branches: tuple[BranchFigure, ...] = ()
    """Of the prompt, where a gate asks for them; over all cases of the suite."""
    run: RunState
    comparison: Comparison | None = None
    verdict: Verdict

    @property
    def title(self) -> str:
        """Suite, prompt and time in one line."""
        prompt = f" {self.prompt.id}@{self.prompt.sha256[:8]}" if self.prompt else ""
        return f"{self.suite}{prompt} {self.created_at:%Y-%m-%d %H:%M}"

    def metric(self, name: str) -> MetricFigure | None:
        """One metric; None when no case has it."""
        return next((m for m in self.metrics if m.name == name), None)


def case_figures(items: Iterable[Item], samples: Mapping[tuple[str, int], Sample]) -> tuple[CaseFigure, ...]:
    """Every item with all its repeats, in the items' order."""
    by_case: dict[str, list[Sample]] = {}
    for (case, _), sample in sorted(samples.items()):
        by_case.setdefault(case, []).append(sample)
    return tuple(_case(item, by_case.get(item.id, [])) for item in items)


def _case(item: Item, samples: Sequence[Sample]) -> CaseFigure:
    measured = [s for s in samples if s.unmeasured is None]
    names = dict.fromkeys(name for s in measured for name in s.metrics)
    metrics: dict[str, float | None] = {name: _mean([s.metrics.get(name) for s in measured]) for name in names}
    for name in COSTS:
        metrics[name] = _mean([getattr(s, name) for s in measured])
    return CaseFigure(
        id=item.id,
        sha256=item.sha256,
        cluster=item.cluster,
        tags=item.tags,
        slices=item.slices,
        about=item.about,
        passes=sum(bool(s.passed) for s in measured),
        measured=len(measured),
        repeats=len(samples),
        metrics=metrics,
        samples=tuple(samples),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    """Mean of the values there are; None without any."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def metric_figures(cases: Sequence[CaseFigure]) -> tuple[MetricFigure, ...]:
    """Every metric of every case; the cost columns are not in it."""
    names = dict.fromkeys(name for case in cases for name in case.metrics if name not in COSTS)
    figures = []
    for name in names:
        groups: dict[str, list[float]] = {}
        for case in cases:
            value = case.metrics.get(name)
            if value is not None:
                groups.setdefault(case.cluster, []).append(value)
        n = sum(map(len, groups.values()))
        if n:
            silent = sum(1 for case in cases if case.measured and case.metrics.get(name) is None)
            figures.append(MetricFigure(name=name, interval=mean_interval(groups), cases=n, silent=silent))
    return tuple(figures)


def slice_figures(cases: Sequence[CaseFigure]) -> tuple[SliceFigure, ...]:
    """Pass rates by group, worst first; groups of fewer than three cases are left out."""
    groups: dict[tuple[str, str], list[CaseFigure]] = {}
    for case in cases:
        for key in case.slices:
            groups.setdefault(key, []).append(case)
    figures = []
    for (field, value), group in groups.items():
        n = sum(case.measured for case in group)
        if len(group) >= 3 and n:
            rate = rate_interval(sum(case.passes for case in group), n)
            figures.append(SliceFigure(field=field, value=value, cases=len(group), rate=rate))
    return tuple(sorted(figures, key=lambda f: (f.rate.value, f.field, f.value)))


def cases_in(cases: Sequence[CaseFigure], names: Sequence[str]) -> tuple[CaseFigure, ...]:
    """The cases that lie in all of these slices, each named by a tag or as `field=value`.

    Raises:
        RequestError: there is none; names the slices there are.
    """
    if not names:
        return tuple(cases)
    wanted = [tuple(name.split("=", 1)) if "=" in name else ("tag", name) for name in names]
    found = tuple(case for case in cases if all(one in case.slices for one in wanted))
    if not found:
        known = sorted({value if field == "tag" else f"{field}={value}" for case in cases for field, value in case.slices})
        raise RequestError(f"no case is in {' and '.join(names)}; there are {', '.join(known)}", code="no_case", field="--slice")
    return found


def pass_interval(cases: Sequence[CaseFigure]) -> Interval | None:
    """Share of samples that passed, with its bounds; None when nothing was measured."""
    n = sum(case.measured for case in cases)
    return rate_interval(sum(case.passes for case in cases), n) if n else None


def run_state(samples: Iterable[Sample], *, duration_s: float, busy_slots: float, slots: int, carried: int) -> RunState:
    """How a run went, counted from its samples."""
    samples = list(samples)
    tapes, why = (
        Counter(s.tape.value for s in samples if s.unmeasured is None),
        Counter(s.unmeasured.value for s in samples if s.unmeasured),
    )
    return RunState(
        duration_s=duration_s,
        busy_slots=round(busy_slots, 1),
        slots=slots,
        carried=carried,
        fresh=tapes["fresh"],
        replayed=tapes["replayed"],
        stale=why["stale_tape"],
        silent=tapes["silent"],
        calls=sum(s.calls for s in samples),
        tokens=sum(s.tokens for s in samples),
        is_estimated=any(s.is_estimated for s in samples),
        cost_usd=round(sum(s.cost_usd or 0.0 for s in samples), 6),
        p95_s=quantile((s.duration_s for s in samples if s.unmeasured is None and s.calls), 0.95),
        unmeasured=dict(why),
        details=tuple(dict.fromkeys(s.detail for s in samples if s.unmeasured and s.detail))[:5],
    )


def now() -> datetime:
    """The moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
