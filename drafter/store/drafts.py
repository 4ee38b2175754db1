"""Drafts: written once with their claim, read by their own account only, erased when somebody must be forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, insert, or_, select, tuple_

from drafter.domain import LOCAL_ACCOUNT, DraftRecord
from drafter.store.claims import Claim, fulfil
from drafter.store.database import Database
from drafter.store.listing import DraftFilter, Page, Position, read_cursor
from drafter.store.patience import unbroken
from drafter.store.pseudonyms import conceal, conceal_record
from drafter.store.readers import read_record
from drafter.store.schema import claims, drafts, job_items, jobs, verdicts
from drafter.store.summaries import DraftSummary
from drafter.store.together import Together
from drafter.store.webhooks import Event, announce
from drafter.webhooks.request import EventType

MEMORY_RECORDS = 10_000
"""Most records that a database in memory keeps; the oldest go."""

MEMORY_EVERY = 100
"""New records after which a database in memory is cut back: looking for the oldest takes longer than writing."""

BATCH = 500
"""Records of one transaction of a purge or an export: others get their turn in between."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Whose records must go; fields that are left out do not narrow."""

    account_id: str | None = None
    order_id: str | None = None
    buyer_key: str | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class _New:
    """A record to be written, and the claim that it answers."""

    row: dict[str, Any]
    claim: Claim | None


class Drafts:
    """The table of drafts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._new = Together(self._write, database.unfinished)
        self._uncounted = 0
        """Records that were written since a database in memory was cut back."""

    @unbroken
    async def append(self, record: DraftRecord, *, account_id: str = LOCAL_ACCOUNT, claim: Claim | None = None) -> None:
        """Writes a record once, and in the same transaction fulfils the claim that it answers.

        Raises:
            StoreError: it was not written.
        """
        await self._new.add(_New(_row(await conceal_record(self.database, record), account_id), claim))

    async def _write(self, wanted: Callable[[], Sequence[_New]]) -> None:
        async with self.database.write("records were not written") as connection:
            # Now that it is our turn: who waited too long was told that his record is not kept.
            news = wanted()
            if not news:
                return
            await connection.execute(insert(drafts), [new.row for new in news])
            await announce(connection, [_event(new.row) for new in news])
            for new in news:
                if new.claim is not None:
                    await fulfil(self.database, connection, new.claim, new.row["id"])
            self._uncounted += len(news)
            if self.database.is_memory and self._uncounted >= MEMORY_EVERY:
                newest = select(drafts.c.id).order_by(drafts.c.created_at.desc()).limit(MEMORY_RECORDS - MEMORY_EVERY)
                await connection.execute(delete(drafts).where(drafts.c.id.not_in(newest)))
                self._uncounted = 0

    @unbroken
    async def get(self, record_id: str, *, account_id: str | None = None) -> DraftRecord | None:
        """The record of that id, or None when there is none in this account; every account's when none is named."""
        if "\0" in record_id:
            # PostgreSQL would call the question an error.
            return None
        wanted = [drafts.c.id == record_id, *([drafts.c.account_id == account_id] if account_id is not None else [])]
        async with self.database.read(f"record {record_id[:64]} was not read") as connection:
            found = (await connection.execute(select(drafts.c.record).where(*wanted))).scalar_one_or_none()
        return read_record(found) if found is not None else None

    @unbroken
    async def list(self, account_id: str, wanted: DraftFilter, *, cursor: str | None, limit: int) -> Page[DraftSummary]:
        """One page of an account's drafts, newest first.

        Raises:
            RequestError: the cursor is none of ours.
        """
        wanted = wanted.model_copy(update={"buyer_key": await conceal(self.database, wanted.buyer_key)})
        columns = [drafts.c[name] for name in DraftSummary.model_fields]
        query = select(*columns).where(drafts.c.account_id == account_id, *_conditions(wanted))
        if cursor is not None:
            at = read_cursor(cursor)
            query = query.where(_older(at))
        query = query.order_by(drafts.c.created_at.desc(), drafts.c.id.desc()).limit(limit + 1)
        async with self.database.read("drafts were not read") as connection:
            rows = (await connection.execute(query)).mappings().all()
        items = tuple(DraftSummary.model_validate(dict(row)) for row in rows[:limit])
        more = len(rows) > limit
        return Page(items, Position(items[-1].created_at, items[-1].id).cursor() if more else None)

    @unbroken
    async def accounts(self) -> tuple[str, ...]:
        """Accounts that have records, in order."""
        query = select(drafts.c.account_id).distinct().order_by(drafts.c.account_id)
        async with self.database.read("accounts were not read") as connection:
            return tuple((await connection.execute(query)).scalars())

    async def export(self, whose: Erasure) -> AsyncIterator[dict[str, Any]]:
        """Every record that is meant, oldest first, with its account and its verdicts."""
        whose = await self._concealed(whose)
        last: tuple[datetime, str] | None = None
        while True:
            query = select(drafts).where(*_whose(whose)).order_by(drafts.c.created_at, drafts.c.id).limit(BATCH)
            if last is not None:
                query = query.where(tuple_(drafts.c.created_at, drafts.c.id) > tuple_(*last))
            async with self.database.read("drafts were not read") as connection:
                rows = (await connection.execute(query)).mappings().all()
                said = await connection.execute(
                    select(verdicts.c.draft_id, verdicts.c.body)
                    .where(verdicts.c.draft_id.in_([row["id"] for row in rows]))
                    .order_by(verdicts.c.created_at)
                )
                bodies: dict[str, list[Any]] = {}
                for draft_id, body in said:
                    bodies.setdefault(draft_id, []).append(body)
            for row in rows:
                yield {"account_id": row["account_id"], "record": row["record"], "verdicts": bodies.get(row["id"], [])}
            if len(rows) < BATCH:
                return
            last = (rows[-1]["created_at"], rows[-1]["id"])

    async def purge(self, whose: Erasure) -> int:
        """Erases the records that are meant, with their verdicts and the answers kept for them; gives their number."""
        erased, whose = 0, await self._concealed(whose)
        # What waits to be drafted holds their words as well.
        waiting = delete(job_items).where(*_whose_items(whose))
        async with self.database.write("waiting requests were not erased") as connection:
            await connection.execute(waiting)
        while True:
            async with self.database.write("records were not erased") as connection:
                ids = (await connection.execute(select(drafts.c.id).where(*_whose(whose)).limit(BATCH))).scalars().all()
                said = select(verdicts.c.id).where(verdicts.c.draft_id.in_(ids))
                await connection.execute(delete(claims).where(or_(claims.c.result_id.in_(ids), claims.c.result_id.in_(said))))
                await connection.execute(delete(verdicts).where(verdicts.c.draft_id.in_(ids)))
                await connection.execute(delete(drafts).where(drafts.c.id.in_(ids)))
            erased += len(ids)
            if len(ids) < BATCH:
                return erased

    async def _concealed(self, whose: Erasure) -> Erasure:
        return replace(whose, buyer_key=await conceal(self.database, whose.buyer_key))


def _row(record: DraftRecord, account_id: str) -> dict[str, Any]:
    draft = record.draft
    return {
        "id": record.id,
        "created_at": record.created_at,
        "action": record.decision.action.value,
        "channel": record.request.channel,
        "schema_version": record.schema_version,
        "record": record,
        "account_id": account_id,
        "origin": draft.origin.value if draft else None,
        "language": draft.language if draft else record.triage.language,
        "prompt": draft.prompt if draft else None,
        "order_id": record.request.order.order_id,
        "buyer_key": record.request.order.buyer_key,
    }


def _event(row: dict[str, Any]) -> Event:
    told = {"draft_id": row["id"], **{name: row[name] for name in ("action", "channel", "origin", "language")}}
    return Event(row["account_id"], EventType.DRAFT_DECIDED, told)


def _older(than: Position) -> ColumnElement[bool]:
    return or_(drafts.c.created_at < than.created_at, and_(drafts.c.created_at == than.created_at, drafts.c.id < than.id))


def _conditions(wanted: DraftFilter) -> Sequence[ColumnElement[bool]]:
    equal = ("action", "channel", "origin", "language", "prompt", "order_id", "buyer_key")
    conditions: list[ColumnElement[bool]] = [drafts.c[name] == getattr(wanted, name) for name in equal if getattr(wanted, name) is not None]
    if wanted.since is not None:
        conditions.append(drafts.c.created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(drafts.c.created_at < wanted.until)
    if wanted.verdict == "none":
        conditions.append(~exists().where(verdicts.c.draft_id == drafts.c.id))
    elif wanted.verdict is not None:
        conditions.append(_last_verdict().scalar_subquery() == wanted.verdict)
    return conditions


def _last_verdict() -> Select[Any]:
    newest = (verdicts.c.created_at.desc(), verdicts.c.id.desc())
    return select(verdicts.c.verdict).where(verdicts.c.draft_id == drafts.c.id).order_by(*newest).limit(1).correlate(drafts)


def _whose(whose: Erasure) -> Sequence[ColumnElement[bool]]:
    equal = ("account_id", "order_id", "buyer_key")
    conditions: list[ColumnElement[bool]] = [drafts.c[name] == getattr(whose, name) for name in equal if getattr(whose, name) is not None]
    if whose.before is not None:
        conditions.append(drafts.c.created_at < whose.before)
    return conditions


def _whose_items(whose: Erasure) -> Sequence[ColumnElement[bool]]:
    conditions = [job_items.c[name] == getattr(whose, name) for name in ("order_id", "buyer_key") if getattr(whose, name) is not None]
    of_job = [jobs.c.account_id == whose.account_id] if whose.account_id is not None else []
    of_job += [jobs.c.created_at < whose.before] if whose.before is not None else []
    return [*conditions, *([job_items.c.job_id.in_(select(jobs.c.id).where(*of_job))] if of_job else [])]
