"""An account's own addresses are told what happens in it, and nothing waits for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.conftest import Running, running
from tests.webhooks.test_courier import Receiver

DRAFT = {"review": {"body": "The lid of the kettle leaks."}, "seller": {"brand": "Tidewell"}}


@pytest.fixture
async def told() -> AsyncIterator[tuple[Running, Receiver]]:
    """A service that may tell this machine, and who is told."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    async with running(webhook_hosts="localhost", webhook_networks="127.0.0.0/8,::1/128") as service:
        yield service, receiver
    server.close()
    await server.wait_closed()


async def test_drafts_and_verdicts_are_told(told: tuple[Running, Receiver]) -> None:
    """With ids by which they can be read; the secret is shown once, and no text is sent."""
    service, receiver = told
    async with service.client(await service.key()) as client:
        made = (await client.post("/v1/webhooks", json={"url": f"http://localhost:{receiver.port}/"})).json()
        assert len(made["secret"]) == 64
        assert made["secret"] not in (await client.get(f"/v1/webhooks/{made['id']}")).text
        draft = (await client.post("/v1/drafts", json=DRAFT)).json()
        verdict = (await client.post(f"/v1/drafts/{draft['id']}/verdicts", json={"verdict": "approved", "by": "agent-12"})).json()
        for _ in range(100):
            if len(receiver.told) == 2:
                break
            await asyncio.sleep(0.1)
        events = {event["type"]: event["data"] for event in (json.loads(body) for _, _, body in receiver.told)}
        assert events["draft.decided"]["draft_id"] == events["draft.verdict"]["draft_id"] == draft["id"]
        assert (events["draft.verdict"]["verdict_id"], events["draft.verdict"]["is_approved"]) == (verdict["id"], True)
        assert all(b"lid" not in body and b"agent-12" not in body for _, _, body in receiver.told)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "https://other.example/"}, "webhook_host_not_allowed"),
        ({"url": "ftp://localhost/"}, "invalid"),
        ({"url": "http://localhost/", "events": []}, "invalid"),
        ({"url": "http://localhost/", "events": ["draft.sent"]}, "invalid"),
        ({"url": "http://localhost/", "secret": "mine"}, "invalid"),
        ({}, "invalid"),
    ],
)
async def test_a_wrong_webhook_is_refused(told: tuple[Running, Receiver], body: object, code: str) -> None:
    """With the reason."""
    service, _ = told
    async with service.client(await service.key()) as client:
        answer = await client.post("/v1/webhooks", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_without_listed_hosts_there_are_no_webhooks(client: httpx.AsyncClient) -> None:
    """That is how it is delivered."""
    answer = await client.post("/v1/webhooks", json={"url": "https://hooks.example.com/"})
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook_host_not_allowed")
