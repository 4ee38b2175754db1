"""A key is shown once, proves itself, and ends when it should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drafter.errors import RequestError
from drafter.store import open_store
from drafter.store.keys import NewKey, Scope, split_key
from drafter.store.store import Store
from tests.store.conftest import bytes_below

NOW = datetime.now(UTC)


async def make(store: Store, **options: object) -> NewKey:
    """A key of the account `acme` that may read."""
    return await store.keys.create("tool", account_id="acme", scopes=frozenset({Scope.READ}), **options)  # type: ignore[arg-type]


async def test_a_key_proves_itself(store: Store) -> None:
    """By its secret and no other; what is kept does not hold it."""
    assert await store.keys.is_empty()
    new = await make(store)
    key_id, secret = split_key(new.text) or ("", "")
    key = await store.keys.get(key_id)
    assert key is not None
    assert key.proves(secret)
    assert not key.proves(secret[:-1] + "!")
    assert secret not in repr(key)
    assert (key.account_id, key.scopes, key.is_live(NOW)) == ("acme", frozenset({Scope.READ}), True)
    assert not await store.keys.is_empty()


@pytest.mark.parametrize(
    "text", ["", "drk", "drk__", "drk_12345678_", "key_12345678_" + "x" * 43, "drk_1234567é_" + "x" * 43, "drk_12345678_" + "x" * 500]
)
def test_what_is_no_key_is_not_looked_up(text: str) -> None:
    """It is refused by its looks."""
    assert split_key(text) is None


async def test_a_revoked_key_is_dead_and_stays_listed(store: Store) -> None:
    """Who used it last can still be asked."""
    key = (await make(store)).key
    await store.keys.revoke(key.id)
    (listed,) = await store.keys.list()
    assert not listed.is_live(datetime.now(UTC))
    with pytest.raises(RequestError, match="no live key"):
        await store.keys.revoke(key.id)


async def test_an_expired_key_is_dead(store: Store) -> None:
    """From that moment on."""
    key = (await make(store, expires_at=NOW + timedelta(hours=1))).key
    assert key.is_live(NOW)
    assert not key.is_live(NOW + timedelta(hours=1))


async def test_rotation_gives_an_equal_key_and_ends_the_old_one(store: Store) -> None:
    """After the grace that its users need to change over."""
    old = (await make(store, rate_per_minute=7, daily_usd=2.5)).key
    new = (await store.keys.rotate(old.id, grace=timedelta(hours=2))).key
    assert (new.account_id, new.scopes, new.rate_per_minute, new.daily_usd) == (old.account_id, old.scopes, 7, 2.5)
    ending = await store.keys.get(old.id)
    assert ending is not None
    assert ending.is_live(NOW)
    assert not ending.is_live(NOW + timedelta(hours=3))


async def test_use_is_remembered_to_the_minute(store: Store) -> None:
    """Not written again within it."""
    key = (await make(store)).key
    await store.keys.used(key, NOW)
    first = await store.keys.get(key.id)
    assert first is not None
    assert first.last_used_at == NOW
    await store.keys.used(first, NOW + timedelta(seconds=30))
    again = await store.keys.get(key.id)
    assert again == first


async def test_local_only_is_the_accounts(store: Store) -> None:
    """Said once, it holds for all its keys until it is taken back."""
    await make(store, is_local_only=True)
    second = await make(store)
    assert second.key.is_local_only
    await make(store, is_local_only=False)
    assert not any(key.is_local_only for key in await store.keys.list())


async def test_no_secret_is_in_the_file(tmp_path: Path) -> None:
    """A stolen database lets nobody in."""
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    new = await make(store)
    await store.aclose()
    secret = (split_key(new.text) or ("", ""))[1].encode()
    assert secret not in bytes_below(tmp_path)
