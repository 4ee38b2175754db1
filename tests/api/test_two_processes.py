"""Two service processes on one PostgreSQL are one service: limits and idempotency keys are counted over both."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import cycle

import httpx
import pytest

from drafter.store import open_store
from drafter.store.drafts import Erasure
from drafter.store.keys import NewKey, Scope
from drafter.store.store import Store
from tests.databases import Postgres

DRAFT = {"review": {"body": "The zipper broke on the second day."}}
RATE = 30


@contextmanager
def served(database_url: str) -> Iterator[str]:
    """URL of a service in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    own = {"DRAFTER_MODEL": "none", "DRAFTER_DATABASE_URL": database_url, "DRAFTER_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "drafter", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


async def counted_alone(client: httpx.AsyncClient, reader: NewKey) -> int:
    """Requests that this process let pass by its own count, since the store did not answer in time: a part is one at this rate."""
    metrics = (await client.get("/metrics", headers={"authorization": f"Bearer {reader.text}"})).text
    return int(float(re.findall(r"^drafter_limits_counted_alone_total (\S+)$", metrics, re.MULTILINE)[0]))


async def wait_for(client: httpx.AsyncClient) -> None:
    """Returns when it is ready."""
    for _ in range(1200):
        with contextlib.suppress(httpx.TransportError):
            if (await client.get("/readyz")).status_code == 200:
                return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not start")


@asynccontextmanager
async def two(store: Store, database_url: str, rate: int) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """A caller of each of two services, with one key for both."""
    key = await store.keys.create("test", account_id="acme", scopes=frozenset(Scope), rate_per_minute=rate)
    headers = {"authorization": f"Bearer {key.text}"}
    with served(database_url) as one, served(database_url) as other:
        async with httpx.AsyncClient(base_url=one, headers=headers) as first, httpx.AsyncClient(base_url=other, headers=headers) as second:
            await asyncio.gather(wait_for(first), wait_for(second))
            yield first, second


@pytest.fixture
async def shared(postgres: Postgres) -> AsyncIterator[tuple[Store, str]]:
    """A fresh database, and its URL."""
    url = postgres.new_database()
    store = open_store(url)
    yield store, url
    await store.aclose()


async def test_a_key_is_answered_once_and_a_limit_is_one_limit(shared: tuple[Store, str]) -> None:
    """The same idempotency key sent to both at once makes one record; a minute's requests are a minute's, whoever is asked."""
    store, url = shared
    reader = await store.keys.create("metrics", account_id="acme", scopes=frozenset({Scope.ADMIN}))
    async with two(store, url, RATE) as clients:
        started = time.monotonic()
        sent = [client.post("/v1/drafts", json=DRAFT, headers={"idempotency-key": "k1"}) for client in clients * 5]
        answers = await asyncio.gather(*sent)
        assert {answer.status_code for answer in answers} <= {200, 409}, [answer.text for answer in answers]
        again = [await client.post("/v1/drafts", json=DRAFT, headers={"idempotency-key": "k1"}) for client in clients]
        assert len({answer.json()["id"] for answer in (*answers, *again) if answer.status_code == 200}) == 1
        assert [answer.headers["idempotency-replayed"] for answer in again] == ["true", "true"]
        other = await clients[1].post("/v1/drafts", json={**DRAFT, "id": "2"}, headers={"idempotency-key": "k1"})
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

        asked = [await client.get("/v1/drafts") for client, _ in zip(cycle(clients), range(2 * RATE), strict=False)]
        took_s = time.monotonic() - started
        refused = [answer for answer in asked if answer.status_code == 429]
        admitted = Counter(answer.status_code for answer in asked)[200] + len(answers) + len(again) + 1
        alone = sum([await counted_alone(client, reader) for client in clients])
        assert RATE - 2 <= admitted <= RATE + took_s * RATE / 60 + 1 + alone
        assert all(re.fullmatch(r"[1-9]\d*", answer.headers["retry-after"]) for answer in refused)
    assert len([item async for item in store.drafts.export(Erasure())]) == 1
