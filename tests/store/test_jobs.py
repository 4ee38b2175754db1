"""Jobs, on every kind of database: each item is somebody's, and its words are kept no longer than they are needed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from drafter.domain import DraftRequest
from drafter.errors import AccessError
from drafter.store.claims import Claim
from drafter.store.drafts import Erasure
from drafter.store.jobs import MAX_TRIES, Task
from drafter.store.keys import Scope
from drafter.store.schema import job_items
from drafter.store.store import Store
from tests.conftest import make_request


def requests(n: int, **order: str) -> list[DraftRequest]:
    """Requests of a job."""
    return [make_request(f"It leaks, {number}.", order=order) for number in range(n)]


async def words(store: Store) -> list[object]:
    """What is kept of all requests."""
    async with store.database.read("x") as connection:
        return list((await connection.execute(select(job_items.c.request))).scalars())


async def take(store: Store, *, lease_s: float = 60.0) -> Task | None:
    """The next item."""
    return await store.jobs.take(deadline_s=lease_s, grace_s=0.0)


async def test_each_item_is_taken_by_one(store: Store) -> None:
    """In the order of the job, however many take at once."""
    await store.jobs.create("acme", None, requests(6), claim=None)
    taken = [task for task in await asyncio.gather(*(take(store) for _ in range(10))) if task]
    while (task := await take(store)) is not None:
        taken.append(task)
    assert sorted(int(task.id.rpartition("-")[2]) for task in taken) == [0, 1, 2, 3, 4, 5]


async def test_a_lease_that_is_over_is_anybodys(store: Store) -> None:
    """An item whose process died is drafted by the next one, a few times at most."""
    job_id = await store.jobs.create("acme", None, requests(1), claim=None)
    for tries in range(1, MAX_TRIES + 1):
        task = await take(store, lease_s=0)
        assert task is not None
        assert task.tries == tries
    await store.jobs.put_back(task, "overloaded", pause_s=0)
    job = await store.jobs.get(job_id, account_id="acme")
    assert job is not None
    assert (job.is_done, job.items[0].state, job.items[0].error) == (True, "failed", "overloaded")


async def test_what_is_done_is_forgotten_but_for_its_draft(store: Store) -> None:
    """The record has the words; another account sees nothing."""
    job_id = await store.jobs.create("acme", "k1", requests(2), claim=None)
    first, second = [await take(store) for _ in range(2)]
    assert first is not None
    assert second is not None
    await store.jobs.done(first, "d_1")
    await store.jobs.failed(second, "unknown_model")
    job = await store.jobs.get(job_id, account_id="acme")
    assert job is not None
    assert (job.is_done, job.counts) == (True, {"done": 1, "failed": 1})
    assert {item.draft_id for item in job.items} == {"d_1", None}
    assert await words(store) == [None, None]
    assert await store.jobs.get(job_id, account_id="other") is None
    assert await store.jobs.get("\0", account_id="acme") is None


async def test_cancelling_leaves_what_was_begun(store: Store) -> None:
    """And nothing else."""
    job_id = await store.jobs.create("acme", None, requests(3), claim=None)
    assert await take(store) is not None
    assert await store.jobs.cancel(job_id, account_id="other") is None
    job = await store.jobs.cancel(job_id, account_id="acme")
    assert job is not None
    assert job.counts == {"drafting": 1, "cancelled": 2}
    assert await take(store) is None


@pytest.mark.parametrize(
    ("whose", "left"), [(Erasure(buyer_key="b1"), 1), (Erasure(account_id="acme"), 1), (Erasure(order_id="o9"), 2), (Erasure(), 0)]
)
async def test_who_must_be_forgotten_is_forgotten_in_jobs_too(store: Store, whose: Erasure, left: int) -> None:
    """What waits to be drafted holds words as well."""
    await store.jobs.create("acme", None, requests(1, buyer_key="b1"), claim=None)
    await store.jobs.create("other", None, requests(1, buyer_key="b2"), claim=None)
    await store.drafts.purge(whose)
    assert len(await words(store)) == left
    await store.jobs.forget_old()


async def test_a_job_answers_its_idempotency_key(store: Store) -> None:
    """In the transaction that writes it."""
    claim = await store.claims.claim(Claim.wish("acme", "k", fingerprint="f", held_s=60))
    assert isinstance(claim, Claim)
    job_id = await store.jobs.create("acme", None, requests(1), claim=claim)
    assert (await store.claims.claim(Claim.wish("acme", "k", fingerprint="f", held_s=60))).result_id == job_id  # type: ignore[union-attr]


async def test_what_was_put_back_is_cancelled_too(store: Store) -> None:
    """It waits for a better moment, and was not begun."""
    job_id = await store.jobs.create("acme", None, requests(1), claim=None)
    task = await take(store)
    assert task is not None
    await store.jobs.put_back(task, "overloaded", pause_s=60)
    job = await store.jobs.cancel(job_id, account_id="acme")
    assert job is not None
    assert (job.is_done, job.counts) == (True, {"cancelled": 1})


async def test_a_crowded_hour_uses_up_no_try(store: Store) -> None:
    """However often it comes at a bad moment; and when it is done nothing is said of it."""
    job_id = await store.jobs.create("acme", None, requests(1), claim=None)
    for _ in range(2 * MAX_TRIES):
        task = await take(store)
        assert task is not None
        await store.jobs.put_back(task, "overloaded", pause_s=0, is_try=False)
    task = await take(store)
    assert task is not None
    await store.jobs.done(task, "d_1")
    job = await store.jobs.get(job_id, account_id="acme")
    assert job is not None
    assert (job.items[0].state, job.items[0].error) == ("done", None)


async def test_a_small_job_does_not_wait_for_a_large_one(store: Store) -> None:
    """The first items of all jobs come before their second ones."""
    await store.jobs.create("acme", None, requests(4), claim=None)
    await store.jobs.create("other", None, requests(1), claim=None)
    taken = [await take(store) for _ in range(2)]
    assert {task.account_id for task in taken if task} == {"acme", "other"}


async def test_nobody_may_fill_the_table(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another account may still come."""
    monkeypatch.setattr("drafter.store.jobs.MAX_WAITING", 5)
    await store.jobs.create("acme", None, requests(4), claim=None)
    with pytest.raises(AccessError) as caught:
        await store.jobs.create("acme", None, requests(2), claim=None)
    assert caught.value.code == "too_many_waiting"
    await store.jobs.create("other", None, requests(2), claim=None)


async def test_one_is_one_whatever_the_planner_thinks(store: Store) -> None:
    """PostgreSQL, which believes that the tables are empty, reads a choice inside an UPDATE once for each row."""
    await store.jobs.create("acme", None, requests(1), claim=None)
    if not store.database.is_sqlite:
        async with store.database.write("x") as connection:
            await connection.exec_driver_sql("ANALYZE job_items")
    await store.jobs.create("acme", None, requests(7), claim=None)
    assert len({task.id for task in [await take(store) for _ in range(8)] if task}) == 8
    assert await take(store) is None


async def test_a_key_that_is_replaced_hands_over_its_jobs(store: Store) -> None:
    """What waits is drafted by the new one, when the old one has ended."""
    old = await store.keys.create("x", account_id="acme", scopes=frozenset({Scope.DRAFT}))
    await store.jobs.create("acme", old.key.id, requests(1), claim=None)
    new = await store.keys.rotate(old.key.id, grace=timedelta())
    task = await take(store)
    assert task is not None
    assert task.key_id == new.key.id
