"""`drafter draft verify` on stored records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from drafter.cli.draft import draft

REQUEST = {"review": {"title": "Leaks", "body": "The lid leaks all over my bag."}, "seller": {"allowed_remedies": ["replacement"]}}


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A drafted response, and the request it answers."""
    monkeypatch.setenv("DRAFTER_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'records.db'}")
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    done = CliRunner().invoke(draft, ["--json", "--model", "none", str(tmp_path / "request.json")], standalone_mode=False)
    response = json.loads(done.stdout.splitlines()[-1])
    return {"request": REQUEST, "response": response}


def run(tmp_path: Path, value: Any, *flags: str) -> tuple[int, str]:
    """Exit code and output for a stored value."""
    path = tmp_path / "record.json"
    path.write_text(json.dumps(value, indent=1))
    done = CliRunner().invoke(draft, ["verify", str(path), *flags], standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.return_value, done.output


def test_a_stored_proof_holds(tmp_path: Path, stored: dict[str, Any]) -> None:
    """With its request beside it, or looked up by its id."""
    for value in (stored, stored["response"]):
        code, output = run(tmp_path, value)
        assert code == 0, output
        assert "the proof holds" in output


def test_a_message_that_held_the_line_is_verified_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the reply, under its own name; a changed one does not hold."""
    monkeypatch.setenv("DRAFTER_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'records.db'}")
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    flags = ["--json", "--holding", "--model", "none", str(tmp_path / "request.json")]
    response = json.loads(CliRunner().invoke(draft, flags, standalone_mode=False).stdout.splitlines()[-1])
    assert "replacement" in response["text"]
    assert "replacement" not in response["holding"]["text"]
    code, output = run(tmp_path, {"request": {**REQUEST, "options": {"holding": True}}, "response": response})
    assert code == 0
    assert "(holding): the proof holds" in output
    response["holding"]["draft"]["text"] += " And a gift card."
    code, output = run(tmp_path, {"request": REQUEST, "response": response})
    assert code == 1
    assert "(holding): the proof does not hold" in output


def test_a_changed_text_does_not_hold(tmp_path: Path, stored: dict[str, Any]) -> None:
    """Whatever was slipped in, and whatever the stored proof says of it."""
    stored["response"]["draft"]["text"] += " And a gift card."
    code, output = run(tmp_path, stored, "--json")
    told = json.loads(output)
    assert code == 1
    assert not told["holds"]
    assert not told["is_same"]
    assert told["findings"][0]["rule_id"] == "unread-text"
