"""Internal tools get what the contract says."""

from __future__ import annotations

import httpx
import pytest

from drafter.answers import CheckedFinding, CheckResult


async def test_a_draft_comes_with_its_proof(client: httpx.AsyncClient) -> None:
    """The least request gets an offered draft, every rule's result and a record to read again."""
    answer = await client.post("/v1/drafts", json={"review": {"body": "The zipper broke on the second day."}})
    assert answer.status_code == 200
    body = answer.json()
    assert body["action"] == "offer"
    assert body["origin"] == "template"
    assert body["text"] == body["draft"]["text"]
    assert body["report"]["verdict"] == "pass"
    assert len({result["rule_id"] for result in body["report"]["results"]}) == len(body["report"]["results"])
    again = await client.get(f"/v1/drafts/{body['id']}")
    assert again.json()["draft"] == body["draft"]


async def test_a_check_has_exactly_the_fields_of_the_contract(client: httpx.AsyncClient) -> None:
    """Scripts rely on names; a violation comes with its words."""
    text = "Could you please delete your review?"
    answer = await client.post("/v1/checks", json={"id": 7, "channel": "review_followup", "text": text, "resolvd": True})
    body = answer.json()
    assert set(body) == set(CheckResult.model_fields) >= {"id", "verdict", "findings", "errored"}
    assert "frequency-cap-thread" in body["skipped"]["no previous_messages given"]
    assert body["warnings"] == ['"resolvd" is no known field and was ignored; did you mean resolved?']
    assert body["id"] == 7
    assert body["verdict"] == "block"
    for finding in body["findings"]:
        assert set(finding) == set(CheckedFinding.model_fields)
        assert text[finding["start"] : finding["end"]] == finding["quote"]


async def test_triage_names_the_problem(client: httpx.AsyncClient) -> None:
    """A bare review is enough."""
    body = (
        await client.post("/v1/triage", json={"id": "t", "body": "The box arrived two weeks late and nobody answered my messages."})
    ).json()
    assert body["id"] == "t"
    assert body["language"] == "en"
    assert "late_delivery" in body["issues"]


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b'{"review": {}}', "application/json", 422, "invalid"),
        (b'{"body": "x", "rating": 7}', "application/json", 422, "invalid"),
        (b'{"body": "x", "channel": "fax"}', "application/json", 422, "unknown_channel"),
        (b'{"body": ', "application/json", 400, "not_json"),
        (b'{"body": "caf\xe9"}', "application/json", 400, "not_utf8"),
        (b" " * 1_000_000, "application/json", 413, "too_large"),
        (b"body=x", "application/x-www-form-urlencoded", 415, "wrong_media_type"),
    ],
)
async def test_a_wrong_request_gets_one_sentence(
    client: httpx.AsyncClient, content: bytes, content_type: str, status: int, code: str
) -> None:
    """Every refusal is a problem with a stable code."""
    answer = await client.post("/v1/drafts", content=content, headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_what_is_not_there_is_a_problem_too(client: httpx.AsyncClient) -> None:
    """Unknown records, unknown paths and wrong methods have the same shape."""
    for method, path, status in [("GET", "/v1/drafts/d_none", 404), ("GET", "/v1/nothing", 404), ("DELETE", "/v1/checks", 405)]:
        answer = await client.request(method, path)
        assert answer.status_code == status
        assert answer.json()["status"] == status
