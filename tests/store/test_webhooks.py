"""Webhooks and their outbox, on every kind of database."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from drafter.errors import RequestError
from drafter.store import webhooks
from drafter.store.drafts import Erasure
from drafter.store.store import Store
from drafter.webhooks.request import EventType
from tests.store.conftest import RecordOf

URL = "https://hooks.example.com/"


async def test_an_event_is_taken_once_however_many_take(store: Store, record_of: RecordOf) -> None:
    """Each delivery by one of them."""
    await store.webhooks.create("local", URL, (EventType.DRAFT_DECIDED,))
    for number in range(10):
        await store.append(record_of(f"d_{number}"))
    taken = [*await asyncio.gather(*(store.webhooks.take(3, each=3) for _ in range(6)))]
    while parcels := await store.webhooks.take(3, each=3):
        taken.append(parcels)
    ids = [parcel.delivery.id for parcels in taken for parcel in parcels]
    assert len(ids) == len(set(ids)) == 10
    assert all(len(parcels) <= 3 for parcels in taken)


async def test_one_webhook_leaves_room_for_the_others(store: Store, record_of: RecordOf) -> None:
    """However much waits for it, and none of it when it has enough."""
    first, second = [await store.webhooks.create("local", URL, (EventType.DRAFT_DECIDED,)) for _ in range(2)]
    for number in range(4):
        await store.append(record_of(f"d_{number}"))
    assert Counter(parcel.webhook_id for parcel in await store.webhooks.take(8, each=1)) == {first.id: 1, second.id: 1}
    assert {parcel.webhook_id for parcel in await store.webhooks.take(8, each=2, without=[first.id])} == {second.id}


async def test_a_record_that_was_not_written_is_not_told(store: Store, record_of: RecordOf) -> None:
    """The event and the record are one transaction."""
    made = await store.webhooks.create("local", URL, (EventType.DRAFT_DECIDED,))
    await store.append(record_of("d_1"))
    with pytest.raises(Exception, match="not written"):
        await store.append(record_of("d_1"))
    assert len(await store.webhooks.deliveries(made.id)) == 1


async def test_an_account_sees_its_own_and_has_so_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than it may."""
    monkeypatch.setattr(webhooks, "MAX_WEBHOOKS", 1)
    made = await store.webhooks.create("acme", URL, tuple(EventType))
    with pytest.raises(RequestError, match="at most 1"):
        await store.webhooks.create("acme", URL, tuple(EventType))
    assert await store.webhooks.get(made.id, account_id="other") is None
    assert await store.webhooks.list("other") == ()
    await store.webhooks.delete(made.id, account_id="other")
    assert [one.id for one in await store.webhooks.list("acme")] == [made.id]
    await store.webhooks.delete(made.id, account_id="acme")
    assert await store.webhooks.list("acme") == ()


async def test_a_webhook_takes_its_deliveries_along(store: Store, record_of: RecordOf) -> None:
    """And what never was one is not there."""
    made = await store.webhooks.create("local", URL, (EventType.DRAFT_DECIDED,))
    await store.append(record_of("d_1"))
    assert await store.webhooks.replay(made.id, "e_none") is None
    assert await store.webhooks.replay(made.id, "\0") is None
    assert await store.webhooks.get("\0", account_id="local") is None
    await store.webhooks.delete(made.id, account_id="local")
    assert await store.webhooks.take(9, each=9) == ()
    await store.webhooks.forget_old()
    await store.drafts.purge(Erasure())
