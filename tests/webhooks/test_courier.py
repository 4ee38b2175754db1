"""Deliveries reach a real server on this machine: signed, again when it failed, never along a redirect."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from drafter.domain import DraftRecord
from drafter.store import open_store
from drafter.store.schema import deliveries
from drafter.store.store import Store
from drafter.store.summaries import NewWebhook
from drafter.store.webhooks import PAUSES
from drafter.webhooks.address import AllowList
from drafter.webhooks.courier import Courier
from drafter.webhooks.request import EventType
from tests.store.conftest import RecordOf, record_of, sample

__all__ = ["record_of", "sample"]

LOOPBACK = AllowList.read(("localhost",), ("127.0.0.0/8", "::1/128"))


@dataclass
class Receiver:
    """A server that writes down what it is told and answers as it is bidden."""

    answers: list[str] = field(default_factory=list)
    told: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.told.append((head[0], headers, body))
        answer = self.answers.pop(0) if self.answers else "204 No Content"
        writer.write(f"HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Listens on a free port."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()
    await server.wait_closed()


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty store."""
    store = open_store("memory")
    yield store
    await store.aclose()


async def hook(store: Store, receiver: Receiver, *events: EventType) -> NewWebhook:
    """A webhook of the local account that leads to the receiver."""
    return await store.webhooks.create("local", f"http://localhost:{receiver.port}/in?x=1", events or tuple(EventType))


async def make_due(store: Store) -> None:
    """Lets the pause of all deliveries be over."""
    async with store.database.write("x") as connection:
        await connection.execute(update(deliveries).values(due_at=datetime.now(UTC) - timedelta(seconds=1)))


async def test_an_event_arrives_signed(store: Store, receiver: Receiver, sample: DraftRecord) -> None:
    """Under its id and time; its body holds ids and codes, and no word of the review or the draft."""
    made = await hook(store, receiver)
    await store.append(sample)
    async with Courier(store.webhooks, LOOPBACK, clock=lambda: 1_790_000_000.0) as courier:
        assert await courier.deliver() == 1
        assert await courier.deliver() == 0
    [(line, headers, body)] = receiver.told
    assert line == "POST /in?x=1 HTTP/1.1"
    assert headers["host"] == f"localhost:{receiver.port}"
    said = f"{headers['webhook-id']}.1790000000.".encode() + body
    signature = base64.b64encode(hmac.new(bytes.fromhex(made.secret), said, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{signature}"
    event = json.loads(body)
    assert (event["type"], event["data"]["draft_id"], event["data"]["action"]) == ("draft.decided", "d_0", "offer")
    assert b"lid" not in body
    [delivery] = await store.webhooks.deliveries(made.id)
    assert (delivery.state, delivery.tries, delivery.status, delivery.error) == ("delivered", 1, 204, None)


@pytest.mark.parametrize(("answer", "status"), [("500 Oops", 500), ("302 Found\r\nlocation: http://127.0.0.1:1/", 302), ("410 Gone", 410)])
async def test_what_failed_is_sent_again_later(store: Store, receiver: Receiver, sample: DraftRecord, answer: str, status: int) -> None:
    """After a pause, under the same id; a redirect is no answer and is not followed."""
    made = await hook(store, receiver)
    await store.append(sample)
    receiver.answers = [answer]
    async with Courier(store.webhooks, LOOPBACK) as courier:
        await courier.deliver()
        [delivery] = await store.webhooks.deliveries(made.id)
        assert (delivery.state, delivery.status, delivery.error) == ("pending", status, "status")
        assert delivery.due_at > datetime.now(UTC)
        assert await courier.deliver() == 0
        await make_due(store)
        assert await courier.deliver() == 1
    assert len({headers["webhook-id"] for _, headers, _ in receiver.told}) == 1
    [delivery] = await store.webhooks.deliveries(made.id)
    assert (delivery.state, delivery.tries) == ("delivered", 2)


async def test_nobody_tries_for_ever_and_anybody_may_ask_for_more(store: Store, receiver: Receiver, sample: DraftRecord) -> None:
    """It fails after the last pause; a replay sends it once more."""
    made = await hook(store, receiver)
    await store.append(sample)
    receiver.answers = ["503 No"] * (len(PAUSES) + 1)
    async with Courier(store.webhooks, LOOPBACK) as courier:
        for _ in range(len(PAUSES) + 1):
            await make_due(store)
            await courier.deliver()
        [delivery] = await store.webhooks.deliveries(made.id)
        assert (delivery.state, delivery.tries) == ("failed", len(PAUSES) + 1)
        await make_due(store)
        assert await courier.deliver() == 0
        again = await store.webhooks.replay(made.id, delivery.id)
        assert again is not None
        assert again.id == delivery.id
        assert await courier.deliver() == 1
    assert len(receiver.told) == len(PAUSES) + 2


async def test_an_address_inside_is_never_asked(store: Store, receiver: Receiver, sample: DraftRecord) -> None:
    """Whatever its name is: this machine is no part of the open internet."""
    made = await hook(store, receiver)
    await store.append(sample)
    async with Courier(store.webhooks, AllowList.read(("localhost",), ("10.0.0.0/8",))) as courier:
        await courier.deliver()
    assert receiver.told == []
    [delivery] = await store.webhooks.deliveries(made.id)
    assert (delivery.state, delivery.error) == ("pending", "address_refused")


async def test_a_process_that_died_leaves_nothing_undelivered(store: Store, receiver: Receiver, sample: DraftRecord) -> None:
    """What it had taken is another's when the lease is over; until then nobody else's."""
    await hook(store, receiver)
    await store.append(sample)
    assert len(await store.webhooks.take(8, each=2)) == 1
    async with Courier(store.webhooks, LOOPBACK) as courier:
        assert await courier.deliver() == 0
        await make_due(store)
        assert await courier.deliver() == 1
    assert len(receiver.told) == 1


async def test_only_what_is_wanted_by_its_own_account_is_told(store: Store, receiver: Receiver, sample: DraftRecord) -> None:
    """Another account's drafts, and events that were not asked for, are not."""
    await hook(store, receiver, EventType.DRAFT_VERDICT)
    await store.webhooks.create("other", f"http://localhost:{receiver.port}/other", tuple(EventType))
    await store.append(sample)
    async with Courier(store.webhooks, LOOPBACK) as courier:
        assert await courier.deliver() == 0


async def test_a_receiver_that_hangs_holds_nobody_up(store: Store, receiver: Receiver, record_of: RecordOf) -> None:
    """However much waits for it: what others are to be told is sent meanwhile."""
    told = asyncio.Event()

    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await told.wait()
        writer.close()

    hanging = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = hanging.sockets[0].getsockname()[1]
    await store.webhooks.create("local", f"http://localhost:{port}/", tuple(EventType))
    await hook(store, receiver)
    for number in range(20):
        await store.append(record_of(f"d_{number}"))
    async with Courier(store.webhooks, LOOPBACK) as courier:
        sending = asyncio.create_task(courier.deliver())
        while len(receiver.told) < 20:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert not sending.done()
        told.set()
        await sending
    hanging.close()


async def test_an_address_that_breaks_the_resolver_fails_alone(store: Store, receiver: Receiver, sample: DraftRecord) -> None:
    """It was let in by an older version; the others are told all the same."""
    broken = await store.webhooks.create("local", f"http://{'a' * 64}.localhost:1/", tuple(EventType))
    await hook(store, receiver)
    await store.append(sample)
    async with Courier(store.webhooks, AllowList.read(("*.localhost", "localhost"), ("127.0.0.0/8", "::1/128"))) as courier:
        assert await courier.deliver() == 2
    [delivery] = await store.webhooks.deliveries(broken.id)
    assert (delivery.error, len(receiver.told)) == ("address_refused", 1)
