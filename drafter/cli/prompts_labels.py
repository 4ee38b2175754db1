"""`drafter prompts new|release|promote|rollback|history`: versions and labels."""

from __future__ import annotations

import asyncio
import getpass
import re
from pathlib import Path
from typing import NoReturn

import click

from drafter.cli.evals_run import RUNS, find_report
from drafter.cli.evals_tools import open_tools
from drafter.cli.jsonl import as_json_option, say, write_json
from drafter.content import find_content_root
from drafter.errors import ContentError, RequestError
from drafter.evals.advice import find_faults
from drafter.evals.promotion import move_label, report_sha256, require_proof, roll_back, run_sealed
from drafter.evals.report import Report
from drafter.evals.session import Choices, Session, Tools
from drafter.evals.suite import find_suite, load_suite
from drafter.judges import build_judges
from drafter.prompts.labels import CANDIDATE, PRODUCTION, save_labels
from drafter.prompts.library import Library, Prompt, load_library
from drafter.prompts.lint import UNSAID
from drafter.settings import load_settings

by_option = click.option("--by", default=getpass.getuser, show_default="you", help="Who says so.")


def open_library() -> Library:
    """The prompts of the content root."""
    return load_library(find_content_root(load_settings().content_dir))


def find_prompt(library: Library, name: str) -> Prompt:
    """A prompt by `task/version`, or by `task/label`.

    Raises:
        RequestError: there is none.
    """
    task, _, asked = name.partition("/")
    if task not in library.tasks:
        raise RequestError(f"no task {task!r}; there are {', '.join(library.tasks)}", code="unknown_prompt", field="PROMPT")
    try:
        return library.get(task, name if asked else None)
    except RequestError as exc:
        # The library speaks to callers of the service, who have no argument.
        raise RequestError(str(exc).removeprefix(f"{exc.field}: "), code=exc.code, field="PROMPT") from exc


def require_faultless(library: Library, prompt: Prompt) -> None:
    """Nothing, when lint finds nothing in a version: what is released cannot be mended any more.

    Raises:
        ContentError: names the first finding.
    """
    for finding in find_faults(build_judges().guardrail, library, prompt, known={}):
        hint = "`drafter prompts lint` shows all; a version that is released cannot be mended"
        raise ContentError(finding.path, finding.message, line=finding.line, hint=hint)


@click.command()
@click.argument("task")
@click.option("--from", "parent", help="Version to begin with; default: the one in production.")
def new(task: str, parent: str | None) -> int:
    """Make the next version of a prompt, a copy to work on."""
    library = open_library()
    old = find_prompt(library, f"{task}/{parent}" if parent else task)
    versions = [int(p.front.version[1:]) for p in library.prompts.values() if p.front.task == task and p.front.version[1:].isdigit()]
    version = f"v{max(versions) + 1}"
    text = re.sub(r"(?m)^version: .*$", f"version: {version}", old.text, count=1)
    text = re.sub(r"(?m)^parent: .*\n", "", text, count=1)
    text = text.replace(f"version: {version}\n", f"version: {version}\nparent: {old.front.version}\n", 1)
    text = re.sub(r"(?m)^changes: .*$", f"changes: {UNSAID}", text, count=1)
    path = old.path.with_name(f"{version}.j2")
    path.write_text(text, encoding="utf-8")
    click.echo(path)
    return 0


@click.command()
@click.argument("prompt_id", metavar="PROMPT")
@as_json_option
def release(prompt_id: str, as_json: bool) -> int:
    """Lock a version that lint finds nothing in: from now on a change of its file is an error. Promoting does it, too."""
    library = open_library()
    prompt = find_prompt(library, prompt_id)
    require_faultless(library, prompt)
    state = library.tasks[prompt.front.task]
    released = {**state.released, prompt.front.version: prompt.sha256}
    save_labels(library.root, {**library.tasks, prompt.front.task: state.model_copy(update={"released": released})})
    say(f"{prompt.id} is released as {prompt.sha256[:12]}", {"prompt": prompt.id, "sha256": prompt.sha256}, as_json=as_json)
    return 0


@click.command()
@click.argument("prompt_id", metavar="PROMPT")
@click.option("--to", "label", type=click.Choice([CANDIDATE, PRODUCTION]), default=CANDIDATE, show_default=True, help="Label to move.")
@click.option(
    "--canary", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Share of requests that the candidate answers."
)
@click.option("--because", required=True, help="Why.")
@click.option("--suite", "suite_name", default="drafting", show_default=True, help="Suite whose report is the proof.")
@click.option("--report", "report_name", help="The report; default: the suite's last.")
@click.option("--model", help="Model for the sealed part instead of the suite's.")
@click.option("--model-from", metavar="MODULE:FUNCTION", help="A model object of your own for it, made by this function.")
@click.option("--runs", type=click.Path(file_okay=False, path_type=Path), default=RUNS, help="Folder of last reports.")
@by_option
@as_json_option
def promote(
    prompt_id: str,
    label: str,
    canary: float,
    because: str,
    suite_name: str,
    report_name: str | None,
    runs: Path,
    by: str,
    as_json: bool,
    **model: str | None,
) -> int:
    """Move a label to a version that is proved: a complete, passing report of this very file, then the sealed cases.

    Exit code 1 when the sealed cases say no. Each opening of them is counted.
    """
    library = open_library()
    prompt = find_prompt(library, prompt_id)
    require_faultless(library, prompt)
    report = find_report(report_name or suite_name, runs)
    return asyncio.run(_promote(library, prompt, report, label, canary=canary, because=because, by=by, as_json=as_json, **model))


async def _promote(
    library: Library,
    prompt: Prompt,
    report: Report,
    label: str,
    *,
    canary: float,
    because: str,
    by: str,
    as_json: bool,
    model: str | None,
    model_from: str | None,
) -> int:
    told: dict[str, object] = {
        "prompt": prompt.id,
        "sha256": prompt.sha256,
        "label": label,
        "canary": canary,
        "report": report_sha256(report),
    }
    suite = load_suite(find_suite(library.root, report.suite))
    bare = Tools(library.root, _no_judge, _no_judge, None, library, report.model)
    require_proof(report, prompt, Session.open(suite.model_copy(update={"tape": None}), bare, Choices(tape="off")).set_sha256)
    if suite.sealed is not None:
        async with open_tools(suite, tape="off", model=model, model_from=model_from) as tools:
            sealed = await run_sealed(suite, tools, prompt, by=by)
        assert sealed is not None
        click.echo(f"sealed cases: {'passed' if sealed.is_passed else 'NOT passed'}; opened {sealed.openings} time(s) so far", err=True)
        if not sealed.is_passed:
            # Which case it was stays sealed: a prompt that is tuned on it proves nothing any more.
            reason = ", ".join(sealed.worse) or sealed.report.verdict.reason
            click.echo(f"{prompt.id} is not promoted: {reason} on the sealed cases", err=True)
            if as_json:
                write_json({**told, "is_promoted": False, "reason": reason})
            return 1
    save_labels(library.root, move_label(library, prompt, label, by=by, because=because, canary=canary, report=report))
    share = f", answers {canary:.0%} of requests" if label == CANDIDATE else ""
    sentence = f"{prompt.front.task}: {label} is now {prompt.front.version}@{prompt.sha256[:8]}{share}"
    say(sentence, {**told, "is_promoted": True}, as_json=as_json)
    return 0


@click.command()
@click.argument("task")
@click.option("--because", required=True, help="Why.")
@by_option
@as_json_option
def rollback(task: str, because: str, by: str, as_json: bool) -> int:
    """Put the previous version back into production, and end the canary."""
    library = open_library()
    if task not in library.tasks:
        raise ContentError("prompts/active.yaml", f"no task {task!r}", hint=f"there are {', '.join(library.tasks)}")
    states = roll_back(library, task, by=by, because=because)
    save_labels(library.root, states)
    version = states[task].production
    say(
        f"{task}: production is {version} again",
        {"task": task, "production": version},
        as_json=as_json,
    )
    return 0


@click.command()
@click.argument("task")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def history(task: str, as_json: bool) -> int:
    """Say who moved which label when, why, and on what proof."""
    library = open_library()
    state = library.tasks[find_prompt(library, task).front.task]
    if as_json:
        write_json(state.model_dump(mode="json"))
        return 0
    for move in state.history:
        proof = f"report {move.report[:8]}" if move.report else "no report"
        click.echo(
            f"{move.at:%Y-%m-%d %H:%M} {move.label:<10} {move.before or '–'} → {move.after or '–'}  {move.by}: {move.because} ({proof})"
        )
    canary = f", candidate {state.candidate} for {state.canary:.0%}" if state.candidate else ""
    click.echo(f"production {state.production}{canary}; released: {', '.join(state.released) or 'none'}")
    return 0


def _no_judge() -> NoReturn:
    raise AssertionError("a proof is read, not judged again")


COMMANDS = (new, release, promote, rollback, history)
