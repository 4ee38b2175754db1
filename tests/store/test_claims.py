"""One key, one record: across tasks, processes, crashes and time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from drafter.errors import RequestError, StoreError
from drafter.store import claims as claims_module
from drafter.store import open_store
from drafter.store.claims import Claim, Fulfilled
from drafter.store.store import Store
from tests.store.conftest import RecordOf


async def claim(store: Store, *, key: str = "k", account: str = "acme", fingerprint: str = "f", held_s: float = 60) -> Claim | Fulfilled:
    """A claim of the usual kind."""
    return await store.claims.claim(wish(key=key, account=account, fingerprint=fingerprint, held_s=held_s))


def wish(*, key: str = "k", account: str = "acme", fingerprint: str = "f", held_s: float = 60) -> Claim:
    """The same, not made yet."""
    return Claim.wish(account, key, fingerprint=fingerprint, held_s=held_s)


async def test_the_same_request_gets_the_same_record(store: Store, record_of: RecordOf) -> None:
    """As often as it asks."""
    mine = await claim(store)
    assert isinstance(mine, Claim)
    await store.drafts.append(record_of("d_1"), account_id="acme", claim=mine)
    assert await claim(store) == Fulfilled("d_1")


async def test_a_claim_that_could_not_be_made_before_is_made_with_the_record(store: Store, record_of: RecordOf) -> None:
    """The store was away when the request came, and is there when its record is written."""
    await store.drafts.append(record_of("d_1"), account_id="acme", claim=wish())
    assert await claim(store) == Fulfilled("d_1")


async def test_a_claim_that_another_one_has_by_then_writes_nothing(store: Store, record_of: RecordOf) -> None:
    """Two records under one key would be worse than one that is told not to be stored."""
    await claim(store)
    with pytest.raises(StoreError):
        await store.drafts.append(record_of("d_1"), account_id="acme", claim=wish())
    assert await store.get("d_1") is None


async def test_another_request_may_not_have_the_key(store: Store) -> None:
    """A key that is used for two things is a mistake that must be seen."""
    await claim(store)
    with pytest.raises(RequestError) as caught:
        await claim(store, fingerprint="other")
    assert caught.value.code == "idempotency_key_reused"


async def test_accounts_have_their_own_keys(store: Store) -> None:
    """The same words of two accounts are two keys."""
    assert isinstance(await claim(store), Claim)
    assert isinstance(await claim(store, account="other"), Claim)


async def test_of_many_at_once_one_answers(database_url: str) -> None:
    """Two processes, ten requests each; the others are told to wait. A database in memory has one process."""
    stores = [open_store(database_url)] if database_url == "memory" else [open_store(database_url) for _ in range(2)]
    got = await asyncio.gather(*(claim(store) for _ in range(10) for store in stores), return_exceptions=True)
    assert sum(isinstance(one, Claim) for one in got) == 1
    assert {one.code for one in got if isinstance(one, RequestError)} == {"idempotency_in_flight"}
    await asyncio.gather(*(store.aclose() for store in stores))


async def test_what_was_given_up_can_be_claimed_again(store: Store) -> None:
    """A request that failed has not used its key."""
    mine = await claim(store)
    assert isinstance(mine, Claim)
    await store.claims.give_up(mine)
    assert isinstance(await claim(store), Claim)


async def test_a_process_that_died_does_not_hold_its_key_for_ever(store: Store, record_of: RecordOf) -> None:
    """The next one answers; should the first one live after all, its record does not stay."""
    dead = await claim(store, held_s=-1)
    assert isinstance(dead, Claim)
    heir = await claim(store)
    assert isinstance(heir, Claim)
    with pytest.raises(StoreError):
        await store.drafts.append(record_of("d_dead"), account_id="acme", claim=dead)
    assert await store.get("d_dead") is None
    await store.drafts.append(record_of("d_heir"), account_id="acme", claim=heir)
    assert await claim(store) == Fulfilled("d_heir")


async def test_after_a_day_a_key_is_new(store: Store, record_of: RecordOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are not kept for ever."""
    mine = await claim(store)
    assert isinstance(mine, Claim)
    await store.drafts.append(record_of("d_1"), account_id="acme", claim=mine)
    await store.claims.forget_old()
    assert isinstance(await claim(store), Fulfilled)
    monkeypatch.setattr(claims_module, "KEPT", timedelta(seconds=-1))
    assert isinstance(await claim(store), Claim)
    await store.claims.forget_old()
