"""A running service without a model, asked over HTTP in this process: without keys, or with them, on a database of choice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from drafter import wiring
from drafter.api.app import create_app
from drafter.llm.litellm_client import load_litellm
from drafter.store.keys import NewKey, Scope
from drafter.wiring import Services

ALL = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Running:
    """A service and what it is made of."""

    app: FastAPI
    services: Services

    async def key(self, *scopes: Scope, account: str = "acme", **options: object) -> NewKey:
        """A new key; with all scopes when none is named."""
        granted = frozenset(scopes) or ALL
        return await self.services.store.keys.create("test", account_id=account, scopes=granted, **options)  # type: ignore[arg-type]

    def client(self, key: NewKey | None = None, **headers: str) -> httpx.AsyncClient:
        """A caller with this key."""
        if key is not None:
            headers["authorization"] = f"Bearer {key.text}"
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)


@asynccontextmanager
async def running(**settings: object) -> AsyncIterator[Running]:
    """A service with these settings instead of the usual ones of a test."""
    usual = {"model": "none", "models": "", "database_url": "memory", "log_level": "error", "auth": "keys", "rate_per_minute": 0}
    app = create_app(lambda: wiring.build({**usual, **settings}, waits_for_model=False))
    async with app.router.lifespan_context(app):
        yield Running(app, app.state.services)


@pytest.fixture(scope="package", autouse=True)
def loaded_litellm() -> None:
    """A service loads it in a thread; what that thread warns of would meet the filters of whichever test begins just then."""
    load_litellm()


@pytest.fixture(scope="package", autouse=True)
def one_set_of_rules() -> Iterator[None]:
    """All services of this folder share their judges: loading rules is not what is tested here."""
    judges = wiring.build_judges()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "build_judges", lambda _settings=None: judges)
        yield


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Talks to a service that asks for no key, answers with templates and keeps records in memory."""
    async with running(auth="none") as service, service.client() as client:
        yield client


@pytest.fixture
async def service() -> AsyncIterator[Running]:
    """A service that asks for keys."""
    async with running() as service:
        yield service
