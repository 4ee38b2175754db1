"""`drafter doctor`: what works here, what does not, and what to do about it."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from drafter import __version__
from drafter.cli.jsonl import write_json
from drafter.content import find_content_root
from drafter.domain import CheckRequest, Verdict
from drafter.errors import DrafterError
from drafter.judges import build_judges
from drafter.llm.weights import find_weights
from drafter.settings import Settings, load_settings, unknown_variables
from drafter.store import open_store


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part is."""

    part: str
    works: bool
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def doctor(as_json: bool) -> int:
    """Look at settings, content, rules, model and store. Exit code 1 when something does not work."""
    settings = load_settings()
    parts: dict[str, Callable[[Settings], str]] = {
        "settings": _settings,
        "python": lambda _settings: f"{platform.python_version()}, drafter {__version__}",
        "content": lambda s: str(find_content_root(s.content_dir)),
        "rules": _rules,
        "model": _model,
        "store": _store,
    }
    found = [_look(part, look, settings) for part, look in parts.items()]
    for finding in found:
        if not as_json:
            click.echo(f"{'ok ' if finding.works else 'NO '} {finding.part:<8} {finding.detail}")
    if as_json:
        write_json([{"part": f.part, "works": f.works, "detail": f.detail} for f in found])
    return 0 if all(f.works for f in found) else 1


def _look(part: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(part, True, look(settings))
    except DrafterError as exc:
        return Finding(part, False, str(exc))


def _settings(settings: Settings) -> str:
    """Those that were chosen, and what looks like one and is none."""
    chosen = [f"{len(settings.model_fields_set)} set"]
    for variable, nearest in unknown_variables(os.environ):
        chosen.append(f"{variable} is none" + (f"; did you mean {nearest}?" if nearest else ""))
    return ", ".join(chosen)


def _rules(settings: Settings) -> str:
    """Prove that a violation is blocked here, rather than that files were found."""
    guardrail = build_judges(settings).guardrail
    report = guardrail.check(CheckRequest(channel="review_followup", text="Please delete your review and we will send you a gift card."))
    if report.verdict is not Verdict.BLOCK:
        raise DrafterError("the rules let a plain violation pass")
    return f"{len(report.results)} rules, pack {report.pack_sha256[:12]}"


def _model(settings: Settings) -> str:
    if not settings.model_names:
        return "none: templates only"
    if "embedded" not in settings.model_names:
        return f"{', '.join(settings.model_names)} (not called)"
    return f"embedded: {find_weights(settings)}"


def _store(settings: Settings) -> str:
    """Whether it can be read. A SQLite file that is not there yet is not made: whoever only looks leaves nothing behind."""

    async def check() -> str:
        store = open_store(settings.database_url)
        try:
            database = store.database
            file = Path(database.engine.url.database or "") if database.is_sqlite and not database.is_memory else None
            if file is None or file.exists():
                await store.check()
                return ""
        finally:
            await store.aclose()
        if not os.access(file.absolute().parent, os.W_OK):
            raise DrafterError(f"{file} is not there, and its folder cannot be written; make the folder, or set DRAFTER_DATABASE_URL")
        return " (not there yet: the first command that writes makes it)"

    return settings.database_url.rpartition("@")[2] + asyncio.run(check())
