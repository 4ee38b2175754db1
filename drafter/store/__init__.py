"""Where records go: a database that outlives the process, or the process itself."""

from __future__ import annotations

from typing import Protocol

from drafter.domain import DraftRecord


class RecordStore(Protocol):
    """Append-only records.

    Raises (from every method): `StoreError`, never a driver's own error.
    """

    async def append(self, record: DraftRecord) -> None:
        """Write a record, once."""

    async def get(self, record_id: str) -> DraftRecord | None:
        """The record of that id, or None."""

    async def check(self) -> None:
        """Raise when records cannot be read."""

    async def aclose(self) -> None:
        """Give back all that is held."""


def open_store(url: str) -> RecordStore:
    """Store at a SQLAlchemy URL, or `memory`. Connects on first use, not here."""
    if url == "memory":
        from drafter.store.memory import MemoryStore

        return MemoryStore()
    from drafter.store.sql import SqlStore

    return SqlStore(url)
