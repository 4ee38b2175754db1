"""Alive is one thing, ready another, and neither is said when it is not so."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from drafter.errors import StoreError
from tests.api.conftest import Running


async def test_health_and_readiness_tell_the_truth(client: httpx.AsyncClient) -> None:
    """Nobody needs a key to ask."""
    assert (await client.get("/healthz")).json()["status"] == "alive"
    ready = (await client.get("/readyz")).json()
    assert (ready["status"], ready["store"], ready["models"], ready["is_stopping"]) == ("ready", "ready", {}, False)


async def test_a_store_that_is_away_is_not_ready(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lives all the same."""

    async def away(*_args: object, **_options: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr("drafter.store.drafts.Drafts.get", away)
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["store"]) == (503, "down")
    assert (await client.get("/healthz")).status_code == 200


async def test_a_service_that_stops_takes_nothing_new(service: Running) -> None:
    """Balancers see it before connections are refused."""
    async with service.client() as client:
        service.app.state.is_stopping = True
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["is_stopping"]) == (503, True)


async def test_a_full_disk_is_told_and_drafts_are_answered(tmp_path: object) -> None:
    """Not stored, said so, and readable again when there is room."""
    from tests.api.conftest import running

    async with running(database_url=f"sqlite+aiosqlite:///{tmp_path}/drafter.db", auth="none") as service, service.client() as client:
        draft = {"review": {"body": "The zipper broke. " * 200}}
        assert (await client.post("/v1/drafts", json=draft)).json()["is_stored"]
        engine = service.services.store.database.engine
        room = [1_000_000]

        # A connection's own limit, so each is told, whenever one is taken.
        @event.listens_for(engine.sync_engine, "checkout")
        def limit(connection: DBAPIConnection, *_: object) -> None:
            connection.cursor().execute(f"PRAGMA max_page_count = {room[0]}")

        async with engine.connect() as connection:
            room[0] = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        answers = [(await client.post("/v1/drafts", json=draft)).json() for _ in range(4)]
        assert answers[-1]["is_stored"] is False
        assert answers[-1]["text"]
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["store"]) == (200, "read_only")
        room[0] = 1_000_000
        assert (await client.post("/v1/drafts", json=draft)).json()["is_stored"]
        assert (await client.get("/readyz")).json()["store"] == "ready"
