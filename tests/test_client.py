"""The client gives what the service answers, asks again where that helps, and makes nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from drafter import client as client_module
from drafter.client import AsyncClient, Client, Refused, check_text, create_draft, create_verdict, get_draft, triage_review
from tests.api.conftest import running

DRAFT = {"review": {"body": "The zipper broke on the second day."}}


async def test_every_call_is_understood_by_the_service() -> None:
    """A draft is made, read, judged; a text checked; a review sorted."""
    async with running() as service:
        new = await service.key()
        async with AsyncClient("http://localhost", key=new.text, transport=httpx.ASGITransport(service.app)) as drafter:
            made = await drafter.send(create_draft(DRAFT, idempotency_key="k"))
            assert (await drafter.send(create_draft(DRAFT, idempotency_key="k"))).id == made.id
            assert (await drafter.send(get_draft(made.id))).text == made.text
            assert (await drafter.send(create_verdict(made.id, "approved", by="a"))).is_approved
            assert (await drafter.send(check_text("review_followup", "Please delete your review."))).verdict == "block"
            assert (await drafter.send(triage_review(DRAFT))).language == "en"
            with pytest.raises(Refused) as caught:
                await drafter.send(get_draft("d_none"))
            assert (caught.value.status, caught.value.code) == (404, "not_found")


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

    monkeypatch.setattr(client_module.asyncio, "sleep", pause)
    busy, full = problem("too_many_requests", 429, **{"retry-after": "7"}), problem("overloaded", 503)
    answer, asked = answering(httpx.ConnectError("x"), busy, full, httpx.Response(200, json=CHECKED))
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter:
        call = check_text("review_followup", "Sorry.")
        assert drafter.send(call).verdict == "pass"
    assert pauses == [0.5, 7.0, 2.0]
    assert len(asked) == 4


def test_a_lost_answer_is_asked_for_under_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nothing is made twice."""
    monkeypatch.setattr(client_module, "PAUSE_S", 0.0)
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
    monkeypatch.setattr(client_module, "PAUSE_S", 0.0)
    answer, asked = answering(httpx.ReadError("x"), *[problem("idempotency_in_flight", 409)] * 9, httpx.Response(200, json=CHECKED))
    with Client("http://service", transport=httpx.MockTransport(answer)) as drafter:
        assert drafter.send(replace(check_text("review_followup", "Sorry."), body={"options": {"deadline_s": 300}})).verdict == "pass"
    assert len(asked) == 11
    assert asked[0].extensions["timeout"]["read"] == 330.0
