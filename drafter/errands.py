"""Drafting on somebody's behalf: under his account and key, within his limits, once for each of his idempotency keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drafter.domain import DraftRecord, DraftRequest
from drafter.errors import StoreError
from drafter.llm.spend import SpendMeter, spending_as
from drafter.logs import Log
from drafter.pipeline import Pipeline, StageListener

if TYPE_CHECKING:
    from drafter.store.claims import Claim
    from drafter.store.store import Store

log = Log("errands")

LOCAL = "local"
"""Account of the command line, and of a service without keys."""

SERVICE = "service"
"""Name under which the spend of all keys together is counted."""


@dataclass(frozen=True, slots=True)
class Principal:
    """On whose behalf something is done."""

    account_id: str = LOCAL
    key_id: str | None = None
    """None without API keys."""
    daily_usd: float | None = None
    """Cap of this key instead of the usual one."""
    is_local_only: bool = False
    """True when this account's texts must not leave for a remote model."""


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
    spend: SpendMeter

    async def draft(
        self, request: DraftRequest, principal: Principal, *, claim: Claim | None, on_stage: StageListener | None
    ) -> tuple[DraftRecord, bool]:
        """The record of a draft, and whether it was stored.

        Raises:
            RequestError: the request asks for something impossible, or for a model that this account may not use.
        """
        pipeline = replace(self.pipeline, store=_OwnRecords(self.store, principal.account_id, claim))
        if principal.is_local_only:
            pipeline = replace(pipeline, privacy=replace(pipeline.privacy, is_local_only=True))
        async with self._spending(principal):
            return await pipeline.draft(request, on_stage=on_stage)

    @asynccontextmanager
    async def _spending(self, principal: Principal) -> AsyncIterator[None]:
        """Counts together with the other processes, before and after. Without a store, this process counts alone."""
        caps = (self.spend.daily_usd, self.spend.daily_usd_per_key, principal.daily_usd)
        if any(cap is not None for cap in caps):
            await self._learn(principal)
        own = nullcontext() if principal.key_id is None else spending_as(principal.key_id, daily_usd=principal.daily_usd)
        try:
            with own:
                yield
        finally:
            await self._tell()

    async def _learn(self, principal: Principal) -> None:
        names = (SERVICE, *([principal.key_id] if principal.key_id else []))
        try:
            for name, usd in (await self.store.counters.spent(names)).items():
                self.spend.learn(None if name == SERVICE else name, usd)
        except StoreError as exc:
            log.warning("spend.not_shared", reason=type(exc.__cause__).__name__)

    async def _tell(self) -> None:
        try:
            for key_id, usd in self.spend.take_news().items():
                self.spend.learn(key_id, await self.store.counters.add_spend(key_id or SERVICE, usd))
        except StoreError as exc:
            log.warning("spend.not_shared", reason=type(exc.__cause__).__name__)
