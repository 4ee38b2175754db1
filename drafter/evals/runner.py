"""Runs a subject's items: so many at once, so many times each, inside every deadline, each sample written down as it lands.

A run always ends: what the deadline, the budget or a dead provider left undone is there as *unmeasured*, with its reason.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from drafter.evals.journal import Journal
from drafter.evals.sample import Sample, Unmeasured, unmeasured
from drafter.evals.slots import Closed, Slots
from drafter.evals.subject import Item, Subject
from drafter.evals.suite import Limits

AHEAD = 256
"""Cases whose question may wait for a slot, or whose answer to be judged, beside those whose calls are being made."""

FAILURES = frozenset({Unmeasured.PROVIDER_DOWN, Unmeasured.CALL_DEADLINE, Unmeasured.CASE_DEADLINE})


@dataclass(frozen=True, slots=True)
class Status:
    """How far a run has come."""

    done: int
    total: int
    busy: int
    """Slots in use."""
    slots: int
    cost_usd: float
    eta_s: float | None


ReportStatus = Callable[[Status], None]


@dataclass(slots=True)
class _Run:
    """What a run has come to so far."""

    subject: Subject
    journal: Journal
    limits: Limits
    report: ReportStatus | None
    total: int
    queue: Iterator[tuple[Item, int]]
    slots: Slots
    started: float = field(default_factory=time.monotonic)
    done: int = 0
    cost_usd: float = 0.0
    failures: int = 0
    stopped: Unmeasured | None = None

    def tell(self) -> None:
        if self.report is not None:
            elapsed_s, left = time.monotonic() - self.started, self.total - self.done
            eta_s = elapsed_s / self.done * left if self.done else None
            self.report(Status(self.done, self.total, self.slots.busy, self.slots.size, self.cost_usd, eta_s))


@dataclass(frozen=True, slots=True)
class RunFigures:
    """How a run went, apart from what it measured."""

    duration_s: float
    measured: int
    """In this run; the rest was carried."""
    carried: int
    busy_slots: float
    """Slots in use on average."""
    stopped: Unmeasured | None
    """Why it ended early; None when it did not."""


async def run(
    subject: Subject,
    journal: Journal,
    *,
    repeats: Sequence[int],
    limits: Limits,
    report: ReportStatus | None = None,
    only: frozenset[str] | None = None,
) -> RunFigures:
    """Measures what the journal lacks.

    Args:
        subject: What is measured.
        journal: Where samples are kept, and what is there already.
        repeats: Numbers of the repeats.
        limits: Of calls, time and money.
        report: Told after each sample.
        only: Ids of the items to measure; None means all.
    """
    items = [item for item in subject.items if only is None or item.id in only]
    # All items once, then all again: a run that is stopped has seen every case.
    wanted = [(item, repeat) for repeat in repeats for item in items]
    missing = [pair for pair in wanted if (pair[0].id, pair[1]) not in journal.samples]
    slots = subject.slots or Slots(limits.concurrency, limits.calls_per_minute)
    slots.open()
    state, busy_s = _Run(subject, journal, limits, report, len(missing), iter(missing), slots), slots.busy_s
    count = limits.concurrency + (AHEAD if subject.slots else 0)
    workers = [asyncio.create_task(_work(state)) for _ in range(min(count, len(missing)))]
    try:
        async with asyncio.timeout(limits.run_s):
            await asyncio.gather(*workers)
    except TimeoutError:
        state.stopped = Unmeasured.RUN_DEADLINE
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    for item, repeat in missing:
        if (item.id, repeat) not in journal.samples:
            journal.add(unmeasured(item.id, repeat, state.stopped or Unmeasured.STOPPED))
    if state.stopped is None:
        journal.finish()
    duration_s = time.monotonic() - state.started
    return RunFigures(
        round(duration_s, 4), state.done, len(wanted) - len(missing), (slots.busy_s - busy_s) / max(duration_s, 1e-9), state.stopped
    )


async def _work(state: _Run) -> None:
    """Takes the next item until there is none, or the run must stop."""
    for item, repeat in state.queue:
        if state.stopped is not None:
            return
        try:
            sample = await _measure(state, item, repeat)
        except Closed:
            return
        state.journal.add(sample)
        _count(state, sample)
        state.tell()
        # Judging takes no await: without this, one slot would keep the others from starting their calls.
        await asyncio.sleep(0)


async def _measure(state: _Run, item: Item, repeat: int) -> Sample:
    """One sample; a subject that has no slots of its own holds one as long as it takes."""
    if state.subject.slots is not None:
        return await state.subject.measure(item, repeat)
    await state.slots.take()
    try:
        return await state.subject.measure(item, repeat)
    finally:
        state.slots.give()


def _count(state: _Run, sample: Sample) -> None:
    state.done += 1
    state.cost_usd += sample.cost_usd or 0.0
    state.failures = state.failures + 1 if sample.unmeasured in FAILURES else 0
    if state.limits.cost_usd is not None and state.cost_usd >= state.limits.cost_usd and state.done < state.total:
        state.stopped = Unmeasured.BUDGET_CAP
    if state.failures >= state.limits.stop_after_failures:
        state.stopped = Unmeasured.PROVIDER_DOWN
    if state.stopped is not None:
        state.slots.close()
