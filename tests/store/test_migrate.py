"""Every database ends with the same tables, whatever it began as, and nobody upgrades twice."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.engine import Connection

from drafter.domain import DraftRecord, Review
from drafter.errors import StoreError
from drafter.store import migrate, open_store
from drafter.store.drafts import Erasure
from drafter.store.listing import DraftFilter
from drafter.store.pseudonyms import conceal
from drafter.store.schema import drafts, job_items, metadata
from drafter.store.store import Store
from tests.store.conftest import RecordOf

TABLE_OF_0_1 = """CREATE TABLE drafts (id VARCHAR(64) NOT NULL PRIMARY KEY, created_at DATETIME NOT NULL, action VARCHAR(16) NOT NULL,
channel VARCHAR(40) NOT NULL, schema_version INTEGER NOT NULL, record JSON NOT NULL)"""


def _of_0_1(folder: Path, record: DraftRecord) -> str:
    with sqlite3.connect(folder / "old.db") as connection:
        connection.execute(TABLE_OF_0_1)
        connection.execute("CREATE INDEX ix_drafts_created_at ON drafts (created_at)")
        row = (record.id, "2026-01-01 00:00:00.000000", "offer", "review_followup", 1, json.dumps(record.model_dump(mode="json")))
        connection.execute("INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.close()
    return f"sqlite+aiosqlite:///{folder}/old.db"


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [found for found in compare_metadata(context, metadata) if "alembic_version" not in str(found)]


async def test_the_steps_lead_to_the_tables_of_this_version(store: Store) -> None:
    """`schema.py` and the migrations say the same, types and indexes included."""
    await store.check()
    async with store.database.read("x") as connection:
        assert await connection.run_sync(_differences) == []


def test_the_newest_step_is_known_by_name() -> None:
    """An up-to-date database is recognised without alembic."""
    folder = Path(migrate.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == migrate.HEAD


async def test_records_of_version_0_1_are_kept(tmp_path: Path, record_of: RecordOf) -> None:
    """They belong to the local account from now on."""
    store = open_store(_of_0_1(tmp_path, record_of("d_old")))
    with pytest.raises(StoreError, match="drafter db upgrade"):
        await store.get("d_old")
    await store.database.upgrade(at_start=False)
    assert await store.get("d_old") == record_of("d_old")
    assert [item.id for item in (await store.drafts.list("local", DraftFilter(), cursor=None, limit=5)).items] == ["d_old"]
    assert await store.database.version() == migrate.HEAD
    assert await store.database.upgrade(at_start=False) == ()
    await store.aclose()


async def test_processes_that_start_at_once_upgrade_once(database_url: str, record_of: RecordOf) -> None:
    """One takes the steps, the others wait and find them taken."""
    stores = [open_store(database_url) for _ in range(4)]
    await asyncio.gather(*(store.append(record_of(f"d_{n}")) for n, store in enumerate(stores)))
    await asyncio.gather(*(store.aclose() for store in stores))


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path, record_of: RecordOf) -> None:
    """Nothing is read and nothing is written."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    await store.check()
    await store.aclose()
    with sqlite3.connect(tmp_path / "drafter.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    newer = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    with pytest.raises(StoreError, match="newer drafter"):
        await newer.append(record_of("d_1"))
    await newer.aclose()


async def test_a_step_that_wants_to_be_asked_for_is_not_taken_at_start(
    tmp_path: Path, record_of: RecordOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service says what to do; the command does it."""
    url = _of_0_1(tmp_path, record_of("d_old"))
    walk = ScriptDirectory.walk_revisions

    def asking(self: ScriptDirectory) -> object:
        return (SimpleNamespace(revision=s.revision, module=SimpleNamespace(at_start=False)) for s in walk(self))

    monkeypatch.setattr(ScriptDirectory, "walk_revisions", asking)
    store = open_store(url)
    with pytest.raises(StoreError, match="drafter db upgrade"):
        await store.check()
    assert await store.database.upgrade(at_start=False) == ("0002", "0003", "0004")
    assert await store.get("d_old") is not None
    await store.aclose()


def _up_to_0003(connection: Connection, record: DraftRecord, *, words: str) -> None:
    """Tables of step 0003 with a record and a waiting request of these words, each with a buyer key as it was given."""
    command.upgrade(migrate.configuration(connection), "0003")
    now, stored = "2026-01-01 00:00:00", json.dumps(record.model_dump(mode="json"))
    key, asked = record.request.order.buyer_key, record.request
    request = json.dumps(asked.model_copy(update={"review": Review(body=words)}).model_dump(mode="json"))
    added = f"'{now}', 'offer', 'review_followup', 1, :stored"
    connection.execute(
        text(f"INSERT INTO drafts (id, created_at, action, channel, schema_version, record, buyer_key) VALUES ('d_1', {added}, :key)"),
        {"stored": stored, "key": key},
    )
    # As version 0.1 left one: the key stands in the record alone.
    connection.execute(
        text(f"INSERT INTO drafts (id, created_at, action, channel, schema_version, record) VALUES ('d_2', {added})"), {"stored": stored}
    )
    connection.execute(text(f"INSERT INTO jobs VALUES ('j_1', 'local', NULL, '{now}')"))
    waiting = "INSERT INTO job_items (id, job_id, number, state, tries, due_at, request, buyer_key) VALUES"
    for number, (state, held) in enumerate((("queued", request), ("done", None))):
        row = f"('j_1-{number}', 'j_1', {number}, '{state}', 1, '{now}', :request, :key)"
        connection.execute(text(f"{waiting} {row}"), {"request": held, "key": key})


async def _upgraded(url: str, record: DraftRecord, *, words: str = "It leaks.") -> Store:
    """A store that was at step 0003, with this record and a waiting request of these words."""
    old = open_store(url)
    async with old.database.engine.begin() as connection:
        await connection.run_sync(partial(_up_to_0003, record=record, words=words))
    await old.aclose()
    store = open_store(url)
    assert await store.database.upgrade(at_start=False) == ("0004",)
    return store


async def test_buyer_keys_that_are_there_become_digests(database_url: str, record_of: RecordOf) -> None:
    """In columns, records and requests that wait; who asks by the key finds them as before, those of version 0.1 among them."""
    if database_url == "memory":
        return
    key = "buyer-seven"
    store = await _upgraded(database_url, record_of("d_1", buyer_key=key))
    async with store.database.read("x") as connection:
        rows = [*(await connection.execute(select(drafts))), *(await connection.execute(select(job_items)))]
    assert key not in str([tuple(row) for row in rows])
    for draft_id in ("d_1", "d_2"):
        record = await store.get(draft_id)
        assert record is not None
        assert record.request.order.buyer_key == await conceal(store.database, key)
    assert await store.drafts.purge(Erasure(buyer_key=key)) == 2
    job = await store.jobs.get("j_1", account_id="local")
    assert job is not None
    assert job.items == ()
    await store.aclose()


async def test_a_waiting_request_keeps_a_key_that_its_words_hold(database_url: str, record_of: RecordOf) -> None:
    """As one that comes in later does: masking goes by it when the request is drafted. It is found by its column."""
    if database_url == "memory":
        return
    key = "buyer-seven"
    store = await _upgraded(database_url, record_of("d_1", buyer_key=key), words="It leaks.\nBuyer-Seven is my name.")
    async with store.database.read("x") as connection:
        row = (await connection.execute(select(job_items).where(job_items.c.state == "queued"))).one()
    assert row.request["order"]["buyer_key"] == key
    assert row.buyer_key == await conceal(store.database, key)
    await store.drafts.purge(Erasure(buyer_key=key))
    assert await store.jobs.waiting() == 0
    await store.aclose()


async def test_a_key_in_the_form_of_a_digest_is_one(tmp_path: Path, record_of: RecordOf) -> None:
    """The step leaves it as it is, as the store does when it is asked by one."""
    key = f"bk_{'0a' * 32}"
    store = await _upgraded(f"sqlite+aiosqlite:///{tmp_path}/drafter.db", record_of("d_1", buyer_key=key))
    assert await conceal(store.database, key) == key
    page = await store.drafts.list("local", DraftFilter(buyer_key=key), cursor=None, limit=5)
    assert {item.buyer_key for item in page.items} == {key}
    assert await store.drafts.purge(Erasure(buyer_key=key)) == 2
    await store.aclose()
