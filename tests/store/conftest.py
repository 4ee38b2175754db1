"""Records to keep, and one store of each kind to keep them in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drafter.domain import Action, Decision, Draft, DraftRecord, Origin, Provenance, Score, Scorecard, Timing
from drafter.store import open_store
from drafter.store.store import Store
from tests.conftest import make_request, make_triage
from tests.databases import KINDS

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)

RecordOf = Callable[..., DraftRecord]


@pytest.fixture(scope="session")
def sample() -> DraftRecord:
    """A record of a template that was offered."""
    draft = Draft(
        text="We are sorry that the lid leaks.",
        language="en",
        origin=Origin.TEMPLATE,
        content=(),
        prompt=None,
        model_asked=None,
        model_answered=None,
        attempt=0,
    )
    return DraftRecord(
        id="d_0",
        created_at=T0,
        request=make_request(),
        triage=make_triage(),
        draft=draft,
        report=None,
        scorecard=Scorecard(scores=(Score(scorer="empathy", version=1, value=0.8, reason="said sorry"),)),
        decision=Decision(action=Action.OFFER, reasons=("clean",)),
        attempts=(),
        timings=(Timing(stage="triage", duration_s=0.001),),
        provenance=Provenance(drafter_version="0", engine_version="1", pack_sha256="", content=(), model_asked=None, model_answered=None),
        deadline_s=20.0,
        duration_s=0.01,
        cost_usd=0.0,
    )


@pytest.fixture
def record_of(sample: DraftRecord) -> RecordOf:
    """Makes records: `record_of("d_1", minute=3, order_id="1-2-3")`."""

    def make(record_id: str, *, minute: int = 0, **order: object) -> DraftRecord:
        request = sample.request.model_copy(update={"order": sample.request.order.model_copy(update=order)})
        return sample.model_copy(update={"id": record_id, "created_at": T0 + timedelta(minutes=minute), "request": request})

    return make


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store in a fresh database."""
    store = open_store(database_url)
    yield store
    await store.aclose()


def bytes_below(folder: Path) -> bytes:
    """All that is in a folder's files."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test of a store runs on every kind of database."""
    if "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", KINDS, indirect=True)
