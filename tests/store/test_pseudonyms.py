"""Buyer keys are kept as digests, and asked by as callers know them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from drafter.errors import StoreError
from drafter.store import open_store
from drafter.store.drafts import Erasure
from drafter.store.listing import DraftFilter
from drafter.store.pseudonyms import conceal
from drafter.store.schema import drafts, job_items
from drafter.store.store import Store
from tests.conftest import make_request
from tests.store.conftest import RecordOf, bytes_below

KEY = "buyer-seven"


async def test_a_digest_is_the_stores_own(store: Store) -> None:
    """The same for the same key, another one in another database, and of itself the same again."""
    digest = await conceal(store.database, KEY)
    assert digest == await conceal(store.database, KEY) == await conceal(store.database, digest)
    assert digest != await conceal(store.database, "buyer-eight")
    assert await conceal(store.database, None) is None
    other = open_store("memory")
    assert await conceal(other.database, KEY) != digest
    await other.aclose()


async def test_no_row_holds_a_buyer_key(store: Store, record_of: RecordOf) -> None:
    """Neither a column nor a record nor a request that waits; and the draft is still found, listed and erased by it."""
    await store.append(record_of("d_1", buyer_key=KEY, order_id="o1"))
    await store.jobs.create("local", None, [make_request(order={"buyer_key": KEY})], claim=None)
    async with store.database.read("x") as connection:
        found = [*(await connection.execute(select(drafts))), *(await connection.execute(select(job_items)))]
    rows = str([tuple(row) for row in found])
    digest = await conceal(store.database, KEY)
    assert KEY not in rows
    assert rows.count(str(digest)) == 4
    record = await store.get("d_1")
    assert record is not None
    assert record.request.order.buyer_key == digest
    for asked in (KEY, digest):
        page = await store.drafts.list("local", DraftFilter(buyer_key=asked), cursor=None, limit=5)
        assert [(item.id, item.buyer_key) for item in page.items] == [("d_1", digest)]
    assert [item["record"]["id"] async for item in store.drafts.export(Erasure(buyer_key=KEY))] == ["d_1"]
    assert await store.drafts.purge(Erasure(buyer_key=KEY)) == 1
    assert await store.jobs.waiting() == 0


async def test_a_request_that_waits_keeps_a_key_that_its_words_hold(store: Store) -> None:
    """Masking goes by it when the request is drafted, wherever the mask would find it."""
    said = (f"I am {KEY}, it leaks.", f"It leaks.\n{KEY} it is.", f"I am {KEY.upper()}.", f"\u6211\u662f{KEY}\u6ca1\u6709\u7528")
    await store.jobs.create("local", None, [make_request(words, order={"buyer_key": KEY}) for words in said], claim=None)
    for _ in said:
        task = await store.jobs.take(deadline_s=1.0, grace_s=1.0)
        assert task is not None
        assert task.request["order"]["buyer_key"] == KEY
    assert await store.drafts.purge(Erasure(buyer_key=KEY)) == 0
    assert await store.jobs.waiting() == 0


async def test_a_copy_knows_the_same_buyers(tmp_path: Path, record_of: RecordOf) -> None:
    """The salt is part of a backup."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    await store.append(record_of("d_1", buyer_key=KEY))
    await store.database.backup(tmp_path / "copy.db")
    await store.aclose()
    assert KEY.encode() not in bytes_below(tmp_path)
    copy = open_store(f"sqlite+aiosqlite:///{tmp_path}/copy.db")
    assert len((await copy.drafts.list("local", DraftFilter(buyer_key=KEY), cursor=None, limit=5)).items) == 1
    await copy.aclose()


async def test_a_database_without_its_salt_says_so(tmp_path: Path, record_of: RecordOf) -> None:
    """A new salt would find nobody again."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    await store.check()
    with sqlite3.connect(tmp_path / "drafter.db") as connection:
        connection.execute("DELETE FROM salts")
    connection.close()
    await store.append(record_of("d_1"))
    with pytest.raises(StoreError, match="salt"):
        await store.append(record_of("d_2", buyer_key=KEY))
    await store.aclose()
