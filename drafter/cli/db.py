"""`drafter db`: look after the database: upgrade, back up, export, erase."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from drafter.cli.jsonl import as_json_option, say, write_json
from drafter.errors import RequestError
from drafter.settings import load_settings
from drafter.store import open_store

if TYPE_CHECKING:
    from drafter.store.drafts import Erasure
    from drafter.store.store import Store

R = TypeVar("R")

SHOWN_ACCOUNTS = 5


def with_store(work: Callable[[Store], Awaitable[R]]) -> R:
    """What `work` gives for the configured store.

    Raises:
        RequestError: records are kept in the process only.
    """
    url = load_settings().database_url
    if url == "memory":
        raise RequestError("is memory: there is nothing to look after", code="invalid", field="DRAFTER_DATABASE_URL")

    async def run() -> R:
        store = open_store(url)
        try:
            return await work(store)
        finally:
            await store.aclose()

    return asyncio.run(run())


@click.group()
def db() -> None:
    """Look after the database: upgrade, back up, export, erase."""


@db.command()
@as_json_option
def status(as_json: bool) -> int:
    """Say at which step the tables are. Exit code 1 when steps are missing."""
    from drafter.store.migrate import HEAD

    now = with_store(lambda store: store.database.version())
    if as_json:
        write_json({"version": now, "newest": HEAD})
    else:
        click.echo(f"the database is at {now or 'no step'}, the newest is {HEAD}")
    return 0 if now == HEAD else 1


@db.command()
@as_json_option
def upgrade(as_json: bool) -> int:
    """Bring the tables up to this version. The service does it itself where nothing can go wrong."""
    steps = with_store(lambda store: store.database.upgrade(at_start=False))
    if as_json:
        write_json({"steps": list(steps)})
    else:
        click.echo(f"took {', '.join(steps)}" if steps else "nothing to do")
    return 0


@db.command()
@click.argument("path", type=click.Path(path_type=Path))
@as_json_option
def backup(path: Path, as_json: bool) -> int:
    """Write a whole copy of the SQLite file to PATH while the service runs. To restore it, put it in the file's place."""
    with_store(lambda store: store.database.backup(path))
    say(f"wrote {path}", {"path": str(path), "bytes": path.stat().st_size}, as_json=as_json)
    return 0


def _whose_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--account", "account_id", help="Only of this account."),
        click.option("--all-accounts", is_flag=True, help="Of every account: order and buyer keys of different accounts may be the same."),
        click.option("--order", "order_id", help="Only of this order."),
        click.option("--buyer", "buyer_key", help="Only of this buyer key."),
        click.option("--older-than", "days", type=click.IntRange(0), metavar="DAYS", help="Only records older than this many days."),
    ):
        command = option(command)
    return command


@db.command()
@click.argument("path", metavar="FILE|-", type=click.File("w", encoding="utf-8", lazy=False))
@_whose_options
@click.option("--json", "as_json", is_flag=True, help="Say on standard error, as JSON, how many were written.")
def export(
    path: Any, account_id: str | None, all_accounts: bool, order_id: str | None, buyer_key: str | None, days: int | None, as_json: bool
) -> int:
    """Write records with their verdicts to FILE, one JSON object a line: all, or an account's, order's or buyer's."""
    whose = _whose(account_id, order_id, buyer_key, days)

    async def write(store: Store) -> int:
        await _require_account(store, whose, all_accounts=all_accounts)
        written = 0
        async for item in store.drafts.export(whose):
            path.write(json.dumps(item, ensure_ascii=False) + "\n")
            written += 1
        return written

    written = with_store(write)
    # The records themselves may go to standard output.
    click.echo(json.dumps({"records": written}) if as_json else f"{written} record(s)", err=True)
    return 0


@db.command()
@_whose_options
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json_option
def purge(
    account_id: str | None, all_accounts: bool, order_id: str | None, buyer_key: str | None, days: int | None, yes: bool, as_json: bool
) -> int:
    """Erase the records of an order, a buyer or an account, or old ones, with their verdicts. Backups keep theirs."""
    if (account_id, order_id, buyer_key, days) == (None, None, None, None):
        raise click.UsageError("say whose records: --order, --buyer, --account or --older-than")
    whose = _whose(account_id, order_id, buyer_key, days)
    with_store(lambda store: _require_account(store, whose, all_accounts=all_accounts))
    if not yes:
        click.confirm("Erase these records for good?", abort=True, err=True)

    async def erase(store: Store) -> int:
        erased = await store.drafts.purge(whose)
        await store.database.empty_log()
        return erased

    erased = with_store(erase)
    if as_json:
        write_json({"erased": erased})
    else:
        click.echo(f"erased {erased} record(s)")
    return 0


def _whose(account_id: str | None, order_id: str | None, buyer_key: str | None, days: int | None) -> Erasure:
    from drafter.store.drafts import Erasure

    before = None if days is None else datetime.now(UTC) - timedelta(days=days)
    return Erasure(account_id, order_id, buyer_key, before)


async def _require_account(store: Store, whose: Erasure, *, all_accounts: bool) -> None:
    """Nothing when it is clear whose order or buyer is meant.

    Raises:
        RequestError: there are several accounts, which may have the same key for different people.
    """
    if all_accounts and whose.account_id is not None:
        raise click.UsageError("either --account or --all-accounts")
    if all_accounts or whose.account_id is not None or (whose.order_id, whose.buyer_key) == (None, None):
        return
    accounts = await store.drafts.accounts()
    if len(accounts) > 1:
        shown = ", ".join(accounts[:SHOWN_ACCOUNTS]) + (" …" if len(accounts) > SHOWN_ACCOUNTS else "")
        message = f"several accounts have records ({shown}), and another one's order or buyer may have the same key; name one"
        raise RequestError(f"{message}, or say --all-accounts", code="invalid", field="--account")
