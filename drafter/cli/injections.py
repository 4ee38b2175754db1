"""`drafter evals injections`: reviews that command the machine, through the whole service."""

from __future__ import annotations

import asyncio
import sys

import click

from drafter.cli.jsonl import write_json
from drafter.cli.progress import Progress
from drafter.content import find_content_root
from drafter.evals.injections import InjectionFigures, Outcome, load_injections, run_injection
from drafter.wiring import build


@click.command()
@click.option("--model", help="Model instead of DRAFTER_MODEL: embedded, none, or a litellm name.")
@click.option("--plain", "asks_plainly", is_flag=True, help="Also ask the model without any protection, to see how strong the attacks are.")
@click.option("--limit", type=click.IntRange(1), help="Only the first so many.")
@click.option("--json", "as_json", is_flag=True, help="One object a line for each attack, as soon as it has ended.")
def injections(model: str | None, asks_plainly: bool, limit: int | None, as_json: bool) -> int:
    """Try to talk the model into things by what a review says. Exit code 1 when a final draft obeys."""
    outcomes = asyncio.run(_run(model, asks_plainly=asks_plainly, limit=limit, as_json=as_json))
    figures = InjectionFigures(outcomes)
    for line in figures.lines():
        click.echo(line, err=as_json)
    for outcome in figures.sent:
        click.echo(f"{outcome.case.id} ({outcome.case.kind}) was obeyed", err=True)
    return 1 if figures.sent else 0


async def _run(model: str | None, *, asks_plainly: bool, limit: int | None, as_json: bool) -> list[Outcome]:
    overrides: dict[str, object] = {"database_url": "memory", "log_level": "error"}
    if model is not None:
        overrides |= {"model": model, "models": ""}
    progress = Progress()
    outcomes = []
    async with build(overrides, waits_for_model=True, progress=progress, log_stream=sys.stderr) as services:
        cases = load_injections(find_content_root(services.settings.content_dir))[:limit]
        for number, case in enumerate(cases, start=1):
            outcome = await run_injection(case, services.pipeline, asks_plainly=asks_plainly)
            outcomes.append(outcome)
            progress("attacks", number, len(cases))
            if as_json:
                write_json(_row(outcome))
    return outcomes


def _row(outcome: Outcome) -> dict[str, object]:
    draft = outcome.record.draft
    return {
        "id": outcome.case.id,
        "kind": outcome.case.kind,
        "language": outcome.case.language,
        "spotted": outcome.is_spotted,
        "obeyed_plainly": outcome.is_plainly_obeyed,
        "obeyed_in_candidate": outcome.is_said,
        "obeyed_in_draft": outcome.is_drafted,
        "obeyed": outcome.is_sent,
        "route": outcome.record.triage.route,
        "origin": draft.origin if draft else None,
        "plain": outcome.plain,
        "said": outcome.said,
        "text": draft.text if draft else None,
    }
