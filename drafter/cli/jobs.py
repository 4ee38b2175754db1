"""`drafter jobs`: many drafts at once, made when there is time."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from drafter.cli.db import with_store
from drafter.cli.jsonl import as_json_option, open_input, read_lines, warn, write_json
from drafter.cli.progress import Progress
from drafter.domain import LOCAL_ACCOUNT, DraftRequest
from drafter.errors import RequestError
from drafter.intake import MAX_JOB_ITEMS
from drafter.judges import build_judges

if TYPE_CHECKING:
    from drafter.store.summaries import Job, JobSummary

account_option = click.option("--account", default=LOCAL_ACCOUNT, show_default=True, help="Seller account that the job belongs to.")


@click.group()
def jobs() -> None:
    """Have many drafts made: create a job, work on it, see what came of it."""


@jobs.command()
@click.argument("source", metavar="FILE|-")
@account_option
@as_json_option
def create(source: str, account: str, as_json: bool) -> int:
    """Make a job of FILE's requests, one a line. One that is wrong refuses the job, and is named; nothing is drafted yet."""
    requests = _read_requests(source)
    job_id = with_store(lambda store: store.jobs.create(account, None, requests, claim=None))
    if as_json:
        write_json({"id": job_id, "items": len(requests)})
    else:
        click.echo(job_id)
    return 0


@jobs.command("list")
@account_option
@as_json_option
def list_jobs(account: str, as_json: bool) -> int:
    """List the account's jobs, newest first."""
    found = with_store(lambda store: store.jobs.list(account))
    if as_json:
        write_json([job.model_dump(mode="json") for job in found])
        return 0
    if not found:
        click.echo(f"account {account} has no jobs", err=True)
    for job in found:
        click.echo(_line(job))
    return 0


@jobs.command()
@click.argument("job_id")
@account_option
@as_json_option
def show(job_id: str, account: str, as_json: bool) -> int:
    """Show how far JOB_ID is, and the id of each draft. Exit code 1 when an item failed."""
    job = _found(with_store(lambda store: store.jobs.get(job_id, account_id=account)), job_id)
    if as_json:
        write_json(job.model_dump(mode="json"))
    else:
        click.echo(_line(job))
        for item in job.items:
            click.echo(f"{item.number:>5}  {item.state:<9}  {item.draft_id or item.error or ''}".rstrip())
    return 1 if job.counts.get("failed") else 0


@jobs.command()
@click.argument("job_id")
@account_option
def cancel(job_id: str, account: str) -> int:
    """Leave undone what of JOB_ID was not begun."""
    click.echo(_line(_found(with_store(lambda store: store.jobs.cancel(job_id, account_id=account)), job_id)))
    return 0


@jobs.command()
@click.option("--until-done", is_flag=True, help="End when nothing waits any more, instead of waiting for more.")
@click.option("--model", help="Model instead of DRAFTER_MODEL: embedded, none, or a litellm name.")
def work(until_done: bool, model: str | None) -> int:
    """Work on all jobs that wait, beside any service that does. Stopped, it loses nothing: the next one goes on."""
    with_store(lambda store: store.check())
    asyncio.run(_work({} if model is None else {"model": model, "models": ""}, until_done=until_done))
    return 0


async def _work(overrides: dict[str, object], *, until_done: bool) -> None:
    from drafter.jobs.foreman import Foreman
    from drafter.wiring import build

    async with build(overrides, waits_for_model=True, progress=Progress(), log_stream=sys.stderr) as services:
        at_once = min(max(services.settings.job_concurrency, 1), services.parallel_drafts)
        await Foreman(services.store, services.draft, services.settings.effective_deadline_s, at_once).run(until_done=until_done)


def _read_requests(source: str) -> list[DraftRequest]:
    """All requests of a file.

    Raises:
        RequestError: one is wrong, there is none, or there are too many.
    """
    judges = build_judges()
    requests = []
    with open_input(source) as stream:
        for line in read_lines(stream):
            try:
                if line.error:
                    raise line.error
                received = judges.receive(line.value)
                for sentence in received.warnings:
                    warn(source, line, sentence)
                requests.append(received.request)
            except RequestError as exc:
                where = "standard input" if source == "-" else source
                raise RequestError(f"{where}:{line.number}: {exc}; no job was made", code=exc.code) from exc
    if not 1 <= len(requests) <= MAX_JOB_ITEMS:
        raise RequestError(f"holds {len(requests)} requests; a job takes 1 to {MAX_JOB_ITEMS}", code="invalid", field=source)
    return requests


def _found(job: Job | None, job_id: str) -> Job:
    if job is None:
        raise RequestError("there is no such job in this account; drafter jobs list names them", code="not_found", field=job_id)
    return job


def _line(job: JobSummary) -> str:
    counts = ", ".join(f"{number} {state}" for state, number in sorted(job.counts.items()))
    return f"{job.id}  {job.created_at:%Y-%m-%d %H:%M}  {counts}"
