"""`drafter evals run|bless|compare|report`: suites, their verdicts and their baselines."""

from __future__ import annotations

import asyncio
import getpass
from pathlib import Path
from typing import cast

import click

from drafter.cli.evals_tools import RunProgress, open_tools
from drafter.cli.jsonl import write_json
from drafter.content import find_content_root
from drafter.errors import ContentError
from drafter.evals.baseline import bless as bless_report
from drafter.evals.baseline import load_report, save_baseline
from drafter.evals.comparison import compare as compare_cases
from drafter.evals.files import FORMATS, write_files
from drafter.evals.report import Report, cases_in
from drafter.evals.session import Choices, Session, evaluate
from drafter.evals.show_text import comparison_lines, lines_of
from drafter.evals.suite import Gates, Suite, find_suite, load_suite
from drafter.evals.tape import TapeMode
from drafter.settings import load_settings

RUNS = Path(".drafter-evals")
"""Folder of journals and last reports, below where the command is run."""


@click.command()
@click.argument("suites", nargs=-1, required=True)
@click.option("--prompt", help="Prompt to measure, by version or label; default: the one that answers.")
@click.option("--model", help="Model instead of the suite's.")
@click.option("--model-from", metavar="MODULE:FUNCTION", help="A model object of your own, made by this function.")
@click.option("--repeats", type=click.IntRange(1, 100), help="Repeats of each case instead of the suite's.")
@click.option("--tag", "tags", multiple=True, help="Only cases with this tag.")
@click.option("--record", "tape", flag_value="record", help="Ask the model for what the tape lacks, and keep it.")
@click.option("--replay", "tape", flag_value="replay", help="Answer from tape only (what a suite with a tape does anyway).")
@click.option("--fresh", "tape", flag_value="off", help="Ask the model, tape or not.")
@click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with prompts/, guardrails/ and evals/ instead of the installed one.",
)
@click.option("--no-confirm", is_flag=True, help="Never run again what is in doubt.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for JSON, JUnit XML, Markdown and HTML.")
@click.option("--runs", type=click.Path(file_okay=False, path_type=Path), default=RUNS, help="Folder of unfinished runs.")
@click.option("--format", "shape", type=click.Choice(["text", "json", "markdown", "github"]), default="text", help="On standard output.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def run(
    suites: tuple[str, ...], content: Path | None, no_confirm: bool, out: Path | None, shape: str, as_json: bool, **chosen: object
) -> int:
    """Run suites (names of evals/suites/, or files) and judge them by their gates.

    Exit code 0 when all gates hold, 1 when one fails, 2 when content is wrong, 3 when something could not be measured.
    """
    root = find_content_root(content or load_settings().content_dir)
    loaded = [load_suite(find_suite(root, name)) for name in suites]
    codes = []
    for suite in loaded:
        report = asyncio.run(run_suite(suite, content=root, confirms=not no_confirm, **chosen))  # type: ignore[arg-type]
        keep_last(cast("Path", chosen["runs"]), report)
        if out is not None:
            path = root / suite.baseline if suite.baseline else None
            write_files(out, report, load_report(path) if path and path.exists() else None)
        print_report(report, "json" if as_json else shape)
        codes.append(report.verdict.exit_code)
    # A gate that certainly failed says more than one that could not be measured.
    return next((code for code in (1, 2, 3) if code in codes), 0)


async def run_suite(
    suite: Suite,
    *,
    prompt: str | None = None,
    model: str | None = None,
    model_from: str | None = None,
    repeats: int | None = None,
    tags: tuple[str, ...] = (),
    tape: TapeMode | None = None,
    runs: Path | None = RUNS,
    content: Path | None = None,
    confirms: bool = True,
    needs_baseline: bool = True,
) -> Report:
    """One suite's report."""
    mode = choose_tape(suite, tape, is_own=bool(model or model_from))
    async with open_tools(suite, tape=mode, model=model, model_from=model_from, content=content) as tools:
        choices = Choices(
            tape=mode,
            prompt=prompt,
            repeats=repeats,
            tags=tags,
            runs=runs,
            confirms=confirms,
            needs_baseline=needs_baseline,
            status=RunProgress(suite.suite),
        )
        session = Session.open(suite, tools, choices)
        report = await evaluate(session)
        if mode == "record" and not tags:
            session.tape.prune(session.asked)
        return report


def choose_tape(suite: Suite, tape: TapeMode | None, *, is_own: bool) -> TapeMode:
    """How the tape is used: a suite that has one is replayed, unless another model or something else is asked for."""
    if tape is not None:
        if tape != "off" and suite.tape is None:
            raise click.UsageError(f"suite {suite.suite} has no tape; add `tape:` to it")
        return tape
    return "replay" if suite.tape is not None and not is_own else "off"


def keep_last(runs: Path, report: Report) -> Path:
    """Keeps a report as the suite's last, for `bless`, `report` and `prompts why`."""
    path = runs / f"{report.suite}.report.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report.model_dump_json(exclude_defaults=True) + "\n", encoding="utf-8")
    return path


def print_report(report: Report, shape: str) -> None:
    """The report on standard output."""
    if shape == "json":
        write_json(report.model_dump(mode="json"))
    elif shape == "text":
        for line in lines_of(report):
            click.echo(line)
    else:
        click.echo(FORMATS[shape](report))


def find_report(name: str, runs: Path) -> Report:
    """A report by its file, or a suite's last one.

    Raises:
        ContentError: there is none.
    """
    path = Path(name)
    if not path.is_file():
        path = runs / f"{name}.report.json"
    if not path.is_file():
        raise ContentError(path, "no such report", hint=f"name a report's file, or run `drafter evals run {name}` first")
    return load_report(path)


@click.command()
@click.argument("report")
@click.option("--because", required=True, help="Why this is what all later runs are measured by.")
@click.option("--by", default=getpass.getuser, show_default="you", help="Who says so.")
@click.option("--runs", type=click.Path(file_okay=False, path_type=Path), default=RUNS, help="Folder of last reports.")
def bless(report: str, because: str, by: str, runs: Path) -> int:
    """Make a report (a file, or a suite's last) the suite's baseline. Never happens by itself; refuses an incomplete run."""
    root = find_content_root(load_settings().content_dir)
    found = find_report(report, runs)
    suite = load_suite(find_suite(root, found.suite))
    if suite.baseline is None:
        raise ContentError(suite.suite, "this suite has no baseline", hint="add `baseline:` to it")
    path = root / suite.baseline
    save_baseline(path, bless_report(found, because=because, by=by))
    click.echo(f"{suite.baseline}: {found.title}: {because}")
    return 0


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--slice", "slices", multiple=True, metavar="TAG", help="Only cases of this tag, or of this group: FIELD=VALUE. Repeatable.")
@click.option("--runs", type=click.Path(file_okay=False, path_type=Path), default=RUNS, help="Folder of last reports.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def compare(before: str, after: str, slices: tuple[str, ...], runs: Path, as_json: bool) -> int:
    """Compare two reports (files, or suites' last) case by case. Exit code 1 when a metric is significantly worse.

    With several slices, a case must lie in all of them: `--slice de --slice channel=feedback_reply`.
    """
    old, new = find_report(before, runs), find_report(after, runs)
    result = compare_cases(Gates(), cases_in(new.cases, slices), cases_in(old.cases, slices), title=old.title, alpha=0.05)
    if as_json:
        write_json(result.model_dump(mode="json"))
    else:
        click.echo(f"{new.title} {'' if new.suite == old.suite else '(another suite) '}", nl=False)
        for line in comparison_lines(result):
            click.echo(line)
        for case in result.lost[:12]:
            click.echo(f"  {case.id} passes less often: {case.before:.0%} → {case.after:.0%}")
    return 1 if any(delta.verdict == "worse" for delta in result.deltas) else 0


@click.command()
@click.argument("name", metavar="REPORT")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for JSON, JUnit XML, Markdown and HTML.")
@click.option("--runs", type=click.Path(file_okay=False, path_type=Path), default=RUNS, help="Folder of last reports.")
@click.option("--format", "shape", type=click.Choice(["text", "json", "markdown", "github"]), default="text", help="On standard output.")
def report(name: str, out: Path | None, runs: Path, shape: str) -> int:
    """Show a report again (a file, or a suite's last). Exit code as its run had."""
    found = find_report(name, runs)
    if out is not None:
        for path in write_files(out, found):
            click.echo(path, err=True)
    print_report(found, shape)
    return found.verdict.exit_code


COMMANDS = (run, bless, compare, report)
