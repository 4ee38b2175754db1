"""What buyers were sent: the drafts that a person approved, as contacts for the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, union

from drafter.cases.ledger import kind_of
from drafter.domain import OrderFacts, PastContact, Recalled, ReplyState
from drafter.store.database import Database
from drafter.store.patience import unbroken
from drafter.store.pseudonyms import conceal
from drafter.store.schema import drafts, verdicts

NEWEST = 50
"""Approved drafts of one buyer that are looked at."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Approved drafts, read as contacts."""

    database: Database

    @unbroken
    async def of(self, account_id: str, *, order_id: str | None, buyer_key: str | None, besides: str | None = None) -> Recalled:
        """What was approved for this order and this buyer; a draft whose last verdict is a rejection was not sent.

        Args:
            account_id: Whose drafts.
            order_id: Of the order, if it is known.
            buyer_key: Of the buyer, if it is known.
            besides: Id of a draft that is left out.
        """
        query = approved(account_id, order_id=order_id, buyer_key=await conceal(self.database, buyer_key))
        if besides is not None:
            query = query.where(drafts.c.id != besides)
        async with self.database.read("contacts were not read") as connection:
            rows = (await connection.execute(query)).all()
        contacts = [
            PastContact(kind=kind, sent_at=row.created_at, is_same_order=bool(order_id) and row.order_id == order_id)
            for row in rows
            if (kind := kind_of(row.channel, _facts(row.facts))) is not None
        ]
        is_live = any(row.channel == "feedback_reply" and order_id and row.order_id == order_id for row in rows)
        return Recalled(contacts=tuple(contacts), public_reply=ReplyState.LIVE if is_live else None)


def _facts(stored: Mapping[str, Any]) -> OrderFacts:
    """Of an order, what says the kind of a message; a record of another version may hold facts that this one does not know."""
    return OrderFacts(
        resolved=stored.get("resolved") is True,
        seller_started=stored.get("seller_started") is True,
        buyer_replied=stored.get("buyer_replied"),
    )


def approved(account_id: str, *, order_id: str | None, buyer_key: str | None) -> Select[Any]:
    """The newest drafts of this order and this buyer that a person approved last, each with the facts of its order."""
    keys = [(drafts.c[name], key) for name, key in (("order_id", order_id), ("buyer_key", buyer_key)) if key]
    # One look for each key, or SQLite would walk through all that the account has.
    ids = union(*(select(drafts.c.id).where(drafts.c.account_id == account_id, column == key) for column, key in keys))
    of_draft = select(verdicts.c.id).where(verdicts.c.draft_id == drafts.c.id)
    newest = of_draft.order_by(verdicts.c.created_at.desc(), verdicts.c.id.desc()).limit(1)
    return (
        select(drafts.c.channel, drafts.c.order_id, drafts.c.record["request"]["order"].label("facts"), verdicts.c.created_at)
        .join(verdicts, verdicts.c.id == newest.correlate(drafts).scalar_subquery())
        .where(drafts.c.id.in_(ids), verdicts.c.verdict.in_(("approved", "edited")))
        .order_by(verdicts.c.created_at.desc())
        .limit(NEWEST)
    )
