"""People's verdicts and lists of reviews become cases, without keys and contact data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drafter.cli import main
from drafter.domain import DraftRecord
from drafter.errors import RequestError
from drafter.evals.harvest import cases_of_csv, cases_of_verdicts
from drafter.evals.sets import load_set
from drafter.wiring import build
from tests.conftest import make_request

VERDICT = {"verdict": "edited", "final_text": "We are sorry.", "reason": "too long", "by": "ann", "at": "2026-01-05T10:00:00Z"}


async def draft_record() -> DraftRecord:
    """A record as production makes it, by template."""
    request = make_request("The lid leaks. Call me at 030 1234567.", order={"order_id": "111-2222222-3333333", "buyer_key": "b1"})
    overrides = {"model": "none", "models": "", "database_url": "memory", "log_level": "error"}
    async with build(overrides, waits_for_model=False) as services:
        return (await services.pipeline.draft(request))[0]


async def test_an_edited_draft_becomes_a_case() -> None:
    """With what was sent as its note; an approved one does not."""
    record = json.loads((await draft_record()).model_dump_json())
    lines = [{"record": record, "verdict": {**VERDICT, "record_id": record["id"], "verdict": name}} for name in ("edited", "approved")]
    (case,) = cases_of_verdicts(lines, licence="internal")
    assert case.id == record["id"]
    assert "We are sorry." in case.note
    assert case.request.order.order_id is None
    assert "1234567" not in case.request.review.body


def test_a_line_without_a_record_is_named() -> None:
    """By its number."""
    with pytest.raises(RequestError, match="line 1"):
        list(cases_of_verdicts([{"verdict": VERDICT}], licence="x"))


def test_rows_become_cases_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Harvested twice, there once; the set can be read."""
    source, target = tmp_path / "r.csv", tmp_path / "own.jsonl"
    source.write_text('id,body,rating,tags,mentions\nx1,"The lid, again, leaks.",2,a;b,lid\n,No id here.,,,\n', encoding="utf-8")
    for new in (2, 0):
        with pytest.raises(SystemExit) as stopped:
            main(["evals", "harvest", str(source), "--into", str(target), "--licence", "MIT", "--origin", "invented"])
        assert stopped.value.code == 0
        assert f"{new} new" in capsys.readouterr().out
    cases = load_set(target).cases
    assert (cases[0].id, cases[0].tags, cases[0].expect.mentions, len(cases)) == ("x1", ("a", "b"), ("lid",), 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [("body,colour\nx,red\n", "unknown column 'colour'"), ("title\nx\n", "no column 'body'"), ("body,rating\nx,many\n", "line 2")],
)
def test_what_is_wrong_in_a_table_is_said(text: str, message: str) -> None:
    """With column or line."""
    with pytest.raises(RequestError, match=message):
        list(cases_of_csv(text, origin="o", licence="l"))
