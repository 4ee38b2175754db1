"""Webhooks, and the outbox: what happened is put down in the transaction in which it happened, and delivered afterwards, by whoever can.

    pending ──taken, for a lease──▶ sent ──2xx──▶ delivered
       ▲                             └──else──▶ pending, later ──after the last pause──▶ failed
       └──────────────────── replayed ◀──────────────────────────────┴── (delivered ones as well)

A delivery whose process died is taken again when its lease is over: receivers may get an event twice, under the same id, and lose none.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from drafter.errors import RequestError
from drafter.store.database import Database
from drafter.store.patience import unbroken
from drafter.store.schema import deliveries, webhooks
from drafter.store.summaries import Delivery, NewWebhook, Webhook
from drafter.webhooks.request import EventType

MAX_WEBHOOKS = 10
"""Of one account."""

PAUSES = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 3_600, 6 * 3_600, 24 * 3_600))
"""After each try that failed; after the last one nobody tries again."""

LEASE = timedelta(seconds=60)
"""A delivery that was taken so long ago is anybody's; sending takes a sixth of it at most."""

KEPT = timedelta(days=30)
MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in an account: ids and codes, never a text."""

    account_id: str
    kind: EventType
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery that was taken, with all that sending it needs."""

    delivery: Delivery
    webhook_id: str
    url: str
    secret: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The tables of webhooks and deliveries."""

    database: Database

    @unbroken
    async def create(self, account_id: str, url: str, events: Sequence[EventType]) -> NewWebhook:
        """A new webhook.

        Raises:
            RequestError: (`too_many_webhooks`) the account has as many as it may.
        """
        new = NewWebhook(
            id=f"w_{uuid.uuid4().hex}",
            url=url,
            events=tuple(dict.fromkeys(events)),
            created_at=datetime.now(UTC),
            secret=secrets.token_hex(32),
        )
        async with self.database.write("the webhook was not written") as connection:
            count = select(func.count()).select_from(webhooks).where(webhooks.c.account_id == account_id)
            if (await connection.execute(count)).scalar_one() >= MAX_WEBHOOKS:
                raise RequestError(f"an account has at most {MAX_WEBHOOKS} webhooks; delete one first", code="too_many_webhooks")
            row = {**new.model_dump(), "events": ",".join(new.events), "account_id": account_id}
            await connection.execute(insert(webhooks), row)
        return new

    @unbroken
    async def list(self, account_id: str) -> tuple[Webhook, ...]:
        """All webhooks of an account, oldest first."""
        query = select(webhooks).where(webhooks.c.account_id == account_id).order_by(webhooks.c.created_at, webhooks.c.id)
        async with self.database.read("webhooks were not read") as connection:
            return tuple(_webhook(row) for row in (await connection.execute(query)).mappings())

    @unbroken
    async def get(self, webhook_id: str, *, account_id: str) -> Webhook | None:
        """The webhook of that id, or None when there is none in this account."""
        if "\0" in webhook_id:
            return None
        query = select(webhooks).where(webhooks.c.id == webhook_id, webhooks.c.account_id == account_id)
        async with self.database.read("the webhook was not read") as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return _webhook(row) if row is not None else None

    @unbroken
    async def delete(self, webhook_id: str, *, account_id: str) -> None:
        """Removes it with all its deliveries."""
        async with self.database.write("the webhook was not deleted") as connection:
            await connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id, webhooks.c.account_id == account_id))

    @unbroken
    async def deliveries(self, webhook_id: str) -> tuple[Delivery, ...]:
        """The newest deliveries of a webhook, newest first."""
        newest = (deliveries.c.created_at.desc(), deliveries.c.id)
        query = select(deliveries).where(deliveries.c.webhook_id == webhook_id).order_by(*newest).limit(MAX_LISTED)
        async with self.database.read("deliveries were not read") as connection:
            return tuple(_delivery(row) for row in (await connection.execute(query)).mappings())

    @unbroken
    async def replay(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """The delivery, to be sent again now with all tries before it; None when this webhook has no such one."""
        if "\0" in delivery_id:
            return None
        again = update(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.webhook_id == webhook_id)
        again = again.values(state="pending", tries=0, due_at=datetime.now(UTC))
        async with self.database.write("the delivery was not put back") as connection:
            row = (await connection.execute(again.returning(*deliveries.c))).mappings().one_or_none()
        return _delivery(row) if row is not None else None

    @unbroken
    async def take(self, n: int, *, each: int, without: Collection[str] = ()) -> tuple[Parcel, ...]:
        """Deliveries that are due, for the time of a lease; no two processes get the same one.

        Args:
            n: At most so many.
            each: At most so many to one webhook: one that hangs must not hold up the others.
            without: Ids of webhooks that have enough.
        """
        now = datetime.now(UTC)
        is_due = (deliveries.c.state == "pending", deliveries.c.due_at <= now, deliveries.c.webhook_id.not_in(without))
        place = func.row_number().over(partition_by=deliveries.c.webhook_id, order_by=deliveries.c.due_at).label("place")
        queued = select(deliveries.c.id, deliveries.c.due_at, place).where(*is_due).subquery()
        first = select(queued.c.id).where(queued.c.place <= each).order_by(queued.c.due_at).limit(n)
        async with self.database.read("deliveries were not read") as connection:
            if (await connection.execute(first.limit(1))).first() is None:
                return ()
        async with self.database.write("deliveries were not taken") as connection:
            ids = (await connection.execute(first)).scalars().all()
            # Chosen before they are changed: PostgreSQL may read a choice inside an UPDATE once for each row, and take them all.
            free = select(deliveries.c.id).where(deliveries.c.id.in_(ids), *is_due).with_for_update(skip_locked=True)
            ids = (await connection.execute(free)).scalars().all()
            taking = update(deliveries).where(deliveries.c.id.in_(ids)).values(due_at=now + LEASE, tries=deliveries.c.tries + 1)
            rows = (await connection.execute(taking.returning(*deliveries.c))).mappings().all()
            where = webhooks.c.id.in_({row["webhook_id"] for row in rows})
            found = {hook["id"]: hook for hook in (await connection.execute(select(webhooks).where(where))).mappings()}
        hooks = [(row, found[row["webhook_id"]]) for row in rows if row["webhook_id"] in found]
        return tuple(Parcel(_delivery(row), hook["id"], hook["url"], hook["secret"], row["body"]) for row, hook in hooks)

    @unbroken
    async def ended(self, delivery: Delivery, *, status: int | None, error: str | None) -> None:
        """Puts down how a try ended: delivered, or due again after a pause, or failed for good."""
        pause = PAUSES[delivery.tries - 1] if delivery.tries <= len(PAUSES) else None
        state = "delivered" if error is None else "pending" if pause is not None else "failed"
        due_at = datetime.now(UTC) + (pause or timedelta())
        values = {"state": state, "status": status, "error": error, "due_at": due_at}
        async with self.database.write("the delivery was not put down") as connection:
            await connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(values))

    @unbroken
    async def waiting(self) -> int:
        """Deliveries that have not ended."""
        query = select(func.count()).select_from(deliveries).where(deliveries.c.state == "pending")
        async with self.database.read("deliveries were not read") as connection:
            return int((await connection.execute(query)).scalar_one())

    @unbroken
    async def forget_old(self) -> None:
        """Deletes deliveries that happened long ago, also where nobody sends any."""
        async with self.database.write("old deliveries were not deleted") as connection:
            await connection.execute(delete(deliveries).where(deliveries.c.created_at < datetime.now(UTC) - KEPT))


async def announce(connection: AsyncConnection, events: Sequence[Event]) -> None:
    """Puts events into the outbox of all webhooks that want them, in the transaction in which they happened."""
    accounts = sorted({event.account_id for event in events})
    # Mostly there is one, and a list of values costs more than the whole question.
    wanted = webhooks.c.account_id == accounts[0] if len(accounts) == 1 else webhooks.c.account_id.in_(accounts)
    hooks = (await connection.execute(select(webhooks).where(wanted))).mappings().all()
    now = datetime.now(UTC)
    rows = [
        {
            "id": f"e_{uuid.uuid4().hex}",
            "webhook_id": hook["id"],
            "event": event.kind.value,
            "body": {"type": event.kind.value, "timestamp": now.isoformat(), "data": event.data},
            "created_at": now,
            "state": "pending",
            "tries": 0,
            "due_at": now,
        }
        for event in events
        for hook in hooks
        if hook["account_id"] == event.account_id and event.kind in hook["events"].split(",")
    ]
    if rows:
        await connection.execute(insert(deliveries), rows)


def _webhook(row: RowMapping) -> Webhook:
    return Webhook(
        id=row["id"], url=row["url"], events=tuple(EventType(name) for name in row["events"].split(",")), created_at=row["created_at"]
    )


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(**{name: row[name] for name in Delivery.model_fields})
