"""Baselines: reports that a person has looked at and blessed, with the reason. They lie in git and never change by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import AwareDatetime, Field, ValidationError

from drafter.content import read_text
from drafter.domain import Value
from drafter.errors import ContentError
from drafter.evals.report import Report, now

T = TypeVar("T", bound=Value)

UNFIT = frozenset(
    {"invariant", "floor", "incomplete", "dead_scorer", "stale_tape", "provider_down", "run_deadline", "budget_cap", "stopped"}
)
"""Failures with which no report becomes a baseline: it would make the failure the measure of all that follows."""


class Baseline(Value):
    """A blessed report."""

    because: str = Field(min_length=1)
    by: str
    at: AwareDatetime
    report: Report


def bless(report: Report, *, because: str, by: str) -> Baseline:
    """A baseline of a report.

    Raises:
        ContentError: the report is incomplete, or broke what no baseline may break.
    """
    if not because.strip():
        raise ContentError(report.suite, "no reason given", hint="say why with --because")
    unfit = [failure for failure in report.verdict.failures if failure.reason in UNFIT]
    if unfit or report.run.unmeasured:
        why = unfit[0].message if unfit else f"{sum(report.run.unmeasured.values())} samples were not measured"
        raise ContentError(report.suite, f"this report cannot be a baseline: {why}")
    return Baseline(because=because, by=by, at=now(), report=report.model_copy(update={"comparison": None}))


def save_baseline(path: Path, baseline: Baseline) -> None:
    """Writes it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(baseline.model_dump_json(exclude_defaults=True, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)


def load_baseline(path: Path) -> Baseline:
    """The baseline of a file.

    Raises:
        ContentError: it is no baseline.
    """
    return _load(Baseline, path, "no baseline that this version can read", "bless a new one")


def load_report(path: Path) -> Report:
    """The report of a file, or of the baseline in it.

    Raises:
        ContentError: it is neither.
    """
    text = read_text(path)
    if '"because"' in text[:400]:
        return load_baseline(path).report
    return _load(Report, path, "no report that this version can read", "run the suite again")


def _load(model: type[T], path: Path, message: str, hint: str) -> T:
    try:
        return model.model_validate_json(read_text(path))
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        raise ContentError(path, f"{message}: {'.'.join(map(str, first['loc']))}: {first['msg']}", hint=hint) from exc
