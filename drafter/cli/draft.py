"""`drafter draft`: a review in, a safe draft out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from textwrap import shorten

import click

from drafter.cli.jsonl import Line, error_object, open_input, read_lines, read_request, warn, write_json
from drafter.cli.progress import Progress
from drafter.domain import DraftRequest, DraftResponse
from drafter.errors import RequestError
from drafter.judges import build_judges
from drafter.reasons import explain_reasons
from drafter.triage.contact import may_write
from drafter.wiring import Services, build


@click.command()
@click.argument("sources", nargs=-1, metavar="[verify] [FILE|-]...")
@click.option("--jsonl", metavar="FILE|-", help="One request a line in, one response a line out, in the same order.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole response as JSON.")
@click.option("--model", help="Model instead of DRAFTER_MODEL: embedded, none, or a litellm name.")
@click.option("--deadline", "deadline_s", type=click.FloatRange(0.05, 600), help="Seconds for each answer.")
@click.option("--holding", is_flag=True, help="Two speeds: also a message that can go out now and says that the reply follows.")
def draft(sources: tuple[str, ...], jsonl: str | None, as_json: bool, model: str | None, deadline_s: float | None, holding: bool) -> int:
    """Draft a reply to each review (one JSON file each), or to a file of them (--jsonl).

    A request may be a bare review ({"body": "..."}) or a full DraftRequest with product, seller, order and options. What a draft may
    offer stands in seller.allowed_remedies: full_refund, partial_refund, replacement, spare_part, return_label, troubleshooting.

    `drafter draft verify RECORD ...` checks the proof of stored records again, without a model; 1 when one does not hold.
    """
    if sources[:1] == ("verify",):
        from drafter.cli.verify import verify_files

        return verify_files(sources[1:], as_json=as_json)
    if bool(sources) == bool(jsonl):
        raise click.UsageError("name the input: FILE ..., or --jsonl FILE (- is standard input)")
    overrides: dict[str, object] = {} if model is None else {"model": model, "models": ""}
    if deadline_s is not None:
        overrides["deadline_s"] = deadline_s
    if jsonl:
        return asyncio.run(_draft_lines(jsonl, overrides, holding=holding))
    return asyncio.run(_draft_files(sources, overrides, as_json=as_json, holding=holding))


async def _draft_files(sources: tuple[str, ...], overrides: dict[str, object], *, as_json: bool, holding: bool) -> int:
    judges = build_judges()
    # All files are read before the first draft, so that a wrong one costs no waiting.
    received = [read_request(source, judges.receive) for source in sources]
    async with build(overrides, waits_for_model=True, progress=Progress(), log_stream=sys.stderr) as services:
        for source, asked in zip(sources, received, strict=True):
            if len(sources) > 1 and not as_json:
                click.echo(f"\n{source}: “{shorten(asked.request.review.text, 150, placeholder=' …')}”\n")
            show(await services.draft(_at_two_speeds(asked.request, holding), asked.warnings), as_json=as_json)
    return 0


async def _draft_lines(source: str, overrides: dict[str, object], *, holding: bool) -> int:
    code, told = 0, set[str]()
    with open_input(source) as stream:
        lines = list(read_lines(stream))
    async with build(overrides, waits_for_model=True, progress=Progress(), log_stream=sys.stderr) as services:
        async for line, answer in _answers(lines, services, holding=holding):
            if isinstance(answer, RequestError):
                warn(source, line, answer)
                write_json(error_object(line, answer))
                code = 2
            else:
                for sentence in answer.warnings:
                    # A whole export has the same field wrong: said of the first line, it is said.
                    if sentence not in told:
                        warn(source, line, sentence)
                    told.add(sentence)
                write_json(answer.model_dump(mode="json"))
    return code


async def _answers(lines: list[Line], services: Services, *, holding: bool) -> AsyncIterator[tuple[Line, DraftResponse | RequestError]]:
    """The lines with their answers, in order, each as soon as it and all before it are there."""
    gate = asyncio.Semaphore(services.parallel_drafts)

    async def answer(line: Line) -> DraftResponse | RequestError:
        async with gate:
            try:
                if line.error:
                    raise line.error
                received = services.judges.receive(line.value)
                return await services.draft(_at_two_speeds(received.request, holding), received.warnings)
            except RequestError as exc:
                return exc

    tasks = [asyncio.create_task(answer(line)) for line in lines]
    try:
        for line, task in zip(lines, tasks, strict=True):
            yield line, await task
    finally:
        for task in tasks:
            task.cancel()


def _at_two_speeds(request: DraftRequest, holding: bool) -> DraftRequest:
    """The request, with a wish for a holding message where the command line has one; a request's own stays."""
    return request.model_copy(update={"options": request.options.model_copy(update={"holding": True})}) if holding else request


def show(response: DraftResponse, *, as_json: bool) -> None:
    """One response on standard output: for people, or as JSON."""
    for sentence in response.warnings:
        click.echo(sentence, err=True)
    if as_json:
        write_json(response.model_dump(mode="json"))
        return
    if response.holding:
        click.echo(f"{response.holding.text}\n— can be sent now; the reply:\n")
    click.echo(response.text or _no_text(response))
    by = response.provenance.model_answered if response.origin == "model" else response.origin
    click.echo(
        f"— {response.action} ({', '.join(response.reasons)}) · {response.verdict or 'no draft'} · {by} · "
        f"{len(response.attempts)} attempt(s) · {response.duration_s:.1f} s of {response.deadline_s:.0f} s · {response.id}"
    )
    for line in explain_reasons(response.reasons) if response.action != "offer" else ():
        click.echo(f"  {line}")
    for finding in response.report.findings if response.report else ():
        click.echo(f"  {finding.severity}: {finding.rule_id}: “{finding.quote}”: {finding.message}")
    for attempt in response.attempts:
        if attempt.error:
            click.echo(f"  attempt {attempt.number}: {attempt.error}: {attempt.detail}")


def _no_text(response: DraftResponse) -> str:
    """What stands where a text would: who must act, or that nobody must."""
    if response.action == "decline":
        return "(no reply is to be written)"
    if may_write(response.triage):
        return "(no draft: a person must write this reply)"
    return "(no reply may be sent, but a person must look)"
