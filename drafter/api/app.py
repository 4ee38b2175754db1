"""The application factory."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import lru_cache
from typing import Any

from fastapi import FastAPI

from drafter import __version__
from drafter.api import checks, content, drafts, health, jobs, pages, triage, verdicts, webhooks
from drafter.api.backlog import Backlog
from drafter.api.edge import Edge
from drafter.api.errors import add_error_handlers
from drafter.api.identity import Gatekeeper
from drafter.api.openapi import describe
from drafter.api.traces import open_traces
from drafter.api.upkeep import upkeep
from drafter.domain import DraftResponse
from drafter.errors import StoreError
from drafter.telemetry import Metrics
from drafter.wiring import Services, build

DESCRIPTION = """Turns a negative Amazon product review, or negative seller feedback, into a short, personal draft reply that is provably
within policy. Nothing is ever published: a person approves. Errors are `application/problem+json` with a stable `code`."""

OpenServices = Callable[[], AbstractAsyncContextManager[Services]]

NOUNS = (checks, drafts, triage, verdicts, jobs, webhooks, content, health, pages)
"""What is asked most first: routes are tried in this order."""


def create_app(open_services: OpenServices | None = None) -> FastAPI:
    """The service. Nothing is built before it starts.

    Args:
        open_services: Gives the services for the app's lifetime; None builds them from the environment.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (open_services or _from_environment)() as services:
            app.state.services = services
            app.state.gatekeeper = Gatekeeper(services.store, services.settings, app.state.metrics)
            app.state.backlog = Backlog(services.settings.max_backlog_s)
            # The first request must not pay for connecting; a store that is away is readiness' to tell.
            with suppress(StoreError):
                await services.store.check()
            traces = app.state.traces = open_traces(os.environ)

            def tell(response: DraftResponse) -> None:
                app.state.metrics.drafted(response)
                if traces is not None:
                    traces.drafted(response)

            app.state.tell = tell
            try:
                async with upkeep(services, tell, app.state.metrics.stage_ended):
                    yield
            finally:
                if traces is not None:
                    await asyncio.to_thread(traces.close)

    app = FastAPI(
        title="drafter",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        # A redirect that has no body and no code is no answer for a program.
        redirect_slashes=False,
        # Traces are `traces.py`'s, and counts `telemetry.py`'s; its own would look for an exporter at each request.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.metrics = Metrics()
    app.state.is_stopping = False
    app.state.routers = tuple(noun.router for noun in NOUNS)
    for router in app.state.routers:
        # Not `include_router`, which asks each router anew at each request: these have no prefix and no settings of their own.
        app.router.routes.extend(router.routes)
    add_error_handlers(app)
    app.add_middleware(Edge, metrics=app.state.metrics)

    @lru_cache(maxsize=1)
    def openapi(_prompts: tuple[str, ...]) -> dict[str, Any]:
        return describe(app, app.state.services)

    # FastAPI's own way to bring a description of one's own; made anew when there is a new version of a prompt.
    app.openapi = lambda: openapi(tuple(app.state.services.library.prompts))  # type: ignore[method-assign]
    return app


def _from_environment() -> AbstractAsyncContextManager[Services]:
    return build(waits_for_model=False)
