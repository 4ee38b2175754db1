"""`Limiter`: requests a minute of each key, counted over all processes through the store, without a write for each request.

A process takes a handful of requests at once (a lease) and hands them out. The limit is not exceeded while the store answers; a
process that is refused while another one holds a part of a lease is refused too early by that part, a thirtieth of the limit.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from drafter.errors import AccessError, StoreError
from drafter.store.counters import Counters

LEASES = 30
"""Into how many parts a minute's requests are cut."""

LEASE_S = 10.0
"""How long a lease is good: what is not used by then is lost, so that nobody saves up."""

AWAY_S = 5.0
"""How long the store is not asked after it could not be reached: each caller would wait for it in vain."""

BURST_S = 10.0
"""A process that counts alone lets the requests of so long a time come at once: a store that is slow once turns no crowd away."""


@dataclass(slots=True)
class _Lease:
    left: int = 0
    ends_at: float = 0.0
    refused_until: float = 0.0
    alone_until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Limiter:
    """Lets requests pass, or says when to come again."""

    def __init__(self, counters: Counters, *, on_alone: Callable[[], None]) -> None:
        """`on_alone` is told each time that a part was taken by this process's own count."""
        self._counters = counters
        self._on_alone = on_alone
        self._leases: dict[str, _Lease] = {}
        self._asked_again_at = 0.0

    async def admit(self, name: str, per_minute: int) -> None:
        """Takes one request of this name's allowance.

        Raises:
            AccessError: (`too_many_requests`) none is left; says when there will be one.
        """
        lease = self._leases.setdefault(name, _Lease())
        if self._use(lease):
            return
        async with lease.lock:
            if self._use(lease):
                return
            wait_s = lease.refused_until - time.monotonic()
            if wait_s <= 0:
                wait_s = await self._renew(lease, name, per_minute)
            if wait_s > 0:
                lease.refused_until = time.monotonic() + wait_s
                raise AccessError(
                    f"more than {per_minute} requests a minute; come again in {wait_s:.1f} s",
                    code="too_many_requests",
                    retry_after_s=wait_s,
                )
            self._use(lease)

    def _use(self, lease: _Lease) -> bool:
        if lease.left < 1 or lease.ends_at < time.monotonic():
            return False
        lease.left -= 1
        return True

    def _renew_alone(self, lease: _Lease, size: int, per_minute: int) -> float:
        """0 when a lease is due by this process's own count, else seconds until the next one is."""
        now = time.monotonic()
        used_until = max(lease.alone_until, now) + size * 60.0 / per_minute
        wait_s = max(used_until - now - BURST_S, 0.0)
        if not wait_s:
            lease.alone_until = used_until
            lease.left, lease.ends_at = size, now + LEASE_S
            self._on_alone()
        return wait_s

    async def _renew(self, lease: _Lease, name: str, per_minute: int) -> float:
        """0 when there is a new lease, else seconds until there may be."""
        size = max(1, per_minute // LEASES)
        if time.monotonic() < self._asked_again_at:
            return self._renew_alone(lease, size, per_minute)
        try:
            wait_s = await self._counters.take(f"key:{name}", size, per_minute=per_minute)
            if wait_s and size > 1:
                size, wait_s = 1, await self._counters.take(f"key:{name}", 1, per_minute=per_minute)
        except StoreError:
            # A store that is full or away must not stop drafts: until it is back, each process counts alone, part by part.
            self._asked_again_at = time.monotonic() + AWAY_S
            return self._renew_alone(lease, size, per_minute)
        if not wait_s:
            lease.left, lease.ends_at = size, time.monotonic() + LEASE_S
        return wait_s
