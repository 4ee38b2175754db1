"""What is spent is counted over all processes and over restarts, by key and in all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast

import pytest

from drafter.domain import DraftRecord, DraftRequest, OrderFacts, Recalled
from drafter.errands import Errands, Principal, recall
from drafter.errors import ModelDenied, StoreError
from drafter.llm.spend import SpendMeter
from drafter.pipeline import Pipeline
from drafter.privacy.envelope import Privacy
from drafter.spending import SERVICE, SharedSpend
from drafter.store import open_store
from drafter.store.contacts import Contacts
from drafter.store.keys import Scope
from drafter.store.store import Store
from drafter.turnstile import Turnstile
from tests.conftest import make_request
from tests.test_pipeline import KeptRecords

KEY = Principal(account_id="acme", key_id="k1")


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """Counts of several processes."""
    store = open_store("memory")
    yield store
    await store.aclose()


def spending(meter: SpendMeter, usd: float) -> Pipeline:
    """A pipeline whose drafts cost this."""

    async def draft(_self: Pipeline, _request: DraftRequest, **_options: Any) -> tuple[DraftRecord, bool]:
        with meter.booking("m") as booking:
            booking.cost_usd = usd
        return DraftRecord.model_construct(timings=(), draft=None), True

    made = type("Spending", (Pipeline,), {"draft": draft})
    tools: dict[str, Any] = dict.fromkeys(Pipeline.__dataclass_fields__)
    return cast(Pipeline, made(**{**tools, "store": KeptRecords(), "deadline_s": 5.0}))


async def draft(store: Store, meter: SpendMeter, usd: float, principal: Principal = KEY) -> None:
    """One draft by a process that has this meter."""
    shared = SharedSpend(meter, store.counters)
    await Errands(spending(meter, usd), store, shared, Turnstile()).draft(make_request(), principal, claim=None, on_stage=None)


async def test_the_store_is_asked_for_contacts_only_by_a_key(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key nothing is read, and only the time is added; a store that is away costs the fact, never the answer."""

    async def away(_self: Contacts, _account_id: str, **_keys: object) -> Recalled:
        raise StoreError("away")

    monkeypatch.setattr(Contacts, "of", away)
    asked = make_request()
    known = (await recall(asked, store, account_id="acme")).whole
    assert known == asked.model_copy(update={"asked_at": known.asked_at})
    assert known.asked_at is not None
    keyed = known.model_copy(update={"order": OrderFacts(order_id="302-1")})
    assert (await recall(keyed, store, account_id="acme")).whole == keyed
    with pytest.raises(StoreError):
        await recall(keyed, store, account_id="acme", must_know=True)


async def test_two_processes_share_a_cap(store: Store) -> None:
    """What one has spent, the other knows before it asks a model."""
    one, two = SpendMeter(1.0), SpendMeter(1.0)
    await draft(store, one, 0.9)
    with pytest.raises(ModelDenied):
        await draft(store, two, 0.3)
        await draft(store, two, 0.3)
    assert (await store.counters.spent((SERVICE, "k1")))["k1"] >= 0.9


async def test_a_keys_own_cap_replaces_the_usual_one(store: Store) -> None:
    """And is its own: another key goes on."""
    meter = SpendMeter(None, daily_usd_per_key=10.0)
    tight = Principal(account_id="acme", key_id="k1", daily_usd=0.5)
    await draft(store, meter, 0.4, tight)
    with pytest.raises(ModelDenied):
        await draft(store, meter, 0.4, tight)
    await draft(store, meter, 0.4, Principal(account_id="acme", key_id="k2"))


async def test_drafts_at_once_are_all_counted(store: Store) -> None:
    """None is lost between them."""
    meter = SpendMeter(None)
    await asyncio.gather(*(draft(store, meter, 0.1) for _ in range(10)))
    assert await store.counters.spent((SERVICE, "k1")) == pytest.approx({SERVICE: 1.0, "k1": 1.0})


async def test_a_store_that_is_away_leaves_the_process_its_own_cap(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafting goes on until that is reached."""

    async def away(*_args: object, **_options: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr("drafter.store.counters.Counters.spent", away)
    monkeypatch.setattr("drafter.store.counters.Counters.add_spend", away)
    meter = SpendMeter(1.0)
    await draft(store, meter, 0.6)
    with pytest.raises(ModelDenied):
        await draft(store, meter, 0.6)


async def test_texts_of_a_local_account_stay_here_also_without_a_key(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the account's keys say; and while the store cannot say it, what it said last, or before that, that they stay."""
    pipeline = replace(spending(SpendMeter(None), 0.0), privacy=Privacy(is_public=bool, endpoint_of=str))
    stayed: list[bool] = []
    drafted = type(pipeline).draft

    async def draft(self: Pipeline, *args: Any, **options: Any) -> tuple[DraftRecord, bool]:
        stayed.append(self.privacy.is_local_only)
        return await drafted(self, *args, **options)

    monkeypatch.setattr(type(pipeline), "draft", draft)
    errands = Errands(pipeline, store, SharedSpend(SpendMeter(None), store.counters), Turnstile())

    async def ask(account: str) -> bool:
        await errands.draft(make_request(), Principal(account), claim=None, on_stage=None)
        return stayed[-1]

    await store.keys.create("x", account_id="acme", scopes=frozenset({Scope.DRAFT}), is_local_only=True)
    assert [await ask("acme"), await ask("local")] == [True, False]

    async def away(*_args: object) -> bool:
        raise StoreError("away")

    monkeypatch.setattr("drafter.store.keys.Keys.is_local_only", away)
    monkeypatch.setattr("drafter.errands.FRESH_S", -1.0)
    assert [await ask("acme"), await ask("local"), await ask("another")] == [True, False, True]
