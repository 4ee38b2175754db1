"""`drafter triage`: what is wrong, is it dangerous, may we write. No model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from drafter.answers import TriageResult, triage_result
from drafter.cli.jsonl import error_object, open_input, read_lines, read_request, warn, write_json
from drafter.domain import LOCAL_ACCOUNT, DraftRequest, Recalled
from drafter.errors import RequestError
from drafter.intake import Received
from drafter.judges import Judges, build_judges


@click.command()
@click.argument("source", required=False, metavar="FILE|-")
@click.option("--jsonl", metavar="FILE|-", help="One review a line in, one triage a line out, in the same order.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def triage(source: str | None, jsonl: str | None, as_json: bool) -> int:
    """Triage a review (JSON), or a file of reviews (--jsonl).

    Only `body` is required; `subject`, `rating`, `title`, `fulfilled_by` and `marketplace` help.
    """
    if (source is None) == (jsonl is None):
        raise click.UsageError("name one input: FILE, or --jsonl FILE (- is standard input)")
    judges = build_judges()
    if jsonl is not None:
        return _triage_lines(jsonl, judges)
    result = _triage(read_request(source or "-", judges.receive), judges)
    for sentence in result.warnings:
        click.echo(sentence, err=True)
    if as_json:
        write_json(result.model_dump(mode="json"))
    else:
        _show(result.model_dump(mode="json"))
    return 0


def _triage(received: Received[DraftRequest], judges: Judges) -> TriageResult:
    asked = _recall(received.request, judges)
    warnings = (*received.warnings, *judges.triager.warnings(asked))
    return triage_result(asked.id, judges.triage(asked), warnings=warnings)


def _recall(request: DraftRequest, judges: Judges) -> DraftRequest:
    """The request with the time, and with what its buyer was sent; the store is loaded only where there is a key to ask by."""
    if not request.order.has_key:
        return request.model_copy(update={"asked_at": request.asked_at or datetime.now(UTC)})
    from drafter.errands import Known, recall, timed
    from drafter.store import open_store

    async def ask() -> Known:
        store = open_store(judges.settings.database_url)
        try:
            if store.database.is_missing:
                # Nothing was ever approved: known without making a database.
                return Known(timed(request), Recalled(contacts=(), public_reply=None))
            return await recall(request, store, account_id=LOCAL_ACCOUNT)
        finally:
            await store.aclose()

    return asyncio.run(ask()).whole


def _triage_lines(source: str, judges: Judges) -> int:
    code, told = 0, set[str]()
    with open_input(source) as stream:
        for line in read_lines(stream):
            try:
                if line.error:
                    raise line.error
                received = judges.receive(line.value)
            except RequestError as exc:
                warn(source, line, exc)
                write_json(error_object(line, exc))
                code = 2
                continue
            result = _triage(received, judges)
            for sentence in result.warnings:
                # A whole export has the same field wrong: said of the first line, it is said.
                if sentence not in told:
                    warn(source, line, sentence)
                told.add(sentence)
            write_json(result.model_dump(mode="json"))
    return code


def _show(found: dict[str, Any]) -> None:
    click.echo(f"language  {found['language']}")
    click.echo(f"route     {found['route']} ({', '.join(found['reasons'])})")
    for span in found["issue_spans"]:
        click.echo(f"issue     {span['issue']}: “{span['quote']}”")
    if found["praise_spans"]:
        click.echo(f"praise    {_quotes(found['praise_spans'])}")
    if found["wants"]:
        click.echo(f"wants     {', '.join(found['wants'])}")
    for name in ("safety", "injection"):
        if found[name]:
            click.echo(f"{name:<9} {_quotes(found[name + '_spans'])}")
    for ground in found["removal_grounds"]:
        click.echo(f"removal   {ground['ground']} {ground['verdict']}: {ground['reason']}")
    for line in _packet_lines(found["removal_packet"]):
        click.echo(line)
    contact = found["contact"]
    click.echo(f"contact   {contact['door']}: {contact['reason']}")
    if contact["missing"]:
        click.echo(f"missing   {', '.join(contact['missing'])}")
    if contact["answer_by"]:
        click.echo(f"answer by {contact['answer_by']}")
    click.echo(f"urgency   {found['urgency']:.2f}")


def _quotes(spans: list[dict[str, Any]]) -> str:
    return " · ".join(f"“{span['quote']}”" for span in spans)


def _packet_lines(packet: dict[str, Any] | None) -> Iterator[str]:
    """The text for Amazon, or why there is none."""
    if packet is None:
        return
    yield f"packet    {packet['ground']} {packet['verdict']}" + ("" if packet["text"] else ": the rules forbid its text")
    for line in (packet["text"] or "").splitlines():
        yield f"          {line}"
    for finding in packet["findings"]:
        yield f"          {finding['severity']}: {finding['rule_id']}: {finding['message']}"
