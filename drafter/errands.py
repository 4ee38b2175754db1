"""Drafting on somebody's behalf: under his account and key, within his limits, once for each of his idempotency keys."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from drafter.attempts import stored_by
from drafter.cases.ledger import with_recalled
from drafter.domain import LOCAL_ACCOUNT, Action, DraftRecord, DraftRequest, Recalled
from drafter.errors import StoreError
from drafter.llm.spend import spending_as
from drafter.logs import Log
from drafter.pipeline import Pipeline, StageListener
from drafter.recent import RecentDrafts
from drafter.scoring.roteness import read_runs
from drafter.scoring.words import base_language
from drafter.spending import SharedSpend
from drafter.store.patience import helping, waiting_until
from drafter.turnstile import Turnstile

if TYPE_CHECKING:
    from drafter.store.claims import Claim
    from drafter.store.store import Store

log = Log("errands")

FRESH_S = 5.0
"""How long it is believed what the store said of an account."""


@dataclass(frozen=True, slots=True)
class Principal:
    """On whose behalf something is done."""

    account_id: str = LOCAL_ACCOUNT
    key_id: str | None = None
    """None without API keys."""
    daily_usd: float | None = None
    """Cap of this key instead of the usual one."""
    is_local_only: bool = False
    """True when this account's texts must not leave for a remote model."""
    may_read: bool = True
    """False where only drafts and checks are his, and nothing that was kept: triage then looks up no contacts for him. Who may
    draft or approve is held to what was approved before all the same, and a refusal names its limit: that much these scopes imply, but no
    text and no record."""


@dataclass(frozen=True, slots=True)
class _OwnRecords:
    """The store, as one principal's errand sees it."""

    store: Store
    account_id: str
    claim: Claim | None

    async def append(self, record: DraftRecord) -> None:
        await self.store.drafts.append(record, account_id=self.account_id, claim=self.claim)


@dataclass(frozen=True, slots=True)
class Errands:
    """Runs the pipeline for principals."""

    pipeline: Pipeline
    store: Store
    spend: SharedSpend
    turnstile: Turnstile
    recent: RecentDrafts = field(default_factory=RecentDrafts)
    _local_only: dict[str, tuple[float, bool]] = field(default_factory=dict)
    """Account to what the store said of it, and when."""

    async def draft(
        self,
        request: DraftRequest,
        principal: Principal,
        *,
        claim: Claim | None,
        on_stage: StageListener | None,
        started: float | None = None,
    ) -> tuple[DraftRecord, bool]:
        """The record of a draft, and whether it was stored.

        Args:
            request: What is asked.
            principal: On whose behalf.
            claim: The idempotency key's, which the record fulfils.
            on_stage: Told of each stage that ended.
            started: When the request arrived (`time.monotonic`); None: now.

        Raises:
            RequestError: the request asks for something impossible, or for a model that this account may not use.
            AccessError: (`overloaded`) it could not be answered in time.
        """
        started = time.monotonic() if started is None else started
        account_id, review = principal.account_id, request.review.text
        history = self.recent.of(account_id, apart_from=review)
        pipeline = replace(self.pipeline, store=_OwnRecords(self.store, account_id, claim), history=history)
        deadline_s = pipeline.deadline_of(request)
        with waiting_until(stored_by(started, deadline_s)):
            if principal.is_local_only or (principal.key_id is None and await self._is_local_only(principal.account_id)):
                pipeline = replace(pipeline, privacy=replace(pipeline.privacy, is_local_only=True))
            async with self._spending(principal):
                known = await recall(request, self.store, account_id=principal.account_id)
                await self.turnstile.enter(started + deadline_s)
                record, is_stored = await pipeline.draft(
                    known.request, recalled=known.recalled, on_stage=on_stage, started=started, turn_s=self.turnstile.turn_s
                )
        if record.draft is not None and record.decision.action is Action.OFFER:
            self.recent.add(account_id, read_runs(record.draft.text, base_language(record.draft.language)), review=review)
        return record, is_stored

    async def _is_local_only(self, account_id: str) -> bool:
        """What a key would say, for who has none. While the store cannot say it, what it said last; before it ever did, that they stay."""
        known = self._local_only.get(account_id)
        if known is None or time.monotonic() - known[0] > FRESH_S:
            try:
                with helping():
                    known = time.monotonic(), await self.store.keys.is_local_only(account_id)
            except StoreError:
                return known is None or known[1]
            self._local_only[account_id] = known
        return known[1]

    @asynccontextmanager
    async def _spending(self, principal: Principal) -> AsyncIterator[None]:
        """Counts together with the other processes, before and after."""
        meter = self.spend.meter
        if any(cap is not None for cap in (meter.daily_usd, meter.daily_usd_per_key, principal.daily_usd)):
            await self.spend.learn(principal.key_id)
        own = nullcontext() if principal.key_id is None else spending_as(principal.key_id, daily_usd=principal.daily_usd)
        try:
            with own:
                yield
        finally:
            await self.spend.tell()


@dataclass(frozen=True, slots=True)
class Known:
    """A request, and what the store knows of it besides."""

    request: DraftRequest
    """As it was asked, with the time that it counts to."""
    recalled: Recalled | None
    """None where there is no key to ask by, and while the store cannot say it: then it is a fact that is missing."""

    @property
    def whole(self) -> DraftRequest:
        """The request with what is known besides, for triage."""
        return with_recalled(self.request, self.recalled)


def timed(request: DraftRequest) -> DraftRequest:
    """The request with the time that it counts to: the clock's, when it names none."""
    return request.model_copy(update={"asked_at": request.asked_at or datetime.now(UTC)})


async def recall(request: DraftRequest, store: Store, *, account_id: str, besides: str | None = None, must_know: bool = False) -> Known:
    """The request with what only the door knows: the time, and what its order and its buyer were sent.

    The store is asked only where there is a key to ask by.

    Args:
        request: What is asked.
        store: Where approved drafts are.
        account_id: Whose.
        besides: A draft that is not meant: the one that is about to be approved.
        must_know: At the last door: a store that is away is no permission.

    Raises:
        StoreError: `must_know`, and the store cannot say it.
    """
    request, order = timed(request), request.order
    if not order.has_key:
        return Known(request, None)
    try:
        with helping():
            past = await store.contacts.of(account_id, order_id=order.order_id, buyer_key=order.buyer_key, besides=besides)
    except StoreError as exc:
        if must_know:
            raise
        log.error("contacts.not_read", reason=type(exc.__cause__ or exc).__name__)
        return Known(request, None)
    return Known(request, past)
