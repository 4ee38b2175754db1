"""Nobody gets in without a key that may, and nobody sees what is another's: every route is asked with every wrong identity."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from drafter.api import identity
from drafter.api.app import create_app
from drafter.errors import StoreError
from drafter.store.keys import NewKey, Scope
from drafter.webhooks.request import EventType
from tests.api.conftest import ALL, Running, running

OPEN = {"/healthz", "/readyz", "/openapi.json", "/docs", "/docs/problems"}
"""What anybody may ask."""

SCOPES = {
    ("POST", "/v1/drafts"): "draft",
    ("GET", "/v1/drafts"): "read",
    ("GET", "/v1/drafts/{record_id}"): "read",
    ("POST", "/v1/drafts/{record_id}/verdicts"): "approve",
    ("GET", "/v1/drafts/{record_id}/verdicts"): "read",
    ("POST", "/v1/jobs"): "draft",
    ("GET", "/v1/jobs/{job_id}"): "read",
    ("DELETE", "/v1/jobs/{job_id}"): "draft",
    ("POST", "/v1/webhooks"): "admin",
    ("GET", "/v1/webhooks"): "admin",
    ("GET", "/v1/webhooks/{webhook_id}"): "admin",
    ("DELETE", "/v1/webhooks/{webhook_id}"): "admin",
    ("GET", "/v1/webhooks/{webhook_id}/deliveries"): "admin",
    ("POST", "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay"): "admin",
    ("POST", "/v1/checks"): "check",
    ("POST", "/v1/triage"): "check",
    ("GET", "/v1/rules"): "read",
    ("GET", "/v1/prompts"): "read",
    ("GET", "/v1/channels"): "read",
    ("GET", "/v1/templates"): "read",
    ("GET", "/metrics"): "admin",
}
"""What each route needs. A route that is not here fails the first test below."""

WRONG = ("none", "empty", "basic", "malformed", "unknown", "wrong secret", "expired", "revoked")

DRAFT = {"review": {"body": "The zipper broke on the second day."}}
BODIES: dict[str, Any] = {
    "/v1/checks": {"channel": "review_followup", "text": "Sorry."},
    "/v1/triage": {"body": "It broke."},
    "/v1/drafts": DRAFT,
    "/v1/jobs": {"items": [DRAFT]},
    "/v1/webhooks": {"url": "https://hooks.example.com/"},
}


def routes() -> list[tuple[str, str]]:
    """Every route of the app, straight from what answers requests."""
    app = create_app()
    found = {(method, route.path) for router in app.state.routers for route in router.routes for method in route.methods}
    return sorted((method, path) for method, path in found if method != "HEAD")


async def ask(client: httpx.AsyncClient, method: str, path: str, ids: Mapping[str, str] = MappingProxyType({})) -> httpx.Response:
    """A request that would be right for this route."""
    body = BODIES.get(path, {"verdict": "approved", "by": "agent"}) if method == "POST" else None
    path = re.sub(r"{(\w+)}", lambda name: ids.get(name.group(1), "x"), path)
    return await client.request(method, path, json=body)


def test_every_route_says_what_it_needs() -> None:
    """No route can be added without this list and the tests below knowing."""
    assert {(method, path) for method, path in routes() if path not in OPEN} == set(SCOPES)


async def wrong_header(service: Running, kind: str) -> dict[str, str]:
    """The header of a caller who should not get in."""
    if kind == "none":
        return {}
    new = await service.key()
    if kind == "expired":
        new = await service.key(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    if kind == "revoked":
        await service.services.store.keys.revoke(new.key.id)
    texts = {
        "empty": "",
        "basic": f"Basic {new.text}",
        "malformed": "Bearer é".encode("latin-1").decode("latin-1"),
        "unknown": f"Bearer drk_00000000_{'x' * 43}",
        "wrong secret": f"Bearer {new.text[:-1]}{'a' if new.text[-1] != 'a' else 'b'}",
    }
    return {"authorization": texts.get(kind, f"Bearer {new.text}")}


@pytest.mark.parametrize("kind", WRONG)
async def test_no_route_answers_without_a_live_key(service: Running, kind: str) -> None:
    """Every route, every wrong key: 401, and the same sentence whatever is wrong with the key."""
    headers = {name: value.encode("latin-1") for name, value in (await wrong_header(service, kind)).items()}
    async with service.client() as client:
        client.headers = httpx.Headers(headers)
        for method, path in SCOPES:
            answer = await ask(client, method, path)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["code"] == ("no_key" if kind in ("none", "empty") else "key_not_valid")
            assert answer.json()["detail"] in (identity.NOT_VALID, "no API key; send: Authorization: Bearer drk_…")


async def test_every_scope_opens_its_own_routes_only(service: Running) -> None:
    """Every route with a key of every scope: 403, unless it is the route's own."""
    for scope in Scope:
        async with service.client(await service.key(scope)) as client:
            for (method, path), needed in SCOPES.items():
                answer = await ask(client, method, path)
                assert (answer.status_code == 403) == (scope != needed), (method, path, scope)


async def test_no_account_reaches_what_is_anothers(service: Running) -> None:
    """By no route: no text, list, verdict, job or webhook; and nothing can be left or deleted there."""
    async with service.client(await service.key(account="acme")) as acme:
        ids = await make_one_of_each(service, acme)
        async with service.client(await service.key(account="other")) as other:
            for method, path in SCOPES:
                answer = await ask(other, method, path, ids)
                if "{" in path:
                    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
                assert [one for one in ids.values() if one in answer.text] == []
            listed = (await other.get("/v1/drafts", params={"limit": 200})).json()["items"]
            assert ids["record_id"] not in [item["id"] for item in listed]
        assert (await acme.get(f"/v1/drafts/{ids['record_id']}/verdicts")).json() == {"items": []}
        for method, path in SCOPES:
            if method == "GET" and "{" in path:
                assert (await ask(acme, method, path, ids)).status_code == 200, path


async def make_one_of_each(service: Running, client: httpx.AsyncClient) -> dict[str, str]:
    """Ids by the names that paths give them."""
    hook = await service.services.store.webhooks.create("acme", "https://hooks.example.com/", tuple(EventType))
    record_id = (await client.post("/v1/drafts", json=DRAFT)).json()["id"]
    job_id = (await client.post("/v1/jobs", json={"items": [DRAFT]})).json()["id"]
    delivery_id = (await client.get(f"/v1/webhooks/{hook.id}/deliveries")).json()["items"][0]["id"]
    return {"record_id": record_id, "job_id": job_id, "webhook_id": hook.id, "delivery_id": delivery_id}


async def test_a_key_of_one_account_cannot_use_anothers_idempotency_key(service: Running) -> None:
    """The same words are two keys."""
    ids = set()
    for account in ("acme", "other"):
        async with service.client(await service.key(account=account)) as client:
            ids.add((await client.post("/v1/drafts", json=DRAFT, headers={"idempotency-key": "k"})).json()["id"])
    assert len(ids) == 2


async def test_a_revoked_key_ends_within_seconds(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it was used a moment ago."""
    new = await service.key()
    async with service.client(new) as client:
        assert (await client.get("/v1/channels")).status_code == 200
        await service.services.store.keys.revoke(new.key.id)
        monkeypatch.setattr(identity, "FRESH_S", 0.0)
        assert (await client.get("/v1/channels")).status_code == 401


async def test_a_known_caller_is_answered_while_the_store_is_away(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger is not: 503, never let in."""
    known, stranger = await service.key(), await service.key()

    async def away(*_args: object) -> None:
        raise StoreError("away")

    async with service.client(known) as one, service.client(stranger) as other:
        assert (await one.get("/v1/channels")).status_code == 200
        monkeypatch.setattr(identity, "FRESH_S", 0.0)
        monkeypatch.setattr("drafter.store.keys.Keys.get", away)
        assert (await one.get("/v1/channels")).status_code == 200
        refused = await other.get("/v1/channels")
        assert (refused.status_code, refused.json()["code"]) == (503, "store")
        assert refused.headers["retry-after"]


async def test_the_key_is_looked_up_once_for_many_requests(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is not asked for every request."""
    new = await service.key()
    asked = 0
    get = type(service.services.store.keys).get

    async def counting(self: Any, key_id: str) -> Any:
        nonlocal asked
        asked += 1
        return await get(self, key_id)

    monkeypatch.setattr("drafter.store.keys.Keys.get", counting)
    async with service.client(new) as client:
        for _ in range(5):
            await client.get("/v1/channels")
    assert asked == 1
    used = await get(service.services.store.keys, new.key.id)
    assert used is not None
    assert used.last_used_at is not None


@pytest.mark.parametrize(("host", "peer", "status"), [
    ("localhost", "127.0.0.1", 200),
    ("127.0.0.1", "127.0.0.1", 200),
    ("[::1]", "::1", 200),
    ("evil.example", "127.0.0.1", 403),
    ("localhost", "203.0.113.9", 403),
    ("127.0.0.1.evil.example", "127.0.0.1", 403),
])  # fmt: skip
async def test_without_keys_only_this_machine_is_answered(host: str, peer: str, status: int) -> None:
    """Neither others nor a page of the web whose name was bent to this machine."""
    async with running(auth="none") as service:
        transport = httpx.ASGITransport(service.app, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            assert (await client.get("/v1/channels")).status_code == status


async def test_a_limit_holds_over_processes_and_says_when_to_come_again(tmp_path: Any) -> None:
    """Two services on one database, one key: together no more than its rate."""
    url = f"sqlite+aiosqlite:///{tmp_path}/drafter.db"
    async with running(database_url=url) as one, running(database_url=url) as two:
        new = await one.key(rate_per_minute=6)
        async with one.client(new) as a, two.client(new) as b:
            answers = await asyncio.gather(*(client.get("/v1/channels") for client in (a, b) for _ in range(8)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(answers) - len(refused) == 6
    assert {answer.json()["code"] for answer in refused} == {"too_many_requests"}
    assert all(1 <= int(answer.headers["retry-after"]) <= 60 for answer in refused)


async def test_a_store_that_is_away_lifts_no_limit(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process counts alone until it is back: ten seconds' requests at once, then one after the other; and it says so."""

    async def away(*_args: object, **_options: object) -> float:
        raise StoreError("away")

    monkeypatch.setattr("drafter.store.counters.Counters.take", away)
    async with service.client(await service.key(rate_per_minute=60)) as client:
        statuses = [(await client.get("/v1/channels")).status_code for _ in range(13)]
    assert statuses == [200] * 10 + [429] * 3
    async with service.client(await service.key(rate_per_minute=60)) as client:
        # Two of a minute's sixty are a part: five for the first caller, and one for who asks here.
        assert "drafter_limits_counted_alone_total 6.0" in (await client.get("/metrics")).text


@pytest.mark.usefixtures("litellm")
async def test_an_account_that_stays_here_never_asks_a_remote_model() -> None:
    """Named or not, the remote model is not asked; templates answer."""
    async with running(model="openai/far", model_base_url="http://127.0.0.1:9/v1") as service:
        new: NewKey = await service.key(is_local_only=True)
        async with service.client(new) as client:
            answer = (await client.post("/v1/drafts", json=DRAFT)).json()
            assert (answer["origin"], [a["model"] for a in answer["attempts"]]) == ("template", [None])
            named = await client.post("/v1/drafts", json={**DRAFT, "options": {"model": "openai/far"}})
            assert (named.status_code, named.json()["code"]) == (422, "model_not_local")


def test_a_key_of_all_scopes_has_them_all() -> None:
    """The tests above leave none out."""
    assert {scope.value for scope in ALL} == set(SCOPES.values())
