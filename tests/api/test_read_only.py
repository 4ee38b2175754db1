"""A database that may be read and not written."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.api.conftest import running

DRAFT = {"review": {"body": "The zipper broke on the second day."}}


async def test_drafts_are_answered_from_a_read_only_disk_and_nothing_is_half_written(tmp_path: Path) -> None:
    """With a key, under an idempotency key, and without one: answered, said not to be stored, and the file as it was."""
    path = tmp_path / "drafter.db"
    async with running(database_url=f"sqlite+aiosqlite:///{path}") as service:
        key = await service.key()
        async with service.client(key) as client:
            kept = (await client.post("/v1/drafts", json=DRAFT)).json()
        await service.services.store.database.empty_log()
    before = hashlib.sha256(path.read_bytes()).digest()
    async with running(database_url=f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true") as service, service.client(key) as client:
        for headers in ({}, {"idempotency-key": "k1"}):
            answer = await client.post("/v1/drafts", json=DRAFT, headers=headers)
            assert (answer.status_code, answer.json()["is_stored"], bool(answer.json()["text"])) == (200, False, True)
        refused = await client.post(f"/v1/drafts/{kept['id']}/verdicts", json={"verdict": "approved", "by": "a1"})
        assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
        assert (await client.get(f"/v1/drafts/{kept['id']}")).json()["text"] == kept["text"]
        assert [item["id"] for item in (await client.get("/v1/drafts")).json()["items"]] == [kept["id"]]
        assert (await client.get("/readyz")).json()["store"] == "read_only"
    assert hashlib.sha256(path.read_bytes()).digest() == before
