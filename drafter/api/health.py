"""`/healthz` says that the process lives, `/readyz` whether it can do its work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response

from drafter import __version__
from drafter.api.body import services_of
from drafter.domain import Value
from drafter.errors import StoreError

router = APIRouter(tags=["health"])


class Health(Value):
    """The process lives."""

    status: Literal["alive"]
    version: str


class Readiness(Value):
    """What works, part by part. A model that is not ready makes answers templates; the service is ready all the same."""

    status: Literal["ready", "not_ready"]
    rules: str
    """Hash of the rule pack."""
    store: Literal["ready", "down"]
    models: dict[str, str]
    """State of each model: `ready`, `starting`, `down` …"""


@router.get("/healthz")
async def get_health() -> Health:
    """Whether the process lives."""
    return Health(status="alive", version=__version__)


@router.get("/readyz", responses={503: {"model": Readiness}})
async def get_readiness(request: Request, response: Response) -> Readiness:
    """Whether the service can answer, and with what."""
    services = services_of(request)
    is_stored = True
    try:
        await services.store.check()
    except StoreError:
        is_stored = False
    if not is_stored:
        response.status_code = 503
    return Readiness(
        status="ready" if is_stored else "not_ready",
        rules=services.judges.guardrail.pack_sha256,
        store="ready" if is_stored else "down",
        models=services.models.status(),
    )
