"""When the service stops, what is under way ends in time, and nothing is made longer."""

from __future__ import annotations

import asyncio
import time

import pytest

from drafter.lastcall import LastCall


async def test_a_long_wait_ends_with_the_last_call() -> None:
    """As long before it as is needed for the answer."""
    last_call = LastCall()
    asyncio.get_running_loop().call_later(0.05, lambda: last_call.ring(time.monotonic() + 0.2))
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(60) as limit:
            with last_call.shortening(limit, reserve_s=0.1):
                await asyncio.sleep(60)
    assert 0.1 < time.monotonic() - started < 10


async def test_what_begins_after_it_is_as_short() -> None:
    """No wait goes beyond it; one that is shorter anyway stays as it is."""
    last_call = LastCall()
    last_call.ring(time.monotonic() + 10)
    async with asyncio.timeout(60) as long, asyncio.timeout(1) as short, asyncio.timeout(None) as endless:
        with (
            last_call.shortening(long, reserve_s=1.0),
            last_call.shortening(short, reserve_s=1.0),
            last_call.shortening(endless, reserve_s=1.0),
        ):
            await asyncio.sleep(0)
            now = asyncio.get_running_loop().time()
            assert [round((limit.when() or 0) - now) for limit in (long, short, endless)] == [9, 1, 9]


async def test_without_a_last_call_nothing_is_shortened() -> None:
    """And nothing is kept of what has ended."""
    last_call = LastCall()
    async with asyncio.timeout(60) as limit:
        await asyncio.sleep(0)
        when = limit.when()
        with last_call.shortening(limit, reserve_s=1.0):
            assert limit.when() == when
    last_call.ring(time.monotonic())
