"""Buyer keys become digests (`drafter/store/pseudonyms.py`), in columns and inside records and requests that wait.

Asked for with `drafter db upgrade`: it rewrites every row that has one, and what was given cannot be told afterwards. A key in the form of
a digest stays as it is, as in `pseudonyms.py`; a waiting request whose words hold the key keeps it, as in `jobs.py`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op
from pydantic import ValidationError

from drafter.domain import DraftRequest

revision = "0004"
down_revision = "0003"
at_start = False

BATCH = 500
"""Rows that are held at the same time."""

DRAFTS = sa.table("drafts", sa.column("id", sa.String), sa.column("buyer_key", sa.String), sa.column("record", sa.JSON))
ITEMS = sa.table(
    "job_items", sa.column("id", sa.String), sa.column("buyer_key", sa.String), sa.column("request", sa.JSON(none_as_null=True))
)


def upgrade() -> None:
    """Makes the salt, then the digests."""
    salts = op.create_table("salts", sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.String(64), nullable=False))
    salt = secrets.token_bytes(32)
    op.bulk_insert(salts, [{"name": "buyer_key", "value": salt.hex()}])
    _convert(salt, DRAFTS, DRAFTS.c.record, ("request", "order"))
    _convert(salt, ITEMS, ITEMS.c.request, ("order",))


def _convert(salt: bytes, table: sa.TableClause, stored: Any, path: tuple[str, ...]) -> None:
    """Rewrites the rows whose column, or whose order at that path of the stored value, has a key."""
    connection, inside = op.get_bind(), stored
    for name in (*path, "buyer_key"):
        inside = inside[name]
    found = sa.or_(table.c.buyer_key.is_not(None), inside.as_string().is_not(None))
    ids = connection.execute(sa.select(table.c.id).where(found)).scalars().all()
    for first in range(0, len(ids), BATCH):
        rows = connection.execute(sa.select(table.c.id, table.c.buyer_key, stored).where(table.c.id.in_(ids[first : first + BATCH])))
        for row_id, key, value in rows.all():
            order = _order_in(value, path)
            # Version 0.1 had no column for it.
            digest = _digest(salt, order.get("buyer_key") if key is None else key)
            changed: dict[str, Any] = {"buyer_key": digest}
            if order.get("buyer_key") is not None and not (table is ITEMS and _says_key(value)):
                order["buyer_key"] = digest
                changed[stored.name] = value
            connection.execute(sa.update(table).where(table.c.id == row_id).values(changed))


def _order_in(value: Any, path: tuple[str, ...]) -> dict[str, Any]:
    """The order of a stored value; of none, an empty one."""
    for name in path if value is not None else ():
        value = value[name]
    return value or {}


def _says_key(request: dict[str, Any]) -> bool:
    """True when the words of a waiting request hold its key; a request that cannot be read will not be drafted, and needs none."""
    # Loaded where something waits, not wherever the steps are listed.
    from drafter.privacy.mask import says_buyer_key

    try:
        return says_buyer_key(DraftRequest.model_validate(request))
    except ValidationError:
        return False


def _digest(salt: bytes, key: str | None) -> str | None:
    if key is None or re.fullmatch(r"bk_[0-9a-f]{64}", key):
        return key
    return "bk_" + hmac.new(salt, key.encode(), hashlib.sha256).hexdigest()
