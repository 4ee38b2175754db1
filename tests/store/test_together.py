"""Records that come at once are written at once, each answered for itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from drafter.errors import StoreError
from drafter.store.claims import Claim
from drafter.store.patience import Unfinished
from drafter.store.store import Store
from drafter.store.together import Together
from tests.store.conftest import RecordOf


async def test_what_comes_during_a_write_goes_into_the_next_one() -> None:
    """One alone, then all that waited."""
    batches: list[list[int]] = []

    async def write(wanted: Callable[[], Sequence[int]]) -> None:
        await asyncio.sleep(0.01)
        batches.append(list(wanted()))

    together: Together[int] = Together(write, Unfinished())
    first = asyncio.create_task(together.add(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.gather(first, *(together.add(n) for n in range(1, 6)))
    assert batches == [[0], [1, 2, 3, 4, 5]]


async def test_one_that_cannot_be_written_takes_no_other_with_it() -> None:
    """The rest is written without it."""
    written: list[int] = []

    async def write(wanted: Callable[[], Sequence[int]]) -> None:
        await asyncio.sleep(0)
        items = wanted()
        if 2 in items:
            raise StoreError("no")
        written.extend(items)

    together: Together[int] = Together(write, Unfinished())
    results = await asyncio.gather(*(together.add(n) for n in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), type(None), StoreError, type(None), type(None)]
    assert sorted(written) == [0, 1, 3, 4]


async def test_nobody_waits_for_a_writer_that_broke() -> None:
    """Whatever broke it: all who wait are told, and the next one is served."""
    is_broken = True

    async def write(wanted: Callable[[], Sequence[int]]) -> None:
        wanted()
        if is_broken:
            raise ValueError("nobody foresaw this")

    together: Together[int] = Together(write, Unfinished())
    results = await asyncio.gather(*(together.add(n) for n in range(3)), return_exceptions=True)
    assert [type(result.__cause__) for result in results if isinstance(result, StoreError)] == [ValueError] * 3
    is_broken = False
    await together.add(4)


async def test_a_claim_that_was_lost_costs_its_own_record_only(store: Store, record_of: RecordOf) -> None:
    """Its record is not kept; those that came with it are."""
    claim = await store.claims.claim(Claim.wish("local", "k", fingerprint="f", held_s=60))
    await store.claims.give_up(claim)  # type: ignore[arg-type]
    appends = [
        store.drafts.append(record_of(f"d_{n}"), claim=claim if n == 1 else None)  # type: ignore[arg-type]
        for n in range(4)
    ]
    results = await asyncio.gather(*appends, return_exceptions=True)
    assert [isinstance(result, StoreError) for result in results] == [False, True, False, False]
    assert [await store.get(f"d_{n}") is None for n in range(4)] == [False, True, False, False]


async def test_the_store_goes_on_after_a_write_that_failed(store: Store, record_of: RecordOf) -> None:
    """A record that is there already is refused, and the next one is written."""
    await store.append(record_of("d_1"))
    with pytest.raises(StoreError):
        await store.append(record_of("d_1"))
    await store.append(record_of("d_2"))
    assert await store.get("d_2") is not None
