"""A label moves on proof: a complete, passing report of this very prompt over this very set, and the sealed part."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from drafter.errors import ContentError
from drafter.evals.comparison import compare
from drafter.evals.report import Report, now
from drafter.evals.session import Choices, Session, Tools, evaluate
from drafter.evals.sets import count_openings, open_sealed
from drafter.evals.suite import Suite
from drafter.prompts.labels import CANDIDATE, PRODUCTION, Move, TaskState
from drafter.prompts.library import Library, Prompt

MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class SealedResult:
    """What the sealed part said."""

    report: Report
    worse: tuple[str, ...]
    """Graded metrics on which production is significantly better."""
    openings: int

    @property
    def is_passed(self) -> bool:
        """Its gates hold, and nothing got worse."""
        return self.report.verdict.passed and not self.worse


def require_proof(report: Report, prompt: Prompt, set_sha256: str) -> None:
    """Nothing, when this report proves this prompt.

    Raises:
        ContentError: it is of another prompt, another state of it, another set, incomplete, or not passing.
    """
    again = f"run `drafter evals run {report.suite} --prompt {prompt.id}`"
    if report.prompt is None or report.prompt.id != prompt.id:
        raise ContentError(prompt.path, f"the report is of {report.prompt.id if report.prompt else 'no prompt'}", hint=again)
    if report.prompt.sha256 != prompt.sha256:
        was, now_ = report.prompt.sha256[:8], prompt.sha256[:8]
        raise ContentError(prompt.path, f"has changed since its report (was {was}, is {now_})", hint=again)
    if report.set_sha256 != set_sha256:
        raise ContentError(prompt.path, "its report is over another set, or a part of it", hint=again)
    if report.run.unmeasured or not report.verdict.passed:
        raise ContentError(prompt.path, f"its report does not pass: {report.verdict.reason}: {report.verdict.sentence}", hint=again)


async def run_sealed(suite: Suite, tools: Tools, prompt: Prompt, *, by: str) -> SealedResult | None:
    """The sealed part under the new prompt and the one in production; None when the suite has none."""
    if suite.sealed is None:
        return None
    path = tools.root / suite.sealed
    cases = open_sealed(path, by=by, why=f"promote {prompt.id}@{prompt.sha256[:8]}").cases
    # Floors and budgets count on the set's size and on a baseline; what is left holds for any set.
    gates = suite.gates.model_copy(update={"floors": {}, "budget": {}, "branches": {}, "cases": None})
    bare = suite.model_copy(update={"baseline": None, "tape": None, "gates": gates, "suite": f"{suite.suite}.sealed"})
    new = await evaluate(Session.open(bare, tools, Choices(tape="off", prompt=prompt.id, needs_baseline=False), cases=cases))
    old = await evaluate(Session.open(bare, tools, Choices(tape="off", needs_baseline=False), cases=cases))
    comparison = compare(gates, new.cases, old.cases, title=old.title, alpha=suite.gates.alpha)
    worse = tuple(delta.name for delta in comparison.deltas if delta.verdict == "worse")
    return SealedResult(new, worse, count_openings(path))


def report_sha256(report: Report) -> str:
    """Name of a report in the history of labels."""
    return hashlib.sha256(report.model_dump_json(exclude_defaults=True).encode()).hexdigest()


def move_label(
    library: Library, prompt: Prompt, label: str, *, by: str, because: str, canary: float = 0.0, report: Report | None = None
) -> dict[str, TaskState]:
    """All tasks' labels after the move; the version is released with it."""
    task, version = prompt.front.task, prompt.front.version
    state = library.tasks[task]
    move = Move(
        at=now(),
        by=by,
        label=label,
        before=state.labels.get(label),
        after=version,
        because=because[:MAX_REASON],
        report=report_sha256(report) if report else None,
    )
    update: dict[str, object] = {"released": {**state.released, version: prompt.sha256}, "history": (*state.history, move), label: version}
    if label == CANDIDATE:
        update["canary"] = canary
    elif state.candidate == version:
        update |= {"candidate": None, "canary": 0.0}
    return {**library.tasks, task: state.model_copy(update=update)}


def roll_back(library: Library, task: str, *, by: str, because: str) -> dict[str, TaskState]:
    """All tasks' labels with the previous version in production, and no canary.

    Raises:
        ContentError: production has never been another version.
    """
    state = library.tasks[task]
    before = previous(state.history)
    if before is None:
        raise ContentError("prompts/active.yaml", f"{task} has no version to go back to")
    move = Move(at=now(), by=by, label=PRODUCTION, before=state.production, after=before, because=because[:MAX_REASON])
    update = {"production": before, "candidate": None, "canary": 0.0, "history": (*state.history, move)}
    return {**library.tasks, task: state.model_copy(update=update)}


def previous(history: Sequence[Move]) -> str | None:
    """The version that was in production before the last promotion that still stands; two rollbacks go back two steps."""
    stack: list[str] = []
    for move in history:
        if move.label != PRODUCTION or move.before is None:
            continue
        if move.report is not None:
            stack.append(move.before)
        elif stack:
            stack.pop()
    return stack[-1] if stack else None
