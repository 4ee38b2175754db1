"""`drafter evals`: how well rules, triage and drafts do on labelled sets."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path

import click

from drafter.cli.evals_drift import drift
from drafter.cli.evals_harvest import harvest
from drafter.cli.evals_run import COMMANDS
from drafter.cli.evals_verdicts import verdicts
from drafter.cli.injections import injections
from drafter.cli.jsonl import as_json_option, write_json
from drafter.cli.scorers import COMMANDS as SCORER_COMMANDS
from drafter.content import read_jsonl
from drafter.judges import build_judges

COLLECT_AFTER = (100_000, 20, 100)
"""Thresholds of the garbage collector: rules and words stay until the command ends; looking over them takes a quarter of a short run."""


@click.group()
@click.pass_context
def evals(context: click.Context) -> None:
    """Measure rules, triage and drafts on sets of cases."""
    context.call_on_close(partial(gc.set_threshold, *gc.get_threshold()))
    gc.set_threshold(*COLLECT_AFTER)


for command in (*COMMANDS, *SCORER_COMMANDS, drift, harvest, injections, verdicts):
    evals.add_command(command)


@evals.command()
@click.argument("sets", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--misses", is_flag=True, help="Show each text that was judged otherwise than labelled.")
@as_json_option
def policy(sets: tuple[Path, ...], misses: bool, as_json: bool) -> int:
    """Judge labelled drafts (JSONL) and compare: recall with the right severity and category, wrongly blocked, wrongly warned.

    `--json` prints one object: `sets`, each with its `path`, the figures of `all` rows and of each group (`by`), and with `--misses` the
    `misses`. A share of nothing is null.
    """
    from drafter.evals.policy import evaluate

    guardrail = build_judges().guardrail
    figures = {path: evaluate(guardrail, read_jsonl(path)) for path in sets}
    if as_json:
        write_json({"sets": [{"path": str(path), **found.as_json(with_misses=misses)} for path, found in figures.items()]})
        return 0
    for path, found in figures.items():
        click.echo(f"{path}")
        for line in found.lines(with_misses=misses):
            click.echo(f"  {line}")
    return 0


@evals.command()
@click.argument("sets", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--misses", is_flag=True, help="Show each review that was judged otherwise than labelled.")
@as_json_option
def triage(sets: tuple[Path, ...], misses: bool, as_json: bool) -> int:
    """Triage labelled reviews (JSONL) and compare: issues, safety, injection, removal, language.

    `--json` prints one object: `sets`, each with its `path`, precision, recall and F1 of each judgement and of each issue, the share of
    right languages, and with `--misses` the `misses`. A share of nothing is null.
    """
    from drafter.evals.triage import evaluate

    triager = build_judges().triager
    figures = {path: evaluate(triager, read_jsonl(path)) for path in sets}
    if as_json:
        write_json({"sets": [{"path": str(path), **found.as_json(with_misses=misses)} for path, found in figures.items()]})
        return 0
    for path, found in figures.items():
        click.echo(f"{path}")
        for line in (*found.misses, *found.lines()) if misses else found.lines():
            click.echo(f"  {line}")
    return 0
