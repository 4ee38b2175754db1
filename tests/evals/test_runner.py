"""A run is bounded in every way, ends, and says what it did not do."""

from __future__ import annotations

import asyncio

import pytest

from drafter.evals.journal import Journal
from drafter.evals.runner import Status, run
from drafter.evals.sample import Unmeasured
from drafter.evals.suite import Limits
from tests.evals.kit import ToySubject, down, item, sample

ITEMS = [item(f"c{i}") for i in range(6)]


def journal() -> Journal:
    """One that keeps nothing on disk."""
    return Journal.open(None, {}, is_repeatable=False)


async def test_every_case_is_measured_so_often() -> None:
    """All cases once before any twice, never more at once than allowed."""
    subject, kept = ToySubject(ITEMS, lambda _c, _r: 1.0, takes_s=0.001), journal()
    seen: list[Status] = []
    figures = await run(subject, kept, repeats=range(2), limits=Limits(concurrency=3), report=seen.append)
    assert len(kept.samples) == 12
    assert {case for case, _ in subject.asked[:6]} == {i.id for i in ITEMS}
    assert subject.most_at_once == 3
    assert (figures.measured, figures.carried, figures.stopped) == (12, 0, None)
    assert (seen[-1].done, seen[-1].total, seen[-1].eta_s) == (12, 12, 0.0)


async def test_what_the_journal_has_is_not_asked_again() -> None:
    """A resumed run calls only for what is missing."""
    kept = journal()
    for name in ("c0", "c1", "c2"):
        kept.add(sample(name))
    subject = ToySubject(ITEMS, lambda _c, _r: 1.0)
    figures = await run(subject, kept, repeats=range(1), limits=Limits())
    assert {case for case, _ in subject.asked} == {"c3", "c4", "c5"}
    assert figures.carried == 3


async def test_a_dead_provider_stops_the_run() -> None:
    """After so many failures in a row the rest is not even tried, and nothing counts as passed."""
    subject, kept = ToySubject([item(f"c{i}") for i in range(50)], down), journal()
    figures = await run(subject, kept, repeats=range(1), limits=Limits(concurrency=2, stop_after_failures=4))
    assert figures.stopped is Unmeasured.PROVIDER_DOWN
    assert len(subject.asked) < 10
    assert len(kept.samples) == 50
    assert all(s.passed is None for s in kept.samples.values())
    assert not kept.is_finished


async def test_a_run_ends_at_its_deadline() -> None:
    """What hangs is cut off, and the partial result is there."""
    subject, kept = ToySubject(ITEMS, lambda _c, _r: 1.0, takes_s=30), journal()
    kept.add(sample("c0"))
    figures = await run(subject, kept, repeats=range(1), limits=Limits(run_s=0.05))
    assert figures.stopped is Unmeasured.RUN_DEADLINE
    assert sum(s.unmeasured is Unmeasured.RUN_DEADLINE for s in kept.samples.values()) == 5


async def test_a_run_ends_at_its_budget() -> None:
    """The cap is checked after each sample."""
    subject, kept = ToySubject(ITEMS, lambda c, r: sample(c, r, cost_usd=0.4)), journal()
    figures = await run(subject, kept, repeats=range(1), limits=Limits(concurrency=1, cost_usd=1.0))
    assert figures.stopped is Unmeasured.BUDGET_CAP
    assert len(subject.asked) == 3


async def test_calls_are_spread_over_the_minute() -> None:
    """A rate limit makes each call wait for its turn."""
    subject = ToySubject(ITEMS, lambda _c, _r: 1.0)
    loop = asyncio.get_running_loop()
    since = loop.time()
    await run(subject, journal(), repeats=range(1), limits=Limits(concurrency=6, calls_per_minute=6000))
    assert loop.time() - since >= 0.045


async def test_a_bug_is_not_swallowed() -> None:
    """What is no model's fault ends the run with its own error."""

    def broken(_case: str, _repeat: int) -> float:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run(ToySubject(ITEMS, broken), journal(), repeats=range(1), limits=Limits())
