"""`drafter evals harvest`: verdicts and lists of reviews become cases."""

from __future__ import annotations

from pathlib import Path

import click

from drafter.cli.jsonl import as_json_option, say
from drafter.content import read_jsonl, read_text
from drafter.errors import ContentError
from drafter.evals.harvest import cases_of_csv, cases_of_verdicts
from drafter.evals.sets import load_set


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--into", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Set that the cases are appended to."
)
@click.option("--licence", required=True, help="Under which the texts may be kept.")
@click.option("--origin", help="Of a CSV file's rows, e.g. where the reviews come from.")
@as_json_option
def harvest(source: Path, target: Path, licence: str, origin: str | None, as_json: bool) -> int:
    """Make cases of verdicts (JSONL, as `drafter db export` writes it) or of a CSV file; cases that are there already are left alone."""
    if source.suffix == ".csv":
        if not origin:
            raise click.UsageError("say where the rows come from: --origin")
        cases = list(cases_of_csv(read_text(source), origin=origin, licence=licence))
    else:
        cases = list(cases_of_verdicts(read_jsonl(source), licence=licence))
    known = {case.id for case in load_set(target).cases} if target.exists() else set()
    fresh = [case for case in cases if case.id not in known]
    if len({case.id for case in fresh}) != len(fresh):
        raise ContentError(source, "two rows have one id, or one review stands there twice")
    with target.open("a", encoding="utf-8") as file:
        for case in fresh:
            file.write(case.model_dump_json(exclude_defaults=True) + "\n")
    sentence = f"{target}: {len(fresh)} new, {len(cases) - len(fresh)} there already; read them before you commit them"
    say(sentence, {"set": str(target), "new": [case.id for case in fresh], "known": len(cases) - len(fresh)}, as_json=as_json)
    return 0
