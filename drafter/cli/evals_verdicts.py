"""`drafter evals verdicts`: what people did with drafts, and which scorers saw it coming."""

from __future__ import annotations

from pathlib import Path

import click

from drafter.cli.jsonl import write_json
from drafter.content import read_jsonl
from drafter.errors import RequestError
from drafter.evals.intervals import NothingMeasured
from drafter.evals.verdicts import by_prompt, by_scorer, read_judgements


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE…", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def verdicts(sources: tuple[Path, ...], as_json: bool) -> int:
    """Count kept, edited and rejected drafts by prompt, and hold each scorer against them.

    Files are JSONL: what `drafter db export` writes, or labels kept by `drafter prompts dev`. A scorer that may as well be a coin is
    advisory: no gate should rest on it.
    """
    judgements = [one for path in sources for one in read_judgements(read_jsonl(path))]
    try:
        prompts, scorers = by_prompt(judgements), by_scorer(judgements)
    except NothingMeasured as exc:
        raise RequestError(str(exc), code="nothing_measured") from exc
    if as_json:
        told = [{**one.model_dump(mode="json"), "standing": one.standing} for one in scorers]
        write_json({"prompts": [one.model_dump(mode="json") for one in prompts], "scorers": told})
        return 0
    for prompt in prompts:
        counts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(prompt.verdicts.items()))
        kept = prompt.kept
        click.echo(f"{prompt.prompt:<14} kept {kept.value:.0%} [{kept.low:.0%}, {kept.high:.0%}] of {prompt.n}: {counts}")
    for scorer in scorers:
        auc = f"{scorer.auc.value:.2f} [{scorer.auc.low:.2f}, {scorer.auc.high:.2f}]" if scorer.auc else "too few"
        click.echo(f"  {scorer.scorer:<16} AUC {auc:<19} {scorer.kept} kept, {scorer.changed} changed  {scorer.standing}")
    return 0
