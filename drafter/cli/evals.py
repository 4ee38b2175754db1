"""`drafter evals`: how well rules, triage and drafts do on labelled sets."""

from __future__ import annotations

from pathlib import Path

import click

from drafter.cli.evals_drift import drift
from drafter.cli.evals_harvest import harvest
from drafter.cli.evals_run import COMMANDS
from drafter.cli.evals_verdicts import verdicts
from drafter.cli.injections import injections
from drafter.cli.scorers import COMMANDS as SCORER_COMMANDS
from drafter.content import read_jsonl
from drafter.judges import build_judges


@click.group()
def evals() -> None:
    """Measure rules and triage on labelled sets."""


for command in (*COMMANDS, *SCORER_COMMANDS, drift, harvest, injections, verdicts):
    evals.add_command(command)


@evals.command()
@click.argument("sets", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--misses", is_flag=True, help="Show each text that was judged otherwise than labelled.")
def policy(sets: tuple[Path, ...], misses: bool) -> int:
    """Judge labelled drafts (JSONL) and compare: recall with the right severity and category, wrongly blocked, wrongly warned."""
    from drafter.evals.policy import evaluate

    guardrail = build_judges().guardrail
    for path in sets:
        click.echo(f"{path}")
        for line in evaluate(guardrail, read_jsonl(path)).lines(with_misses=misses):
            click.echo(f"  {line}")
    return 0


@evals.command()
@click.argument("sets", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--misses", is_flag=True, help="Show each review that was judged otherwise than labelled.")
def triage(sets: tuple[Path, ...], misses: bool) -> int:
    """Triage labelled reviews (JSONL) and compare: issues, safety, injection, removal, language."""
    from drafter.evals.triage import evaluate

    triager = build_judges().triager
    for path in sets:
        click.echo(f"{path}")
        figures = evaluate(triager, read_jsonl(path), print_line=click.echo if misses else None)
        for line in () if misses else figures.lines():
            click.echo(f"  {line}")
    return 0
