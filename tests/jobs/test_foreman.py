"""What waits is drafted once, on behalf of who asked, whatever happens to the process in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from drafter.domain import DraftRecord, DraftRequest, DraftResponse
from drafter.errands import Principal
from drafter.errors import AccessError, RequestError
from drafter.jobs.foreman import Foreman
from drafter.store import open_store
from drafter.store.claims import Claim
from drafter.store.drafts import Erasure
from drafter.store.jobs import Jobs, Task
from drafter.store.keys import Scope
from drafter.store.schema import job_items
from drafter.store.store import Store
from drafter.store.summaries import Job
from tests.conftest import make_request
from tests.store.conftest import T0, sample
from tests.waiting import until

__all__ = ["sample"]


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """An empty store."""
    store = open_store("memory")
    yield store
    await store.aclose()


class Desk:
    """Drafts by writing the same record under new ids, or fails as it is told."""

    def __init__(self, store: Store, record: DraftRecord) -> None:
        self.store, self.record = store, record
        self.principals: list[Principal] = []
        self.error: Exception | None = None
        self.is_stored = True

    async def __call__(self, _request: DraftRequest, *, principal: Principal, claim: Claim) -> DraftResponse:
        self.principals.append(principal)
        if self.error:
            raise self.error
        record = self.record.model_copy(update={"id": f"d_{len(self.principals)}"})
        if self.is_stored:
            await self.store.drafts.append(record, account_id=principal.account_id, claim=claim)
        return DraftResponse.model_construct(id=record.id, is_stored=self.is_stored)


async def job_of(store: Store, n: int = 1, *, key_id: str | None = None, account: str = "local") -> str:
    """A new job."""
    return await store.jobs.create(account, key_id, [make_request() for _ in range(n)], claim=None)


async def read(store: Store, job_id: str, account: str = "local") -> Job:
    """How it stands."""
    job = await store.jobs.get(job_id, account_id=account)
    assert job is not None
    return job


async def lose_leases(store: Store) -> None:
    """As if all processes that had taken something were gone for long."""
    async with store.database.write("x") as connection:
        await connection.execute(update(job_items).values(due_at=T0))


async def records(store: Store) -> int:
    """Drafts that there are."""
    return len([item async for item in store.drafts.export(Erasure())])


async def test_all_items_are_drafted(store: Store, sample: DraftRecord) -> None:
    """And each names its draft."""
    foreman, job_id = Foreman(store, Desk(store, sample), 20.0, 1), await job_of(store, 3)
    assert [await foreman.step() for _ in range(4)] == [True, True, True, False]
    job = await read(store, job_id)
    assert (job.is_done, job.counts) == (True, {"done": 3})
    assert [item.draft_id for item in job.items] == ["d_1", "d_2", "d_3"]


async def test_a_record_whose_process_died_before_it_told_is_found_again(
    store: Store, sample: DraftRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not drafted twice."""
    desk, job_id = Desk(store, sample), await job_of(store)
    foreman = Foreman(store, desk, 20.0, 1)
    with monkeypatch.context() as patch:

        async def die(*_args: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(type(store.jobs), "done", die)
        with pytest.raises(KeyboardInterrupt):
            await foreman.step()
    await lose_leases(store)
    assert await foreman.step()
    assert [item.draft_id for item in (await read(store, job_id)).items] == ["d_1"]
    assert await records(store) == 1


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (RequestError("no", code="unknown_model"), "failed", "unknown_model"),
        (AccessError("full", code="overloaded", retry_after_s=3.0), "queued", "overloaded"),
        (RuntimeError("a bug"), "failed", "internal"),
    ],
)
async def test_what_cannot_be_drafted_is_said(store: Store, sample: DraftRecord, error: Exception, state: str, code: str) -> None:
    """At once, or it is tried again later."""
    desk, job_id = Desk(store, sample), await job_of(store)
    desk.error = error
    await Foreman(store, desk, 20.0, 1).step()
    [item] = (await read(store, job_id)).items
    assert (item.state, item.error) == (state, code)


async def test_a_draft_that_was_not_stored_is_made_again(store: Store, sample: DraftRecord) -> None:
    """Nobody could read it."""
    desk, job_id = Desk(store, sample), await job_of(store)
    foreman, desk.is_stored = Foreman(store, desk, 20.0, 1), False
    await foreman.step()
    assert (await read(store, job_id)).counts == {"queued": 1}
    await lose_leases(store)
    desk.is_stored = True
    await foreman.step()
    assert (await read(store, job_id)).counts == {"done": 1}


async def test_it_is_done_on_behalf_of_who_asked(store: Store, sample: DraftRecord) -> None:
    """With his key's cap and his account's privacy as they are now; a revoked key drafts nothing."""
    new = await store.keys.create("x", account_id="acme", scopes=frozenset({Scope.DRAFT}), daily_usd=2.0, is_local_only=True)
    desk, job_id = Desk(store, sample), await job_of(store, 2, key_id=new.key.id, account="acme")
    foreman = Foreman(store, desk, 20.0, 1)
    await foreman.step()
    assert desk.principals == [Principal("acme", new.key.id, 2.0, is_local_only=True)]
    await store.keys.revoke(new.key.id)
    await foreman.step()
    assert [item.error for item in (await read(store, job_id, "acme")).items] == [None, "key_not_valid"]


async def test_it_ends_when_nothing_waits(store: Store, sample: DraftRecord) -> None:
    """Told to, after the last item of all jobs; an item that another process has under way is waited for."""
    foreman, job_id = Foreman(store, Desk(store, sample), 20.0, 2), await job_of(store, 3)
    await foreman.run(until_done=True)
    assert (await read(store, job_id)).counts == {"done": 3}
    assert await store.jobs.waiting() == 0


async def test_nothing_is_begun_while_the_service_stops(store: Store, sample: DraftRecord) -> None:
    """It would get a template for want of time; the next process has more."""
    job_id = await job_of(store)
    assert not await Foreman(store, Desk(store, sample), 20.0, 1, is_open=lambda: False).step()
    assert (await read(store, job_id)).counts == {"queued": 1}


async def test_who_are_idle_look_once_for_all(store: Store, sample: DraftRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many could work, an empty store is asked once in a pause."""
    take, looks = type(store.jobs).take, []

    async def counted(jobs: Jobs, **lasts: float) -> Task | None:
        looks.append(await take(jobs, **lasts))
        return looks[-1]

    monkeypatch.setattr(type(store.jobs), "take", counted)
    running = asyncio.create_task(Foreman(store, Desk(store, sample), 20.0, 8).run())
    assert await until(lambda: looks)
    await asyncio.sleep(0.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert looks == [None]
