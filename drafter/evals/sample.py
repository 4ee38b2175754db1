"""What one repeat of one case came to. Either it was measured, or it says why not: there is no third thing, and no NaN."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field, model_validator

from drafter.domain import Span, Value


class Unmeasured(StrEnum):
    """Why a case could not be measured."""

    PROVIDER_DOWN = "provider_down"
    CALL_DEADLINE = "call_deadline"
    CASE_DEADLINE = "case_deadline"
    RUN_DEADLINE = "run_deadline"
    BUDGET_CAP = "budget_cap"
    STALE_TAPE = "stale_tape"
    CRASHED = "crashed"
    STOPPED = "stopped"
    """The run was stopped before this one."""


class TapeState(StrEnum):
    """Where a model's answer came from."""

    FRESH = "fresh"
    REPLAYED = "replayed"
    STALE = "stale"
    """The tape holds an answer for this case, to another question."""
    SILENT = "silent"
    """No model was asked."""


class Violation(Value):
    """One invariant that did not hold."""

    invariant: str
    detail: str
    start: int | None = None
    """In the draft's text, when it stands there."""
    end: int | None = None


class ScoreNote(Value):
    """What one scorer said of a draft, beside its value."""

    reason: str
    spans: tuple[Span, ...] = ()


class Sample(Value):
    """One repeat of one case."""

    case: str
    repeat: int = Field(ge=0)
    unmeasured: Unmeasured | None = None
    detail: str = ""
    """One sentence for people: why it was not measured, or which judgement was wrong."""
    metrics: Mapping[str, float | None] = {}
    """None: this metric cannot be said of this draft; never averaged."""
    notes: Mapping[str, ScoreNote] = {}
    violations: tuple[Violation, ...] = ()
    passed: bool | None = None
    """None when unmeasured."""
    action: str = ""
    origin: str = ""
    text: str | None = None
    """What was scored: the model's first draft, or what came without one."""
    final: str | None = None
    """What left the house, where it is another text."""
    tape: TapeState = TapeState.SILENT
    calls: int = 0
    tokens: int = 0
    is_estimated: bool = False
    """The model did not count its tokens; four characters count as one."""
    cost_usd: float | None = None
    duration_s: float = 0.0
    """As it was when the model was asked; a replay keeps it."""

    @model_validator(mode="after")
    def _measured_or_not(self) -> Sample:
        if (self.unmeasured is None) == (self.passed is None):
            raise ValueError("a sample has a verdict, or a reason why it has none")
        return self


def unmeasured(case: str, repeat: int, why: Unmeasured, detail: str = "", *, duration_s: float = 0.0) -> Sample:
    """A sample that says why there is none."""
    return Sample(case=case, repeat=repeat, unmeasured=why, detail=detail, duration_s=duration_s)
