"""`drafter draft`: a review in, a safe draft out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import click

from drafter.cli.jsonl import Line, error_object, open_input, read_lines, warn, write_json
from drafter.cli.progress import Progress
from drafter.domain import DraftResponse
from drafter.errors import RequestError
from drafter.intake import parse_json, receive_draft_request
from drafter.wiring import Services, build


@click.command()
@click.argument("source", required=False, metavar="FILE|-")
@click.option("--jsonl", metavar="FILE|-", help="One request a line in, one response a line out, in the same order.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole response as JSON.")
@click.option("--model", help="Model instead of DRAFTER_MODEL: embedded, none, or a litellm name.")
@click.option("--deadline", "deadline_s", type=click.FloatRange(0.05, 600), help="Seconds for each answer.")
def draft(source: str | None, jsonl: str | None, as_json: bool, model: str | None, deadline_s: float | None) -> int:
    """Draft a reply to a review (JSON), or to a file of them (--jsonl).

    A request may be a bare review ({"body": "..."}) or a full DraftRequest with product, seller, order and options.
    """
    if (source is None) == (jsonl is None):
        raise click.UsageError("name one input: FILE, or --jsonl FILE (- is standard input)")
    overrides = {key: value for key, value in (("model", model), ("deadline_s", deadline_s)) if value is not None}
    return asyncio.run(_draft(source or jsonl or "-", overrides, is_jsonl=jsonl is not None, as_json=as_json))


async def _draft(source: str, overrides: dict[str, object], *, is_jsonl: bool, as_json: bool) -> int:
    with open_input(source) as stream:
        async with build(overrides, waits_for_model=True, progress=Progress()) as services:
            if not is_jsonl:
                received = receive_draft_request(parse_json(stream.read()), services.judges.channels)
                response = await services.draft(received.request, received.warnings)
                show(response, as_json=as_json)
                return 0
            code = 0
            async for line, answer in _answers(source, list(read_lines(stream)), services):
                if isinstance(answer, RequestError):
                    warn(source, line, answer)
                    write_json(error_object(line, answer))
                    code = 2
                else:
                    write_json(answer.model_dump(mode="json"))
            return code


async def _answers(_source: str, lines: list[Line], services: Services) -> AsyncIterator[tuple[Line, DraftResponse | RequestError]]:
    """The lines with their answers, in order, each as soon as it and all before it are there."""
    gate = asyncio.Semaphore(services.parallel_drafts)

    async def answer(line: Line) -> DraftResponse | RequestError:
        async with gate:
            try:
                if line.error:
                    raise line.error
                received = receive_draft_request(line.value, services.judges.channels)
                return await services.draft(received.request, received.warnings)
            except RequestError as exc:
                return exc

    tasks = [asyncio.create_task(answer(line)) for line in lines]
    try:
        for line, task in zip(lines, tasks, strict=True):
            yield line, await task
    finally:
        for task in tasks:
            task.cancel()


def show(response: DraftResponse, *, as_json: bool) -> None:
    """One response on standard output: for people, or as JSON."""
    if as_json:
        write_json(response.model_dump(mode="json"))
        return
    for sentence in response.warnings:
        click.echo(sentence, err=True)
    click.echo(response.text or "(no reply is to be written)")
    by = response.provenance.model_answered if response.origin == "model" else response.origin
    click.echo(
        f"— {response.action} ({', '.join(response.reasons)}) · {response.verdict or 'no draft'} · {by} · "
        f"{len(response.attempts)} attempt(s) · {response.duration_s:.1f} s of {response.deadline_s:.0f} s · {response.id}"
    )
    for finding in response.report.findings if response.report else ():
        click.echo(f"  {finding.severity}: {finding.rule_id}: “{finding.quote}”: {finding.message}")
    for attempt in response.attempts:
        if attempt.error:
            click.echo(f"  attempt {attempt.number}: {attempt.error}: {attempt.detail}")
