"""What tests share: small values, and tools without network, clock or chance."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drafter.domain import ContactAdvice, Door, DraftRequest, Issue, IssueSpan, Review, Route, Triage
from drafter.llm.embedded_process import share_process
from drafter.llm.litellm_client import load_litellm
from drafter.llm.weights import Weights
from drafter.settings import Settings
from tests.databases import Postgres, running_postgres

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Among several workers the tests of a file stay together, for its fixtures' sake, and those of the embedded model share one server.

    These come first: they take longest, and nobody should wait for them at the end.
    """
    items.sort(key=lambda item: item.get_closest_marker("embedded") is None)
    for item in items:
        group = "embedded" if item.get_closest_marker("embedded") else item.path.as_posix()
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def root() -> Path:
    """The content root: this checkout."""
    return ROOT


def make_request(body: str = "The lid of the kettle leaks.", **fields: object) -> DraftRequest:
    """A request about a leaking kettle."""
    return DraftRequest.model_validate({"review": {"body": body}, **fields})


def make_triage(route: Route = Route.DRAFT, *reasons: str, language: str = "en", issues: tuple[Issue, ...] = (Issue.DEFECTIVE,)) -> Triage:
    """A triage that found a leaking lid."""
    return Triage(
        language=language,
        issues=issues,
        issue_spans=tuple(IssueSpan(issue=issue, start=0, end=28, quote="The lid of the kettle leaks.") for issue in issues),
        safety=Issue.SAFETY_HAZARD in issues,
        injection=False,
        contact=ContactAdvice(door=Door.THREAD_REPLY, reason="the buyer wrote"),
        route=route,
        reasons=reasons or ("draftable",),
    )


@pytest.fixture
def request_for() -> Callable[..., DraftRequest]:
    """Makes requests: `request_for("body", channel=…)`."""
    return make_request


@pytest.fixture
def triage_of() -> Callable[..., Triage]:
    """Makes triages: `triage_of(Route.DRAFT, "reason")`."""
    return make_triage


@pytest.fixture
def review() -> Review:
    """A review of a leaking kettle."""
    return Review(rating=2, title="Leaks", body="The lid of the kettle leaks.")


@pytest.fixture(scope="session")
def litellm() -> Any:
    """The library, imported once before a test's clock runs."""
    return load_litellm()


@pytest.fixture(scope="session")
def embedded() -> Iterator[Settings]:
    """Settings of the embedded model, with one server that all tests share and that runs until the last of them."""
    if os.environ.get("DRAFTER_TEST_EMBEDDED") == "0":
        pytest.skip("DRAFTER_TEST_EMBEDDED=0")
    # In a process of its own: fetching, if it must be, is the only thing here that needs a network.
    subprocess.run([sys.executable, "-m", "drafter", "models", "pull"], check=True, env={**os.environ, "DRAFTER_MODEL": "embedded"})
    settings = Settings(model="embedded", models="")
    process = share_process(Weights(settings.cache_dir, settings.model_path))
    process.start()
    yield settings
    process.release()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server, started by the first test that asks for it."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a fresh database of the kind that the test is parametrised with."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.new_database()
    return "memory" if request.param == "memory" else f"sqlite+aiosqlite:///{tmp_path}/drafter.db"
