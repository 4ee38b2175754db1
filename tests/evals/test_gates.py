"""Every way in which a run can fail has its own reason and its own exit code; nothing unmeasured is ever a pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from pydantic import ValidationError

from drafter.evals import report as reports
from drafter.evals.comparison import compare
from drafter.evals.gates import EXIT_CODES, judge
from drafter.evals.report import BranchFigure, LostCase, MissedBranch, Report, Verdict
from drafter.evals.sample import Sample, Unmeasured, Violation, unmeasured
from drafter.evals.suite import Gates, Suite
from tests.evals.kit import item, sample, suite

N = 20
ITEMS = [item(f"c{i}") for i in range(N)]
PASSED = Verdict(passed=True, exit_code=0, reason="passed", sentence="")
GATES = {
    "invariants": ["no_leak"],
    "graded": {"quality": {"tolerance": 0.01}},
    "cases": {},
    "floors": {"quality": {"at_least": 0.3, "min_n": 5}},
    "budget": {"tokens": {"max_rise": 0.15}},
}
SUITE = suite(gates=Gates.model_validate(GATES))

Make = Callable[[int], Sample]


def good(i: int) -> Sample:
    """A sample in which all is well."""
    return sample(f"c{i}", value=0.9, tokens=100)


def report_of(samples: Sequence[Sample], **fields: object) -> Report:
    """A report over these samples, without gates."""
    cases = reports.case_figures(ITEMS, {(s.case, s.repeat): s for s in samples})
    return Report.model_validate(
        {
            "suite": "toy",
            "subject": "policy",
            "created_at": reports.now(),
            "prompt": None,
            "model": "none",
            "sets": ("none.jsonl",),
            "set_sha256": "0",
            "content_sha256": "0",
            "code_sha256": "0",
            "versions": {"quality": "1"},
            "repeats": 1,
            "cases": cases,
            "metrics": reports.metric_figures(cases),
            "slices": reports.slice_figures(cases),
            "pass_rate": reports.pass_interval(cases),
            "run": reports.run_state(samples, duration_s=1.0, busy_slots=1.0, slots=1, carried=0),
            "verdict": PASSED,
            **fields,
        }
    )


def verdict_of(
    samples: Sequence[Sample],
    *,
    before: Report | None = None,
    lost: tuple[LostCase, ...] = (),
    dead: tuple[str, ...] = (),
    mixed: tuple[str, ...] = (),
    of: Suite = SUITE,
    has_baseline: bool = True,
    branches: tuple[BranchFigure, ...] = (),
) -> Verdict:
    """The verdict over these samples, against a baseline in which all was well."""
    new = report_of(samples)
    comparison = None
    if has_baseline:
        comparison = compare(of.gates, new.cases, (before or report_of([good(i) for i in range(N)])).cases, title="before", alpha=0.05)
        comparison = comparison.model_copy(update={"lost": lost or comparison.lost})
    return judge(of, new.cases, new.metrics, new.run, comparison=comparison, dead=dead, mixed=mixed, needs_baseline=True, branches=branches)


def one(make: Make) -> list[Sample]:
    """All well but the first."""
    return [make(0), *(good(i) for i in range(1, N))]


LEAK = Violation(invariant="no_leak", detail="an answer shows the fence")
LOST = LostCase(id="c0", before=1.0, after=0.0, confirmed=True, again="5/5 before, 0/5 now")

BRANCHES = suite(subject="drafting", gates={"branches": {"large": 0.9}}, baseline=None)
LARGE = BranchFigure(profile="large", total=8, missed=(MissedBranch(line=12, about="if product"),))

FAILURES: dict[str, Verdict] = {
    "invariant": verdict_of(one(lambda i: sample(f"c{i}", violations=(LEAK,), passed=False))),
    "case_broken": verdict_of(one(good), lost=(LOST,)),
    "regression": verdict_of([sample(f"c{i}", value=0.7, tokens=100) for i in range(N)]),
    "floor": verdict_of(
        [sample(f"c{i}", value=0.1, tokens=100) for i in range(N)],
        has_baseline=False,
        of=suite(gates={"floors": GATES["floors"]}, baseline=None),
    ),
    "budget": verdict_of([sample(f"c{i}", value=0.9, tokens=130) for i in range(N)]),
    "branches": verdict_of(one(good), of=BRANCHES, has_baseline=False, branches=(LARGE,)),
    "missing_case": verdict_of(
        [good(i) for i in range(N)],
        before=report_of([good(0)]).model_copy(
            update={
                "cases": (*report_of([good(i) for i in range(N)]).cases, report_of([good(0)]).cases[0].model_copy(update={"id": "gone"}))
            }
        ),
    ),
    "no_baseline": verdict_of(one(good), has_baseline=False),
    "evaluator_changed": verdict_of(one(good), mixed=("quality was version 1, is 2",)),
    "dead_scorer": verdict_of(one(good), dead=("quality",)),
    "incomplete": verdict_of(one(lambda i: sample(f"c{i}", metrics={"quality": None}))),
    **{reason.value: verdict_of(one(lambda i, why=reason: unmeasured(f"c{i}", 0, why))) for reason in Unmeasured},  # type: ignore[misc]
}


def test_every_reason_is_in_the_table() -> None:
    """A new way to fail needs a line here."""
    assert set(FAILURES) == set(EXIT_CODES) - {"passed"}


@pytest.mark.parametrize("reason", list(FAILURES))
def test_each_failure_has_its_own_reason_and_exit_code(reason: str) -> None:
    """Never 0, and the reason says which it was."""
    verdict = FAILURES[reason]
    assert not verdict.passed
    assert (verdict.reason, verdict.exit_code) == (reason, EXIT_CODES[reason])
    assert verdict.exit_code != 0
    assert verdict.sentence


def test_all_well_is_a_pass() -> None:
    """With what the set could have seen."""
    verdict = verdict_of(one(good))
    assert (verdict.passed, verdict.exit_code, verdict.reason) == (True, 0, "passed")


def test_a_certain_failure_comes_before_what_was_not_measured() -> None:
    """A leak is a leak, also in a run that lost half its cases."""
    samples = [sample("c0", violations=(LEAK,), passed=False), *(unmeasured(f"c{i}", 0, Unmeasured.PROVIDER_DOWN) for i in range(1, N))]
    verdict = verdict_of(samples)
    assert (verdict.reason, verdict.exit_code) == ("invariant", 1)
    assert {f.reason for f in verdict.failures} >= {"invariant", "provider_down"}


def test_a_loss_within_tolerance_is_said_and_does_not_block() -> None:
    """Significant and small are two things."""
    verdict = verdict_of([sample(f"c{i}", value=0.895, tokens=100) for i in range(N)])
    assert verdict.passed


def test_what_cannot_be_told_is_said() -> None:
    """A loss in two cases of twenty may be chance: it is a warning, with the number of cases that would tell."""
    verdict = verdict_of([sample(f"c{i}", value=0.6 if i < 2 else 0.9, tokens=100) for i in range(N)])
    assert verdict.passed
    assert any("cannot tell" in sentence for sentence in verdict.warnings)


def test_an_unconfirmed_lost_case_is_only_listed() -> None:
    """One flip of a coin blocks nothing."""
    verdict = verdict_of(one(good), lost=(LOST.model_copy(update={"confirmed": False}),))
    assert verdict.passed
    assert "c0 passes less often" in verdict.warnings[0]


def test_a_case_that_says_something_else_is_in_no_pair() -> None:
    """Its old value is about another text."""
    new = report_of(one(good))
    cases = (new.cases[0].model_copy(update={"sha256": "other"}), *new.cases[1:])
    comparison = compare(SUITE.gates, cases, new.cases, title="new", alpha=0.05)
    assert comparison.changed == ("c0",)
    assert all(delta.pairs == N - 1 for delta in comparison.deltas)


def test_a_baseline_of_other_cases_is_no_pass() -> None:
    """When every case says something else, nothing was compared."""
    old = report_of(one(good))
    old = old.model_copy(update={"cases": tuple(case.model_copy(update={"sha256": "other"}) for case in old.cases)})
    verdict = verdict_of(one(good), before=old)
    assert (verdict.reason, verdict.exit_code) == ("no_baseline", 2)
    assert "nothing was compared" in verdict.sentence


def test_untaken_branches_are_named_line_by_line() -> None:
    """Enough branches pass; a gate on a prompt that is not there cannot be said; only a prompt has branches."""
    assert [failure.line for failure in FAILURES["branches"].failures] == [12]
    enough = BRANCHES.model_copy(update={"gates": Gates.model_validate({"branches": {"large": 0.8}})})
    assert verdict_of(one(good), of=enough, has_baseline=False, branches=(LARGE,)).passed
    assert verdict_of(one(good), of=BRANCHES, has_baseline=False).reason == "incomplete"
    with pytest.raises(ValidationError, match="policy has none"):
        suite(gates={"branches": {"large": 0.9}}, baseline=None)


def test_better_is_found_as_well() -> None:
    """A gain is named, with wins, ties and losses."""
    before = report_of([sample(f"c{i}", value=0.6, tokens=100) for i in range(N)])
    comparison = compare(SUITE.gates, report_of(one(good)).cases, before.cases, title="before", alpha=0.05)
    assert [(d.verdict, d.wins, d.losses) for d in comparison.deltas] == [("better", N, 0)]
