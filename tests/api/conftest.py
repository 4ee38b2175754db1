"""A running service without a model, asked over HTTP in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from drafter.api.app import create_app
from drafter.wiring import build


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Talks to a service that answers with templates and keeps records in memory."""
    app = create_app(lambda: build({"model": "none", "database_url": "memory", "log_level": "error"}, waits_for_model=False))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            yield client
