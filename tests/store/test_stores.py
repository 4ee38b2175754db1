"""Every store keeps records, once, and says plainly when it cannot."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from drafter.errors import SettingsError, StoreError
from drafter.pipeline import Pipeline
from drafter.store import RecordStore, open_store
from tests.conftest import make_request


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> RecordStore:
    """One of each kind."""
    return open_store("memory" if request.param == "memory" else f"sqlite+aiosqlite:///{tmp_path}/drafter.db")


async def test_a_record_is_read_as_it_was_written(store: RecordStore, pipeline: Pipeline) -> None:
    """Nothing is lost on the way, and an unknown id is None."""
    record, _ = await pipeline.draft(make_request())
    await store.append(record)
    assert await store.get(record.id) == record
    assert await store.get("d_none") is None
    await store.aclose()


async def test_records_are_never_overwritten(store: RecordStore, pipeline: Pipeline) -> None:
    """The second record of an id is refused."""
    record, _ = await pipeline.draft(make_request())
    await store.append(record)
    with pytest.raises(StoreError):
        await store.append(record)
    await store.aclose()


async def test_many_first_records_at_once_are_all_kept(store: RecordStore, pipeline: Pipeline) -> None:
    """A new database takes a crowd."""
    record, _ = await pipeline.draft(make_request())
    records = [record.model_copy(update={"id": f"d_{i}"}) for i in range(30)]
    await asyncio.gather(*(store.append(one) for one in records))
    assert all([await store.get(one.id) for one in records])
    await store.aclose()


@pytest.mark.parametrize("url", ["foo", "sqlite:///x.db", "nonsense://host/db"])
def test_a_wrong_url_is_a_wrong_setting(url: str) -> None:
    """The variable is named, the URL is not repeated."""
    with pytest.raises(SettingsError, match="DRAFTER_DATABASE_URL"):
        open_store(url)
