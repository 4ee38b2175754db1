"""What people decided about drafts. Append-only: who changes his mind adds another verdict, and the last one holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import insert, select

from drafter.edits import RecordedVerdict
from drafter.errors import StoreError
from drafter.store.claims import Claim, fulfil
from drafter.store.database import Database
from drafter.store.patience import unbroken
from drafter.store.schema import verdicts
from drafter.store.webhooks import Event, announce
from drafter.webhooks.request import EventType


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The table of verdicts."""

    database: Database

    @unbroken
    async def append(self, verdict: RecordedVerdict, *, account_id: str, claim: Claim | None) -> None:
        """Writes a verdict once, and in the same transaction fulfils the claim that it answers.

        Raises:
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
    async def lately(self, *, days: int) -> tuple[RecordedVerdict, ...]:
        """Verdicts of all accounts in the last days, oldest first."""
        query = select(verdicts.c.body).where(verdicts.c.created_at >= datetime.now(UTC) - timedelta(days=days))
        async with self.database.read("verdicts were not read") as connection:
            return tuple(_read(body) for body in (await connection.execute(query.order_by(verdicts.c.created_at))).scalars())


def _read(body: object) -> RecordedVerdict:
    try:
        return RecordedVerdict.model_validate(body)
    except ValidationError as exc:
        raise StoreError("a verdict is of a form that this version cannot read") from exc
