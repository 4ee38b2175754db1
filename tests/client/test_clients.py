"""The client gives what the service answers, asks again where that helps, and makes nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from drafter.client import (
    AsyncClient,
    Client,
    Refused,
    StageEnded,
    check_text,
    clients,
    create_draft,
    create_webhook,
    exchange,
    get_draft,
    list_drafts,
)
from drafter.domain import DraftResponse
from tests.api.conftest import running

DRAFT = {"review": {"body": "The zipper broke on the second day."}}


def problem(code: str, status: int, **headers: str) -> httpx.Response:
    """A refusal."""
    return httpx.Response(status, json={"code": code, "detail": "x"}, headers={"content-type": "application/problem+json", **headers})


def answering(*answers: httpx.Response | Exception) -> tuple[Callable[[httpx.Request], httpx.Response], list[httpx.Request]]:
    """A service that gives these answers in turn, and what it was asked."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        given = answers[len(asked) - 1]
        if isinstance(given, Exception):
            raise given
        return given

    return answer, asked


CHECKED = {
    **{"id": None, "verdict": "pass", "findings": [], "errored": [], "skipped": {}, "exceptions": [], "shadow": [], "warnings": []},
    **dict.fromkeys(("pack_version", "pack_sha256", "engine_version", "text_sha256"), "1"),
}


def test_what_may_get_better_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """After what the service says, with the same idempotency key."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(clients.asyncio, "sleep", pause)
    busy, full = problem("too_many_requests", 429, **{"retry-after": "7"}), problem("overloaded", 503)
    answer, asked = answering(httpx.ConnectError("x"), busy, full, httpx.Response(200, json=CHECKED))
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter:
        call = check_text("review_followup", "Sorry.")
        assert drafter.send(call).verdict == "pass"
    assert pauses == [0.5, 7.0, 2.0]
    assert len(asked) == 4


def test_a_lost_answer_is_asked_for_under_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nothing is made twice."""
    monkeypatch.setattr(exchange, "PAUSE_S", 0.0)
    answer, asked = answering(*[httpx.ReadError("x")] * 4)
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter, pytest.raises(httpx.ReadError):
        drafter.send(create_draft(DRAFT))
    assert len({request.headers["idempotency-key"] for request in asked}) == 1
    assert len(asked) == 4


async def test_it_may_be_used_inside_a_running_loop() -> None:
    """As in a notebook."""
    answer, _ = answering(httpx.Response(200, json=CHECKED))
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter:
        assert drafter.send(check_text("review_followup", "Sorry.")).verdict == "pass"


def test_what_will_not_get_better_is_said_at_once() -> None:
    """Also when it comes from something between us."""
    answer, _ = answering(problem("invalid", 422), httpx.Response(502, text="bad gateway"))
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter:
        for code in ("invalid", "unknown"):
            with pytest.raises(Refused) as caught:
                drafter.send(get_draft("d_1"))
            assert caught.value.code == code


def test_its_own_draft_is_waited_for_as_long_as_it_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a lost connection the draft is still being made: asked for again and again, which uses up no try."""
    monkeypatch.setattr(exchange, "PAUSE_S", 0.0)
    answer, asked = answering(httpx.ReadError("x"), *[problem("idempotency_in_flight", 409)] * 9, httpx.Response(200, json=CHECKED))
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter:
        assert drafter.send(replace(check_text("review_followup", "Sorry."), body={"options": {"deadline_s": 300}})).verdict == "pass"
    assert len(asked) == 11
    assert asked[0].extensions["timeout"]["read"] == 330.0


def test_what_would_be_made_twice_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook has no idempotency key: its lost answer is the caller's to look after; one that never left is sent again."""
    monkeypatch.setattr(exchange, "PAUSE_S", 0.0)
    answer, asked = answering(httpx.ConnectError("x"), httpx.ReadError("x"))
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter, pytest.raises(httpx.ReadError):
        drafter.send(create_webhook("https://hooks.example.com", ["draft.decided"]))
    assert len(asked) == 2


async def test_stages_are_told_and_then_the_draft() -> None:
    """As they end; a refusal is raised as from any other call."""
    async with running() as service:
        key = (await service.key()).text
        async with AsyncClient("http://localhost", key=key, transport=httpx.ASGITransport(service.app)) as drafter:
            told = [event async for event in drafter.events(create_draft(DRAFT))]
            assert isinstance(told[-1], DraftResponse)
            stages = [event.stage for event in told[:-1] if isinstance(event, StageEnded)]
            assert (stages[0], stages[-1], len(stages)) == ("triage", "store", len(told) - 1)
            with pytest.raises(Refused, match="unknown_channel"):
                async for _event in drafter.events(create_draft({**DRAFT, "channel": "x"})):
                    pass


STREAM = 'event: stage\ndata: {"stage": "triage", "duration_s": 0.1}\n\n: still working\n\n'


async def test_a_stream_that_breaks_off_ends_with_the_draft_all_the_same() -> None:
    """Asked for without stages, under the same key."""
    async with running(auth="none") as service, service.client() as asking:
        made = (await asking.post("/v1/drafts", json=DRAFT)).json()
    answer, asked = answering(httpx.Response(200, text=STREAM), httpx.Response(200, json=made))
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter:
        told = list(drafter.events(create_draft(DRAFT)))
    assert told[0] == StageEnded("triage", 0.1)
    assert [event.id for event in told[1:] if isinstance(event, DraftResponse)] == [made["id"]]
    assert len({request.headers["idempotency-key"] for request in asked}) == 1
    assert [request.headers["accept"] for request in asked] == ["text/event-stream", "*/*"]


async def test_pages_follow_each_other_to_the_end() -> None:
    """Each draft once; who stops early has asked for no more."""
    async with running(auth="none") as service, service.client() as asking:
        made = [(await asking.post("/v1/drafts", json=DRAFT)).json()["id"] for _ in range(5)]
        async with AsyncClient("http://localhost", transport=httpx.ASGITransport(service.app)) as drafter:
            found = [draft.id async for page in drafter.pages(list_drafts(limit=2)) for draft in page.items]
    assert found == made[::-1]
    empty = {"items": [], "next_cursor": "next"}
    answer, asked = answering(httpx.Response(200, json=empty), httpx.Response(200, json={**empty, "next_cursor": None}))
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter_:
        assert len(list(drafter_.pages(list_drafts({"channel": "buyer_message"})))) == 2
    assert [dict(request.url.params) for request in asked] == [{"channel": "buyer_message"}, {"channel": "buyer_message", "cursor": "next"}]
