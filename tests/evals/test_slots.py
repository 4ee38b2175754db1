"""Slots: never more calls than allowed, repairs before beginners, nobody is lost and nobody kept waiting by judging."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from drafter.evals.slots import TICK_S, Closed, Slots


async def settle() -> None:
    """Lets everybody who can go on go on."""
    for _ in range(5):
        await asyncio.sleep(0)


def compute() -> None:
    """For a moment nobody else has a turn."""
    time.sleep(3 * TICK_S)


async def test_who_mends_goes_before_who_begins() -> None:
    """In the order of asking among equals."""
    slots, order = Slots(1), []

    async def ask(name: str, *, is_urgent: bool) -> None:
        await slots.take(is_urgent=is_urgent)
        order.append(name)
        slots.give()

    await slots.take()
    tasks = [asyncio.create_task(ask(name, is_urgent=name.startswith("mend"))) for name in ("begin 1", "begin 2", "mend 1", "mend 2")]
    await settle()
    assert order == []
    slots.give()
    await asyncio.gather(*tasks)
    assert order == ["mend 1", "mend 2", "begin 1", "begin 2"]
    assert slots.busy == 0


async def test_a_slot_of_one_who_left_is_passed_on() -> None:
    """Cancelled while waiting, or in the very moment when his turn came."""
    slots = Slots(1)
    await slots.take()
    waiting = [asyncio.create_task(slots.take()) for _ in range(3)]
    await settle()
    waiting[0].cancel()
    await settle()
    slots.give()
    waiting[1].cancel()
    await settle()
    assert waiting[2].done()
    assert not waiting[2].cancelled()
    assert slots.busy == 1


async def test_a_run_that_has_stopped_begins_no_call() -> None:
    """Who waits is sent away, who has begun may mend."""
    slots = Slots(1)
    await slots.take()
    beginner = asyncio.create_task(slots.take())
    mender = asyncio.create_task(slots.take(is_urgent=True))
    await settle()
    slots.close()
    with pytest.raises(Closed):
        await beginner
    with pytest.raises(Closed):
        await slots.take()
    slots.give()
    await mender


async def test_calls_are_spread_over_the_minute() -> None:
    """Six thousand a minute: the fourth begins thirty milliseconds after the first."""
    slots, loop = Slots(8, per_minute=6000), asyncio.get_running_loop()
    since = loop.time()
    await asyncio.gather(*(slots.take() for _ in range(4)))
    assert loop.time() - since >= 0.028


async def test_judging_waits_for_nobody_when_no_call_is_to_be_made() -> None:
    """And is not kept for ever when there always is one."""
    slots = Slots(1)
    await slots.take()
    async with asyncio.timeout(0.5):
        await slots.spare()
    beginner = asyncio.create_task(slots.take())
    await settle()
    async with asyncio.timeout(10):
        await slots.spare()
    beginner.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await beginner


async def test_nobody_calls_before_all_who_began_together_are_ready() -> None:
    """Questions are made first; whoever comes later is not waited for."""
    slots, order = Slots(2), []

    async def ask(number: int) -> None:
        compute()
        order.append(f"ready {number}")
        await slots.take()
        order.append(f"call {number}")
        slots.give()

    slots.open()
    await asyncio.gather(*(ask(number) for number in range(3)))
    assert order == ["ready 0", "ready 1", "ready 2", "call 0", "call 1", "call 2"]
    async with asyncio.timeout(5):
        await ask(3)


async def test_judging_waits_while_calls_leave_no_time() -> None:
    """Until the last answer is there."""
    slots = Slots(1)
    await slots.take()
    judge = asyncio.create_task(slots.spare())
    for _ in range(3):
        await asyncio.sleep(0)
        compute()
    assert not judge.done()
    slots.give()
    async with asyncio.timeout(5):
        await judge


async def test_busy_seconds_are_those_of_all_slots() -> None:
    """Two at once for a moment count twice."""
    slots = Slots(2)
    await asyncio.gather(slots.take(), slots.take())
    await asyncio.sleep(0.02)
    slots.give()
    slots.give()
    assert 0.04 <= slots.busy_s < 4
