"""`drafter evals drift`: do live requests still look like the cases that prompts are proved on?"""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import ValidationError

from drafter.cli.jsonl import write_json
from drafter.content import find_content_root, read_jsonl
from drafter.domain import DraftRequest, Triage
from drafter.errors import RequestError
from drafter.evals.drift import Seen, drift_lines, find_drift, traits_of
from drafter.evals.intervals import NothingMeasured
from drafter.evals.sets import load_set
from drafter.evals.suite import find_suite, load_suite
from drafter.judges import build_judges
from drafter.settings import load_settings


@click.command()
@click.argument("records", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--suite", "suite_name", default="drafting", show_default=True, help="Suite whose cases are compared.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def drift(records: Path, suite_name: str, as_json: bool) -> int:
    """Compare live requests (JSONL of records, as `drafter db export` writes them) with a suite's cases.

    Exit code 1 when the set no longer speaks for what is live, 3 when there are too few requests to tell.
    """
    root = find_content_root(load_settings().content_dir)
    suite = load_suite(find_suite(root, suite_name))
    triager = build_judges().triager
    cases = [case for ref in suite.sets for case in load_set(root / ref.path).cases]
    try:
        found = find_drift([traits_of(case.request, triager.triage(case.request)) for case in cases], read_live(records))
    except NothingMeasured as exc:
        click.echo(f"not measured: {exc}", err=True)
        return 3
    if as_json:
        write_json({**found.model_dump(mode="json"), "is_alarm": found.is_alarm})
    else:
        for line in drift_lines(found):
            click.echo(line)
    return 1 if found.is_alarm else 0


def read_live(path: Path) -> list[Seen]:
    """Requests of records, each with its triage; lines may be records, or hold one as `record`. Other lines of an export are passed over.

    Raises:
        RequestError: a record cannot be read.
    """
    seen = []
    for number, line in enumerate(read_jsonl(path), start=1):
        record = line.get("record", line)
        if not isinstance(record, dict) or "triage" not in record:
            continue
        try:
            request, triage = DraftRequest.model_validate(record["request"]), Triage.model_validate(record["triage"])
        except (KeyError, ValidationError):
            # The cause would repeat the buyer's text.
            raise RequestError("no record that this version can read", code="invalid", field=f"line {number}") from None
        seen.append(Seen(str(record.get("id", number)), traits_of(request, triage)))
    return seen
