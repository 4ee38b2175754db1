"""Drafts are kept once, found by their own account only, and erased without a trace."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from drafter.errors import RequestError, StoreError
from drafter.store import open_store
from drafter.store.drafts import Erasure
from drafter.store.listing import DraftFilter
from drafter.store.pseudonyms import conceal
from drafter.store.store import Store
from tests.store.conftest import T0, RecordOf, bytes_below


async def test_a_record_is_read_as_it_was_written(store: Store, record_of: RecordOf) -> None:
    """Nothing is lost on the way, and an unknown id is None."""
    record = record_of("d_1", order_id="302-1")
    await store.append(record)
    assert await store.get("d_1") == record
    assert await store.get("d_none") is None
    assert await store.get("d_\0") is None


async def test_records_are_never_overwritten(store: Store, record_of: RecordOf) -> None:
    """The second record of an id is refused."""
    await store.append(record_of("d_1"))
    with pytest.raises(StoreError):
        await store.append(record_of("d_1", minute=1))
    assert await store.get("d_1") == record_of("d_1")


async def test_many_first_records_at_once_are_all_kept(store: Store, record_of: RecordOf) -> None:
    """A new database takes a crowd."""
    await asyncio.gather(*(store.append(record_of(f"d_{i}")) for i in range(30)))
    assert all([await store.get(f"d_{i}") for i in range(30)])


async def test_no_account_sees_anothers_drafts(store: Store, record_of: RecordOf) -> None:
    """Neither by id nor in a list."""
    await store.drafts.append(record_of("d_1"), account_id="acme")
    assert await store.drafts.get("d_1", account_id="other") is None
    assert (await store.drafts.list("other", DraftFilter(), cursor=None, limit=9)).items == ()
    assert await store.drafts.get("d_1", account_id="acme") is not None


async def test_pages_show_each_draft_once_while_new_ones_arrive(store: Store, record_of: RecordOf) -> None:
    """Drafts of the same moment included."""
    for i in range(7):
        await store.append(record_of(f"d_{i}", minute=i // 3))
    seen: list[str] = []
    cursor = None
    for page in range(9):
        found = await store.drafts.list("local", DraftFilter(), cursor=cursor, limit=2)
        seen += [item.id for item in found.items]
        await store.append(record_of(f"d_new{page}", minute=60 + page))
        cursor = found.next_cursor
        if cursor is None:
            break
    assert seen == ["d_6", "d_5", "d_4", "d_3", "d_2", "d_1", "d_0"]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (DraftFilter(order_id="302-1"), {"d_1"}),
        (DraftFilter(buyer_key="b7"), {"d_2"}),
        (DraftFilter(since=T0 + timedelta(minutes=2)), {"d_2", "d_3"}),
        (DraftFilter(until=T0 + timedelta(minutes=2)), {"d_1"}),
        (DraftFilter(channel="feedback_reply"), set()),
        (DraftFilter(language="en", origin="template", action="offer", verdict="none"), {"d_1", "d_2", "d_3"}),
        (DraftFilter(verdict="approved"), set()),
    ],
)
async def test_filters_narrow(store: Store, record_of: RecordOf, wanted: DraftFilter, ids: set[str]) -> None:
    """By what a record is about and by when it was made."""
    await store.append(record_of("d_1", minute=1, order_id="302-1"))
    await store.append(record_of("d_2", minute=2, buyer_key="b7"))
    await store.append(record_of("d_3", minute=3))
    assert {item.id for item in (await store.drafts.list("local", wanted, cursor=None, limit=9)).items} == ids


@pytest.mark.parametrize("cursor", ["x", "", "W10", "WyJhIiwgImIiXQ", "é", "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwgImQiXQ"])
async def test_a_cursor_of_somebody_else_is_refused(store: Store, cursor: str) -> None:
    """Whatever it holds."""
    with pytest.raises(RequestError, match="cursor"):
        await store.drafts.list("local", DraftFilter(), cursor=cursor, limit=2)


async def test_a_purge_erases_one_buyer_and_leaves_the_others(store: Store, record_of: RecordOf) -> None:
    """By order or buyer key, in one account or in all, and by age."""
    await store.drafts.append(record_of("d_1", buyer_key="b7"), account_id="acme")
    await store.drafts.append(record_of("d_2", buyer_key="b7"), account_id="other")
    await store.drafts.append(record_of("d_3", order_id="302-1", minute=9), account_id="acme")
    assert await store.drafts.purge(Erasure(account_id="acme", buyer_key="b7")) == 1
    assert await store.get("d_1") is None
    assert await store.get("d_2") is not None
    assert await store.drafts.purge(Erasure(before=T0 + timedelta(minutes=5))) == 1
    assert await store.drafts.purge(Erasure(order_id="302-1")) == 1
    assert await store.drafts.purge(Erasure(order_id="302-1")) == 0


async def test_an_export_holds_everything_that_is_meant(store: Store, record_of: RecordOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """In several batches, oldest first."""
    monkeypatch.setattr("drafter.store.drafts.BATCH", 2)
    for i in range(5):
        await store.append(record_of(f"d_{i}", minute=i, buyer_key="b7"))
    await store.append(record_of("d_x", minute=9))
    found = [item async for item in store.drafts.export(Erasure(buyer_key="b7"))]
    assert [item["record"]["id"] for item in found] == ["d_0", "d_1", "d_2", "d_3", "d_4"]
    kept = record_of("d_0", buyer_key=await conceal(store.database, "b7")).model_dump(mode="json")
    assert found[0] == {"account_id": "local", "record": kept, "verdicts": []}


async def test_what_was_erased_is_not_in_the_file(tmp_path: Path, record_of: RecordOf) -> None:
    """Deleted rows are overwritten, not only forgotten."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    await store.append(record_of("d_1", buyer_key="buyer-seven"))
    await store.drafts.purge(Erasure(buyer_key="buyer-seven"))
    await store.database.empty_log()
    await store.aclose()
    kept = bytes_below(tmp_path)
    assert b"buyer-seven" not in kept
    assert b"kettle leaks" not in kept
