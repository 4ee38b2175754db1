"""Drafts begin in order, and who would be late hears it at once."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

import pytest

from drafter.errors import AccessError
from drafter.turnstile import Turnstile


def in_s(seconds: float) -> float:
    """A time to come."""
    return time.monotonic() + seconds


def work() -> None:
    """Keeps the loop busy."""
    time.sleep(0.05)


async def test_they_begin_in_order_one_in_each_turn() -> None:
    """Nobody overtakes, and between two there is a turn of the loop for whatever else is ready."""
    turnstile, begun = Turnstile(), []

    async def draft(number: int) -> None:
        await turnstile.enter(in_s(60))
        begun.append(number)

    drafts = [asyncio.create_task(draft(number)) for number in range(5)]
    seen = []
    for _ in range(12):
        await asyncio.sleep(0)
        seen.append(len(begun))
    await asyncio.gather(*drafts)
    assert begun == [0, 1, 2, 3, 4]
    assert max(after - before for before, after in pairwise(seen)) == 1


async def test_who_comes_alone_waits_for_nobody() -> None:
    """However little time he has."""
    turnstile = Turnstile()
    for _ in range(3):
        await turnstile.enter(in_s(0.001))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert turnstile.waiting == 0


async def test_a_queue_that_is_too_long_is_told_at_once_and_says_when_to_come_again() -> None:
    """By what turns take: behind 100 slow ones there is no room for one who has a second."""
    turnstile = Turnstile()
    patient = [asyncio.create_task(turnstile.enter(in_s(600))) for _ in range(101)]
    await asyncio.sleep(0)
    with pytest.raises(AccessError) as caught:
        await turnstile.enter(in_s(1.0))
    assert turnstile.waiting == 100, "nobody's turn came meanwhile"
    assert (caught.value.code, (caught.value.retry_after_s or 0) >= 1.0) == ("overloaded", True)
    await asyncio.gather(*patient)


async def test_whose_turn_does_not_come_in_time_is_told_while_there_is_time() -> None:
    """The loop became slower than it was when he came: he hears it before his deadline, and the others lose nothing."""
    turnstile = Turnstile()

    async def slow_draft() -> None:
        await turnstile.enter(in_s(600))
        work()

    slow = [asyncio.create_task(slow_draft()) for _ in range(40)]
    await asyncio.sleep(0)
    started = time.monotonic()
    with pytest.raises(AccessError):
        await turnstile.enter(in_s(0.9))
    assert time.monotonic() - started < 0.9
    await asyncio.gather(*slow)


async def test_who_leaves_the_queue_holds_nobody_up() -> None:
    """His place is free at once."""
    turnstile = Turnstile()
    first, left, last = (asyncio.create_task(turnstile.enter(in_s(60))) for _ in range(3))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.gather(first, last)
    assert turnstile.waiting == 0
    assert (await asyncio.gather(left, return_exceptions=True))[0].__class__ is asyncio.CancelledError
