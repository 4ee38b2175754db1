"""Limits count all processes together, and let nobody through twice where two minutes meet."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from drafter.store import open_store
from drafter.store.counters import Counters
from drafter.store.store import Store


class Clock:
    """A clock that is moved by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def test_an_allowance_refills_evenly(store: Store) -> None:
    """All of it at once, then one each sixtieth of it."""
    clock = Clock()
    counters = Counters(store.database, clock)
    assert [await counters.take("k", 1, per_minute=3) for _ in range(4)] == [0, 0, 0, 20]
    clock.now += 20
    assert await counters.take("k", 1, per_minute=3) == 0
    assert await counters.take("k", 1, per_minute=3) == 20
    assert await counters.take("other", 1, per_minute=3) == 0
    clock.now += 600
    assert [await counters.take("k", 1, per_minute=3) for _ in range(4)] == [0, 0, 0, 20]


async def test_two_processes_share_one_allowance(database_url: str) -> None:
    """Forty ask for ten."""
    stores = [open_store(database_url)] if database_url == "memory" else [open_store(database_url) for _ in range(2)]
    each = 40 // len(stores)
    waits = await asyncio.gather(*(store.counters.take("k", 1, per_minute=10) for store in stores for _ in range(each)))
    assert sum(wait == 0 for wait in waits) == 10
    await asyncio.gather(*(store.aclose() for store in stores))


async def test_spend_adds_up(store: Store) -> None:
    """By name; a name that spent nothing has spent 0."""
    totals = await asyncio.gather(*(store.counters.add_spend({"k": 0.25}, day=datetime.now(UTC).date()) for _ in range(4)))
    assert max(total["k"] for total in totals) == 1.0
    assert await store.counters.spent(("k", "other")) == {"k": 1.0, "other": 0.0}
    await store.counters.forget_old()
    assert await store.counters.spent(("k",)) == {"k": 1.0}
