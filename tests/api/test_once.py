"""The same key and body: one draft, one answer, also from two processes; anything else is said."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from drafter.errors import StoreError
from tests.api.conftest import Running, running

DRAFT = {"id": 7, "review": {"body": "The zipper broke on the second day."}, "nonsense": 1}
KEY = {"idempotency-key": "case-1"}


async def count(client: httpx.AsyncClient) -> int:
    """Drafts that the account has."""
    return len((await client.get("/v1/drafts")).json()["items"])


async def test_the_same_request_gets_the_same_answer(service: Running) -> None:
    """To the byte, its warnings included, and says that it was given before."""
    async with service.client(await service.key()) as client:
        first = await client.post("/v1/drafts", json=DRAFT, headers=KEY)
        again = await client.post("/v1/drafts", json=dict(reversed(DRAFT.items())), headers=KEY)
        assert (again.status_code, again.content) == (200, first.content)
        assert first.json()["warnings"]
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        assert await count(client) == 1


async def test_another_request_may_not_have_the_key(service: Running) -> None:
    """Another body, or another route."""
    async with service.client(await service.key()) as client:
        made = (await client.post("/v1/drafts", json=DRAFT, headers=KEY)).json()["id"]
        other = await client.post("/v1/drafts", json={"review": {"body": "It is late."}}, headers=KEY)
        verdict = await client.post(f"/v1/drafts/{made}/verdicts", json={"verdict": "approved", "by": "a"}, headers=KEY)
        assert [(a.status_code, a.json()["code"]) for a in (other, verdict)] == [(422, "idempotency_key_reused")] * 2


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_two_processes_draft_once(database_url: str) -> None:
    """Ten at once: one drafts, the others get 409 with Retry-After, or its answer."""
    async with running(database_url=database_url) as one, running(database_url=database_url) as two:
        new = await one.key()
        async with one.client(new) as a, two.client(new) as b:
            answers = await asyncio.gather(*(client.post("/v1/drafts", json=DRAFT, headers=KEY) for client in (a, b) for _ in range(5)))
            assert {answer.status_code for answer in answers} <= {200, 409}
            assert len({answer.json()["id"] for answer in answers if answer.status_code == 200}) == 1
            assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
            assert await count(a) == 1


async def test_a_request_that_failed_has_not_used_its_key(service: Running) -> None:
    """It may be mended and sent again."""
    async with service.client(await service.key()) as client:
        wrong = {**DRAFT, "options": {"model": "openai/nobody-allowed-it"}}
        assert (await client.post("/v1/drafts", json=wrong, headers=KEY)).status_code == 422
        assert (await client.post("/v1/drafts", json=DRAFT, headers=KEY)).status_code == 200


async def test_a_draft_that_was_not_stored_has_not_used_its_key(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer comes and says so; the next one is stored."""

    async def full(*_args: object, **_options: object) -> None:
        raise StoreError("full")

    async with service.client(await service.key()) as client:
        with monkeypatch.context() as patch:
            patch.setattr("drafter.store.drafts.Drafts.append", full)
            answer = await client.post("/v1/drafts", json=DRAFT, headers=KEY)
            assert (answer.status_code, answer.json()["is_stored"]) == (200, False)
        again = await client.post("/v1/drafts", json=DRAFT, headers=KEY)
        assert again.json()["is_stored"]
        assert "idempotency-replayed" not in again.headers


async def away(*_args: object, **_options: object) -> None:
    """A store that does not answer."""
    raise StoreError("away")


async def test_a_store_that_is_away_costs_the_promise_not_the_draft(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the answer says that it does not know."""
    monkeypatch.setattr("drafter.store.claims.Claims.claim", away)
    monkeypatch.setattr("drafter.store.drafts.Drafts.append", away)
    async with service.client(await service.key()) as client:
        answer = await client.post("/v1/drafts", json=DRAFT, headers=KEY)
    assert (answer.status_code, answer.json()["is_stored"]) == (200, False)
    assert "could not say" in answer.json()["warnings"][-1]


async def test_a_store_that_comes_back_in_time_keeps_the_promise(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is written with its key, and the next one with that key gets it."""
    async with service.client(await service.key()) as client:
        with monkeypatch.context() as patch:
            patch.setattr("drafter.store.claims.Claims.claim", away)
            first = await client.post("/v1/drafts", json=DRAFT, headers=KEY)
        again = await client.post("/v1/drafts", json=DRAFT, headers=KEY)
    assert first.json()["is_stored"]
    assert "could not say" not in str(first.json()["warnings"])
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "caf\xe9"])
async def test_a_malformed_key_is_refused(client: httpx.AsyncClient, key: str) -> None:
    """Before anything is done."""
    answer = await client.post("/v1/drafts", json=DRAFT, headers=[("idempotency-key", key.encode("latin-1"))])
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "invalid_parameter", "Idempotency-Key")


async def test_a_verdict_is_left_once(service: Running) -> None:
    """As drafts are made once."""
    async with service.client(await service.key()) as client:
        made = (await client.post("/v1/drafts", json=DRAFT)).json()["id"]
        body: dict[str, Any] = {"verdict": "rejected", "reason": "answered by phone", "by": "a"}
        first = await client.post(f"/v1/drafts/{made}/verdicts", json=body, headers=KEY)
        again = await client.post(f"/v1/drafts/{made}/verdicts", json=body, headers=KEY)
        assert (again.status_code, again.content) == (201, first.content)
        assert len((await client.get(f"/v1/drafts/{made}/verdicts")).json()["items"]) == 1
