"""Drafts are listed page by page, read again without being sent again, and told stage by stage."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from drafter.errors import StoreError
from tests.api.conftest import Running

DRAFT = {"review": {"body": "The zipper broke on the second day."}}
STREAM = {"accept": "text/event-stream"}


async def test_the_list_goes_on_where_the_page_ended(client: httpx.AsyncClient) -> None:
    """Newest first, each once."""
    made = [(await client.post("/v1/drafts", json=DRAFT)).json()["id"] for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = (await client.get("/v1/drafts", params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


async def test_a_buyers_drafts_can_be_found(client: httpx.AsyncClient) -> None:
    """By the caller's own keys, which stand at the top of a request if he likes."""
    made = (await client.post("/v1/drafts", json={**DRAFT, "order_id": "302-1", "buyer_key": "b-7"})).json()["id"]
    await client.post("/v1/drafts", json=DRAFT)
    for wanted in ({"order_id": "302-1"}, {"buyer_key": "b-7"}):
        items = (await client.get("/v1/drafts", params=wanted)).json()["items"]
        assert [item["id"] for item in items] == [made]
        assert (items[0]["order_id"], items[0]["buyer_key"][:3]) == ("302-1", "bk_")
        again = (await client.get("/v1/drafts", params={"buyer_key": items[0]["buyer_key"]})).json()["items"]
        assert again == items


async def test_a_reply_in_a_language_that_is_not_covered_is_a_persons(client: httpx.AsyncClient) -> None:
    """And the reason says so, with its sentence on the page of codes."""
    made = (await client.post("/v1/drafts", json={**DRAFT, "options": {"language": "nl"}})).json()
    assert (made["action"], made["text"], made["reasons"]) == ("escalate", None, ["no_draft", "language_not_supported"])
    assert 'id="reason-language_not_supported"' in (await client.get("/docs/problems")).text


@pytest.mark.parametrize("path", ["/v1/drafts", "/v1/triage"])
async def test_an_unknown_prompt_is_refused_although_no_model_is_asked(client: httpx.AsyncClient, path: str) -> None:
    """Else it would be found when a model is asked for the first time; a label is known as well."""
    wrong = await client.post(path, json={**DRAFT, "options": {"prompt": "reply/v77"}})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (422, "unknown_prompt", "options.prompt")
    assert (await client.post(path, json={**DRAFT, "options": {"prompt": "production"}})).status_code == 200


async def test_an_unknown_remedy_is_told_now_and_later(client: httpx.AsyncClient) -> None:
    """In the answer, and when the draft is read again: a job's drafts are only ever read."""
    made = (await client.post("/v1/drafts", json={**DRAFT, "seller": {"allowed_remedies": ["refund", "full_refund"]}})).json()
    again = (await client.get(f"/v1/drafts/{made['id']}")).json()
    assert again["warnings"] == made["warnings"]
    (warning,) = made["warnings"]
    assert "did you mean full_refund?" in warning


@pytest.mark.parametrize("key", ["jane@example.com", "Jane Doe", "", "-x"])
async def test_a_buyer_key_is_no_name(client: httpx.AsyncClient, key: str) -> None:
    """What looks like a person's name or address stays out of the store."""
    answer = await client.post("/v1/drafts", json={**DRAFT, "order": {"buyer_key": key}})
    assert (answer.status_code, answer.json()["field"]) == (422, "order.buyer_key")
    assert key not in answer.text or not key


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("action=fly", "action"),
        ("nonsense=1", "nonsense"),
        ("cursor=x", "cursor"),
        ("order_id=%00", "order_id"),
        ("since=x", "since"),
    ],
)
async def test_a_wrong_query_is_named(client: httpx.AsyncClient, query: str, field: str) -> None:
    """400, since 422 is for bodies."""
    answer = await client.get(f"/v1/drafts?{query}")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "invalid_parameter", field)


@pytest.mark.parametrize("path", ["/v1/drafts/{id}", "/v1/rules", "/v1/prompts", "/v1/channels", "/v1/templates"])
async def test_what_has_not_changed_is_not_sent_again(client: httpx.AsyncClient, path: str) -> None:
    """`If-None-Match` with the tag gets 304 and no body; another tag gets it all."""
    made = (await client.post("/v1/drafts", json=DRAFT)).json()["id"]
    first = await client.get(path.format(id=made))
    again = await client.get(path.format(id=made), headers={"if-none-match": f'"x", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get(path.format(id=made), headers={"if-none-match": '"x"'})
    assert (other.status_code, other.content) == (200, first.content)


def events(text: str) -> list[tuple[str, Any]]:
    """Names and values of a stream's events."""
    parts = [part.splitlines() for part in text.strip().split("\n\n") if not part.startswith(":")]
    return [(lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))) for lines in parts]


async def test_stages_are_told_before_the_draft(service: Running) -> None:
    """Names and seconds, and the text once, at the end, as it is stored."""
    async with service.client(await service.key()) as client:
        answer = await client.post("/v1/drafts", json=DRAFT, headers=STREAM)
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events(answer.text)
        assert [name for name, _ in told] == [*["stage"] * 6, "draft"]
        assert all(set(value) == {"stage", "duration_s"} for name, value in told if name == "stage")
        final = told[-1][1]
        assert [value["stage"] for _, value in told[:-1]] == ["triage", "template", "guardrail", "proof", "scoring", "store"]
        assert answer.text.count(json.dumps(final["text"])[1:-1]) >= 1
        assert (await client.get(f"/v1/drafts/{final['id']}")).json()["text"] == final["text"]


async def test_an_error_ends_the_stream_as_a_problem(client: httpx.AsyncClient) -> None:
    """With its code; a wrong body never begins one."""
    answer = await client.post("/v1/drafts", json={**DRAFT, "options": {"model": "openai/x"}}, headers=STREAM)
    assert events(answer.text)[-1][1]["code"] == "unknown_model"
    wrong = await client.post("/v1/drafts", json={"review": {}}, headers=STREAM)
    assert (wrong.status_code, wrong.headers["content-type"]) == (422, "application/problem+json")


async def test_silence_is_filled(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing between us takes the connection for dead."""

    async def slow(*_args: object, **_options: object) -> None:
        await asyncio.sleep(0.1)
        raise StoreError("slow")

    monkeypatch.setattr("drafter.api.stages.ALIVE_S", 0.02)
    monkeypatch.setattr("drafter.store.drafts.Drafts.append", slow)
    answer = await client.post("/v1/drafts", json=DRAFT, headers=STREAM)
    assert ": still working" in answer.text
    assert events(answer.text)[-1][1]["is_stored"] is False
