"""`drafter prompts`: look at prompts, lint them, see what a model would be asked; the author's loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import click

from drafter.cli.jsonl import open_input, write_json
from drafter.cli.prompts_labels import COMMANDS as LABELS
from drafter.cli.prompts_labels import find_prompt
from drafter.cli.prompts_loop import COMMANDS as LOOP
from drafter.content import find_content_root
from drafter.drafting.writer import Writer
from drafter.errors import RequestError
from drafter.evals.advice import Judged, find_faults
from drafter.evals.affected import word_diff
from drafter.evals.sets import load_set
from drafter.evals.suite import find_suite, load_suite
from drafter.evals.tape import FENCE, MASK
from drafter.intake import parse_json
from drafter.judges import build_judges
from drafter.prompts.library import Library, Prompt, load_library
from drafter.prompts.lint import count_tokens
from drafter.prompts.render import Profile, Rendered
from drafter.settings import load_settings

SAMPLE = {"body": "The lid leaks and the handle came off after a week.", "product": {"title": "Enamel kettle, 1.5 l"}}
"""What `render` shows when no request is given."""


@click.group()
def prompts() -> None:
    """Work on prompts."""


for command in (*LOOP, *LABELS):
    prompts.add_command(command)


@prompts.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def list_prompts(as_json: bool) -> int:
    """List every prompt version, its labels and its hash."""
    library = _library()
    rows = [_row(library, prompt) for prompt in library.prompts.values()]
    if as_json:
        write_json({"prompts": rows})
        return 0
    for row in rows:
        click.echo(f"{row['id']:<14} {', '.join(row['labels']) or '-':<10} {row['sha256'][:12]}  {row['changes']}")
    return 0


@prompts.command()
@click.argument("prompt_id", metavar="PROMPT")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def show(prompt_id: str, as_json: bool) -> int:
    """Show one prompt, e.g. reply/v1."""
    library = _library()
    prompt = find_prompt(library, prompt_id)
    if as_json:
        write_json({**_row(library, prompt), "front": prompt.front.model_dump(mode="json"), "body": prompt.body})
    else:
        click.echo(prompt.path.read_text(encoding="utf-8"))
    return 0


@prompts.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def lint(as_json: bool) -> int:
    """Check prompts, templates and word lists. Exit code 1 when a prompt has a finding, 2 when a file cannot be read at all."""
    root = _root()
    library = load_library(root)
    guardrail = build_judges().guardrail
    known: Judged = {}
    # A part is read by several prompts: what is wrong in it is said once.
    findings = list(dict.fromkeys(f for prompt in library.prompts.values() for f in find_faults(guardrail, library, prompt, known=known)))
    if not findings:
        # Reads small.yaml, and below every language's templates and words; whatever is wrong there names its file and line.
        templates = Writer.load(library).templates
        for of_language in (templates.books, templates.lexicons, templates.details):
            tuple(of_language.values())
    if as_json:
        write_json({"findings": [f.model_dump(mode="json") for f in findings]})
    else:
        for f in findings:
            click.echo(f"{_shown(f.path, root)}:{f.line}:{f.column}: {f.message}")
        for prompt in library.prompts.values():
            tokens = ", ".join(f"{profile} {count}" for profile, count in count_tokens(prompt).items())
            click.echo(f"{prompt.id:<12} about {tokens} tokens of instructions", err=True)
        click.echo(f"{len(library.prompts)} prompts, {len(findings)} finding(s)", err=True)
    return 1 if findings else 0


@prompts.command()
@click.argument("prompt_id", metavar="PROMPT")
@click.argument("source", required=False, metavar="[FILE|-]")
@click.option("--case", "case_id", help="Show it for this case of the suite `drafting` instead.")
@click.option("--profile", type=click.Choice(["small", "large"]), default="large", show_default=True, help="Kind of model.")
@click.option("--diff", "other", metavar="VERSION", help="Show, word by word, what differs from this version or label.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def render(prompt_id: str, source: str | None, case_id: str | None, profile: str, other: str | None, as_json: bool) -> int:
    """Show what a model would be asked for a request (JSON, as for `drafter draft`), for a case, or for a sample."""
    if not prompt_id.startswith("reply/"):
        raise RequestError("only reply prompts can be rendered without a draft", code="unknown_prompt", field="PROMPT")
    if source is not None and case_id is not None:
        raise click.UsageError("either a request or --case")
    value: Any = SAMPLE if case_id is None else _request_of(case_id)
    if source is not None:
        with open_input(source) as stream:
            value = parse_json(stream.read())
    if isinstance(value, dict):
        value = {**value, "options": {**value.get("options", {}), "prompt": find_prompt(_library(), prompt_id).id}}
    judges = build_judges()
    request = judges.receive(value).request
    writer, triage = Writer.load(judges.library), judges.triager.triage(request)
    rendered = writer.preview(request, triage, profile=cast("Profile", profile))
    if other is not None:
        options = request.options.model_copy(update={"prompt": writer.library.get("reply", other).id})
        before = writer.preview(request.model_copy(update={"options": options}), triage, profile=cast("Profile", profile))
        return _show_diff(before, rendered)
    if as_json:
        write_json({"messages": [{"role": m.role, "content": m.content} for m in rendered.messages]})
        return 0
    for message in rendered.messages:
        click.secho(f"── {message.role} ", bold=True)
        click.echo(message.content)
    return 0


def _request_of(case_id: str) -> Any:
    """A case's request, as a caller would send it.

    Raises:
        RequestError: there is no such case.
    """
    root = _root()
    for ref in load_suite(find_suite(root, "drafting")).sets:
        for case in load_set(root / ref.path).cases:
            if case.id == case_id:
                return case.request.model_dump(mode="json", exclude_unset=True)
    raise RequestError(f"no case {case_id!r} in the suite drafting", code="unknown_case", field="--case")


def _root() -> Path:
    return find_content_root(load_settings().content_dir)


def _library() -> Library:
    return load_library(_root())


def _show_diff(before: Rendered, after: Rendered) -> int:
    """Both renderings as one text, with what went and what came marked."""
    for old, new in zip(before.messages, after.messages, strict=False):
        click.secho(f"── {new.role} ", bold=True)
        pieces = word_diff(FENCE.sub(MASK, old.content), FENCE.sub(MASK, new.content))
        colours = {"+": "green", "-": "red"}
        click.echo("".join(click.style(f"[{mark}{text}{mark}]", fg=colours[mark]) if mark in colours else text for mark, text in pieces))
    return 0


def _row(library: Library, prompt: Prompt) -> dict[str, Any]:
    return {
        "id": prompt.id,
        "labels": list(library.labels_of(prompt)),
        "sha256": prompt.sha256,
        "content": [ref.model_dump() for ref in prompt.refs],
        "changes": prompt.front.changes,
    }


def _shown(path: str, root: Path) -> str:
    """A path below the content root, relative to it."""
    return str(Path(path).relative_to(root)) if Path(path).is_relative_to(root) else path
