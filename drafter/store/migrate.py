"""Brings a database's tables up to this version, step by step: `migrations/versions/`.

To add a step: write the next file there, change `schema.py` to match, and name the step in `HEAD`. A step that locks a big table for long,
or loses something, says `at_start = False`: then nobody gets it without having typed `drafter db upgrade`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from drafter.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0004"
"""The newest step. Known without loading alembic, which a database that is up to date does not need."""

FIRST = "0001"
"""What a database is that has records and never saw a migration: its tables were made by version 0.1."""

VERSIONS = "alembic_version"

LOCK = 7_243_910_113
"""Number of PostgreSQL's advisory lock: of several processes that start at once, one upgrades and the others find it done."""


def current(connection: Connection) -> str | None:
    """The last step that this database has seen; None before the first."""
    tables = inspect(connection).get_table_names()
    if VERSIONS in tables:
        return connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()  # noqa: S608  # a constant of this file
    return FIRST if "drafts" in tables else None


def upgrade(connection: Connection, *, at_start: bool) -> tuple[str, ...]:
    """Takes all steps that are missing, in the transaction of `connection`, and names them.

    Raises:
        StoreError: the database was made by a newer version; or a step wants to be asked for and `at_start` is true.
    """
    from alembic import command
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        # A step on a big table takes as long as it takes.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = configuration(connection)
    script = ScriptDirectory.from_config(config)
    steps = {step.revision: step for step in script.walk_revisions()}
    now = current(connection)
    if now is not None and now not in steps:
        raise StoreError(f"the database is at step {now}, which this version does not know; use the newer drafter that made it")
    missing = sorted(revision for revision in steps if now is None or revision > now)
    asks = [revision for revision in missing if not steps[revision].module.at_start]
    if at_start and now is not None and asks:
        raise StoreError(f"the database needs step {', '.join(asks)}; make a backup, then run: drafter db upgrade")
    if now == FIRST and VERSIONS not in inspect(connection).get_table_names():
        command.stamp(config, FIRST)
    command.upgrade(config, "head")
    return tuple(missing)


def configuration(connection: Connection) -> Config:
    """Alembic's configuration; there is no file, since nothing in it is anybody's choice."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
