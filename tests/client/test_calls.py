"""Every route has a call, and the service understands each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from drafter import client
from drafter.client import AsyncClient, Call, Fetched, Refused
from drafter.domain import DraftRequest
from drafter.store.keys import Scope
from drafter.webhooks.request import EventType
from tests.api.conftest import Running, running

DRAFT = {"review": {"body": "The zipper broke on the second day."}, "order": {"order_id": "302-1"}}

NAMED: dict[str, Any] = {"request": DRAFT, "requests": [DRAFT], "events": ["draft.decided"]}


def describing() -> dict[str, Callable[..., Call[Any]]]:
    """All functions that describe a call, by name."""
    return {name: getattr(client, name) for name in client.__all__ if inspect.isfunction(getattr(client, name))}


def call_of(function: Callable[..., Call[Any]]) -> Call[Any]:
    """A call with something for each argument that it must have."""
    needed = {name: p for name, p in inspect.signature(function).parameters.items() if p.default is p.empty and p.kind is not p.VAR_KEYWORD}
    return function(**{name: NAMED.get(name, "x") for name in needed})


async def test_every_route_of_the_description_has_a_call() -> None:
    """One each, named like the service's own function, and none besides."""
    async with running() as service:
        described = {
            operation["operationId"].removesuffix(f"_{path}_{method}"): (method.upper(), path)
            for path, operations in service.app.openapi()["paths"].items()
            for method, operation in operations.items()
        }
    calls = {name: call_of(function) for name, function in describing().items()}
    assert sorted((call.method, call.route) for call in calls.values()) == sorted(described.values())
    assert all(call.body is not None for call in calls.values() if call.method == "POST" and not call.route.endswith("/replay"))


def drafter_of(service: Running, key: str | None) -> AsyncClient:
    """A client of a service in this process."""
    return AsyncClient("http://localhost", key=key, transport=httpx.ASGITransport(service.app))


async def test_every_call_is_understood_by_the_service() -> None:
    """What is made is read, judged, told of and taken back, each in its own type."""
    asked: list[str] = []
    async with (
        running(webhook_hosts="hooks.example.com", job_concurrency=0) as service,
        drafter_of(service, (await service.key()).text) as drafter,
    ):

        async def ask(name: str, *args: Any, **options: Any) -> Any:
            asked.append(name)
            call = describing()[name](*args, **options)
            value = await drafter.send(call)
            assert isinstance(value, call.gives)
            return value

        hook = await ask("create_webhook", "https://hooks.example.com/x", [EventType.DRAFT_DECIDED])
        made = await ask("create_draft", DRAFT, idempotency_key="k")
        assert (await ask("create_draft", DraftRequest.model_validate(DRAFT))).id != made.id
        assert (await ask("get_draft", made.id)).text == made.text
        assert len((await ask("list_drafts", {"order_id": "302-1"}, limit=1)).items) == 1
        assert (await ask("create_verdict", made.id, "approved", by="a")).is_approved
        assert len((await ask("list_verdicts", made.id)).items) == 1
        assert (await ask("check_text", "review_followup", "Please delete your review.")).verdict == "block"
        assert (await ask("triage_review", DRAFT)).language == "en"
        job = await ask("create_job", [DRAFT, DRAFT])
        assert (await ask("get_job", job.id)).counts == {"queued": 2}
        assert (await ask("cancel_job", job.id)).is_done
        assert [one.id for one in (await ask("list_webhooks")).items] == [hook.id]
        assert (await ask("get_webhook", hook.id)).url == hook.url
        told = (await ask("list_deliveries", hook.id)).items
        assert (await ask("replay_delivery", hook.id, told[0].id)).id == told[0].id
        await ask("delete_webhook", hook.id)
        for name in ("list_rules", "list_prompts", "list_channels", "list_templates"):
            assert (await ask(name)).items
        assert (await ask("get_health")).status == "alive"
        assert (await ask("get_readiness")).status == "ready"
        assert "drafter_requests_total" in await ask("get_metrics")
    assert set(asked) == set(describing())


async def test_a_service_that_is_not_ready_says_so_part_by_part() -> None:
    """Its 503 is an answer, not a problem."""
    async with running() as service, drafter_of(service, None) as drafter:
        service.app.state.is_stopping = True
        assert (await drafter.send(client.get_readiness())).is_stopping


async def test_a_verdict_may_hang_on_what_was_read() -> None:
    """By the tag of the draft, or of its verdicts."""
    async with running() as service, drafter_of(service, (await service.key()).text) as drafter:
        made = await drafter.send(client.create_draft(DRAFT))
        read = await drafter.fetch(client.get_draft(made.id))
        assert isinstance(read, Fetched)
        said = client.create_verdict(made.id, "rejected", by="a", reason="no", if_match=read.etag, idempotency_key="v")
        assert [(await drafter.fetch(said)).is_replayed for _ in range(2)] == [False, True]
        with pytest.raises(Refused) as caught:
            await drafter.send(client.create_verdict(made.id, "rejected", by="b", reason="no", if_match=read.etag))
        assert (caught.value.status, caught.value.code) == (412, "precondition_failed")
        now = await drafter.fetch(client.list_verdicts(made.id))
        await drafter.send(client.create_verdict(made.id, "rejected", by="b", reason="no", if_match=now.etag))


async def test_a_problem_is_raised_with_its_code() -> None:
    """What is not there, what may not be, what makes no sense."""
    async with running() as service, drafter_of(service, (await service.key(Scope.READ)).text) as drafter:
        for call, status, code in (
            (client.get_draft("d_none"), 404, "not_found"),
            (client.get_draft("../../healthz"), 404, "not_found"),
            (client.create_draft(DRAFT), 403, "scope_missing"),
            (client.list_drafts(cursor="x"), 400, "invalid_parameter"),
        ):
            with pytest.raises(Refused) as caught:
                await drafter.send(call)  # type: ignore[arg-type]
            assert (caught.value.status, caught.value.code) == (status, code)


def test_a_name_in_a_path_stays_a_name() -> None:
    """Whatever it holds, it leads to no other route."""
    assert client.get_draft("a/../b?c#d").path == "/v1/drafts/a%2F..%2Fb%3Fc%23d"
