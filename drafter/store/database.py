"""`Database`: one engine, short transactions, and our own error instead of a driver's. SQLite (default) or PostgreSQL.

SQLite has one writer at a time: writes of this process queue up here, in order, and those of other processes are waited for. PostgreSQL
takes them as they come. Nothing is waited for longer than `patience` says.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import AsyncAdaptedQueuePool, event, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.schema import Table

from drafter.errors import SettingsError, StoreError
from drafter.store import migrate, one_visit
from drafter.store.patience import Unfinished, left_s, require_time
from drafter.store.schema import BUYER_KEYS, metadata, salts

BUSY_MS = 5_000
"""How long a write waits at most for another process that is writing to the same SQLite file."""

STATEMENT_MS = 10_000
"""After which PostgreSQL ends a statement that waits for a lock, or for anything else; a caller has left long before."""

CONNECT_S = 5
DEAD_MS = 10_000
"""After which a connection counts as dead whose other end acknowledges nothing."""

CLOSING_S = 5.0
"""How long closing waits for calls whose callers have left."""

MEMORY = "sqlite+aiosqlite://"
"""A database that ends with its only connection."""


class Database:
    """Transactions on tables that are as this version needs them. Connects on first use."""

    def __init__(self, url: str) -> None:
        self.is_memory = url == "memory"
        self.engine = _engine(MEMORY if self.is_memory else url, is_memory=self.is_memory)
        self._writer = asyncio.Lock()
        self.unfinished = Unfinished()
        self.is_read_only = False
        """True when the last write failed, so that readiness can tell."""
        self._is_ready = False
        self._preparing = asyncio.Lock()
        self._salt: bytes | None = None

    @property
    def is_sqlite(self) -> bool:
        """True for SQLite, false for PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @property
    def is_missing(self) -> bool:
        """True for a SQLite file that nobody has made yet: whoever only asks need not make it."""
        name = self.engine.url.database
        return self.is_sqlite and not self.is_memory and bool(name) and name != ":memory:" and not Path(str(name)).exists()

    def read(self, what: str) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that only reads.

        Raises:
            StoreError: `what` could not be read.
        """
        return self._transaction(what, writes=False)

    def write(self, what: str) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that is on disk when it ends, or never was.

        Raises:
            StoreError: `what` could not be written: not there, full, read-only, busy, or taken already.
        """
        return self._transaction(what, writes=True)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that may say what happens on a conflict."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    async def salt(self) -> bytes:
        """What buyer keys are hashed with: made by chance together with the tables, and never changed.

        Raises:
            StoreError: it cannot be read.
        """
        if self._salt is None:
            async with self.read("the salt was not read") as connection:
                found = await connection.execute(select(salts.c.value).where(salts.c.name == BUYER_KEYS))
                self._salt = bytes.fromhex(found.scalar_one())
        return self._salt

    async def upgrade(self, *, at_start: bool) -> tuple[str, ...]:
        """Brings the tables up to this version and names the steps that were taken.

        Raises:
            StoreError: made by a newer version; or a step should not be taken unattended and `at_start` is true.
        """
        with _driver_errors("the tables were not upgraded"):
            async with self._turn(), self._connect(writes=True) as connection:
                steps = await connection.run_sync(migrate.upgrade, at_start=at_start)
        self._is_ready = True
        return steps

    async def version(self) -> str | None:
        """The last migration that this database has seen; None before the first."""
        if self.is_missing:
            return None
        with _driver_errors("the database cannot be read"):
            async with self._connect(writes=False) as connection:
                return await connection.run_sync(migrate.current)

    async def empty_log(self) -> None:
        """Moves what is in SQLite's log into the file, so that nothing that was erased is left in the log."""
        if self.is_sqlite:
            with _driver_errors("the log was not emptied"):
                async with self._turn(), self._autocommit() as connection:
                    is_busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
            if is_busy:
                raise StoreError("the log was not emptied, since somebody reads; ask again when nobody does")

    async def backup(self, path: Path) -> None:
        """Writes a whole copy of a SQLite file while others read and write.

        Raises:
            StoreError: it is not a file, or there is something at `path`.
        """
        if not self.is_sqlite or self.is_memory:
            raise StoreError("only a SQLite file can be copied so; for PostgreSQL use pg_dump")
        try:
            # Made first, so that at no time anybody else may read it; an empty file is what SQLite takes.
            await asyncio.to_thread(path.touch, mode=0o600, exist_ok=False)
        except FileExistsError as exc:
            raise StoreError(f"{path} is there already") from exc
        with _driver_errors("the backup was not written"):
            async with self._autocommit() as connection:
                await connection.exec_driver_sql("VACUUM INTO ?", (str(path),))

    async def aclose(self) -> None:
        """Gives all connections back, when what is being written is written."""
        await self.unfinished.end(CLOSING_S)
        await self.engine.dispose()

    @asynccontextmanager
    async def _transaction(self, what: str, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        with _driver_errors(what):
            await self._prepare()
            async with self._turn() if writes else contextlib.nullcontext():
                try:
                    async with self._connect(writes=writes) as connection:
                        yield connection
                        if writes:
                            require_time(what)
                except (OperationalError, OSError):
                    self.is_read_only = self.is_read_only or writes
                    raise
                self.is_read_only = self.is_read_only and not writes

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """The right to write, waited for no longer than there is time; with PostgreSQL everybody has it."""
        if not self.is_sqlite:
            yield
            return
        async with asyncio.timeout(left_s()):
            await self._writer.acquire()
        try:
            yield
        finally:
            self._writer.release()

    @asynccontextmanager
    async def _connect(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection:
            await connection.execution_options(drafter_writes=writes)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def _autocommit(self) -> AsyncIterator[AsyncConnection]:
        """A connection for what SQLite does outside transactions only."""
        async with self.engine.connect() as connection:
            await connection.execution_options(drafter_writes=None)
            yield connection

    async def _prepare(self) -> None:
        if self._is_ready:
            return
        async with self._preparing:
            if self._is_ready:
                return
            if self.is_memory:
                async with self._connect(writes=True) as connection:
                    await connection.run_sync(metadata.create_all)
                    await connection.execute(insert(salts), {"name": BUYER_KEYS, "value": secrets.token_hex(32)})
            elif await self.version() != migrate.HEAD:
                await self.upgrade(at_start=True)
            self._is_ready = True


@contextlib.contextmanager
def _driver_errors(what: str) -> Any:
    try:
        yield
    except (SQLAlchemyError, OSError) as exc:
        # The driver's message may quote the record.
        raise StoreError(f"{what}: {type(exc).__name__}") from exc


def _engine(url: str, *, is_memory: bool) -> AsyncEngine:
    # The connection of a database in memory is the database: there must be one, and it must stay.
    options: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if is_memory else {"pool_timeout": 10}
    options |= {"poolclass": AsyncAdaptedQueuePool, "json_serializer": _to_json}
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            options |= {"pool_pre_ping": True, "connect_args": _patience_of_connections(address)}
        engine = create_async_engine(address, hide_parameters=True, **options)
    except (SQLAlchemyError, ImportError) as exc:
        form = "write it as sqlite+aiosqlite:///drafter.db or postgresql+psycopg://user:password@host/name"
        # The cause may show a password.
        raise SettingsError("DRAFTER_DATABASE_URL", f"cannot be used ({type(exc).__name__}); {form}") from None
    if engine.dialect.name not in ("sqlite", "postgresql"):
        raise SettingsError("DRAFTER_DATABASE_URL", f"{engine.dialect.name} is not supported; use SQLite or PostgreSQL")
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "do_connect", _visit_once)
        event.listen(engine.sync_engine, "connect", _open_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    else:
        event.listen(engine.sync_engine, "connect", _open_postgres)
    return engine


def _to_json(value: Any) -> str:
    """Text of a JSON column; a value of ours writes itself, in a fifth of the time."""
    return value.model_dump_json() if isinstance(value, BaseModel) else json.dumps(value)


def _patience_of_connections(address: URL) -> dict[str, Any]:
    """How long a PostgreSQL server is waited for that does not answer; what the URL says itself, holds."""
    usual = {
        "connect_timeout": CONNECT_S,
        "tcp_user_timeout": DEAD_MS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
    }
    return {name: value for name, value in usual.items() if name not in address.query}


def _open_postgres(connection: Any, _record: Any) -> None:
    """No statement waits for ever: one whose caller has left would keep its connection from all others."""
    cursor = connection.cursor()
    # A statement of its own, since poolers in between refuse it as a parameter of the connection.
    cursor.execute(f"SET statement_timeout = {STATEMENT_MS}")
    cursor.close()
    connection.commit()


def _visit_once(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
    options["async_creator_fn"] = one_visit.connect


def _open_sqlite(connection: Any, record: Any) -> None:
    """Readers do not block the writer, a busy database is waited for, a commit is on disk, and what is deleted is overwritten."""
    # The driver would begin transactions late, and not at all before a change of a table.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    record.info["busy_ms"] = BUSY_MS


def _begin_sqlite(connection: Connection) -> None:
    left = left_s()
    busy_ms = BUSY_MS if left is None else min(int(left * 1000), BUSY_MS)
    if busy_ms != connection.info["busy_ms"]:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={busy_ms}")
        connection.info["busy_ms"] = busy_ms
    # A reader that turns into a writer is refused at once when another one wrote meanwhile; one that says so first, waits.
    writes = connection.get_execution_options().get("drafter_writes", True)
    if writes is not None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
