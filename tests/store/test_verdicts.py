"""Of two verdicts one comes first, and the second knows it if it minds."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert

from drafter.edits import RecordedVerdict
from drafter.errors import RequestError
from drafter.store.schema import verdicts
from drafter.store.store import Store
from tests.store.conftest import T0, RecordOf


def verdict_of(number: int) -> RecordedVerdict:
    """A rejection of the draft `d_1`."""
    return RecordedVerdict.model_validate(
        {
            "id": f"v_{number}", "record_id": "d_1", "verdict": "rejected", "final_text": None, "reason": "no", "by": "agent",
            "at": T0 + timedelta(minutes=number), "key_id": None, "prompt": None, "is_approved": False, "checked": None,
            "pack_sha256": None, "edit": None,
        }
    )  # fmt: skip


async def test_who_knows_all_that_was_said_may_add(store: Store, record_of: RecordOf) -> None:
    """Others may not; and who does not mind always may."""
    await store.append(record_of("d_1"))
    await store.verdicts.append(verdict_of(1), account_id="local", claim=None, seen=0)
    with pytest.raises(RequestError, match="1 more verdict"):
        await store.verdicts.append(verdict_of(2), account_id="local", claim=None, seen=0)
    await store.verdicts.append(verdict_of(3), account_id="local", claim=None)
    await store.verdicts.append(verdict_of(4), account_id="local", claim=None, seen=2)
    assert await store.verdicts.count("d_1", account_id="local") == 3
    assert await store.verdicts.count("d_1", account_id="acme") == 0


async def test_a_verdict_that_is_being_written_counts(store: Store, record_of: RecordOf) -> None:
    """Who minds waits for it, also where another process writes it, and is then too late."""
    await store.append(record_of("d_1"))
    first = verdict_of(1)
    row = {"id": first.id, "account_id": "local", "draft_id": "d_1", "created_at": first.at, "verdict": "rejected", "body": {}}
    async with store.database.write("a verdict") as connection:
        await connection.execute(insert(verdicts), row)
        late = asyncio.create_task(store.verdicts.append(verdict_of(2), account_id="local", claim=None, seen=0))
        await asyncio.sleep(0.1)
        assert not late.done()
    with pytest.raises(RequestError) as caught:
        await late
    assert caught.value.code == "precondition_failed"
