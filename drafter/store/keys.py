"""Accounts and API keys. A key is shown once; what is kept proves it and cannot be turned back into it.

    drk_7f3a9c21_pX4…   `drk_`, the key's id, its secret

The secret has 256 bits of chance, so that a plain SHA-256 of it cannot be searched; a slow hash would only slow each request down.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import RowMapping

from drafter.errors import RequestError
from drafter.store.database import Database
from drafter.store.patience import unbroken
from drafter.store.schema import accounts, api_keys, jobs

PREFIX = "drk"

USED_STEP = timedelta(minutes=1)
"""How exact `last_used_at` is: a write for each request would cost more than the request."""


class Scope(StrEnum):
    """What a key may do."""

    DRAFT = "draft"
    CHECK = "check"
    READ = "read"
    APPROVE = "approve"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret."""

    id: str
    account_id: str
    name: str
    scopes: frozenset[Scope]
    is_local_only: bool
    """True when this account's texts must not leave for a remote model."""
    rate_per_minute: int | None
    """None: as the service's setting says."""
    daily_usd: float | None
    """None: as the service's setting says."""
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    digest: str

    def is_live(self, now: datetime) -> bool:
        """True while it is neither revoked nor expired."""
        return (self.revoked_at is None or now < self.revoked_at) and (self.expires_at is None or now < self.expires_at)

    def proves(self, secret: str) -> bool:
        """True when this is the key's secret; takes as long for a wrong one."""
        return hmac.compare_digest(self.digest, _digest(secret))


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key and the only sight of it."""

    key: ApiKey
    text: str
    """What a caller sends."""


def split_key(text: str) -> tuple[str, str] | None:
    """Id and secret of a key as it is sent; None when it does not look like one."""
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    is_like_one = prefix == PREFIX and len(key_id) == 8 and key_id.isalnum() and key_id.isascii() and 20 <= len(secret) <= 100
    return (key_id, secret) if is_like_one else None


@dataclass(frozen=True, slots=True)
class Keys:
    """The tables of accounts and keys."""

    database: Database

    @unbroken
    async def create(
        self,
        name: str,
        *,
        account_id: str,
        scopes: frozenset[Scope],
        expires_at: datetime | None = None,
        rate_per_minute: int | None = None,
        daily_usd: float | None = None,
        is_local_only: bool | None = None,
    ) -> NewKey:
        """A new key; its account is made with the first one. `is_local_only` holds for the whole account; None leaves it as it is."""
        now, key_id, secret = datetime.now(UTC), secrets.token_hex(4), secrets.token_urlsafe(32)
        row = {
            "id": key_id,
            "account_id": account_id,
            "name": name,
            "digest": _digest(secret),
            "scopes": ",".join(sorted(scopes)),
            "rate_per_minute": rate_per_minute,
            "daily_usd": daily_usd,
            "created_at": now,
            "expires_at": expires_at,
        }
        account = self.database.insert(accounts).values(id=account_id, created_at=now, is_local_only=bool(is_local_only))
        async with self.database.write("the key was not made") as connection:
            await connection.execute(account.on_conflict_do_nothing())
            if is_local_only is not None:
                await connection.execute(update(accounts).where(accounts.c.id == account_id).values(is_local_only=is_local_only))
            await connection.execute(insert(api_keys), row)
        key = await self.get(key_id)
        assert key is not None
        return NewKey(key, f"{PREFIX}_{key_id}_{secret}")

    @unbroken
    async def get(self, key_id: str) -> ApiKey | None:
        """The key of that id, live or not; None when there is none."""
        found = await self._select(api_keys.c.id == key_id)
        return found[0] if found else None

    @unbroken
    async def list(self) -> tuple[ApiKey, ...]:
        """All keys, live or not, oldest first."""
        return await self._select()

    @unbroken
    async def is_local_only(self, account_id: str) -> bool:
        """True when this account's texts must not leave for a remote model."""
        query = select(accounts.c.is_local_only).where(accounts.c.id == account_id)
        async with self.database.read("the account was not read") as connection:
            return bool((await connection.execute(query)).scalar_one_or_none())

    @unbroken
    async def is_empty(self) -> bool:
        """True when no key was ever made."""
        async with self.database.read("keys were not read") as connection:
            return (await connection.execute(select(func.count()).select_from(api_keys))).scalar_one() == 0

    async def rotate(self, key_id: str, *, grace: timedelta) -> NewKey:
        """A new key like the old one, which stays good for `grace`; jobs that wait are the new one's.

        Raises:
            RequestError: there is no live key of that id.
        """
        old = await self._live(key_id)
        ends_at = datetime.now(UTC) + grace
        new = await self.create(
            old.name,
            account_id=old.account_id,
            scopes=old.scopes,
            expires_at=old.expires_at,
            rate_per_minute=old.rate_per_minute,
            daily_usd=old.daily_usd,
        )
        if old.expires_at is None or ends_at < old.expires_at:
            await self._change(key_id, expires_at=ends_at)
        async with self.database.write("jobs were not handed over") as connection:
            await connection.execute(update(jobs).where(jobs.c.key_id == key_id).values(key_id=new.key.id))
        return new

    async def revoke(self, key_id: str) -> None:
        """Ends a key for good.

        Raises:
            RequestError: there is no live key of that id.
        """
        await self._live(key_id)
        await self._change(key_id, revoked_at=datetime.now(UTC))

    @unbroken
    async def used(self, key: ApiKey, at: datetime) -> None:
        """Remembers when a key was last used, to the minute."""
        if key.last_used_at is None or at - key.last_used_at > USED_STEP:
            await self._change(key.id, last_used_at=at)

    async def _live(self, key_id: str) -> ApiKey:
        key = await self.get(key_id)
        if key is None or not key.is_live(datetime.now(UTC)):
            raise RequestError(f"there is no live key {key_id!r}; see: drafter keys list", code="not_found")
        return key

    async def _change(self, key_id: str, **values: datetime) -> None:
        async with self.database.write("the key was not changed") as connection:
            await connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(**values))

    async def _select(self, *conditions: Any) -> tuple[ApiKey, ...]:
        query = select(api_keys, accounts.c.is_local_only).join(accounts).where(*conditions).order_by(api_keys.c.created_at)
        async with self.database.read("keys were not read") as connection:
            return tuple(_key(row) for row in (await connection.execute(query)).mappings())


def _key(row: RowMapping) -> ApiKey:
    scopes = frozenset(Scope(scope) for scope in row["scopes"].split(",") if scope)
    return ApiKey(**{**dict(row), "scopes": scopes})


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
