"""`Idempotency-Key`: who may do a thing, who must wait, and who is told what came of it. Holds across processes.

    nothing ──claim──▶ held ──record written──▶ fulfilled ──a day later──▶ nothing
                        ▲ └──given up, or its time ran out──▶ the next one holds it

The record and the claim's fulfilment are one transaction: a crash leaves both or neither, and never two records under one key. A claim that
was wished for while the store was away is made in that transaction too: when the key is somebody else's by then, nothing is written.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Executable, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from drafter.errors import RequestError, StoreError
from drafter.store.database import Database
from drafter.store.patience import unbroken
from drafter.store.schema import claims

KEPT = timedelta(hours=24)
"""How long the answer to a key is kept; afterwards the same key is a new one."""

MAX_KEY_CHARS = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer one key, or the wish for it."""

    account_id: str
    key: str
    holder: str
    fingerprint: str
    """Digest of what is asked: the same key may not ask for another thing."""
    held_until: datetime
    """Whoever holds it for longer has died."""
    is_held: bool = True
    """False while it is only wished for, since the store could not say whose the key is."""

    @classmethod
    def wish(cls, account_id: str, key: str, *, fingerprint: str, held_s: float) -> Claim:
        """A claim that is not made yet."""
        held_until = datetime.now(UTC) + timedelta(seconds=held_s)
        return cls(account_id, key, uuid.uuid4().hex, fingerprint, held_until, is_held=False)


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """What came of a key."""

    result_id: str


@dataclass(frozen=True, slots=True)
class Claims:
    """The table of keys in use."""

    database: Database

    @unbroken
    async def claim(self, wish: Claim) -> Claim | Fulfilled:
        """The right to answer, or the answer that was given already.

        Raises:
            RequestError: `idempotency_key_reused`, `idempotency_in_flight`.
            StoreError: it cannot be known.
        """
        async with self.database.write("the idempotency key was not kept") as connection:
            await connection.execute(_taking(self.database, wish))
            found = (await connection.execute(select(claims).where(_is(wish.account_id, wish.key)))).mappings().one()
        if found["holder"] == wish.holder:
            return replace(wish, is_held=True)
        if found["fingerprint"] != wish.fingerprint:
            message = "was used for another request; take a new key for each request"
            raise RequestError(message, code="idempotency_key_reused", field="Idempotency-Key")
        if found["result_id"] is None:
            raise RequestError("the request with this key is still under way; ask again later", code="idempotency_in_flight")
        return Fulfilled(found["result_id"])

    @unbroken
    async def give_up(self, claim: Claim) -> None:
        """Lets the next one answer; nothing happens when the claim is fulfilled."""
        async with self.database.write("the idempotency key was not freed") as connection:
            await connection.execute(
                delete(claims).where(_is(claim.account_id, claim.key), claims.c.holder == claim.holder, claims.c.result_id.is_(None))
            )

    async def forget_old(self) -> None:
        """Deletes the answers that need not be kept any more."""
        async with self.database.write("old idempotency keys were not deleted") as connection:
            await connection.execute(delete(claims).where(claims.c.created_at < datetime.now(UTC) - KEPT))


async def fulfil(database: Database, connection: AsyncConnection, claim: Claim, result_id: str) -> None:
    """Ties what was just written in this transaction to its key.

    Raises:
        StoreError: the key is another one's by now: what was written must not stay.
    """
    if not claim.is_held:
        await connection.execute(_taking(database, claim))
    mine = update(claims).where(_is(claim.account_id, claim.key), claims.c.holder == claim.holder, claims.c.result_id.is_(None))
    done = await connection.execute(mine.values(result_id=result_id))
    if done.rowcount != 1:
        raise StoreError("another request answers this idempotency key by now")


def _taking(database: Database, wish: Claim) -> Executable:
    """Makes the claim where the key is new, or free again."""
    now = datetime.now(UTC)
    row = {
        "account_id": wish.account_id,
        "key": wish.key,
        "fingerprint": wish.fingerprint,
        "holder": wish.holder,
        "created_at": now,
        "held_until": wish.held_until,
        "result_id": None,
    }
    free = or_(claims.c.created_at < now - KEPT, and_(claims.c.result_id.is_(None), claims.c.held_until < now))
    places = [claims.c.account_id, claims.c.key]
    return database.insert(claims).values(row).on_conflict_do_update(index_elements=places, set_=row, where=free)


def _is(account_id: str, key: str):  # type: ignore[no-untyped-def]
    return and_(claims.c.account_id == account_id, claims.c.key == key)
