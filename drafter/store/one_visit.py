"""`connect`: SQLite's thread visited once for each statement.

A driver's cursor visits the thread four times: to be made, for its statement, for its rows, and to be closed. Each visit costs two changes
of thread and a turn of the event loop, which together was most of what writing a record took.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import aiosqlite

UNSTREAMED = 64
"""Rows that the driver reads at a time where somebody streams them, which nobody here does."""


class _Outcome(NamedTuple):
    """What is known of a statement once it has run."""

    rows: Sequence[Any]
    description: Any
    rowcount: int
    lastrowid: int | None


class _Connection(aiosqlite.Connection):
    """The driver's connection, with cursors of ours."""

    def __init__(self, connector: partial[sqlite3.Connection]) -> None:
        super().__init__(connector, UNSTREAMED)
        # As SQLAlchemy does for connections that it makes itself: a process that ends waits for none.
        self._thread.daemon = True

    def cursor(self) -> Any:
        return _Cursor(self)

    async def rollback(self) -> None:
        """Undoes what was begun. A pool asks for it whenever a connection comes back, mostly long after the commit."""
        if self.in_transaction:
            await super().rollback()

    async def run(self, sql: str, parameters: Any, *, is_many: bool) -> _Outcome:
        """What a statement comes to, in one visit."""
        return await self._execute(self._run, sql, parameters, is_many)  # type: ignore[no-any-return,no-untyped-call]

    def _run(self, sql: str, parameters: Any, is_many: bool) -> _Outcome:
        cursor = self._conn.cursor()
        try:
            (cursor.executemany if is_many else cursor.execute)(sql, parameters)
            rows = cursor.fetchall() if cursor.description else ()
            return _Outcome(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
        finally:
            cursor.close()


class _Cursor:
    """What SQLAlchemy asks of a cursor; only `execute` and `executemany` leave the event loop."""

    arraysize = 1

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._outcome = _Outcome((), None, -1, None)

    @property
    def description(self) -> Any:
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._outcome.lastrowid

    async def __aenter__(self) -> _Cursor:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> None:
        self._outcome = await self._connection.run(sql, parameters, is_many=False)

    async def executemany(self, sql: str, parameters: Any) -> None:
        self._outcome = await self._connection.run(sql, parameters, is_many=True)

    async def fetchall(self) -> Sequence[Any]:
        return self._outcome.rows

    async def close(self) -> None:
        """The cursor was closed where it ran."""


def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """A connection that opens when it is awaited; takes what `sqlite3.connect` takes."""
    return _Connection(partial(sqlite3.connect, database, **options))
