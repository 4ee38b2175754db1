"""Bulk drafting from the command line: made as a whole, worked on by whoever is free, and shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Run

REQUESTS = [{"review": {"body": "The zipper broke on the second day."}}, {"review": {"body": "Es kam drei Wochen zu spät an."}}]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh database that all commands are told of."""
    monkeypatch.setenv("DRAFTER_MODEL", "none")
    monkeypatch.setenv("DRAFTER_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/drafter.db")
    monkeypatch.setenv("DRAFTER_LOG_LEVEL", "error")


def write(path: Path, *lines: object) -> str:
    """A file with these lines."""
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return str(path)


def test_a_job_is_made_worked_on_and_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Each item names its draft when nothing waits any more."""
    made = Run(capsys, "jobs", "create", write(tmp_path / "in.jsonl", *REQUESTS))
    job_id = made.out.strip()
    assert (made.code, Run(capsys, "jobs", "show", job_id, "--json").lines[0]["counts"]) == (0, {"queued": 2})
    assert Run(capsys, "jobs", "work", "--until-done").code == 0
    shown = Run(capsys, "jobs", "show", job_id, "--json")
    job = shown.lines[0]
    assert (shown.code, job["is_done"], job["counts"]) == (0, True, {"done": 2})
    assert all(item["draft_id"].startswith("d_") for item in job["items"])
    assert f"{job_id}  " in Run(capsys, "jobs", "list").out
    assert [one["id"] for one in Run(capsys, "jobs", "list", "--json").lines[0]] == [job_id]
    other = Run(capsys, "jobs", "list", "--account", "other")
    assert (other.out, other.err) == ("", "account other has no jobs\n")


def test_what_was_not_begun_is_left_undone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A cancelled job has nothing left to do."""
    job_id = Run(capsys, "jobs", "create", write(tmp_path / "in.jsonl", *REQUESTS)).out.strip()
    assert "2 cancelled" in Run(capsys, "jobs", "cancel", job_id).out
    assert Run(capsys, "jobs", "show", job_id, "--json").lines[0]["is_done"]


@pytest.mark.parametrize("bad", ["{", '{"review": {"body": ""}}', '{"channel": "nowhere", "review": {"body": "It broke."}}'])
def test_one_wrong_line_refuses_the_job(capsys: pytest.CaptureFixture[str], tmp_path: Path, bad: str) -> None:
    """And is named with its file and line; nothing was written."""
    run = Run(capsys, "jobs", "create", write(tmp_path / "in.jsonl", REQUESTS[0], bad))
    assert (run.code, "in.jsonl:2: " in run.err, "no job was made" in run.err) == (2, True, True)
    assert Run(capsys, "jobs", "list").out == ""


def test_an_empty_file_is_no_job(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It holds nothing to be drafted."""
    run = Run(capsys, "jobs", "create", write(tmp_path / "in.jsonl"))
    assert (run.code, "0 requests" in run.err) == (2, True)


def test_a_job_of_another_account_is_unknown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """As one that never was; the way out is named."""
    job_id = Run(capsys, "jobs", "create", write(tmp_path / "in.jsonl", REQUESTS[0]), "--account", "acme").out.strip()
    for command in ("show", "cancel"):
        run = Run(capsys, "jobs", command, job_id)
        assert (run.code, "drafter jobs list" in run.err) == (2, True)
