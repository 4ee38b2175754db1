"""The commands around the service: keys, database, and the first start."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from drafter import wiring
from drafter.domain import DraftRequest
from drafter.errands import Principal
from drafter.store import open_store
from tests.cli.test_commands import Run

REVIEW = {"review": {"body": "The zipper broke on the second day."}, "order": {"order_id": "302-1", "buyer_key": "b7"}}


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh database that all commands are told of."""
    url = f"sqlite+aiosqlite:///{tmp_path}/drafter.db"
    monkeypatch.setenv("DRAFTER_MODEL", "none")
    monkeypatch.setenv("DRAFTER_DATABASE_URL", url)
    monkeypatch.setenv("DRAFTER_LOG_LEVEL", "error")
    return url


def test_a_key_is_made_listed_rotated_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    """Its secret is printed once, alone on standard output."""
    assert Run(capsys, "keys", "list").err == "there are no keys; drafter keys create NAME makes one\n"
    made = Run(capsys, "keys", "create", "ci", "--account", "acme", "--scope", "check", "--rate", "9", "--expires-in", "30", "--local-only")
    assert made.code == 0
    assert re.fullmatch(r"drk_[0-9a-f]{8}_[\w-]{43}\n", made.out)
    (key,) = Run(capsys, "keys", "list", "--json").lines[0]
    assert (key["account_id"], key["scopes"], key["rate_per_minute"], key["is_local_only"]) == ("acme", ["check"], 9, True)
    assert made.out.strip().rpartition("_")[2] not in json.dumps(key)
    rotated = Run(capsys, "keys", "rotate", key["id"], "--json").lines[0]
    assert rotated["key"].startswith("drk_")
    assert Run(capsys, "keys", "revoke", rotated["id"], "--json").lines == [{"revoked": rotated["id"]}]
    text = Run(capsys, "keys", "list").out.splitlines()
    assert [line.split()[1] for line in text] == ["live", "ended"]
    gone = Run(capsys, "keys", "revoke", rotated["id"])
    assert (gone.code, "no live key" in gone.err) == (2, True)


def test_who_only_asks_makes_no_database(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Triage by an order's key, and a look at where the tables stand; also with a provider's key in the environment."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    (tmp_path / "request.json").write_text(json.dumps(REVIEW), encoding="utf-8")
    answer = Run(capsys, "triage", str(tmp_path / "request.json"), "--json")
    assert (answer.code, "order.contacts" in json.loads(answer.out)["contact"]["missing"]) == (0, False)
    assert Run(capsys, "db", "status").code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["request.json"]


def test_the_database_is_looked_after(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Upgraded, backed up, exported, purged; each says what it did."""
    assert Run(capsys, "db", "status").code == 1
    assert Run(capsys, "db", "upgrade", "--json").lines == [{"steps": ["0001", "0002", "0003", "0004"]}]
    assert Run(capsys, "db", "upgrade").out == "nothing to do\n"
    assert Run(capsys, "db", "status").code == 0
    (tmp_path / "request.json").write_text(json.dumps(REVIEW), encoding="utf-8")
    assert Run(capsys, "draft", str(tmp_path / "request.json")).code == 0
    (copied,) = Run(capsys, "db", "backup", str(tmp_path / "copy.db"), "--json").lines
    assert copied == {"path": str(tmp_path / "copy.db"), "bytes": (tmp_path / "copy.db").stat().st_size}
    out = tmp_path / "all.jsonl"
    assert Run(capsys, "db", "export", str(out), "--buyer", "b7").err == "1 record(s)\n"
    item = json.loads(out.read_text(encoding="utf-8"))
    assert (item["account_id"], item["record"]["request"]["order"]["order_id"]) == ("local", "302-1")
    assert Run(capsys, "db", "purge").code == 2
    assert Run(capsys, "db", "purge", "--order", "302-1", "--yes", "--json").lines == [{"erased": 1}]
    assert Run(capsys, "db", "purge", "--order", "302-1", "--yes").out == "erased 0 record(s)\n"
    copy = open_store(f"sqlite+aiosqlite:///{tmp_path}/copy.db")
    assert asyncio.run(copy.get(item["record"]["id"])) is not None
    asyncio.run(copy.aclose())


def test_records_in_memory_cannot_be_looked_after(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are gone before any command could see them."""
    monkeypatch.setenv("DRAFTER_DATABASE_URL", "memory")
    run = Run(capsys, "keys", "list")
    assert (run.code, "memory" in run.err) == (2, True)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "example.com"])
def test_without_keys_nobody_else_can_call(capsys: pytest.CaptureFixture[str], host: str) -> None:
    """Refused before anything starts, by flag and by setting."""
    run = Run(capsys, "serve", "--no-auth", "--host", host)
    assert (run.code, host in run.err) == (2, True)


class Served:
    """A service in a process of its own."""

    def __init__(self, *args: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "drafter", "serve", "--port", str(self.port), *args]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}")

    def wait(self) -> None:
        """Returns when it answers."""
        for _ in range(300):
            try:
                if self.client.get("/healthz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("it did not start")

    def stop(self, sig: int = signal.SIGTERM) -> str:
        """What it said on standard error."""
        self.process.send_signal(sig)
        _, err = self.process.communicate(timeout=30)
        self.client.close()
        return err


def test_the_first_key_is_shown_once_and_works_and_records_outlive_the_process(database: str) -> None:
    """A second start shows none, and knows the first; a record that was acknowledged before kill -9 is there."""
    first = Served()
    first.wait()
    # The key is printed before the service listens; it is read at the end, since a pipe cannot be asked for what is in it now.
    refused = first.client.post("/v1/drafts", json=REVIEW)
    assert refused.status_code == 401
    key = re.search(r"drk_\w{8}_[\w-]{43}", first.stop(signal.SIGKILL))
    assert key is not None
    headers = {"authorization": f"Bearer {key.group()}"}
    second = Served()
    second.wait()
    made = second.client.post("/v1/drafts", json=REVIEW, headers=headers).json()
    assert made["is_stored"]
    command = [sys.executable, "-m", "drafter", "serve", "--port", str(second.port)]
    taken = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (taken.returncode, "DRAFTER_PORT" in taken.stderr) == (2, True)
    assert second.stop(signal.SIGKILL) == ""
    store = open_store(database)
    record = asyncio.run(store.get(made["id"]))
    assert record is not None
    assert record.draft is not None
    assert record.draft.text == made["text"]
    asyncio.run(store.aclose())


def test_a_start_says_where_it_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line on standard error, before anybody asks; also which port was free."""
    monkeypatch.setenv("DRAFTER_LOG_LEVEL", "info")
    command = [sys.executable, "-m", "drafter", "serve", "--no-auth", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = json.loads(process.stderr.readline())
        assert (told["event"], told["level"], told["docs"]) == ("service.started", "info", f"{told['address']}/docs")
        assert httpx.get(told["docs"]).status_code == 200
        process.terminate()


def test_a_key_that_two_accounts_may_share_needs_an_account(capsys: pytest.CaptureFixture[str], database: str, tmp_path: Path) -> None:
    """An order or a buyer is somebody's: with several accounts one must be named, or all must be meant."""
    request = DraftRequest.model_validate(REVIEW)

    async def two_accounts() -> None:
        async with wiring.build(waits_for_model=False, log_stream=io.StringIO()) as services:
            for account in ("acme", "other"):
                await services.draft(request, principal=Principal(account_id=account))

    asyncio.run(two_accounts())
    out = tmp_path / "out.jsonl"
    for command in (("export", str(out), "--buyer", "b7"), ("purge", "--order", "302-1", "--yes")):
        refused = Run(capsys, "db", *command)
        assert (refused.code, "several accounts have records (acme, other)" in refused.err, "--all-accounts" in refused.err) == (
            2,
            True,
            True,
        )
    assert Run(capsys, "db", "export", str(out), "--buyer", "b7", "--account", "acme").err == "1 record(s)\n"
    assert Run(capsys, "db", "purge", "--order", "302-1", "--account", "acme", "--all-accounts", "--yes").code == 2
    assert Run(capsys, "db", "purge", "--order", "302-1", "--account", "acme", "--yes", "--json").lines == [{"erased": 1}]
    assert Run(capsys, "db", "purge", "--order", "302-1", "--all-accounts", "--yes", "--json").lines == [{"erased": 1}]


def test_what_was_taken_before_sigterm_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by a model that hangs, for callers who would wait for minutes: templates answer, and the process ends soon and well."""
    hanging = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setenv("DRAFTER_MODEL", "openai/hangs")
    monkeypatch.setenv("DRAFTER_MODEL_BASE_URL", f"http://127.0.0.1:{hanging.getsockname()[1]}/v1")
    monkeypatch.setenv("DRAFTER_DEADLINE_S", "2")
    served = Served("--no-auth")
    served.wait()
    body = {**REVIEW, "options": {"deadline_s": 300}}
    with ThreadPoolExecutor(8) as callers:
        answers = [callers.submit(served.client.post, "/v1/drafts", json=body, timeout=60) for _ in range(8)]
        # All eight, and the one who counts.
        while "requests_in_flight 9.0" not in served.client.get("/metrics").text:
            assert not any(answer.done() for answer in answers)
            time.sleep(0.1)
        stopped_at = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        said = [answer.result().json() for answer in answers]
    assert time.monotonic() - stopped_at < 10
    assert [(one["origin"], one["is_stored"]) for one in said] == [("template", True)] * 8
    assert {attempt["error"] for one in said for attempt in one["attempts"] if attempt["origin"] == "model"} <= {
        "model_timeout",
        "model_busy",
    }
    assert served.stop() == ""
    hanging.close()
