"""`drafter keys`: who may call the service, and to do what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from drafter.cli.db import with_store
from drafter.cli.jsonl import as_json_option, say, write_json
from drafter.domain import LOCAL_ACCOUNT

if TYPE_CHECKING:
    from drafter.store.keys import ApiKey, NewKey

SCOPES = ("draft", "check", "read", "approve", "admin")


@click.group()
def keys() -> None:
    """Make, list, rotate and revoke API keys."""


@keys.command()
@click.argument("name")
@click.option("--account", default=LOCAL_ACCOUNT, show_default=True, help="Seller account that it belongs to. Made with its first key.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="May be repeated; all but admin when left out.")
@click.option("--expires-in", "days", type=click.IntRange(1), metavar="DAYS", help="Days until it ends; never when left out.")
@click.option("--rate", "rate_per_minute", type=click.IntRange(1), help="Requests a minute, instead of DRAFTER_RATE_PER_MINUTE.")
@click.option("--daily-usd", type=click.FloatRange(0), help="Dollars a day, instead of DRAFTER_DAILY_SPEND_USD_PER_KEY.")
@click.option("--local-only/--any-model", "is_local_only", default=None, help="The account's texts never reach a remote model.")
@as_json_option
def create(
    name: str,
    account: str,
    scopes: tuple[str, ...],
    days: int | None,
    rate_per_minute: int | None,
    daily_usd: float | None,
    is_local_only: bool | None,
    as_json: bool,
) -> int:
    """Make a key named NAME and show it, this once."""
    from drafter.store.keys import Scope

    granted = frozenset(Scope(scope) for scope in scopes or SCOPES[:-1])
    new = with_store(
        lambda store: store.keys.create(
            name,
            account_id=account,
            scopes=granted,
            expires_at=None if days is None else datetime.now(UTC) + timedelta(days=days),
            rate_per_minute=rate_per_minute,
            daily_usd=daily_usd,
            is_local_only=is_local_only,
        )
    )
    _show_new(new, as_json=as_json)
    return 0


@keys.command("list")
@as_json_option
def list_keys(as_json: bool) -> int:
    """List all keys, without their secrets."""
    found = with_store(lambda store: store.keys.list())
    if as_json:
        write_json([_plain(key) for key in found])
        return 0
    if not found:
        click.echo("there are no keys; drafter keys create NAME makes one", err=True)
    now = datetime.now(UTC)
    for key in found:
        state = "live" if key.is_live(now) else "ended"
        used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
        ends = f", ends {key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else ""
        click.echo(f"{key.id}  {state:<5}  {key.account_id:<16} {key.name:<20} {','.join(sorted(key.scopes))}  {used}{ends}")
    return 0


@keys.command()
@click.argument("key_id")
@click.option("--grace", "hours", type=click.IntRange(0), default=24, show_default=True, help="Hours that the old key stays good.")
@as_json_option
def rotate(key_id: str, hours: int, as_json: bool) -> int:
    """Make a key like KEY_ID, show it this once, and let the old one end."""
    _show_new(with_store(lambda store: store.keys.rotate(key_id, grace=timedelta(hours=hours))), as_json=as_json)
    return 0


@keys.command()
@click.argument("key_id")
@as_json_option
def revoke(key_id: str, as_json: bool) -> int:
    """End KEY_ID now. Running services notice within seconds."""
    with_store(lambda store: store.keys.revoke(key_id))
    say(f"revoked {key_id}", {"revoked": key_id}, as_json=as_json)
    return 0


def _show_new(new: NewKey, *, as_json: bool) -> None:
    if as_json:
        write_json({**_plain(new.key), "key": new.text})
        return
    click.echo(new.text)
    click.echo(f"key {new.key.id} of account {new.key.account_id}: {', '.join(sorted(new.key.scopes))}. It is not shown again.", err=True)


def _plain(key: ApiKey) -> dict[str, Any]:
    """What may be shown of a key."""
    times = ("created_at", "expires_at", "revoked_at", "last_used_at")
    plain = ("id", "account_id", "name", "is_local_only", "rate_per_minute", "daily_usd")
    return {
        **{name: getattr(key, name) for name in plain},
        "scopes": sorted(key.scopes),
        **{name: at.isoformat() if (at := getattr(key, name)) else None for name in times},
    }
