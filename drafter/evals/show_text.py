"""A report for a terminal: the verdict first, then what it rests on, failures before everything else."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.evals.intervals import zero_bound
from drafter.evals.report import CaseFigure, Comparison, Delta, Report

MAX_CASES = 12
"""Failing cases that are shown; the report has all."""


def lines_of(report: Report) -> Iterator[str]:
    """The report, line by line."""
    verdict = report.verdict
    yield f"{report.title}  model {report.model}  {len(report.cases)} cases × {report.repeats}"
    yield f"{'PASSED' if verdict.passed else 'FAILED'} ({verdict.reason}): {verdict.sentence}"
    for failure in verdict.failures[1:MAX_CASES]:
        yield f"  ✗ {failure.reason}: {failure.message}"
    if len(verdict.failures) > MAX_CASES:
        yield f"  … and {len(verdict.failures) - MAX_CASES} more"
    for sentence in verdict.warnings[:MAX_CASES]:
        yield f"  ! {sentence}"
    yield from _run_lines(report)
    if report.comparison is not None:
        yield from comparison_lines(report.comparison)
    else:
        yield from _metric_lines(report)
    yield from _slice_lines(report)
    yield from _case_lines(report)


def _run_lines(report: Report) -> Iterator[str]:
    run = report.run
    n = sum(case.measured for case in report.cases)
    missing = ", ".join(f"{count} {reason}" for reason, count in run.unmeasured.items()) or "none"
    yield (
        f"measured {n} (fresh {run.fresh}, replayed {run.replayed}, stale {run.stale}, no model {run.silent}; {run.carried} carried), "
        f"unmeasured: {missing}"
    )
    about = "about " if run.is_estimated else ""
    p95 = f", p95 {run.p95_s:.2f} s" if run.p95_s is not None else ""
    slots = f"{run.busy_slots:.1f} of {run.slots} slots busy"
    yield f"took {run.duration_s:.1f} s, {slots}, {run.calls} calls, {about}{run.tokens} tokens, {run.cost_usd:.4f} USD{p95}"
    if report.pass_rate is not None:
        rate = report.pass_rate
        none_bad = n and not any(case.violations for case in report.cases)
        bound = f"; no violation in {n}: at most {zero_bound(n):.1%} (95 %)" if none_bad else ""
        yield f"pass rate {rate.value:.1%} [{rate.low:.1%}, {rate.high:.1%}] of {n}{bound}"
    if "calibration" in report.versions:
        yield f"floors of calibration {report.versions['calibration']}"
    if report.branches:
        yield "branches taken: " + ", ".join(f"{b.profile} {b.total - len(b.missed)} of {b.total}" for b in report.branches)


def _metric_lines(report: Report) -> Iterator[str]:
    yield f"{'metric':<20} {'mean':>8}  95 %              cases  cannot say"
    for metric in report.metrics:
        interval = metric.interval
        bounds = f"[{interval.low:.3f}, {interval.high:.3f}]"
        yield f"{metric.name:<20} {interval.value:8.3f}  {bounds}  {metric.cases:6}  {metric.silent or '':>6}"


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Two runs side by side, a line for each metric."""
    looks = ", looked twice" if comparison.looks > 1 else ""
    yield f"against {comparison.baseline}{looks}"
    yield f"{'metric':<16} {'before':>8} {'now':>8} {'change':>9}  95 %                w/t/l         p  could see"
    for delta in (*comparison.deltas, *comparison.costs):
        yield _delta_line(delta)
    for word, names in (("new", comparison.added), ("changed", comparison.changed), ("missing", comparison.missing)):
        if names:
            yield f"{word} cases: {', '.join(names[:MAX_CASES])}"


def _delta_line(delta: Delta) -> str:
    change = f"{delta.interval.value:+.3f}"
    bounds = f"[{delta.interval.low:+.3f}, {delta.interval.high:+.3f}]"
    seen = f"{delta.detectable:.3f}" if delta.detectable else "–"
    counts = f"{delta.wins}/{delta.ties}/{delta.losses}"
    return (
        f"{delta.name:<16} {delta.before:8.3f} {delta.after:8.3f} {change:>9}  {bounds:<18} {counts:>9}  "
        f"{delta.p_adjusted:8.4f}  {seen:>6}  {delta.verdict}"
    )


def _slice_lines(report: Report) -> Iterator[str]:
    weak = [s for s in report.slices if s.rate.value < 1][:6]
    if weak:
        yield "weakest groups: " + "; ".join(f"{s.field} {s.value} {s.rate.value:.0%} of {s.cases}" for s in weak)


def _case_lines(report: Report) -> Iterator[str]:
    failing = sorted((c for c in report.cases if c.passes < c.repeats), key=lambda c: (c.pass_rate or 0.0, c.id))
    for case in failing[:MAX_CASES]:
        yield f"  {case.id}  {case.passes}/{case.repeats}  {why_not(case)}"
    if len(failing) > MAX_CASES:
        yield f"  … and {len(failing) - MAX_CASES} more cases that do not always pass"


def why_not(case: CaseFigure) -> str:
    """What was wrong with a case, in one line."""
    sample = next((s for s in case.samples if not s.passed), None)
    if sample is None:
        return ""
    if sample.unmeasured is not None:
        return f"{sample.unmeasured.value}: {sample.detail}"
    if sample.violations:
        return "; ".join(f"{v.invariant}: {v.detail}" for v in sample.violations)
    known = {name: value for name, value in sample.metrics.items() if value is not None and value < 0.5}
    low = [f"{name} {value:.2f}: {sample.notes[name].reason}" for name, value in known.items() if name in sample.notes]
    return sample.detail or "; ".join(low) or "a metric is below what passes"
