"""The application factory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from drafter import __version__
from drafter.api import checks, drafts, health, triage
from drafter.api.errors import add_error_handlers
from drafter.wiring import Services, build

DESCRIPTION = """Turns a negative Amazon product review, or negative seller feedback, into a short, personal draft reply that is provably
within policy. Nothing is ever published: a person approves. Errors are `application/problem+json` with a stable `code`."""

OpenServices = Callable[[], AbstractAsyncContextManager[Services]]


def create_app(open_services: OpenServices | None = None) -> FastAPI:
    """The service. Nothing is built before it starts.

    Args:
        open_services: Gives the services for the app's lifetime; None builds them from the environment.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (open_services or _from_environment)() as services:
            app.state.services = services
            yield

    app = FastAPI(title="drafter", version=__version__, description=DESCRIPTION, lifespan=lifespan, docs_url=None, redoc_url=None)
    for noun in (drafts, checks, triage, health):
        app.include_router(noun.router)
    add_error_handlers(app)
    return app


def _from_environment() -> AbstractAsyncContextManager[Services]:
    return build(waits_for_model=False)
