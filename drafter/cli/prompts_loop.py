"""`drafter prompts try|affected|compare|why|dev`: what a changed sentence does, in seconds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import click

from drafter.cli.draft import show as show_response
from drafter.cli.evals_run import RUNS, choose_tape, find_report
from drafter.cli.evals_tools import RunProgress, open_tools
from drafter.cli.jsonl import as_json_option, open_input, write_json
from drafter.cli.prompts_dev import watch
from drafter.cli.prompts_labels import find_prompt, open_library
from drafter.content import find_content_root
from drafter.errors import RequestError
from drafter.evals.desk import Desk
from drafter.evals.show_text import comparison_lines
from drafter.evals.suite import Suite, find_suite, load_suite
from drafter.intake import parse_json
from drafter.prompts.library import Library, Prompt
from drafter.settings import load_settings
from drafter.wiring import build

suite_option = click.option("--suite", "suite_name", default="drafting", show_default=True, help="Suite whose cases are used.")
model_option = click.option("--model", help="Model instead of the suite's.")
own_option = click.option("--model-from", metavar="MODULE:FUNCTION", help="A model object of your own, made by this function.")
runs_option = click.option("--runs", type=click.Path(file_okay=False, path_type=Path), default=RUNS, help="Folder of runs.")


def _suite(name: str) -> Suite:
    return load_suite(find_suite(find_content_root(load_settings().content_dir), name))


@click.command(name="try")
@click.argument("prompt_id", metavar="PROMPT")
@click.argument("source", required=False, metavar="[FILE|-]")
@click.option("--text", help="The review, instead of a request.")
@model_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def try_prompt(prompt_id: str, source: str | None, text: str | None, model: str | None, as_json: bool) -> int:
    """Draft once with a prompt, and show every score."""
    if (source is None) == (text is None):
        raise click.UsageError("name the input: FILE, - or --text")
    value = {"body": text}
    if source is not None:
        with open_input(source) as stream:
            value = parse_json(stream.read())
    return asyncio.run(_try(find_prompt(open_library(), prompt_id).id, value, model, as_json=as_json))


async def _try(prompt_id: str, value: object, model: str | None, *, as_json: bool) -> int:
    overrides: dict[str, object] = {"database_url": "memory", "log_level": "error"}
    overrides |= {"model": model, "models": ""} if model else {}
    async with build(overrides, waits_for_model=True) as services:
        request = services.judges.receive(value).request
        options = request.options.model_copy(update={"prompt": prompt_id})
        response = await services.draft(request.model_copy(update={"options": options}))
    show_response(response, as_json=as_json)
    for score in response.scorecard.scores if response.scorecard and not as_json else ():
        click.echo(f"  {score.scorer:<16} {'–' if score.value is None else format(score.value, '.2f'):>5}  {score.reason}")
    return 0


@click.command()
@click.argument("prompt_id", metavar="PROMPT")
@click.option("--vs", default="production", show_default=True, help="Version or label to compare with.")
@click.option("--profile", type=click.Choice(["small", "large"]), default="large", show_default=True, help="Kind of model.")
@suite_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def affected(prompt_id: str, vs: str, profile: str, suite_name: str, as_json: bool) -> int:
    """Say which cases would be asked something else. No model call. Exit code 1 when the prompt has a new branch that no case takes."""
    library = open_library()
    after = find_prompt(library, prompt_id)
    before = library.get(after.front.task, vs)
    desk = asyncio.run(_cold_desk(_suite(suite_name), before, profile))
    look = desk.look(desk.writer, after.id)
    if as_json:
        write_json(look.as_json())
    else:
        for line in look.lines():
            click.echo(line)
    return 1 if look.untested else 0


async def _cold_desk(suite: Suite, before: Prompt, profile: str) -> Desk:
    async with open_tools(suite, tape="off", model="none") as tools:
        return Desk.open(suite, tools, before, profile="small" if profile == "small" else "large")


@click.command()
@click.argument("before")
@click.argument("after")
@suite_option
@model_option
@own_option
@click.option("--repeats", type=click.IntRange(1, 100), help="Repeats of each case instead of the suite's.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def compare(before: str, after: str, suite_name: str, model: str | None, model_from: str | None, repeats: int | None, as_json: bool) -> int:
    """Run two prompts on the cases that differ, and compare them case by case. Exit code 1 when the second is worse."""
    library = open_library()
    old, new = find_prompt(library, before), find_prompt(library, after)
    return asyncio.run(_compare(_suite(suite_name), old, new, model, model_from, repeats, as_json=as_json))


async def _compare(
    suite: Suite,
    old: Prompt,
    new: Prompt,
    model: str | None,
    model_from: str | None,
    repeats: int | None,
    *,
    as_json: bool,
) -> int:
    async with open_tools(suite, tape=choose_tape(suite, None, is_own=True), model=model, model_from=model_from) as tools:
        desk = Desk.open(suite, tools, old, repeats=repeats, status=RunProgress("compare"))
        look = desk.look(desk.writer, new.id)
        result = await desk.measure(look)
    if as_json:
        write_json({"affected": look.as_json(), "comparison": result.model_dump(mode="json") if result else None})
    else:
        for line in (*look.lines(), *(comparison_lines(result) if result else ["nothing is affected: no case can answer differently"])):
            click.echo(line)
    return 1 if result and any(delta.verdict == "worse" for delta in result.deltas) else 0


@click.command()
@click.argument("case_id", metavar="CASE")
@suite_option
@runs_option
@as_json_option
def why(case_id: str, suite_name: str, runs: Path, as_json: bool) -> int:
    """Show all that is known of one case of the last run: drafts, scores with their reasons, violations, where answers came from."""
    report = find_report(suite_name, runs)
    case = next((case for case in report.cases if case.id == case_id), None)
    if case is None:
        raise RequestError(f"no case {case_id!r} in {report.title}", code="unknown_case", field="CASE")
    if as_json:
        write_json(case.model_dump(mode="json"))
        return 0
    click.echo(f"{case.id}  {case.passes} of {case.repeats} pass\n\n{case.about}\n")
    for sample in case.samples:
        state = sample.unmeasured or ("passed" if sample.passed else "failed")
        click.secho(
            f"── repeat {sample.repeat}: {state}, {sample.action} {sample.origin}, answers {sample.tape}, {sample.calls} calls", bold=True
        )
        click.echo(sample.text or sample.detail or "(no draft)")
        if sample.final is not None:
            click.echo(f"\nwhat left instead:\n{sample.final}\n")
        for violation in sample.violations:
            click.echo(f"  ✗ {violation.invariant}: {violation.detail}")
        for name, value in sample.metrics.items():
            reason = sample.notes[name].reason if name in sample.notes else ""
            click.echo(f"  {name:<16} {'–' if value is None else format(value, '.2f'):>5}  {reason}")
    return 0


@click.command()
@click.argument("task")
@click.option("--prompt", "version", help="Version to work on; default: the newest that is not released.")
@suite_option
@model_option
@own_option
@click.option("--once", is_flag=True, help="Look once and end, without watching.")
def dev(task: str, version: str | None, suite_name: str, model: str | None, model_from: str | None, once: bool) -> int:
    """Watch a prompt: on each save lint, rendered diff, affected cases, sentinels first, paired differences."""
    library = open_library()
    prompt = find_prompt(library, f"{task}/{version}") if version else newest_unreleased(library, task)
    return asyncio.run(_dev(_suite(suite_name), library, prompt, model, model_from, once=once))


async def _dev(suite: Suite, library: Library, prompt: Prompt, model: str | None, model_from: str | None, *, once: bool) -> int:
    async with open_tools(suite, tape="off", model=model, model_from=model_from) as tools:
        assert tools.pipeline is not None
        # A prompt shows in its first drafts, and an author waits: repairs are left to the suite.
        quick = replace(tools, pipeline=replace(tools.pipeline, max_repairs=0))
        desk = Desk.open(suite, quick, library.get(prompt.front.task), status=RunProgress("asking"))
        return await watch(desk, prompt.id, once=once, labels=RUNS / "labels.jsonl")


def newest_unreleased(library: Library, task: str) -> Prompt:
    """The version that somebody works on.

    Raises:
        RequestError: all versions are released, or in production.
    """
    find_prompt(library, task)
    state = library.tasks[task]
    open_ = [p for p in library.prompts.values() if p.front.task == task and p.front.version not in {*state.released, state.production}]
    if not open_:
        raise RequestError(f"all versions of {task} are released; make one with `drafter prompts new {task}`", code="unknown_prompt")
    return max(open_, key=lambda p: (len(p.front.version), p.front.version))


COMMANDS = (try_prompt, affected, compare, why, dev)
