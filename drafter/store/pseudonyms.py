"""Buyer keys as they are kept: not as callers give them, but as digests that only this database can make.

    b-7f3a  ▶  bk_ and HMAC-SHA256(the database's salt, "b-7f3a") in hex

Callers go on asking by their own key; one who sends a digest back means the same buyer. A digest cannot be turned back into a key; whoever
has the whole database, its salt included, can still try keys that he guesses.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from drafter.domain import DraftRecord, DraftRequest
from drafter.store.database import Database

PREFIX = "bk_"

_DIGEST = re.compile(rf"{PREFIX}[0-9a-f]{{64}}")


async def conceal(database: Database, buyer_key: str | None) -> str | None:
    """The digest of a buyer key; of a digest, and of none, the same again.

    Raises:
        StoreError: the salt cannot be read.
    """
    if buyer_key is None or _DIGEST.fullmatch(buyer_key):
        return buyer_key
    return PREFIX + hmac.new(await database.salt(), buyer_key.encode(), hashlib.sha256).hexdigest()


def conceal_in(request: DraftRequest, digest: str | None) -> DraftRequest:
    """The request with the digest in place of its buyer key."""
    if request.order.buyer_key == digest:
        return request
    return request.model_copy(update={"order": request.order.model_copy(update={"buyer_key": digest})})


async def conceal_record(database: Database, record: DraftRecord) -> DraftRecord:
    """The record as it is kept."""
    digest = await conceal(database, record.request.order.buyer_key)
    request = conceal_in(record.request, digest)
    return record if request is record.request else record.model_copy(update={"request": request})
