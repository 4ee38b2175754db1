"""What was spent is told to all processes, sooner or later, and never lost on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from drafter.errors import StoreError
from drafter.llm.spend import SpendMeter
from drafter.spending import SERVICE, SharedSpend
from drafter.store import open_store
from drafter.store.counters import Counters
from drafter.store.patience import waiting_until
from drafter.store.store import Store


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """Counts of several processes."""
    store = open_store("memory")
    yield store
    await store.aclose()


def spend(meter: SpendMeter, usd: float) -> None:
    """One call that costs this."""
    with meter.booking("m") as booking:
        booking.cost_usd = usd


async def test_what_a_store_could_not_take_is_told_with_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost while it is away."""
    meter = SpendMeter(None)
    shared = SharedSpend(meter, store.counters)
    with monkeypatch.context() as patch:

        async def away(*_args: object, **_options: object) -> Any:
            raise StoreError("away")

        patch.setattr(Counters, "add_spend", away)
        spend(meter, 0.5)
        await shared.tell()
    spend(meter, 0.25)
    await shared.tell()
    assert await store.counters.spent((SERVICE,)) == {SERVICE: 0.75}


@pytest.mark.parametrize("moment_s", [0.0, 0.0005, 0.002])
async def test_a_caller_who_leaves_takes_nothing_with_him(store: Store, moment_s: float) -> None:
    """Whenever he leaves, what he spent is booked once."""
    meter = SpendMeter(None)
    shared = SharedSpend(meter, store.counters)
    spend(meter, 0.5)
    task = asyncio.create_task(shared.tell())
    await asyncio.sleep(moment_s)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await shared.settle()
    assert await store.counters.spent((SERVICE,)) == {SERVICE: 0.5}


async def test_a_draft_whose_time_is_up_is_booked_all_the_same(store: Store) -> None:
    """Without keeping its answer back."""
    meter = SpendMeter(None)
    shared = SharedSpend(meter, store.counters)
    await store.check()
    spend(meter, 0.5)
    with waiting_until(time.monotonic() - 1.0):
        await shared.tell()
    await shared.settle()
    assert await store.counters.spent((SERVICE,)) == {SERVICE: 0.5}
