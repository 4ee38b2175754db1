import sqlite3

import pytest

from drafter.store import one_visit


@pytest.fixture
async def connection():
    """A database in memory."""
    connection = await one_visit.connect(":memory:")
    yield connection
    await connection.close()


@pytest.fixture
def visits(connection, monkeypatch):
    """Counts how often SQLite's thread is visited."""
    seen = []
    visit = connection._execute

    async def counted(*arguments):
        seen.append(arguments)
        return await visit(*arguments)

    monkeypatch.setattr(connection, "_execute", counted)
    return seen


async def test_statement_is_one_visit(connection, visits):
    """Cursor, statement, rows and end of a question are one visit together."""
    cursor = await connection.cursor().__aenter__()
    await cursor.execute("SELECT 1 AS one UNION SELECT 2")
    rows = await cursor.fetchall()
    await cursor.close()
    assert rows == [(1,), (2,)]
    assert cursor.description[0][0] == "one"
    assert len(visits) == 1


async def test_many_rows_are_one_visit(connection, visits):
    """A statement for many rows says how many it wrote."""
    cursor = connection.cursor()
    await cursor.execute("CREATE TABLE t (a)")
    await cursor.executemany("INSERT INTO t VALUES (?)", [(1,), (2,), (3,)])
    assert cursor.rowcount == 3
    assert cursor.description is None
    assert await cursor.fetchall() == ()
    assert len(visits) == 2


async def test_broken_statement_raises(connection):
    """What SQLite refuses is raised where it was asked, and the connection can be used on."""
    with pytest.raises(sqlite3.OperationalError):
        await connection.cursor().execute("SELECT * FROM nowhere")
    cursor = connection.cursor()
    await cursor.execute("SELECT ?", (1,))
    assert await cursor.fetchall() == [(1,)]
