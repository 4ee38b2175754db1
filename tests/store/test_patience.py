"""The store is waited for as long as there is time, and is never broken off in the middle."""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from drafter.errors import StoreError
from drafter.store import open_store
from drafter.store.claims import Claims
from drafter.store.counters import Counters
from drafter.store.drafts import Drafts
from drafter.store.keys import Keys
from drafter.store.patience import helping, left_s, waiting_until
from drafter.store.store import Store
from drafter.store.verdicts import Verdicts
from tests.databases import Postgres
from tests.store.conftest import RecordOf

UNHURRIED = {"forget_old", "purge", "export", "rotate", "revoke"}
"""Of the command line and of upkeep, which nobody waits for and nobody cancels."""

SOON_S = 5.0
"""Long before a lock's own end, and long enough for a machine that does much else."""


def in_s(seconds: float) -> float:
    """A time to come."""
    return time.monotonic() + seconds


def test_the_sooner_end_holds() -> None:
    """Who has little time is not given more by what he calls, and without an end nobody waits."""
    assert left_s() is None
    with waiting_until(in_s(1.0)):
        with waiting_until(in_s(9.0)):
            assert (left_s() or 0) <= 1.0
        with helping():
            assert (left_s() or 0) <= 0.25
    with helping():
        assert 4.0 < (left_s() or 0) <= 5.0
    with waiting_until(in_s(-1.0)):
        assert left_s() == 0.0


def test_everything_that_a_request_waits_for_can_be_left() -> None:
    """No method of a table can be added whose caller would break it off."""
    for table in (Drafts, Keys, Claims, Counters, Verdicts):
        for name, method in inspect.getmembers(table, inspect.iscoroutinefunction):
            if not name.startswith("_") and name not in UNHURRIED:
                assert hasattr(method, "__wrapped__"), f"{table.__name__}.{name}"


@pytest.mark.parametrize("moment_s", [0.0, 0.0005, 0.001, 0.002, 0.004])
async def test_a_caller_who_leaves_breaks_nothing(store: Store, record_of: RecordOf, moment_s: float) -> None:
    """At whatever moment: the record is whole or not there, and the store goes on; a database in memory does not end with him."""
    await store.append(record_of("d_0"))
    for n in range(1, 6):
        task = asyncio.create_task(store.append(record_of(f"d_{n}")))
        reading = asyncio.create_task(store.get("d_0"))
        await asyncio.sleep(moment_s)
        for left in (task, reading):
            left.cancel()
        await asyncio.gather(task, reading, return_exceptions=True)
    await store.append(record_of("d_9"))
    assert await store.get("d_0") == record_of("d_0")
    assert await store.get("d_9") == record_of("d_9")


@pytest.fixture
async def locked(tmp_path: Path) -> Any:
    """A store in a file that another program is writing to."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    await store.check()
    other = sqlite3.connect(tmp_path / "drafter.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield store, other
    other.close()
    await store.aclose()


async def test_a_locked_file_is_left_in_time_and_what_was_given_up_is_not_written_later(
    locked: tuple[Store, sqlite3.Connection], record_of: RecordOf
) -> None:
    """All who wait leave when their time is up; when the lock goes, only the record of who has time is there."""
    store, other = locked
    started = time.monotonic()
    with waiting_until(in_s(0.2)):
        given_up = await asyncio.gather(*(store.append(record_of(f"d_{n}")) for n in range(5)), return_exceptions=True)
    assert all(isinstance(error, StoreError) for error in given_up)
    assert time.monotonic() - started < SOON_S
    with waiting_until(in_s(30.0)):
        kept = asyncio.create_task(store.append(record_of("d_kept")))
        await asyncio.sleep(0.05)
        other.execute("COMMIT")
        await kept
    assert [await store.get(f"d_{n}") for n in range(5)] == [None] * 5
    assert await store.get("d_kept") is not None


async def test_a_locked_table_of_postgresql_is_left_in_time(postgres: Postgres, record_of: RecordOf) -> None:
    """The answer does not wait for the lock; when it goes, what was given up is not written."""
    url = postgres.new_database()
    store = open_store(url)
    await store.check()
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE drafts IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        with waiting_until(in_s(0.2)), pytest.raises(StoreError):
            await store.append(record_of("d_1"))
        assert time.monotonic() - started < SOON_S
        other.rollback()
    await store.database.unfinished.settled(5.0)
    assert await store.get("d_1") is None
    await store.aclose()


async def test_a_server_that_never_answers_is_left_in_time() -> None:
    """It takes connections and says nothing, as one does that hangs."""
    callers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _reader, writer: callers.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    store = open_store(f"postgresql+psycopg://u@127.0.0.1:{port}/d?connect_timeout=2")
    started = time.monotonic()
    with waiting_until(in_s(0.2)), pytest.raises(StoreError):
        await store.check()
    assert time.monotonic() - started < SOON_S
    server.close()
    for caller in callers:
        caller.close()
    await store.aclose()


async def test_what_never_ends_is_broken_off_at_the_end(postgres: Postgres, record_of: RecordOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that somebody holds keeps no connection open when the store is closed."""
    monkeypatch.setattr("drafter.store.database.CLOSING_S", 0.1)
    url = postgres.new_database()
    store = open_store(url)
    await store.check()
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE drafts IN ACCESS EXCLUSIVE MODE")
        with waiting_until(in_s(0.2)), pytest.raises(StoreError):
            await store.append(record_of("d_1"))
        await store.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}
