"""A person decides, and nothing counts as approved that the rules forbid."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from drafter.edits import RecordedVerdict
from drafter.store.verdicts import Verdicts
from tests.api.conftest import Running

DRAFT = {"review": {"body": "The lid of the kettle leaks."}, "product": {"title": "Tidewell kettle"}, "seller": {"brand": "Tidewell"}}


async def make(client: httpx.AsyncClient) -> dict[str, str]:
    """A draft."""
    made: dict[str, str] = (await client.post("/v1/drafts", json=DRAFT)).json()
    return made


async def say(client: httpx.AsyncClient, draft_id: str, verdict: str, **fields: str) -> httpx.Response:
    """A verdict."""
    return await client.post(f"/v1/drafts/{draft_id}/verdicts", json={"verdict": verdict, "by": "agent-12", **fields})


async def test_an_approved_draft_may_be_sent(service: Running) -> None:
    """With its text, its key and what the rules said of it just now."""
    new = await service.key()
    async with service.client(new) as client:
        made = await make(client)
        answer = await say(client, made["id"], "approved")
        body = answer.json()
        assert answer.status_code == 201
        assert (body["is_approved"], body["final_text"], body["checked"], body["edit"]) == (True, made["text"], "pass", None)
        assert (body["key_id"], body["by"], body["record_id"]) == (new.key.id, "agent-12", made["id"])
        assert (await client.get(f"/v1/drafts/{made['id']}/verdicts")).json()["items"] == [body]


async def test_an_edit_is_checked_before_it_counts(client: httpx.AsyncClient) -> None:
    """A text that breaks a rule is refused with what was found, and nothing is recorded."""
    made = await make(client)
    text = f"{made['text']} Please delete your review and you will get a gift card."
    answer = await say(client, made["id"], "edited", final_text=text)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "breaks_policy")
    assert body["findings"]
    assert all(text[f["start"] : f["end"]] == f["quote"] for f in body["findings"])
    assert (await client.get(f"/v1/drafts/{made['id']}/verdicts")).json() == {"items": []}


async def test_a_clean_edit_says_what_was_changed(client: httpx.AsyncClient) -> None:
    """Its distance and the kinds of its changes."""
    made = await make(client)
    answer = await say(client, made["id"], "edited", final_text=f"{made['text']}\n\nThank you for your patience.")
    body = answer.json()
    assert answer.status_code == 201, body
    assert body["is_approved"]
    assert 0 < body["edit"]["distance"] < 0.5
    assert [change["before"] for change in body["edit"]["changes"]] == [""]
    assert body["edit"]["kinds"]


async def test_a_rejected_draft_says_why_and_may_not_be_sent(client: httpx.AsyncClient) -> None:
    """It has no final text."""
    made = await make(client)
    body = (await say(client, made["id"], "rejected", reason="The buyer was answered by phone.")).json()
    assert (body["is_approved"], body["final_text"], body["checked"]) == (False, None, None)


async def test_who_changes_his_mind_adds_a_verdict(client: httpx.AsyncClient) -> None:
    """Nothing is overwritten, and lists go by the last one."""
    made = await make(client)
    await say(client, made["id"], "approved")
    await say(client, made["id"], "rejected", reason="sent by hand")
    said = (await client.get(f"/v1/drafts/{made['id']}/verdicts")).json()["items"]
    assert [one["verdict"] for one in said] == ["approved", "rejected"]

    async def listed(verdict: str) -> int:
        return len((await client.get("/v1/drafts", params={"verdict": verdict})).json()["items"])

    assert [await listed(verdict) for verdict in ("none", "approved", "rejected")] == [0, 0, 1]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"verdict": "approved"}, "by"),
        ({"verdict": "approved", "by": " "}, "by"),
        ({"verdict": "perhaps", "by": "a"}, "verdict"),
        ({"verdict": "rejected", "by": "a"}, "reason"),
        ({"verdict": "edited", "by": "a"}, "final_text"),
        ({"verdict": "edited", "by": "a", "final_text": " "}, "final_text"),
        ({"verdict": "approved", "by": "a", "final_text": "Sorry."}, "final_text"),
        ({"verdict": "approved", "by": "a", "more": 1}, "more"),
    ],
)
async def test_a_verdict_that_makes_no_sense_is_refused(client: httpx.AsyncClient, body: dict[str, object], field: str) -> None:
    """With the field that is wrong."""
    made = await make(client)
    answer = await client.post(f"/v1/drafts/{made['id']}/verdicts", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_an_edit_that_changes_nothing_is_no_edit(client: httpx.AsyncClient) -> None:
    """It would count as one in the figures."""
    made = await make(client)
    answer = await say(client, made["id"], "edited", final_text=made["text"])
    assert (answer.status_code, answer.json()["field"]) == (422, "final_text")


async def test_where_nothing_was_written_nothing_is_approved(client: httpx.AsyncClient) -> None:
    """A review that must not be answered can only be rejected."""
    body = {"review": {"body": "It broke."}, "channel": "buyer_message", "order": {"opted_out": True, "seller_started": True}}
    made = (await client.post("/v1/drafts", json=body)).json()
    assert (made["action"], made["text"]) == ("decline", None)
    answer = await say(client, made["id"], "approved")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_approve")
    assert (await say(client, made["id"], "rejected", reason="nothing to say")).status_code == 201


async def test_of_two_who_read_the_same_one_is_too_late(client: httpx.AsyncClient) -> None:
    """With `If-Match` nobody overrides what he has not seen; after reading again he may."""
    made = await make(client)
    path = f"/v1/drafts/{made['id']}"
    read = (await client.get(path)).headers["etag"]
    assert (await client.get(f"{path}/verdicts")).headers["etag"] == read
    client.headers["if-match"] = read
    answers = await asyncio.gather(*(say(client, made["id"], "approved") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412]
    late = await say(client, made["id"], "rejected", reason="no")
    assert (late.status_code, late.json()["code"], late.json()["field"]) == (412, "precondition_failed", "If-Match")
    client.headers["if-match"] = (await client.get(path)).headers["etag"]
    assert client.headers["if-match"] != read
    assert (await say(client, made["id"], "rejected", reason="no")).status_code == 201
    assert len((await client.get(f"{path}/verdicts")).json()["items"]) == 2


async def test_a_state_that_was_refused_is_still_the_state(client: httpx.AsyncClient) -> None:
    """A text that breaks policy records nothing, and keeps nobody out; `*` is any state."""
    made = await make(client)
    client.headers["if-match"] = (await client.get(f"/v1/drafts/{made['id']}")).headers["etag"]
    refused = await say(client, made["id"], "edited", final_text="Please delete your review.")
    assert refused.status_code == 422
    assert (await say(client, made["id"], "approved")).status_code == 201
    client.headers["if-match"] = "*"
    assert (await say(client, made["id"], "approved")).status_code == 201


async def test_an_answer_that_is_told_again_has_changed_the_state_itself(client: httpx.AsyncClient) -> None:
    """The same request under its idempotency key is no second approver."""
    made = await make(client)
    etag = (await client.get(f"/v1/drafts/{made['id']}")).headers["etag"]
    client.headers.update({"if-match": etag, "idempotency-key": "once"})
    first, second = [await say(client, made["id"], "approved") for _ in range(2)]
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())


async def test_who_minds_what_was_said_does_not_land_beside_one_who_does_not(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict without `If-Match` that comes in the midst of one with it is the state that the latter did not see."""
    append = Verdicts.append

    async def overtaken(self: Verdicts, verdict: RecordedVerdict, **options: Any) -> None:
        if verdict.by == "late":
            await say(client, made["id"], "rejected", reason="sent by hand")
        await append(self, verdict, **options)

    async with service.client(await service.key()) as client:
        made = await make(client)
        etag = (await client.get(f"/v1/drafts/{made['id']}")).headers["etag"]
        monkeypatch.setattr(Verdicts, "append", overtaken)
        body = {"verdict": "rejected", "by": "late", "reason": "no"}
        answer = await client.post(f"/v1/drafts/{made['id']}/verdicts", json=body, headers={"if-match": etag})
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (412, "precondition_failed", "If-Match")
        assert [one["by"] for one in (await client.get(f"/v1/drafts/{made['id']}/verdicts")).json()["items"]] == ["agent-12"]


async def test_a_draft_is_read_without_its_verdicts(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their number is all that its tag needs."""
    made = await make(client)
    await say(client, made["id"], "approved")

    async def read(*_args: object, **_options: object) -> None:
        raise AssertionError("verdicts were read")

    monkeypatch.setattr(Verdicts, "of_draft", read)
    assert (await client.get(f"/v1/drafts/{made['id']}")).headers["etag"].endswith('-1"')
