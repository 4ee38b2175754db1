"""Who cannot be served in time is sent away at once."""

from __future__ import annotations

import asyncio

import pytest

from drafter.errors import ModelBusy
from drafter.llm.gate import QUEUE_PER_SLOT, Gate


async def hold(gate: Gate, release: asyncio.Event, timeout_s: float = 5) -> None:
    """Holds a slot until told otherwise."""
    async with gate.slot(timeout_s):
        await release.wait()


async def started(*coroutines: object) -> list[asyncio.Task[None]]:
    """Tasks that have run up to their first wait."""
    tasks = [asyncio.ensure_future(c) for c in coroutines]  # type: ignore[call-overload]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_slots_are_bounded_and_the_queue_is_fair() -> None:
    """First come, first served."""
    gate, order = Gate("m", 2), []

    async def work(number: int) -> None:
        async with gate.slot(5):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(work(number) for number in range(6)))
    assert order == [0, 1, 2, 3, 4, 5]
    assert gate.waiting == 0


async def test_a_full_queue_sends_away() -> None:
    """Nobody waits behind a queue that is already too long."""
    gate, release = Gate("m", 1), asyncio.Event()
    tasks = await started(*(hold(gate, release) for _ in range(1 + QUEUE_PER_SLOT)))
    with pytest.raises(ModelBusy):
        await hold(gate, release)
    release.set()
    await asyncio.gather(*tasks)


async def test_a_queue_that_cannot_meet_the_deadline_sends_away_at_once() -> None:
    """By what calls took lately, the caller learns it before waiting."""
    gate, release = Gate("m", 1), asyncio.Event()
    gate._learn(10.0)
    tasks = await started(hold(gate, release, 100))
    with pytest.raises(ModelBusy) as caught:
        await hold(gate, release, timeout_s=15)
    assert caught.value.retry_after_s == 10
    assert gate.waiting == 0
    tasks += await started(hold(gate, release, timeout_s=25))
    assert gate.waiting == 1
    release.set()
    await asyncio.gather(*tasks)


async def test_nobody_waits_longer_than_half_of_his_time() -> None:
    """A turn that comes later leaves no time for an answer."""
    gate, release = Gate("m", 1), asyncio.Event()
    tasks = await started(hold(gate, release, 100))
    with pytest.raises(ModelBusy, match=r"no turn within 0\.1 s"):
        await hold(gate, release, timeout_s=0.2)
    release.set()
    await asyncio.gather(*tasks)


async def test_a_free_slot_is_given_however_slow_the_model_was() -> None:
    """Only a queue sends away."""
    gate = Gate("m", 1)
    gate._learn(10.0)
    async with gate.slot(0.5):
        assert gate.waiting == 0


async def test_waiting_ends_with_the_callers_time() -> None:
    """The caller's patience is not the queue's."""
    gate, release = Gate("m", 1), asyncio.Event()
    tasks = await started(hold(gate, release))
    with pytest.raises(ModelBusy):
        await hold(gate, release, timeout_s=0.01)
    assert gate.waiting == 0
    release.set()
    await asyncio.gather(*tasks)


async def test_a_cancelled_caller_leaves_no_trace() -> None:
    """Neither in the queue nor in a slot."""
    gate, release = Gate("m", 1), asyncio.Event()
    holder, waiter = await started(hold(gate, release), hold(gate, release))
    waiter.cancel()
    holder.cancel()
    await asyncio.gather(holder, waiter, return_exceptions=True)
    assert gate.waiting == 0
    async with gate.slot(0.1):
        pass
