"""`drafter draft verify`: is each sentence of a stored draft borne out by its record? No model is asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import click
from pydantic import ValidationError

from drafter.cli.jsonl import open_input, unwrap_record, write_json
from drafter.domain import DraftRecord, DraftRequest, DraftResponse, Finding, ProofReport, Value
from drafter.drafting.proof import Verifier
from drafter.errors import RequestError
from drafter.intake import parse_json
from drafter.judges import build_judges
from drafter.settings import Settings
from drafter.store import open_store


class Verified(Value):
    """What came of checking a stored proof again."""

    id: str
    holds: bool
    """True when every sentence stands on what it is linked to, and the stored proof said the same."""
    findings: tuple[Finding, ...]
    linked: int
    needed: int
    is_same: bool
    """False when the stored proof said otherwise: it was changed, or made by another version."""


def verify_files(sources: tuple[str, ...], *, as_json: bool) -> int:
    """Exit code for these files of records: 1 when a proof does not hold."""
    if not sources:
        raise click.UsageError("name a stored record: drafter draft verify RECORD ... (- is standard input)")
    judges = build_judges()
    verifier = Verifier.load(judges.root, concepts_in=judges.guardrail.concepts_in)
    code, judged = 0, 0
    for source in sources:
        for value in _read_records(source):
            told, request = _read_stored(value, judges.settings)
            if told.draft is None and told.holding is None:
                click.echo(f"{source}: {told.id} has no draft: there is nothing to prove", err=True)
            for done in _verify(verifier, told, request):
                _show(done, as_json=as_json)
                code, judged = code or (0 if done.holds else 1), judged + 1
    if not judged:
        raise RequestError("no record with a draft is in it", code="nothing_judged", field=" ".join(sources))
    return code


def _read_records(source: str) -> Iterator[Mapping[str, Any]]:
    """The record in a file, or the records on its lines; an export's lines hold theirs beside the verdicts."""
    with open_input(source) as stream:
        raw = stream.read()
    try:
        values = [parse_json(raw)]
    except RequestError:
        values = [parse_json(line) for line in raw.splitlines() if line.strip()]
    for value in values:
        if not isinstance(value, dict):
            raise RequestError("a stored record is a JSON object", code="invalid", field=source)
        yield unwrap_record(value)


def _verify(verifier: Verifier, told: DraftRecord | DraftResponse, request: DraftRequest) -> Iterator[Verified]:
    """The reply's proof, and that of the message that held the line until then."""
    if told.draft:
        yield _verify_draft(told.id, told.proof, verifier(told.draft, request, told.triage))
    if held := told.holding:
        yield _verify_draft(f"{told.id} (holding)", held.proof, verifier(held.draft, request, told.triage))


def _verify_draft(name: str, stored: ProofReport | None, proof: ProofReport) -> Verified:
    is_same = stored is None or stored == proof
    return Verified(
        id=name, holds=is_same and not proof.findings, findings=proof.findings, linked=proof.linked, needed=proof.needed, is_same=is_same
    )


def _read_stored(value: Mapping[str, Any], settings: Settings) -> tuple[DraftRecord | DraftResponse, DraftRequest]:
    """A record; a response with its request; or a bare response, whose request is looked up among the stored records."""
    try:
        if "request" in value and "triage" in value:
            record = DraftRecord.model_validate_json(json.dumps(value))
            return record, record.request
        response = DraftResponse.model_validate_json(json.dumps(value.get("response", value)))
        if "request" in value:
            return response, DraftRequest.model_validate_json(json.dumps(value["request"]))
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        # The cause would repeat the stored text.
        raise RequestError(first["msg"].lower(), code="invalid", field=".".join(map(str, first["loc"])) or None) from None
    found = asyncio.run(_find_record(response.id, settings))
    if found is None:
        raise RequestError(f'{response.id} is not stored here; send {{"request": …, "response": …}}', code="no_request")
    return response, found.request


async def _find_record(record_id: str, settings: Settings) -> DraftRecord | None:
    store = open_store(settings.database_url)
    try:
        return await store.get(record_id)
    finally:
        await store.aclose()


def _show(done: Verified, *, as_json: bool) -> None:
    if as_json:
        write_json(done.model_dump(mode="json"))
        return
    click.echo(
        f"{done.id}: the proof {'holds' if done.holds else 'does not hold'}: {done.linked} of {done.needed} sentences stand on something"
    )
    for finding in done.findings:
        click.echo(f"  {finding.rule_id}: “{finding.quote}”: {finding.message}")
    if not done.is_same:
        click.echo("  the stored proof said otherwise")
