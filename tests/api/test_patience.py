"""A store that hangs costs the copy of an answer, and what only helps it; never its deadline."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from drafter.store.keys import NewKey
from tests.api.conftest import Running, running
from tests.databases import Postgres
from tests.waiting import GRACE_S, Stopwatch

DEADLINE_S = 3.0
DRAFT = {"review": {"body": "The zipper broke on the second day."}, "options": {"deadline_s": DEADLINE_S}}

HOLDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked_by_another_process(path: Path) -> Iterator[None]:
    """Nobody else can write to the file."""
    command = [sys.executable, "-c", HOLDS, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        yield
        process.stdin.close()


@contextmanager
def locked_tables(url: str) -> Iterator[None]:
    """Nobody else can read or write these tables."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("LOCK TABLE drafts, claims, allowances, spend, api_keys IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


async def warm_up(service: Running, key: NewKey) -> None:
    """What is read on first use, is read; as a service does before it listens."""
    async with service.client(key) as client:
        answer = await client.post("/v1/drafts", json={**DRAFT, "options": {"deadline_s": 60}})
    assert answer.json()["is_stored"]


async def assert_in_time(service: Running, key: NewKey, *, at_once: int, **headers: str) -> None:
    """A safe template for each, inside the deadline, which says that it was not kept."""

    async def ask(number: int) -> None:
        named = {name: f"{value}-{number}" for name, value in headers.items()}
        watch = Stopwatch()
        answer = await client.post("/v1/drafts", json=DRAFT, headers=named)
        took_s = watch.seconds
        body = answer.json()
        assert (answer.status_code, body["origin"], body["action"], body["is_stored"]) == (200, "template", "offer", False), body
        assert took_s < DEADLINE_S + GRACE_S

    async with service.client(key) as client:
        await asyncio.gather(*(ask(number) for number in range(at_once)))


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "k"}])
async def test_a_file_that_another_process_holds(tmp_path: Path, headers: dict[str, str]) -> None:
    """Key, limit, idempotency, spend and record wait together no longer than the caller; then all is well again."""
    url = f"sqlite+aiosqlite:///{tmp_path}/drafter.db"
    async with running(database_url=url, rate_per_minute=600, daily_spend_usd=1.0) as service:
        key = await service.key()
        await warm_up(service, key)
        with locked_by_another_process(tmp_path / "drafter.db"):
            await assert_in_time(service, key, at_once=3, **headers)
        async with service.client(key) as client:
            answer = await client.post("/v1/drafts", json=DRAFT, headers={name: f"{value}-0" for name, value in headers.items()})
            assert answer.json()["is_stored"], answer.text
            listed = (await client.get("/v1/drafts")).json()["items"]
        assert [item["id"] for item in listed][:-1] == [answer.json()["id"]]


async def test_tables_of_postgresql_that_somebody_holds(postgres: Postgres) -> None:
    """A known caller is answered, though nothing can be read either."""
    url = postgres.new_database()
    async with running(database_url=url, rate_per_minute=600, daily_spend_usd=1.0) as service:
        key = await service.key()
        await warm_up(service, key)
        with locked_tables(url):
            await assert_in_time(service, key, at_once=3, **{"idempotency-key": "k"})


async def test_who_cannot_be_answered_in_time_is_told_at_once() -> None:
    """And when to come again; his idempotency key is free."""
    named = {"idempotency-key": "k"}
    async with running(auth="none") as service, service.client() as client:
        turnstile = service.services.errands.turnstile
        with pytest.MonkeyPatch.context() as crowded:
            # Somebody's turn, which takes as long as this caller has.
            crowded.setattr(turnstile, "_is_turning", True)
            crowded.setattr(turnstile, "_step_s", DEADLINE_S)
            refused = await client.post("/v1/drafts", json=DRAFT, headers=named)
        assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
        assert int(refused.headers["retry-after"]) >= 1
        assert (await client.post("/v1/drafts", json=DRAFT, headers=named)).status_code == 200
