"""The corridor: walks a request through the stages, loops repairs, keeps the deadline, writes the record.

    triage ▶ draft ▶ check ▶ score ▶ decide ─▶ record
               ▲                        │
               └──── repair (≤ N) ◀─────┤ then the next model, then template, then escalate

It finds nothing and decides nothing itself: findings come from checks and scorers, consequences from `decide`.
"""

from __future__ import annotations

import asyncio
import math
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from drafter import __version__
from drafter.attempts import TURNS_HOME, Judged, Run, one_turn_s, record_draft, record_failure, stored_by
from drafter.cases.ledger import with_recalled
from drafter.decision import DecisionPolicy, decide
from drafter.domain import (
    Action,
    CheckRequest,
    ContactAdvice,
    Decision,
    Door,
    Draft,
    DraftRecord,
    DraftRequest,
    HoldingReply,
    Origin,
    Provenance,
    Recalled,
    Route,
    Triage,
)
from drafter.drafting.mend import mend_by_code
from drafter.errors import BUGS, DrafterError, ModelError, ModelTimeout, RequestError, StoreError
from drafter.lastcall import LastCall
from drafter.llm.chat import ChatModel
from drafter.logs import Log
from drafter.privacy.envelope import LOCAL_ONLY, Envelope, Privacy
from drafter.roles import Checker, Mend, Scorer, Store, Templates, Triager, Verifier, Writer
from drafter.scoring.words import Runs
from drafter.store.patience import waiting_until
from drafter.triage.contact import may_write
from drafter.triage.packet import with_packet

log = Log("pipeline")

MODEL_SHARE = 2 / 3
"""Part of the time left that a model may use while others stand behind it: one that hangs must leave them something."""

StageListener = Callable[[str, float], None]
"""Told the name of a stage that ended and the seconds it took."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Turns requests into records. Holds no state of its own; all tools are given."""

    triager: Triager
    writer: Writer
    templates: Templates
    checker: Checker
    verify: Verifier
    score: Scorer
    policy: DecisionPolicy
    store: Store
    choose_models: Callable[[str | None], Sequence[ChatModel]]
    """Models for a request's `options.model`, in the order they are tried; none means templates only."""
    privacy: Privacy
    deadline_s: float
    max_repairs: int
    last_call: LastCall = field(default_factory=LastCall)
    history: tuple[Runs, ...] = ()
    """What the sender was offered lately for other reviews: scorers say how much a draft sounds like it."""

    def deadline_of(self, request: DraftRequest) -> float:
        """Seconds that an answer may take."""
        return request.options.deadline_s or self.deadline_s

    async def draft(
        self,
        request: DraftRequest,
        *,
        recalled: Recalled | None = None,
        on_stage: StageListener | None = None,
        started: float | None = None,
        turn_s: float = 0.0,
    ) -> tuple[DraftRecord, bool]:
        """The request's whole story, and whether it could be stored.

        Args:
            request: What is asked.
            recalled: What the store knows of its order and its buyer.
            on_stage: Told of each stage that ended.
            started: When the request arrived (`time.monotonic`): its deadline counts from there. None: now.
            turn_s: What turns of the event loop take lately, where somebody knows.

        Raises:
            RequestError: the channel or the model is unknown, or the model may not be told this request.
        """
        envelope = self.privacy.open(request)
        models = envelope.admit(self.choose_models(request.options.model))
        arrived = time.monotonic() if started is None else started
        run = Run(request, self.deadline_of(request), arrived, self.last_call, on_stage=on_stage, recalled=recalled)
        run.turns_s = TURNS_HOME * max(await one_turn_s(), turn_s)
        since = time.monotonic()
        triage = self._triage(with_recalled(request, recalled))
        run.ended("triage", since)
        is_held = request.options.holding and triage.route is Route.DRAFT and may_write(triage)
        holding = self._hold_the_line(run, triage) if is_held else None
        judged: Judged | None = None
        if triage.route is Route.DRAFT:
            judged = await self._try_models(run, triage, models)
        if judged is None and triage.route is not Route.NO_REPLY and may_write(triage):
            judged = self._try_templates(run, triage)
        decision = judged.decision if judged else self._decide_without_draft(triage)
        record = self._record(run, triage, judged, decision, models, envelope, holding)
        since = time.monotonic()
        is_stored = await self._store(record, run)
        run.ended("store", since)
        log.info(
            "draft.decided",
            record_id=record.id,
            action=decision.action,
            origin=record.draft.origin if record.draft else None,
            channel=request.channel,
            language=triage.language,
            attempts=len(record.attempts),
            errors=[a.error for a in record.attempts if a.error],
            rules=sorted({f.rule_id for a in record.attempts for f in a.findings}),
            duration_s=record.duration_s,
            cost_usd=record.cost_usd,
            is_stored=is_stored,
        )
        return record, is_stored

    def _triage(self, request: DraftRequest) -> Triage:
        """What triage says; when it breaks, a person must look."""
        try:
            return with_packet(request, self.triager.triage(request), self.checker.check)
        except BUGS as exc:
            log.error("triage.crashed", exception=type(exc).__name__)
            contact = ContactAdvice(door=Door.NONE, reason="triage failed; a person must look")
            return Triage(
                language=request.options.language or "und",
                issues=(),
                issue_spans=(),
                safety=False,
                injection=False,
                contact=contact,
                route=Route.HUMAN_ONLY,
                reasons=("triage_failed",),
            )

    def judge(self, draft: Draft, request: DraftRequest, triage: Triage, *, repairs_left: int, run: Run | None = None) -> Judged:
        """A draft, checked, scored and decided upon; `run` is told how long each took."""
        began = time.monotonic()
        report = self.checker.check(check_request(request, triage, draft))
        checked = time.monotonic()
        proof = self.verify(draft, request, triage)
        proven = time.monotonic()
        scorecard = self.score(draft, request, triage, self.history)
        if run is not None:
            run.judged(guardrail=checked - began, proof=proven - checked, scoring=time.monotonic() - proven)
        decision = decide(
            self.policy, triage=triage, origin=draft.origin, report=report, proof=proof, scorecard=scorecard, repairs_left=repairs_left
        )
        return Judged(draft, report, proof, scorecard, decision)

    def _decide_without_draft(self, triage: Triage) -> Decision:
        return decide(self.policy, triage=triage, origin=None, report=None, proof=None, scorecard=None, repairs_left=0)

    async def _try_models(self, run: Run, triage: Triage, models: Sequence[ChatModel]) -> Judged | None:
        """The draft of the first model that has one that may leave; None when a template must answer."""
        for behind, model in zip(reversed(range(len(models))), models, strict=True):
            left_s = run.remaining_s() - run.reserve_s
            ends_at = time.monotonic() + (left_s * MODEL_SHARE if behind else left_s)
            judged = await self._try_model(run, triage, model, ends_at=ends_at)
            if judged is not None:
                return judged
        return None

    async def _try_model(self, run: Run, triage: Triage, model: ChatModel, *, ends_at: float) -> Judged | None:
        """The model's best draft that may leave; None when it has none."""
        mend: Mend | None = None
        offerable: Judged | None = None
        for repairs_left in range(self.max_repairs, -1, -1):
            number = len(run.attempts) + 1
            since = time.monotonic()
            try:
                written = await self._write(run, triage, model, number, mend, timeout_s=ends_at - time.monotonic())
            except RequestError:
                raise
            except (DrafterError, *BUGS) as exc:
                run.attempts.append(record_failure(number, model, exc, time.monotonic() - since))
                run.ended("write", since)
                return offerable
            wrote_s = run.ended("write", since)
            judged = self._judge_all(run, triage, model, written, repairs_left=repairs_left, wrote_s=wrote_s)
            if judged is None:
                return offerable
            if judged.decision.action is Action.OFFER:
                return judged
            mended = self._mend_by_code(run, triage, model, judged)
            if mended is not None:
                return mended
            if judged.decision.action is not Action.REPAIR:
                return offerable
            offerable = self._if_offerable(judged, triage) or offerable
            mend = Mend(judged.draft, judged.findings, judged.decision.reasons)
        return offerable

    def _judge_all(
        self, run: Run, triage: Triage, model: ChatModel, written: Sequence[Draft | ModelError], *, repairs_left: int, wrote_s: float
    ) -> Judged | None:
        """The best of a model's candidates; None when none can be judged. Each is an attempt, the first with the time of all."""
        judged: list[Judged] = []
        for one in written:
            number, since = len(run.attempts) + 1, time.monotonic()
            try:
                if isinstance(one, ModelError):
                    raise one
                judged.append(self.judge(one, run.request, triage, repairs_left=repairs_left, run=run))
            except (ModelError, *BUGS) as exc:
                run.attempts.append(record_failure(number, model, exc, wrote_s + time.monotonic() - since))
            else:
                run.attempts.append(record_draft(number, model, judged[-1], wrote_s))
            wrote_s = 0.0
        run.tell_judging()
        return max(judged, key=lambda one: self._merit(one, triage), default=None)

    def _merit(self, judged: Judged, triage: Triage) -> tuple[bool, bool, int, float]:
        """What the better of two drafts has more of: leave to go, leave to go if nothing better comes, rules kept, scores."""
        may_go = judged.decision.action is Action.OFFER
        return may_go, may_go or self._if_offerable(judged, triage) is not None, -len(judged.findings), judged.mean_score

    def _mend_by_code(self, run: Run, triage: Triage, model: ChatModel, judged: Judged) -> Judged | None:
        """The draft with a mechanical repair, when it may then leave as it is; the edits stay in it as a diff."""
        since = time.monotonic()
        try:
            draft = mend_by_code(judged.draft, judged.findings)
            mended = self.judge(draft, run.request, triage, repairs_left=0, run=run) if draft else None
        except BUGS as exc:
            log.error("mend.crashed", exception=type(exc).__name__)
            return None
        run.tell_judging()
        if mended is None or mended.decision.action is not Action.OFFER or len(mended.findings) >= len(judged.findings):
            return None
        run.attempts.append(record_draft(len(run.attempts) + 1, model, mended, time.monotonic() - since))
        return mended

    def _if_offerable(self, judged: Judged, triage: Triage) -> Judged | None:
        """The same draft decided upon as if no repair were left; None when it may not leave."""
        decision = decide(
            self.policy,
            triage=triage,
            origin=judged.draft.origin,
            report=judged.report,
            proof=judged.proof,
            scorecard=judged.scorecard,
            repairs_left=0,
        )
        return replace(judged, decision=decision) if decision.action is Action.OFFER else None

    async def _write(
        self, run: Run, triage: Triage, model: ChatModel, number: int, mend: Mend | None, *, timeout_s: float
    ) -> tuple[Draft | ModelError, ...]:
        if timeout_s <= 0:
            raise ModelTimeout("no time is left before the deadline", model=model.name)
        try:
            async with asyncio.timeout(timeout_s) as limit:
                with self.last_call.shortening(limit, reserve_s=run.reserve_s):
                    return await self.writer.write(run.request, triage, model=model, attempt=number, timeout_s=timeout_s, mend=mend)
        except TimeoutError as exc:
            within = f"within {timeout_s:.1f} s" if self.last_call.ends_at == math.inf else "before the service stops"
            raise ModelTimeout(f"no answer {within}", model=model.name) from exc

    def _try_templates(self, run: Run, triage: Triage) -> Judged | None:
        """The most personal template that may leave; a template that breaks a rule gives way to a plainer one."""
        since = time.monotonic()
        kept: Judged | None = None
        try:
            for draft in self.templates.compose(run.request, triage):
                judged = self.judge(draft, run.request, triage, repairs_left=0, run=run)
                run.attempts.append(record_draft(len(run.attempts) + 1, None, judged, time.monotonic() - since))
                if judged.may_leave(self.policy.forbidden_severities):
                    kept = judged
                    break
        except BUGS as exc:
            log.error("template.crashed", exception=type(exc).__name__)
        run.ended("template", since)
        return kept

    def _hold_the_line(self, run: Run, triage: Triage) -> HoldingReply | None:
        """What can be sent before the reply is written; it must pass what every template must."""
        since = time.monotonic()
        kept: HoldingReply | None = None
        try:
            for draft in self.templates.compose_holding(run.request, triage):
                if run.remaining_s() <= run.reserve_s:
                    break
                judged = self.judge(draft, run.request, triage, repairs_left=0, run=run)
                if judged.may_leave(self.policy.forbidden_severities):
                    kept = judged.as_holding()
                    break
        except BUGS as exc:
            log.error("holding.crashed", exception=type(exc).__name__)
        run.ended("holding", since)
        return kept

    def _record(
        self,
        run: Run,
        triage: Triage,
        judged: Judged | None,
        decision: Decision,
        models: Sequence[ChatModel],
        envelope: Envelope,
        holding: HoldingReply | None,
    ) -> DraftRecord:
        draft = judged.draft if judged else None
        if envelope.kept_from:
            decision = decision.model_copy(update={"reasons": (*decision.reasons, LOCAL_ONLY)})
        costs = [a.usage.cost_usd for a in run.attempts if a.origin is Origin.MODEL]
        return DraftRecord(
            id=f"d_{uuid.uuid4().hex}",
            created_at=datetime.now(UTC),
            request=run.request,
            recalled=run.recalled,
            triage=triage,
            draft=draft,
            report=judged.report if judged else None,
            proof=judged.proof if judged else None,
            scorecard=judged.scorecard if judged else None,
            decision=decision,
            holding=holding,
            attempts=tuple(run.attempts),
            timings=tuple(run.timings),
            provenance=Provenance(
                drafter_version=__version__,
                engine_version=self.checker.engine_version,
                pack_version=self.checker.pack_version,
                pack_sha256=self.checker.pack_sha256,
                content=draft.content if draft else (),
                model_asked=",".join(model.name for model in models) or None,
                model_answered=draft.model_answered if draft else None,
            ),
            privacy=envelope.ledger(),
            deadline_s=run.deadline_s,
            duration_s=round(time.monotonic() - run.started, 6),
            cost_usd=None if None in costs else round(sum(cost for cost in costs if cost is not None), 8),
        )

    async def _store(self, record: DraftRecord, run: Run) -> bool:
        """True when the record was written; a store that fails or is too slow costs the proof's copy, never the answer."""
        try:
            # Half of the turns home are those after the store.
            with waiting_until(stored_by(run.started, run.deadline_s, lag_s=run.turns_s / 2)):
                await self.store.append(record)
        except StoreError as exc:
            log.error("record.not_stored", record_id=record.id, reason=type(exc.__cause__ or exc).__name__)
            return False
        return True


def check_request(request: DraftRequest, triage: Triage, draft: Draft) -> CheckRequest:
    """What the guardrail may know of a drafted text."""
    seller = request.seller
    return CheckRequest(
        channel=request.channel,
        text=draft.text,
        language=request.options.language or (triage.language if triage.language != "und" else None) or draft.language,
        resolved=request.order.resolved,
        review=request.review.text,
        facts=seller.facts,
        remedies=seller.allowed_remedies,
        previous_messages=request.order.previous_messages,
        seller_started=request.order.seller_started,
        fulfilled_by=request.review.fulfilled_by,
        names=tuple(name for name in (request.product.title, seller.brand, seller.signature) if name),
    )
