"""Records in this process only: for tests, `DRAFTER_DATABASE_URL=memory`, and stateless runs of the command line."""

from __future__ import annotations

from drafter.domain import DraftRecord
from drafter.errors import StoreError


class MemoryStore:
    """A store that forgets when the process ends."""

    def __init__(self, *, max_records: int = 10_000) -> None:
        self._records: dict[str, DraftRecord] = {}
        self._max_records = max_records

    async def append(self, record: DraftRecord) -> None:
        """Keep a record; the oldest goes when there are too many.

        Raises:
            StoreError: the id is taken; records are never overwritten.
        """
        if record.id in self._records:
            raise StoreError(f"record {record.id} exists already")
        if len(self._records) >= self._max_records:
            del self._records[next(iter(self._records))]
        self._records[record.id] = record

    async def get(self, record_id: str) -> DraftRecord | None:
        """The record of that id, or None."""
        return self._records.get(record_id)

    async def check(self) -> None:
        """Nothing can be wrong with it."""

    async def aclose(self) -> None:
        """Nothing is held."""
