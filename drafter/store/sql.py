"""Records in SQLite (default) or PostgreSQL, through SQLAlchemy.

One append-only table: a few columns to find records by, and the record itself as JSON. Readers migrate old versions.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import JSON, DateTime, String, event, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from drafter.domain import DraftRecord
from drafter.errors import SettingsError, StoreError


class _Base(DeclarativeBase):
    pass


class DraftRow(_Base):
    """One record and what it is found by."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    action: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(40))
    schema_version: Mapped[int]
    record: Mapped[dict[str, Any]] = mapped_column(JSON)


class SqlStore:
    """A store in a database that outlives the process."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._is_ready = False
        self._preparing = asyncio.Lock()

    async def append(self, record: DraftRecord) -> None:
        """Write a record, once.

        Raises:
            StoreError: the database is not there, is full or read-only, or has this id.
        """
        row = {
            "id": record.id,
            "created_at": record.created_at,
            "action": record.decision.action.value,
            "channel": record.request.channel,
            "schema_version": record.schema_version,
            "record": record.model_dump(mode="json"),
        }
        try:
            await self._prepare()
            async with self._engine.begin() as connection:
                await connection.execute(insert(DraftRow), row)
        except (SQLAlchemyError, OSError) as exc:
            # The driver's message may quote the record.
            raise StoreError(f"record {record.id} was not written: {type(exc).__name__}") from exc

    async def get(self, record_id: str) -> DraftRecord | None:
        """The record of that id, or None.

        Raises:
            StoreError: the database is not there.
        """
        try:
            await self._prepare()
            async with self._engine.connect() as connection:
                found = (await connection.execute(select(DraftRow.record).where(DraftRow.id == record_id))).scalar_one_or_none()
        except (SQLAlchemyError, OSError) as exc:
            raise StoreError(f"record {record_id} was not read: {type(exc).__name__}") from exc
        try:
            return DraftRecord.model_validate(found) if found is not None else None
        except ValidationError as exc:
            raise StoreError(f"record {record_id} is of a form that this version cannot read") from exc

    async def check(self) -> None:
        """Show that the database can be read.

        Raises:
            StoreError: it cannot.
        """
        await self.get("-")

    async def aclose(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()

    async def _prepare(self) -> None:
        if self._is_ready:
            return
        async with self._preparing:
            if self._is_ready:
                return
            async with self._engine.begin() as connection:
                await connection.run_sync(_Base.metadata.create_all)
            self._is_ready = True


def _engine(url: str) -> AsyncEngine:
    try:
        engine = create_async_engine(url, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError) as exc:
        form = "write it as sqlite+aiosqlite:///drafter.db, or with another async driver that is installed"
        # The cause may show a password.
        raise SettingsError("DRAFTER_DATABASE_URL", f"cannot be used ({type(exc).__name__}); {form}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _record: Any) -> None:
    """Readers do not block the writer, and a busy database is waited for."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
