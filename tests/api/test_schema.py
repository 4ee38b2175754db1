"""Requests that nobody thought of, made from the description: no 5xx, no undescribed answer, on SQLite and on PostgreSQL.

A test of bounded time: a few examples for each route, always the same. `max_examples` can be raised for a long run.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from drafter import wiring
from drafter.api.app import create_app
from drafter.store import open_store
from drafter.store.keys import Scope
from tests.api.test_identity import SCOPES
from tests.databases import Postgres

EXAMPLES = 8

TAKING = {path for method, path in SCOPES if method == "POST"} | {"/v1/drafts/{record_id}", "/v1/drafts"}
"""Routes that can be asked wrongly."""

FRIENDLY = ("negative_data_rejection",)
"""The door reads numbers in quotes and takes unknown fields with a warning, by contract: see `drafter/intake.py`."""


@contextmanager
def listening(database_url: str) -> Iterator[tuple[str, str]]:
    """Address and key of a service on a socket."""

    async def make_key() -> str:
        store = open_store(database_url)
        new = await store.keys.create("fuzz", account_id="fuzz", scopes=frozenset(Scope))
        await store.aclose()
        return new.text

    key = asyncio.run(make_key())
    overrides = {"model": "none", "models": "", "database_url": database_url, "log_level": "error", "auth": "keys", "rate_per_minute": 0}
    overrides["webhook_hosts"] = "hooks.example.com"
    app = create_app(lambda: wiring.build(overrides, waits_for_model=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        # Loading the rules takes longer than a client of the description waits.
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", key
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The description of a listening service, and its key."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.new_database()
    else:
        folder: Path = tmp_path_factory.mktemp("schema")
        url = f"sqlite+aiosqlite:///{folder}/drafter.db"
    with listening(url) as (address, key):
        schema = schemathesis.openapi.from_url(f"{address}/openapi.json")

        @schema.auth()
        class _Key:
            def get(self, _case: Any, _context: Any) -> str:
                return key

            def set(self, case: Any, text: str, _context: Any) -> None:
                case.headers = {**(case.headers or {}), "Authorization": f"Bearer {text}"}

        yield schema


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize(("method", "path"), [*SCOPES, ("GET", "/healthz"), ("GET", "/readyz")])
def test_no_request_breaks_the_service(api: Any, method: str, path: str, mode: GenerationMode) -> None:
    """Whatever the description allows, and what it does not: described answers, and never a 5xx."""
    excluded = [CHECKS.get_one(name) for name in FRIENDLY]
    operation = api[path][method]
    if mode is GenerationMode.NEGATIVE and path not in TAKING:
        pytest.skip("takes nothing")

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        if "Idempotency-Key" in (case.headers or {}):
            # Each request is another one.
            case.headers["Idempotency-Key"] = uuid.uuid4().hex
        if mode is GenerationMode.POSITIVE:
            # Cursors are right only when the service gave them out.
            (case.query or {}).pop("cursor", None)
        case.call_and_validate(excluded_checks=excluded)

    ask()
