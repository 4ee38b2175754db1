"""What one request has come to so far: its attempts, the time that is left, and the draft that was judged last."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from drafter.domain import (
    Attempt,
    Decision,
    Draft,
    DraftRequest,
    Finding,
    GuardrailReport,
    HoldingReply,
    Origin,
    ProofReport,
    Recalled,
    Scorecard,
    Severity,
    Timing,
    Usage,
)
from drafter.errors import DrafterError, ModelError
from drafter.lastcall import LastCall
from drafter.llm.chat import ChatModel

TEMPLATE_RESERVE_S = 0.25
"""Kept back from the models for the template, the record and the way out; measured need is under 0.05 s."""


TURNS_HOME = 8
"""Turns of the event loop from a model that failed to an answer that is sent, times two; each is short unless many are drafted at once."""

UNSEEN_SHARE, MAX_UNSEEN_S = 0.1, 2.0
"""Of the deadline, kept back as well: turns are measured when a draft begins, and a crowd may come while a model is waited for."""

SENDING_S = 0.2
"""Kept back from the store for sending the answer."""


def stored_by(started: float, deadline_s: float, *, lag_s: float = 0.0) -> float:
    """Until when the store is waited for (`time.monotonic`); a very short deadline has as long as every answer may be late."""
    return started + max(deadline_s - SENDING_S - lag_s, TEMPLATE_RESERVE_S)


async def one_turn_s() -> float:
    """Seconds until it is a request's turn again: next to nothing, or what all the others under way take."""
    since = time.monotonic()
    await asyncio.sleep(0)
    return time.monotonic() - since


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft with everything that was said of it."""

    draft: Draft
    report: GuardrailReport
    proof: ProofReport
    scorecard: Scorecard
    decision: Decision

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules saw, then what the proof lacks."""
        return (*self.report.findings, *self.proof.findings)

    @property
    def mean_score(self) -> float:
        """Of the scores that are known."""
        known = [score.value for score in self.scorecard.scores if score.value is not None]
        return sum(known) / max(len(known), 1)

    def as_holding(self) -> HoldingReply:
        """The same as what is told of a message that holds the line."""
        return HoldingReply(text=self.draft.text, draft=self.draft, report=self.report, proof=self.proof, scorecard=self.scorecard)

    def may_leave(self, forbidden: Container[Severity]) -> bool:
        """True when nothing forbidden was found; whether a template is offered or only holds the line, `decide` has said."""
        return not self.report.errored and not any(finding.severity in forbidden for finding in self.findings)


@dataclass(slots=True)
class Run:
    """What one request has come to so far."""

    request: DraftRequest
    deadline_s: float
    started: float
    """When the request arrived, by `time.monotonic`."""
    last_call: LastCall
    attempts: list[Attempt] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)
    on_stage: Callable[[str, float], None] | None = None
    recalled: Recalled | None = None
    _judging: dict[str, float] = field(default_factory=dict)
    turns_s: float = 0.0
    """What the event loop's turns on the way home will take, by what one takes now."""

    @property
    def reserve_s(self) -> float:
        """Kept back from the models: for the template, the turns home and a crowd nobody has seen yet."""
        return TEMPLATE_RESERVE_S + self.turns_s + min(UNSEEN_SHARE * self.deadline_s, MAX_UNSEEN_S)

    def remaining_s(self) -> float:
        return min(self.started + self.deadline_s, self.last_call.ends_at) - time.monotonic()

    def ended(self, stage: str, since: float) -> float:
        """Notes a stage that began then (`time.monotonic`), and gives its seconds; judging, in stages of its own, is not in them."""
        # What was judged may have been judged before, when a bug ended that stage early.
        took_s = max(time.monotonic() - since - sum(self._judging.values()), 0.0)
        self._note(stage, took_s)
        self.tell_judging()
        return took_s

    def judged(self, **spent_s: float) -> None:
        """Adds seconds spent on judging a draft, by stage; of several templates they are one sum."""
        for stage, duration_s in spent_s.items():
            self._judging[stage] = self._judging.get(stage, 0.0) + duration_s

    def tell_judging(self) -> None:
        """Notes the stages in which drafts were judged since it was last asked for."""
        judging, self._judging = self._judging, {}
        for stage, duration_s in judging.items():
            self._note(stage, duration_s)

    def _note(self, stage: str, duration_s: float) -> None:
        self.timings.append(Timing(stage=stage, duration_s=round(duration_s, 6)))
        if self.on_stage:
            self.on_stage(stage, duration_s)


def record_draft(number: int, model: ChatModel | None, judged: Judged, duration_s: float) -> Attempt:
    """A draft as an attempt, with the diff of what code repaired in it."""
    return Attempt(
        number=number,
        origin=judged.draft.origin,
        model=model.name if model else None,
        text=judged.draft.text,
        error=None,
        findings=judged.findings,
        decision=judged.decision,
        detail="; ".join(f"{edit.rule_id}: “{edit.before}” → “{edit.after}”" for edit in judged.draft.edits),
        usage=Usage(cost_usd=0.0) if judged.draft.edits else judged.draft.usage,
        duration_s=round(duration_s, 6),
    )


def record_failure(number: int, model: ChatModel, exc: Exception, duration_s: float) -> Attempt:
    """An attempt that no draft came of."""
    is_ours = isinstance(exc, DrafterError)
    return Attempt(
        number=number,
        origin=Origin.MODEL,
        model=exc.model if isinstance(exc, ModelError) else model.name,
        text=None,
        error=exc.reason if isinstance(exc, DrafterError) else "internal",
        # A bug's message may quote a customer; its class may not.
        detail=str(exc)[:300] if is_ours else type(exc).__name__,
        decision=None,
        usage=Usage(),
        duration_s=round(duration_s, 6),
    )
