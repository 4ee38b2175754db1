"""What people decided about drafts. Append-only: who changes his mind adds another verdict, and the last one holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from drafter.edits import RecordedVerdict
from drafter.errors import RequestError, StoreError
from drafter.store.claims import Claim, fulfil
from drafter.store.database import Database
from drafter.store.patience import unbroken
from drafter.store.schema import drafts, verdicts
from drafter.store.webhooks import Event, announce
from drafter.webhooks.request import EventType


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The table of verdicts."""

    database: Database

    @unbroken
    async def append(self, verdict: RecordedVerdict, *, account_id: str, claim: Claim | None, seen: int | None = None) -> None:
        """Writes a verdict once, and in the same transaction fulfils the claim that it answers.

        Args:
            verdict: What was decided.
            account_id: Whose draft it is about.
            claim: The idempotency key's.
            seen: How many verdicts on the draft its giver knows of: with others nothing is written. None: he does not mind.

        Raises:
            RequestError: (`precondition_failed`) there are others than he knows of.
            StoreError: it was not written, or its draft is gone.
        """
        row = {
            "id": verdict.id,
            "account_id": account_id,
            "draft_id": verdict.record_id,
            "created_at": verdict.at,
            "verdict": verdict.verdict,
            "body": verdict.model_dump(mode="json"),
        }
        async with self.database.write(f"verdict {verdict.id} was not written") as connection:
            if seen is not None:
                # Who adds a verdict, with or without such a wish, needs this row: from here on nobody else does.
                await connection.execute(select(drafts.c.id).where(drafts.c.id == verdict.record_id).with_for_update())
                there = await _count(connection, verdict.record_id, account_id)
                if there != seen:
                    message = f"{there - seen} more verdict(s) are there than when the draft was read; read them first"
                    raise RequestError(message, code="precondition_failed", field="If-Match")
            await connection.execute(insert(verdicts), row)
            told = {"draft_id": verdict.record_id, "verdict_id": verdict.id, "verdict": verdict.verdict, "is_approved": verdict.is_approved}
            await announce(connection, [Event(account_id, EventType.DRAFT_VERDICT, told)])
            if claim is not None:
                await fulfil(self.database, connection, claim, verdict.id)

    @unbroken
    async def get(self, verdict_id: str, *, account_id: str) -> RecordedVerdict | None:
        """The verdict of that id, or None when there is none in this account."""
        query = select(verdicts.c.body).where(verdicts.c.id == verdict_id, verdicts.c.account_id == account_id)
        async with self.database.read("the verdict was not read") as connection:
            body = (await connection.execute(query)).scalar_one_or_none()
        return _read(body) if body is not None else None

    @unbroken
    async def of_draft(self, draft_id: str, *, account_id: str) -> tuple[RecordedVerdict, ...]:
        """All verdicts on a draft, oldest first."""
        wanted = (verdicts.c.draft_id == draft_id, verdicts.c.account_id == account_id)
        query = select(verdicts.c.body).where(*wanted).order_by(verdicts.c.created_at, verdicts.c.id)
        async with self.database.read("verdicts were not read") as connection:
            return tuple(_read(body) for body in (await connection.execute(query)).scalars())

    @unbroken
    async def count(self, draft_id: str, *, account_id: str) -> int:
        """How many verdicts there are on a draft."""
        async with self.database.read("verdicts were not counted") as connection:
            return await _count(connection, draft_id, account_id)

    @unbroken
    async def lately(self, *, days: int) -> tuple[RecordedVerdict, ...]:
        """Verdicts of all accounts in the last days, oldest first."""
        query = select(verdicts.c.body).where(verdicts.c.created_at >= datetime.now(UTC) - timedelta(days=days))
        async with self.database.read("verdicts were not read") as connection:
            return tuple(_read(body) for body in (await connection.execute(query.order_by(verdicts.c.created_at))).scalars())


async def _count(connection: AsyncConnection, draft_id: str, account_id: str) -> int:
    query = select(func.count()).select_from(verdicts).where(verdicts.c.draft_id == draft_id, verdicts.c.account_id == account_id)
    return int((await connection.execute(query)).scalar_one())


def _read(body: object) -> RecordedVerdict:
    try:
        return RecordedVerdict.model_validate(body)
    except ValidationError as exc:
        raise StoreError("a verdict is of a form that this version cannot read") from exc
