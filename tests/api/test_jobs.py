"""Many drafts for one request: all of them, once, whatever happens; or a reason."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from drafter.errors import StoreError
from drafter.intake import MAX_JOB_ITEMS
from drafter.store import open_store
from drafter.store.drafts import Erasure
from drafter.store.keys import Scope
from tests.api.conftest import Running, running
from tests.api.test_two_processes import served, wait_for

ITEM = {"review": {"body": "The zipper broke on the second day."}}


async def finished(client: httpx.AsyncClient, job_id: str) -> Any:
    """The job, once it is done."""
    for _ in range(600):
        with contextlib.suppress(httpx.TransportError):
            job = (await client.get(f"/v1/jobs/{job_id}")).json()
            if job["is_done"]:
                return job
        await asyncio.sleep(0.1)
    raise AssertionError("it was not done")


async def test_a_job_is_worked_off(service: Running) -> None:
    """Each item has its draft, in the account of who asked."""
    async with service.client(await service.key()) as client:
        body = {"items": [{**ITEM, "id": f"case-{n}"} for n in range(3)]}
        answer = await client.post("/v1/jobs", json=body, headers={"idempotency-key": "j1"})
        assert (answer.status_code, answer.json()["counts"]) == (201, {"queued": 3})
        job = await finished(client, answer.json()["id"])
        assert job["counts"] == {"done": 3}
        drafts = [(await client.get(f"/v1/drafts/{item['draft_id']}")).json() for item in job["items"]]
        assert [draft["request_id"] for draft in drafts] == ["case-0", "case-1", "case-2"]
        again = await client.post("/v1/jobs", json=body, headers={"idempotency-key": "j1"})
        assert (again.json()["id"], again.headers["idempotency-replayed"]) == (job["id"], "true")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "items"),
        ({"items": []}, "items"),
        ({"items": [ITEM] * (MAX_JOB_ITEMS + 1)}, "items"),
        ({"items": [ITEM, {"review": {"body": " "}}]}, "items.1.review.body"),
        ({"items": [ITEM, 7]}, "items.1"),
        ({"items": [{**ITEM, "channel": "x"}]}, "items.0.channel"),
        ({"items": [{**ITEM, "options": {"prompt": "reply/v77"}}]}, "items.0.options.prompt"),
    ],
)
async def test_a_wrong_item_refuses_the_job_and_is_named(client: httpx.AsyncClient, body: object, field: str) -> None:
    """Nothing of it is begun."""
    answer = await client.post("/v1/jobs", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_job_is_refused_while_nobody_can_say_whether_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one would be drafted and paid for once more."""

    async def away(*_args: object, **_options: object) -> None:
        raise StoreError("away")

    async with running(auth="none", job_concurrency=0) as service, service.client() as client:
        monkeypatch.setattr("drafter.store.claims.Claims.claim", away)
        answer = await client.post("/v1/jobs", json={"items": [ITEM]}, headers={"idempotency-key": "k"})
        assert (answer.status_code, answer.json()["code"]) == (503, "store")
        assert await service.services.store.jobs.list("local") == ()


async def test_what_is_drafted_for_a_job_is_counted() -> None:
    """As any draft is."""
    async with running(auth="none") as service, service.client() as client:
        job_id = (await client.post("/v1/jobs", json={"items": [ITEM]})).json()["id"]
        while not (await client.get(f"/v1/jobs/{job_id}")).json()["is_done"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        assert 'origin="template"} 1.0' in (await client.get("/metrics")).text


async def test_a_job_can_be_cancelled() -> None:
    """What was not begun is not."""
    async with running(auth="none", job_concurrency=0) as service, service.client() as client:
        job_id = (await client.post("/v1/jobs", json={"items": [ITEM] * 2})).json()["id"]
        assert (await client.delete(f"/v1/jobs/{job_id}")).json()["counts"] == {"cancelled": 2}
        assert (await client.get(f"/v1/jobs/{job_id}")).json()["is_done"]


async def test_a_job_outlives_the_process_that_took_it(tmp_path: Path) -> None:
    """Killed in the middle, it is finished by the next one; no item is drafted twice."""
    url, n = f"sqlite+aiosqlite:///{tmp_path}/drafter.db", 40
    store = open_store(url)
    key = await store.keys.create("test", account_id="acme", scopes=frozenset(Scope))
    with served(url) as address:
        async with httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {key.text}"}, timeout=30) as client:
            await wait_for(client)
            job_id = (await client.post("/v1/jobs", json={"items": [ITEM] * n})).json()["id"]
            for _ in range(1000):
                if (await client.get(f"/v1/jobs/{job_id}")).json()["counts"].get("done", 0) >= 3:
                    break
                await asyncio.sleep(0.02)
    # Here it was killed.
    taken = await store.jobs.get(job_id, account_id="acme")
    assert taken is not None
    assert not taken.is_done
    # The dead one's leases need not be waited for here.
    async with store.database.write("x") as connection:
        await connection.exec_driver_sql("UPDATE job_items SET due_at = created_at FROM jobs WHERE jobs.id = job_items.job_id")
        await connection.exec_driver_sql("UPDATE claims SET held_until = created_at WHERE result_id IS NULL")
    async with running(database_url=url):
        for _ in range(600):
            job = await store.jobs.get(job_id, account_id="acme")
            assert job is not None
            if job.is_done:
                break
            await asyncio.sleep(0.1)
    assert job.counts == {"done": n}
    assert len({item.draft_id for item in job.items}) == n
    assert len([record async for record in store.drafts.export(Erasure())]) == n
    await store.aclose()
