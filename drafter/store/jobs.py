"""Jobs: requests that wait to be drafted, and what came of each. No process owns them: whoever is free takes the next one, for a lease.

queued ──taken──▶ drafting, under the item's own idempotency claim ──▶ done | failed
  │ ▲                └── its process died: the lease runs out, and the claim knows whether a record was written
  │ └── put back, for a while: not now
  └──▶ cancelled: what had not begun

The first items of all jobs come before their second ones: a job of two reviews does not wait for one of five hundred.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from drafter.domain import DraftRequest
from drafter.errors import AccessError
from drafter.store.claims import Claim, fulfil
from drafter.store.database import Database
from drafter.store.patience import unbroken
from drafter.store.pseudonyms import conceal, conceal_in
from drafter.store.schema import job_items, jobs
from drafter.store.summaries import Job, JobItem, JobSummary

MAX_TRIES = 5
"""A request that so many processes died of, or that could not be stored so often, is given up."""

KEPT = timedelta(days=30)

MAX_WAITING = 5_000
"""Items of one account that are not done."""

COME_AGAIN_S = 60.0

QUEUED, DRAFTING = "queued", "drafting"
OPEN = (QUEUED, DRAFTING)


@dataclass(frozen=True, slots=True)
class Task:
    """An item that was taken, with all that drafting it needs."""

    id: str
    account_id: str
    key_id: str | None
    request: dict[str, Any]
    """A `DraftRequest`, as it was stored."""
    tries: int


@dataclass(frozen=True, slots=True)
class Jobs:
    """The tables of jobs and their items."""

    database: Database

    @unbroken
    async def create(self, account_id: str, key_id: str | None, requests: Sequence[DraftRequest], *, claim: Claim | None) -> str:
        """Id of a new job, written as a whole together with the claim that it answers.

        Raises:
            AccessError: (`too_many_waiting`) so many would wait that the account must come again.
        """
        job_id, now = f"j_{uuid.uuid4().hex}", datetime.now(UTC)
        digests = [await conceal(self.database, request.order.buyer_key) for request in requests]
        # Some milliseconds each, for hundreds: whoever else is being answered need not wait for all of them.
        kept = await asyncio.to_thread(lambda: list(map(_kept, requests, digests)))
        rows = [
            {
                "id": f"{job_id}-{number}",
                "job_id": job_id,
                "number": number,
                "state": QUEUED,
                "tries": 0,
                "due_at": now,
                "request": request,
                "order_id": request["order"]["order_id"],
                "buyer_key": digest,
            }
            for number, (request, digest) in enumerate(zip(kept, digests, strict=True))
        ]
        held = select(func.count()).select_from(job_items).join(jobs).where(jobs.c.account_id == account_id, job_items.c.state.in_(OPEN))
        async with self.database.write("the job was not written") as connection:
            if (await connection.execute(held)).scalar_one() + len(rows) > MAX_WAITING:
                message = f"more than {MAX_WAITING} items of this account would wait; come again when some are done"
                raise AccessError(message, code="too_many_waiting", retry_after_s=COME_AGAIN_S)
            await connection.execute(insert(jobs), {"id": job_id, "account_id": account_id, "key_id": key_id, "created_at": now})
            await connection.execute(insert(job_items), rows)
            if claim is not None:
                await fulfil(self.database, connection, claim, job_id)
        return job_id

    @unbroken
    async def get(self, job_id: str, *, account_id: str) -> Job | None:
        """The job of that id, or None when there is none in this account."""
        if "\0" in job_id:
            return None
        async with self.database.read("the job was not read") as connection:
            return await _read(connection, job_id, account_id)

    @unbroken
    async def list(self, account_id: str) -> tuple[JobSummary, ...]:
        """The account's jobs, newest first."""
        query = select(jobs.c.id, jobs.c.created_at, job_items.c.state, func.count().label("items")).join_from(jobs, job_items)
        query = query.where(jobs.c.account_id == account_id).group_by(jobs.c.id, jobs.c.created_at, job_items.c.state)
        found: dict[str, dict[str, int]] = {}
        made: dict[str, datetime] = {}
        async with self.database.read("jobs were not read") as connection:
            for row in (await connection.execute(query.order_by(jobs.c.created_at.desc(), jobs.c.id))).mappings():
                made[row["id"]] = row["created_at"]
                found.setdefault(row["id"], {})[row["state"]] = row["items"]
        return tuple(JobSummary(id=id_, created_at=made[id_], is_done=_is_done(n), counts=n) for id_, n in found.items())

    @unbroken
    async def waiting(self) -> int:
        """Items of all jobs that are not done yet, those under way among them."""
        query = select(func.count()).select_from(job_items).where(job_items.c.state.in_(OPEN))
        async with self.database.read("job items were not read") as connection:
            return int((await connection.execute(query)).scalar_one())

    @unbroken
    async def cancel(self, job_id: str, *, account_id: str) -> Job | None:
        """The job without what had not begun; None when there is none in this account."""
        if "\0" in job_id:
            return None
        async with self.database.write("the job was not cancelled") as connection:
            if await _read(connection, job_id, account_id) is None:
                return None
            waits = (job_items.c.job_id == job_id, job_items.c.state == QUEUED)
            await connection.execute(update(job_items).where(*waits).values(state="cancelled", request=None))
            return await _read(connection, job_id, account_id)

    @unbroken
    async def take(self, *, deadline_s: float, grace_s: float) -> Task | None:
        """The next item, for as long as drafting it may take and `grace_s`; no two processes get the same one. None when none is due.

        Args:
            deadline_s: Of a request that names none.
        """
        now = datetime.now(UTC)
        due = select(job_items).where(job_items.c.state.in_(OPEN), job_items.c.due_at <= now)
        due = due.order_by(job_items.c.number, job_items.c.due_at).limit(1)
        async with self.database.read("job items were not read") as connection:
            if (await connection.execute(due)).first() is None:
                return None
        async with self.database.write("no job item was taken") as connection:
            # Chosen before it is changed: PostgreSQL may read a choice inside an UPDATE once for each row, and take them all.
            item = (await connection.execute(due.with_for_update(skip_locked=True))).mappings().one_or_none()
            if item is None:
                return None
            lease = timedelta(seconds=(item["request"]["options"]["deadline_s"] or deadline_s) + grace_s)
            taken = {"state": DRAFTING, "due_at": now + lease, "tries": item["tries"] + 1}
            await connection.execute(update(job_items).where(job_items.c.id == item["id"]).values(taken))
            job = (await connection.execute(select(jobs).where(jobs.c.id == item["job_id"]))).mappings().one()
        return Task(item["id"], job["account_id"], job["key_id"], item["request"], taken["tries"])

    @unbroken
    async def done(self, task: Task, draft_id: str) -> None:
        """Puts down what was drafted; the request is forgotten, since the record has it."""
        await self._end(task, {"state": "done", "draft_id": draft_id, "error": None, "request": None})

    @unbroken
    async def failed(self, task: Task, code: str) -> None:
        """Puts down that nothing will come of it."""
        await self._end(task, {"state": "failed", "error": code, "request": None})

    @unbroken
    async def put_back(self, task: Task, code: str, *, pause_s: float, is_try: bool = True) -> None:
        """Lets somebody try it later; gives it up when that was tried often enough. Without `is_try` this time does not count."""
        if is_try and task.tries >= MAX_TRIES:
            await self._end(task, {"state": "failed", "error": code, "request": None})
        else:
            due_at = datetime.now(UTC) + timedelta(seconds=pause_s)
            await self._end(task, {"state": QUEUED, "error": code, "due_at": due_at, "tries": task.tries - (not is_try)})

    @unbroken
    async def forget_old(self) -> None:
        """Deletes jobs that were made long ago."""
        async with self.database.write("old jobs were not deleted") as connection:
            await connection.execute(delete(jobs).where(jobs.c.created_at < datetime.now(UTC) - KEPT))

    async def _end(self, task: Task, values: dict[str, Any]) -> None:
        async with self.database.write("the job item was not put down") as connection:
            await connection.execute(update(job_items).where(job_items.c.id == task.id).values(values))


def _kept(request: DraftRequest, digest: str | None) -> dict[str, Any]:
    """A request as it waits. Where its words hold the buyer key it keeps the key, which is at rest there anyway: masking goes by it."""
    # Loaded by who has jobs made, not by all who open a store.
    from drafter.privacy.mask import says_buyer_key

    return (request if says_buyer_key(request) else conceal_in(request, digest)).model_dump(mode="json")


async def _read(connection: AsyncConnection, job_id: str, account_id: str) -> Job | None:
    job = (await connection.execute(select(jobs).where(jobs.c.id == job_id, jobs.c.account_id == account_id))).mappings().one_or_none()
    if job is None:
        return None
    query = select(job_items).where(job_items.c.job_id == job_id).order_by(job_items.c.number)
    items = tuple(_item(row) for row in (await connection.execute(query)).mappings())
    counts: dict[str, int] = {}
    for item in items:
        counts[item.state] = counts.get(item.state, 0) + 1
    return Job(id=job_id, created_at=job["created_at"], is_done=_is_done(counts), counts=counts, items=items)


def _is_done(counts: Mapping[str, int]) -> bool:
    return counts.keys().isdisjoint(OPEN)


def _item(row: RowMapping) -> JobItem:
    return JobItem(**{name: row[name] for name in JobItem.model_fields})
