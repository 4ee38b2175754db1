"""Where records, verdicts, keys and counts go: SQLite (default), PostgreSQL, or the process itself (`memory`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drafter.store.store import Store


def open_store(url: str) -> Store:
    """Store at a SQLAlchemy URL, or `memory`. Connects on first use, not here."""
    from drafter.store.store import Store

    return Store(url)
