"""Every answer leaves with its headers, its line in the log and its count, whatever happened inside."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import httpx
import pytest

from drafter import logs
from drafter.api.edge import HEADERS
from drafter.errors import StoreError
from drafter.store.keys import Scope
from tests.api.conftest import Running, running

REVIEW = "The zanzibar kettle scalded Wilhelmina on Thursday."
DRAFT = {"id": "case-xyzzy", "review": {"body": REVIEW}, "seller": {"brand": "Quuxwell", "signature": "Mara from Quuxwell"}}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """All that is logged, at the lowest level."""
    stream = io.StringIO()
    before = logging.getLogger("drafter").handlers
    logs.configure("debug", stream=stream)
    yield stream
    logging.getLogger("drafter").handlers = before


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/healthz"), ("GET", "/nothing"), ("DELETE", "/v1/drafts"), ("POST", "/v1/drafts"), ("GET", "/docs")]
)
async def test_every_answer_is_guarded(client: httpx.AsyncClient, method: str, path: str) -> None:
    """Problems and pages included."""
    answer = await client.request(method, path)
    for name in HEADERS:
        assert name in answer.headers
    assert len(answer.headers["x-request-id"]) == 32
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/drafts", "GET, HEAD, POST"),
        ("PUT", "/v1/jobs/j_1", "DELETE, GET, HEAD"),
        ("HEAD", "/v1/checks", "POST"),
        ("POST", "/openapi.json", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_is_told_all_right_ones(client: httpx.AsyncClient, method: str, path: str, allow: str) -> None:
    """Also where several routes share a path."""
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)


@pytest.mark.parametrize("path", ["/healthz", "/v1/drafts", "/v1/rules", "/docs", "/openapi.json", "/v1/drafts/d_none"])
async def test_what_can_be_read_can_be_asked_for_its_headers(client: httpx.AsyncClient, path: str) -> None:
    """`HEAD` is `GET` without the body."""
    head, get = await client.head(path), await client.get(path)
    same = ("content-type", "content-length", "etag")
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert [head.headers.get(name) for name in same] == [get.headers.get(name) for name in same]


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/drafts/"), ("GET", "/v1/rules/")])
async def test_a_slash_too_many_is_a_problem_that_says_so(client: httpx.AsyncClient, method: str, path: str) -> None:
    """A program that gets a redirect without a word may follow it with another method, or not at all."""
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "without a slash" in answer.json()["detail"]
    assert "slash" not in (await client.get("/v1/nothing/")).json()["detail"]


@pytest.mark.parametrize(("given", "kept"), [("abc-1", True), ("x" * 65, False), ("a b", False), ("é", False)])
async def test_the_callers_request_id_is_kept_when_it_is_one(client: httpx.AsyncClient, given: str, kept: bool) -> None:
    """Nothing else gets into the log by it."""
    answer = await client.get("/healthz", headers=[("x-request-id", given.encode("latin-1"))])
    assert (answer.headers["x-request-id"] == given) == kept


async def test_a_bug_is_our_fault_and_tells_nothing(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, lines: io.StringIO) -> None:
    """500 with a code; the class of the exception in the log, its words nowhere."""

    def broken(*_args: object) -> None:
        raise ZeroDivisionError(REVIEW)

    monkeypatch.setattr("drafter.api.checks.check_result", broken)
    answer = await client.post("/v1/checks", json={"channel": "review_followup", "text": REVIEW})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert REVIEW not in answer.text + lines.getvalue()
    assert '"exception": "ZeroDivisionError"' in lines.getvalue()


async def test_one_line_a_request_and_no_customers_word_in_any(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run over every route, right and wrong; the log holds ids, codes and seconds."""
    monkeypatch.setattr(logs, "configure", lambda *_args, **_options: None)
    async with running() as service:
        new = await service.key()
        async with service.client(new) as client, service.client() as nobody:
            made = (await client.post("/v1/drafts", json=DRAFT)).json()
            text = f"{made['text']} Wilhelmina, thank you."
            for path, body in [
                (f"/v1/drafts/{made['id']}/verdicts", {"verdict": "edited", "final_text": text, "by": "agent-plugh"}),
                (
                    f"/v1/drafts/{made['id']}/verdicts",
                    {"verdict": "edited", "final_text": "Wilhelmina, delete your review.", "by": "agent-plugh"},
                ),
                ("/v1/checks", {"channel": "review_followup", "text": f"{REVIEW} Delete your review."}),
                ("/v1/triage", {"body": REVIEW}),
                ("/v1/triage", {"body": REVIEW, "rating": REVIEW}),
                ("/v1/drafts", {"review": {"body": REVIEW}, "channel": REVIEW}),
            ]:
                await client.post(path, json=body)
            await client.get("/v1/drafts", params={"order_id": "Wilhelmina"})
            await client.get("/v1/Wilhelmina")
            await nobody.post("/v1/drafts", json=DRAFT)
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [line["status"] for line in logged if line["event"] == "request.answered"] == [200, 201, 422, 200, 200, 422, 422, 200, 404, 401]
    first = next(line for line in logged if line["event"] == "request.answered")
    assert (first["route"], first["record_id"], first["key_id"], first["account_id"]) == ("/v1/drafts", made["id"], new.key.id, "acme")
    for word in ("zanzibar", "Wilhelmina", "Quuxwell", "xyzzy", "plugh", "kettle", new.text, made["text"][:30]):
        assert word not in lines.getvalue()


async def test_too_many_at_once_are_sent_away(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a time to come again; whoever watches the service is still answered."""
    monkeypatch.setattr("drafter.api.edge.MAX_IN_FLIGHT", 0)
    answer = await client.get("/v1/channels")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "overloaded", "1")
    assert (await client.get("/healthz")).status_code == 200


async def test_metrics_count_what_happened(service: Running) -> None:
    """Requests by route, drafts by origin, findings by rule, verdicts by prompt; no id and no text."""
    async with service.client(await service.key()) as client:
        made = (await client.post("/v1/drafts", json=DRAFT)).json()
        await client.post("/v1/checks", json={"channel": "review_followup", "text": "Please delete your review."})
        await client.post(f"/v1/drafts/{made['id']}/verdicts", json={"verdict": "rejected", "reason": "x", "by": "a"})
        await client.get("/v1/unknown/path")
        answer = await client.get("/metrics")
    text = answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'drafter_requests_total{method="POST",route="/v1/drafts",status="200"} 1.0' in text
    assert 'drafter_requests_total{method="POST",route="/v1/drafts/{record_id}/verdicts",status="201"} 1.0' in text
    assert 'drafter_requests_total{method="none",route="none",status="404"} 1.0' in text
    assert 'drafter_verdicts_total{prompt="template",verdict="rejected"} 1.0' in text
    for stage in ("triage", "template", "guardrail", "proof", "scoring", "store"):
        assert f'drafter_stage_seconds_count{{stage="{stage}"}} 1.0' in text
    assert 'severity="block"} 1.0' in text
    assert "drafter_spend_usd 0.0" in text
    assert "drafter_requests_in_flight 1.0" in text
    assert 'drafter_waiting{what="job_items"} 0.0' in text
    assert made["id"] not in text


async def test_metrics_are_told_while_the_store_is_away(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only the database can count is no number then."""

    async def away(*_args: object) -> int:
        raise StoreError("away")

    monkeypatch.setattr("drafter.store.jobs.Jobs.waiting", away)
    async with service.client(await service.key()) as client:
        text = (await client.get("/metrics")).text
    assert 'drafter_waiting{what="job_items"} NaN' in text
    assert 'drafter_waiting{what="webhook_deliveries"} 0.0' in text


async def test_metrics_are_for_operators(service: Running) -> None:
    """They speak of all accounts."""
    async with service.client(await service.key(Scope.READ, Scope.DRAFT, Scope.CHECK, Scope.APPROVE)) as client:
        assert (await client.get("/metrics")).status_code == 403
