"""A database that cannot be used says so in our own words; several processes share one without losing a write."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from drafter.errors import SettingsError, StoreError
from drafter.store import open_store
from tests.store.conftest import RecordOf


@pytest.mark.parametrize("url", ["foo", "sqlite:///x.db", "nonsense://host/db", "mysql+aiomysql://host/db"])
def test_a_wrong_url_is_a_wrong_setting(url: str) -> None:
    """The variable is named, the URL is not repeated."""
    with pytest.raises(SettingsError, match="DRAFTER_DATABASE_URL") as caught:
        open_store(url)
    assert url not in str(caught.value)


async def test_a_database_that_is_not_there_is_a_store_error(tmp_path: Path) -> None:
    """For either kind, and without what the driver says."""
    for url in (f"sqlite+aiosqlite:///{tmp_path}/no/folder.db", f"postgresql+psycopg://u:secret@/d?host={tmp_path}"):
        store = open_store(url)
        with pytest.raises(StoreError) as caught:
            await store.check()
        assert "secret" not in str(caught.value)
        await store.aclose()
    # SQLite's driver ends the thread of a connection that could not be made later, and tells the loop.
    await asyncio.sleep(0.05)


async def test_two_stores_write_to_one_file(tmp_path: Path, record_of: RecordOf) -> None:
    """As two processes do: who finds it busy waits."""
    url = f"sqlite+aiosqlite:///{tmp_path}/drafter.db"
    one, two = open_store(url), open_store(url)
    await asyncio.gather(*(store.append(record_of(f"d_{n}_{i}")) for i in range(15) for n, store in enumerate((one, two))))
    assert all([await one.get(f"d_{n}_{i}") for i in range(15) for n in (0, 1)])
    await asyncio.gather(one.aclose(), two.aclose())


async def test_a_locked_file_costs_an_error_and_nothing_else(tmp_path: Path, record_of: RecordOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that holds the file for too long; the next write goes through."""
    monkeypatch.setattr("drafter.store.database.BUSY_MS", 50)
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    await store.check()
    other = sqlite3.connect(tmp_path / "drafter.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError):
        await store.append(record_of("d_1"))
    other.execute("COMMIT")
    other.close()
    await store.append(record_of("d_1"))
    await store.aclose()


async def test_a_full_disk_writes_nothing_by_halves(tmp_path: Path, record_of: RecordOf) -> None:
    """The record is not there, what was there is, and the next one is kept once there is room."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    await store.append(record_of("d_0"))
    async with store.database.engine.connect() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError):
        for i in range(1, 20):
            await store.append(record_of(f"d_{i}"))
    assert await store.get("d_0") is not None
    async with store.database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    await store.append(record_of("d_last"))
    await store.aclose()


async def test_a_backup_is_restored_by_opening_it(tmp_path: Path, record_of: RecordOf) -> None:
    """Made while the service writes; whole in itself; no file of it is readable by others."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    await store.append(record_of("d_1"))
    await asyncio.gather(store.database.backup(tmp_path / "copy.db"), *(store.append(record_of(f"d_{i}")) for i in range(2, 8)))
    with pytest.raises(StoreError, match="is there already"):
        await store.database.backup(tmp_path / "copy.db")
    await store.aclose()
    restored = open_store(f"sqlite+aiosqlite:///{tmp_path}/copy.db")
    assert await restored.get("d_1") == record_of("d_1")
    await restored.aclose()
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
