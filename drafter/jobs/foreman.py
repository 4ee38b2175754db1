"""`Foreman`: drafts what jobs ask for, a few at a time, beside the requests of callers; any number of processes may have one.

An item is drafted under an idempotency claim of its own, which its record fulfils in the same transaction: a process that is killed between
the two leaves neither a record twice nor an item lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from drafter.domain import DraftRequest, DraftResponse
from drafter.errands import Principal
from drafter.errors import BUGS, AccessError, DrafterError, RequestError, StoreError
from drafter.logs import Log
from drafter.store.claims import Claim, Fulfilled
from drafter.store.jobs import Task
from drafter.store.store import Store

log = Log("jobs")

PAUSE_S = 1.0
"""Between two looks for what waits."""

GRACE_S = 60.0
"""A lease lasts for the request's deadline and this; a claim, which keeps two from drafting one item, for half of it besides."""

RETRY_S = 5.0


class Draft(Protocol):
    """Makes a draft on somebody's behalf."""

    def __call__(self, request: DraftRequest, *, principal: Principal, claim: Claim) -> Awaitable[DraftResponse]: ...


@dataclass(frozen=True, slots=True)
class Foreman:
    """Works on jobs."""

    store: Store
    draft: Draft
    deadline_s: float
    """Of a request that names none."""
    at_once: int
    is_open: Callable[[], bool] = lambda: True
    """False while nothing may be begun: the service stops."""

    async def run(self, *, until_done: bool = False) -> None:
        """Runs until it is cancelled, or until nothing waits; what is under way when it ends is anybody's when its lease is over."""
        looking = asyncio.Lock()
        await asyncio.gather(*(self._work(looking, until_done=until_done) for _ in range(self.at_once)))

    async def _work(self, looking: asyncio.Lock, *, until_done: bool) -> None:
        while True:
            try:
                # One looks for all who are free: an idle service asks its store once in a pause.
                async with looking:
                    while (task := await self._take()) is None:
                        if until_done and not await self.store.jobs.waiting():
                            return
                        await asyncio.sleep(PAUSE_S)
                await self._work_on(task)
            except StoreError as exc:
                log.error("jobs.not_read", reason=type(exc.__cause__).__name__)
                await asyncio.sleep(PAUSE_S)

    async def step(self) -> bool:
        """Takes the next item and drafts it; False when nothing waits."""
        task = await self._take()
        if task is not None:
            await self._work_on(task)
        return task is not None

    async def _take(self) -> Task | None:
        return await self.store.jobs.take(deadline_s=self.deadline_s, grace_s=GRACE_S) if self.is_open() else None

    async def _work_on(self, task: Task) -> None:
        try:
            await self._draft(task)
        except AccessError as exc:
            # It was not the item's fault, and a job has time.
            await self.store.jobs.put_back(task, exc.code, pause_s=exc.retry_after_s or RETRY_S, is_try=False)
        except RequestError as exc:
            if exc.code == "idempotency_in_flight":
                await self.store.jobs.put_back(task, exc.code, pause_s=GRACE_S, is_try=False)
            else:
                await self.store.jobs.failed(task, exc.code)
        except StoreError:
            raise
        except DrafterError as exc:
            await self.store.jobs.failed(task, exc.reason)
        except BUGS as exc:
            log.error("job_item.crashed", exception=type(exc).__name__)
            await self.store.jobs.failed(task, "internal")

    async def _draft(self, task: Task) -> None:
        principal = await self._principal(task)
        if principal is None:
            await self.store.jobs.failed(task, "key_not_valid")
            return
        # No caller can send a key with a blank, so that none can take an item's.
        key = f"job {task.id}"
        request = DraftRequest.model_validate(task.request)
        held_s = (request.options.deadline_s or self.deadline_s) + GRACE_S / 2
        claim = await self.store.claims.claim(Claim.wish(task.account_id, key, fingerprint=task.id, held_s=held_s))
        if isinstance(claim, Fulfilled):
            await self.store.jobs.done(task, claim.result_id)
            return
        try:
            made = await self.draft(request, principal=principal, claim=claim)
        except DrafterError:
            await self.store.claims.give_up(claim)
            raise
        if made.is_stored:
            await self.store.jobs.done(task, made.id)
        else:
            await self.store.claims.give_up(claim)
            await self.store.jobs.put_back(task, "store", pause_s=RETRY_S)

    async def _principal(self, task: Task) -> Principal | None:
        """On whose behalf, as the key is now; None when it may not draft any more."""
        if task.key_id is None:
            return Principal(task.account_id)
        key = await self.store.keys.get(task.key_id)
        if key is None or not key.is_live(datetime.now(UTC)):
            return None
        return Principal(key.account_id, key.id, key.daily_usd, key.is_local_only)
