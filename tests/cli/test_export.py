"""What the service has kept can be taken out and worked on: verdicts become cases, proofs are checked, texts judged again."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from drafter.evals.sets import load_set
from tests.api.conftest import running
from tests.cli.test_commands import Run

REVIEWS = (
    "The lid of the kettle leaks.",
    "The zipper broke on the second day.",
    "The strap tore.",
    "It arrived scratched.",
)


async def _live(database: str) -> None:
    """Drafts asked for over HTTP: one rejected, one edited, one buyer to whom nobody may write, one without a verdict."""
    async with running(auth="none", database_url=database) as service, service.client() as client:
        asked = [{"review": {"body": body}, "channel": "review_followup", "order": {"opted_out": "strap" in body}} for body in REVIEWS]
        made = [(await client.post("/v1/drafts", json=request)).json() for request in asked]
        for draft, said in zip(made, ({"verdict": "rejected", "reason": "cold"}, {"verdict": "edited"}), strict=False):
            text = {"final_text": draft["text"].replace("sorry", "very sorry")} if said["verdict"] == "edited" else {}
            answer = await client.post(f"/v1/drafts/{draft['id']}/verdicts", json={"by": "agent-12", **said, **text})
            assert answer.status_code == 201, answer.text


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """The file that `drafter db export` makes of it."""
    database = f"sqlite+aiosqlite:///{tmp_path}/drafter.db"
    monkeypatch.setenv("DRAFTER_DATABASE_URL", database)
    asyncio.run(_live(database))
    path = str(tmp_path / "export.jsonl")
    assert Run(capsys, "db", "export", path).code == 0
    return path


def test_verdicts_that_came_over_http_become_cases(exported: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As they are kept, with key, prompt and edit; and they are counted."""
    target = tmp_path / "harvested.jsonl"
    done = Run(capsys, "evals", "harvest", exported, "--into", str(target), "--licence", "CC0")
    assert (done.code, "2 new" in done.out) == (0, True), done.err
    assert [case.tags[1] for case in load_set(target).cases] == ["rejected", "edited"]
    (told,) = Run(capsys, "evals", "verdicts", exported, "--json").lines
    assert sum(prompt["n"] for prompt in told["prompts"]) == 2


def test_a_wrong_verdict_is_still_refused(exported: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By line; fields that nobody knows are no verdict of ours."""
    lines = [json.loads(line) for line in Path(exported).read_text(encoding="utf-8").splitlines()]
    lines[1]["verdicts"][0]["mood"] = "good"
    path = tmp_path / "changed.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = Run(capsys, "evals", "verdicts", str(path))
    assert (done.code, "line 2" in done.err) == (2, True)


def test_an_export_is_verified_and_judged_again(exported: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole file and a single line of it; a record without a draft is passed over with a word, and alone it is no pass."""
    lines = Path(exported).read_text(encoding="utf-8").splitlines()
    without = next(i for i, line in enumerate(lines) if json.loads(line)["record"]["draft"] is None)
    one, none = tmp_path / "one.jsonl", tmp_path / "none.jsonl"
    one.write_text(lines[0] + "\n", encoding="utf-8")
    none.write_text(lines[without] + "\n", encoding="utf-8")
    for command, flag in ((("draft", "verify"), "holds"), (("rules", "replay"), "is_same")):
        whole = Run(capsys, *command, exported, "--json")
        told = [line[flag] for line in whole.lines if flag in line]
        assert (whole.code, told) == (0, [True] * 3), whole.err
        assert "no draft" in whole.err
        assert Run(capsys, *command, str(one)).code == 0
        assert Run(capsys, *command, str(none)).code == 2


def test_an_export_is_compared_with_other_rules(exported: str, root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Its records are checks like any other."""
    drafted = [line for line in Path(exported).read_text(encoding="utf-8").splitlines() if json.loads(line)["record"]["draft"]]
    path = tmp_path / "drafted.jsonl"
    path.write_text("\n".join(drafted), encoding="utf-8")
    same = Run(capsys, "rules", "diff", str(root), "--jsonl", str(path))
    assert (same.code, same.out) == (0, "0 of 3 texts are judged differently\n")
