"""Who is asking, and may he? Every route below `/v1` begins with `Needs(scope)`; a generated test asks each with every wrong identity."""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from fastapi import Request

from drafter.api.edge import note
from drafter.api.limiter import Limiter
from drafter.errands import Principal
from drafter.errors import AccessError, StoreError
from drafter.settings import Settings
from drafter.store.keys import ApiKey, Scope, split_key
from drafter.store.patience import waiting_until
from drafter.store.store import Store
from drafter.telemetry import Metrics

FRESH_S = 5.0
"""How long a key that was read is believed: so long a revoked key may still be used."""

STALE_S = 300.0
"""How long it is believed while the store cannot be reached."""

PATIENCE_S = 0.6
"""How long the store is waited for to count a caller, or to look again at his key: an answer's deadline is running."""

STRANGER_S = 2.4
"""How long it is waited for to know a caller for the first time: without it there is no answer at all."""

NOTE_S = 0.1
"""How much of it to remember that he was here."""

TOLD_S = 60.0
"""How often it is tried to remember that a key was used."""

PLAIN_NAMES = ("localhost", "127.0.0.1")
"""Of this machine, as `Host` nearly always has them."""

NOT_VALID = "the API key is unknown, wrong, revoked or expired"
"""One sentence for all of them: nobody learns which part of a guess was right."""


@dataclass(slots=True)
class _Known:
    """A key, as it was when it was read."""

    key: ApiKey
    read_at: float
    asked_at: float
    """When it was last asked for; later than `read_at` while the store is away."""
    told_at: float = -math.inf


class Gatekeeper:
    """Knows callers by their keys."""

    def __init__(self, store: Store, settings: Settings, metrics: Metrics) -> None:
        self._store = store
        self._settings = settings
        self._limiter = Limiter(store.counters, on_alone=metrics.counted_alone)
        self._known: dict[str, _Known] = {}

    async def admit(self, request: Request, scope: Scope) -> Principal:
        """On whose behalf the request is answered.

        Raises:
            AccessError: by nobody's, or not to do this, or not now.
            StoreError: it cannot be known.
        """
        if self._settings.auth == "none":
            return _local_caller(request)
        key = await self._key(request.headers.get("authorization", ""))
        note(request.scope, key_id=key.id, account_id=key.account_id)
        if scope not in key.scopes:
            raise AccessError(f"this key lacks the scope {scope.value}", code="scope_missing")
        per_minute = key.rate_per_minute or self._settings.rate_per_minute
        if per_minute:
            with waiting_until(time.monotonic() + PATIENCE_S):
                await self._limiter.admit(key.id, per_minute)
        return Principal(key.account_id, key.id, key.daily_usd, key.is_local_only, may_read=Scope.READ in key.scopes)

    async def _key(self, header: str) -> ApiKey:
        kind, _, text = header.partition(" ")
        if not header:
            raise AccessError("no API key; send: Authorization: Bearer drk_…", code="no_key")
        parts = split_key(text.strip()) if kind.lower() == "bearer" else None
        if parts is None:
            raise AccessError(NOT_VALID, code="key_not_valid")
        key_id, secret = parts
        known = await self._find(key_id)
        if known is None or not known.key.proves(secret) or not known.key.is_live(datetime.now(UTC)):
            raise AccessError(NOT_VALID, code="key_not_valid")
        await self._remember_use(known)
        return known.key

    async def _find(self, key_id: str) -> _Known | None:
        """The key of that id, as it was at most some seconds ago."""
        now = time.monotonic()
        known = self._known.get(key_id)
        if known is not None and now - known.asked_at < FRESH_S:
            return known
        try:
            with waiting_until(now + (STRANGER_S if known is None else PATIENCE_S)):
                found = await self._store.keys.get(key_id)
        except StoreError:
            if known is not None and now - known.read_at < STALE_S:
                # The next callers need not wait for the store as well.
                known.asked_at = time.monotonic()
                return known
            raise
        if found is None:
            self._known.pop(key_id, None)
            return None
        self._known[key_id] = _Known(found, now, now, known.told_at if known else -math.inf)
        return self._known[key_id]

    async def _remember_use(self, known: _Known) -> None:
        now = time.monotonic()
        if now - known.told_at < TOLD_S:
            return
        known.told_at = now
        try:
            with waiting_until(now + NOTE_S):
                await self._store.keys.used(known.key, datetime.now(UTC))
        except StoreError:
            # A disk that is full keeps nobody from reading.
            return


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route begins with: the caller, who may do what the scope names."""

    scope: Scope

    async def __call__(self, request: Request) -> Principal:
        gatekeeper: Gatekeeper = request.app.state.gatekeeper
        return await gatekeeper.admit(request, self.scope)


def _local_caller(request: Request) -> Principal:
    """Without keys: whoever is on this machine, and came by its own name, as no page of the web can make a browser do."""
    peer = request.client.host if request.client else None
    if (peer is not None and not is_loopback(peer)) or not _names_loopback(request):
        raise AccessError("without API keys this service answers its own machine only, as localhost", code="not_local")
    return Principal()


def _names_loopback(request: Request) -> bool:
    """True when the request was sent to this machine by its own name."""
    # Told by the header alone wherever it is plain, as it nearly always is; taking the whole address apart takes ten times as long.
    name, _, port = request.headers.get("host", "").partition(":")
    return (name in PLAIN_NAMES and (not port or port.isdecimal())) or is_loopback(request.url.hostname or "")


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """True for `localhost` and the addresses that never leave this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
