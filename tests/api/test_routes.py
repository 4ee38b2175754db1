"""Internal tools get what the contract says."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from drafter.answers import CheckedFinding, CheckResult
from drafter.store.contacts import Contacts
from drafter.store.keys import Scope
from drafter.store.patience import unbroken
from tests.api.conftest import running


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


async def test_triage_and_draft_carry_the_removal_packet(client: httpx.AsyncClient) -> None:
    """What Amazon may be asked, checked by the rules, is in both answers."""
    body = {"body": "Ring me on 555-0142 and I will tell you more.", "rating": 1}
    triage = (await client.post("/v1/triage", json=body)).json()
    draft = (await client.post("/v1/drafts", json=body)).json()
    assert triage["removal_packet"]["verdict"] == "pass"
    assert "Private information" in triage["removal_packet"]["text"]
    assert draft["triage"]["removal_packet"] == triage["removal_packet"]


NOTICE = {
    "review": {"subject": "seller_feedback", "rating": 1, "body": "Nobody answered my messages."},
    "channel": "feedback_contact",
    "order": {"order_id": "302-1", "buyer_key": "b-7", "resolved": True, "opted_out": False},
}


async def test_a_notice_that_was_approved_is_not_written_twice(client: httpx.AsyncClient) -> None:
    """Draft, approve, ask again: the ledger remembers the contact, refuses the second, and the record shows what it went by."""
    first = (await client.post("/v1/drafts", json=NOTICE)).json()
    assert first["action"] == "offer"
    unread = (await client.post("/v1/drafts", json=NOTICE)).json()
    assert unread["action"] == "offer"
    said = await client.post(f"/v1/drafts/{first['id']}/verdicts", json={"verdict": "approved", "by": "agent-1"})
    assert said.status_code == 201
    triage = (await client.post("/v1/triage", json=NOTICE)).json()
    assert (triage["route"], triage["reasons"][0], triage["contact"]["door"]) == ("no_reply", "notice_repeat", "public_reply")
    again = (await client.post("/v1/drafts", json=NOTICE)).json()
    assert (again["action"], again["text"]) == ("decline", None)
    late = await client.post(f"/v1/drafts/{unread['id']}/verdicts", json={"verdict": "approved", "by": "agent-2"})
    assert (late.status_code, late.json()["code"]) == (409, "contact_refused")
    assert "notice_repeat" in late.json()["detail"]
    twice = await client.post(f"/v1/drafts/{first['id']}/verdicts", json={"verdict": "approved", "by": "agent-2"})
    assert twice.status_code == 201
    other = {**NOTICE, "order": {**NOTICE["order"], "order_id": "302-2"}}
    assert (await client.post("/v1/triage", json=other)).json()["route"] == "draft"


async def test_of_two_approvals_at_once_one_is_recorded(client: httpx.AsyncClient) -> None:
    """Both drafts were written before either was approved; the second approval must see the first."""
    drafts = [(await client.post("/v1/drafts", json=NOTICE)).json()["id"] for _ in range(2)]
    said = {"verdict": "approved", "by": "agent-1"}
    answers = await asyncio.gather(*(client.post(f"/v1/drafts/{draft}/verdicts", json=said) for draft in drafts))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_a_public_reply_that_was_approved_is_live(client: httpx.AsyncClient) -> None:
    """It is not drafted twice, unless Feedback Manager says that the place is free again."""
    asked = {**NOTICE, "channel": "feedback_reply"}
    made = (await client.post("/v1/drafts", json=asked)).json()
    await client.post(f"/v1/drafts/{made['id']}/verdicts", json={"verdict": "approved", "by": "agent-1"})
    assert "reply_live" in (await client.post("/v1/triage", json=asked)).json()["reasons"]
    free = {**asked, "order": {**NOTICE["order"], "public_reply": "none"}}
    assert "reply_live" not in (await client.post("/v1/triage", json=free)).json()["reasons"]


async def test_the_clock_counts_where_no_date_is_given(client: httpx.AsyncClient) -> None:
    """An order of 2020 is over, although nobody said when the feedback came; a caller may ask as of another day."""
    asked = {**NOTICE, "order": {"completed_at": "2020-01-01T00:00:00Z"}}
    assert "window_expired" in (await client.post("/v1/triage", json=asked)).json()["reasons"]
    assert (await client.post("/v1/triage", json={**asked, "asked_at": "2020-01-09T00:00:00Z"})).json()["route"] == "draft"


async def test_an_unknown_store_and_a_mistyped_field_are_told(client: httpx.AsyncClient) -> None:
    """Neither is an error, and neither is passed over in silence."""
    asked = {"body": "It broke.", "marketplace": "amazon.mars", "raiting": 1}
    for path in ("/v1/triage", "/v1/drafts"):
        warnings = (await client.post(path, json=asked)).json()["warnings"]
        assert any("amazon.mars" in sentence for sentence in warnings)
        assert any("raiting" in sentence for sentence in warnings)


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


async def test_an_approval_that_was_taken_back_stands_in_nobodys_way(client: httpx.AsyncClient) -> None:
    """Also not in that of a draft that was made while it stood: three messages a week are allowed, and two were not sent after all."""
    message = {**NOTICE, "order": {**NOTICE["order"], "resolved": False}}

    async def judge(draft_id: str, verdict: str) -> int:
        said = {"verdict": verdict, "by": "agent-1", "reason": "not sent"}
        return (await client.post(f"/v1/drafts/{draft_id}/verdicts", json=said)).status_code

    *others, one, two = [(await client.post("/v1/drafts", json=message)).json()["id"] for _ in range(4)]
    assert [await judge(draft_id, "approved") for draft_id in (one, two)] == [201, 201]
    third = (await client.post("/v1/drafts", json=message)).json()["id"]
    assert [await judge(draft_id, "rejected") for draft_id in (one, two)] == [201, 201]
    assert [await judge(draft_id, "approved") for draft_id in (*others, third)] == [201, 201, 201]
    assert await judge(one, "approved") == 409


async def test_the_record_keeps_what_the_caller_told_apart() -> None:
    """What the store added stands beside the request, a public reply as well."""
    async with running(auth="none") as service, service.client() as client:
        first = (await client.post("/v1/drafts", json=NOTICE)).json()["id"]
        reply = (await client.post("/v1/drafts", json={**NOTICE, "channel": "feedback_reply"})).json()["id"]
        for draft_id in (first, reply):
            await client.post(f"/v1/drafts/{draft_id}/verdicts", json={"verdict": "approved", "by": "agent-1"})
        made = (await client.post("/v1/drafts", json=NOTICE)).json()["id"]
        record = await service.services.store.get(made)
        assert record is not None
        assert record.recalled is not None
        assert (record.request.order.contacts, record.request.order.public_reply) == (None, None)
        assert ([c.kind for c in record.recalled.contacts], record.recalled.public_reply) == (["notice"], "live")
        assert record.triage.reasons[0] == "notice_repeat"


async def test_danger_is_seen_where_no_reply_may_be_sent(client: httpx.AsyncClient) -> None:
    """A person must look, and no text is made for a buyer who must not be written to."""
    body = {"review": {"body": "The kettle caught fire and burned my hand."}, "order": {"opted_out": True}}
    triage = (await client.post("/v1/triage", json=body)).json()
    assert (triage["route"], triage["safety"], triage["urgency"]) == ("human_only", True, 1.0)
    made = (await client.post("/v1/drafts", json=body)).json()
    assert (made["action"], made["text"], made["attempts"]) == ("escalate", None, [])
    assert made["reasons"] == triage["reasons"] == ["buyer_opted_out", "safety_hazard"]
    calm = (await client.post("/v1/drafts", json={**body, "review": {"body": "The lid leaks."}})).json()
    assert (calm["action"], calm["reasons"]) == ("decline", ["buyer_opted_out"])


async def test_what_was_sent_is_told_to_who_may_read() -> None:
    """A key that may only check learns nothing of a buyer by asking what may be written to him."""
    async with running() as service:
        reader, checker = await service.key(), await service.key(Scope.CHECK)
        async with service.client(reader) as known, service.client(checker) as stranger:
            made = (await known.post("/v1/drafts", json=NOTICE)).json()["id"]
            await known.post(f"/v1/drafts/{made}/verdicts", json={"verdict": "approved", "by": "agent-1"})
            assert (await known.post("/v1/triage", json=NOTICE)).json()["reasons"] == ["notice_repeat"]
            told = (await stranger.post("/v1/triage", json=NOTICE)).json()
            assert told["reasons"] == ["draftable"]
            assert "order.contacts" in told["contact"]["missing"]
            assert any("scope read" in sentence for sentence in told["warnings"])


async def test_who_may_only_draft_is_refused_and_told_by_which_limit() -> None:
    """The buyer is spared whoever asks; beside the limit's name no record is told, neither its time nor who approved it."""
    async with running() as service:
        reader, drafter = await service.key(), await service.key(Scope.DRAFT)
        async with service.client(reader) as known, service.client(drafter) as stranger:
            made = (await known.post("/v1/drafts", json=NOTICE)).json()["id"]
            said = await known.post(f"/v1/drafts/{made}/verdicts", json={"verdict": "approved", "by": "agent-1"})
            answer = await stranger.post("/v1/drafts", json=NOTICE)
            assert (answer.json()["action"], answer.json()["reasons"]) == ("decline", ["notice_repeat"])
            assert not {said.json()["at"], made, "agent-1"} & set(re.findall(r'"([^"]*)"', answer.text))
            assert (await stranger.get(f"/v1/drafts/{made}")).status_code == 403


async def test_a_follow_up_of_unknown_kind_is_cleared_by_telling(client: httpx.AsyncClient) -> None:
    """Approved while nobody knew of an answer, it stands against the next one until its kind, or the buyer's answer, is told."""
    asked = {"review": {"body": "The lid leaks.", "rating": 1}, "order": {"order_id": "302-9"}}
    made = (await client.post("/v1/drafts", json=asked)).json()["id"]
    said = await client.post(f"/v1/drafts/{made}/verdicts", json={"verdict": "approved", "by": "agent-1"})
    assert said.status_code == 201, said.text

    async def triage(**facts: object) -> list[str]:
        body = {**asked, "order": {**asked["order"], **facts}}
        return list((await client.post("/v1/triage", json=body)).json()["reasons"])

    assert await triage() == await triage(buyer_replied=False) == ["template_unsure"]
    assert await triage(buyer_replied=True) == ["draftable"]
    was = {"kind": "answer", "sent_at": said.json()["at"]}
    assert await triage(buyer_replied=False, contacts=[was]) == ["draftable"]
    assert await triage(buyer_replied=False, contacts=[{**was, "kind": "template"}]) == ["template_repeat"]


async def test_triage_waits_for_no_store_that_hangs(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent before is then a fact that is missing."""

    @unbroken
    async def hang(_self: Contacts, *_args: object, **_options: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(Contacts, "of", hang)
    async with asyncio.timeout(3):
        told = (await client.post("/v1/triage", json=NOTICE)).json()
    assert "order.contacts" in told["contact"]["missing"]
