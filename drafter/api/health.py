"""`/healthz` says that the process lives, `/readyz` whether it can do its work, `/metrics` how it does."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from drafter import __version__
from drafter.api.body import metrics_of, services_of
from drafter.api.identity import Needs
from drafter.api.lists import Health, Readiness
from drafter.api.problem import KEY_CODES, documented
from drafter.errands import Principal
from drafter.errors import StoreError
from drafter.store.keys import Scope
from drafter.store.patience import waiting_until
from drafter.telemetry import CONTENT_TYPE

router = APIRouter(tags=["health"])

COUNT_S = 0.5
"""How long a scraper is kept waiting for what only the database can count."""


@router.get("/healthz")
async def get_health() -> Health:
    """Whether the process lives."""
    return Health(status="alive", version=__version__)


NOT_READY = {
    "status": "not_ready",
    "rules": "4f6c1d0a9b7e43c2",
    "store": "down",
    "models": {"embedded": "ready"},
    "is_stopping": False,
}

SCRAPED = """# HELP drafter_requests_total Answered requests
# TYPE drafter_requests_total counter
drafter_requests_total{method="POST",route="/v1/drafts",status="200"} 42.0
# HELP drafter_stage_seconds Seconds in each stage of a draft
# TYPE drafter_stage_seconds histogram
drafter_stage_seconds_bucket{le="0.025",stage="guardrail"} 42.0
"""


@router.get(
    "/readyz",
    responses={
        503: {
            "model": Readiness,
            "description": "It cannot: the records cannot be reached, or it is stopping.",
            "content": {"application/json": {"example": NOT_READY}},
        }
    },
)
async def get_readiness(request: Request, response: Response) -> Readiness:
    """Whether the service can answer, and with what."""
    services = services_of(request)
    store: Literal["ready", "read_only", "down"] = "read_only" if services.store.database.is_read_only else "ready"
    try:
        await services.store.check()
    except StoreError:
        store = "down"
    is_stopping: bool = request.app.state.is_stopping
    is_ready = store != "down" and not is_stopping
    if not is_ready:
        response.status_code = 503
    return Readiness(
        status="ready" if is_ready else "not_ready",
        rules=services.judges.guardrail.pack_sha256,
        store=store,
        models=services.models.status(),
        is_stopping=is_stopping,
    )


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        **documented(*KEY_CODES),
        200: {"description": "Prometheus' text form.", "content": {"text/plain": {"schema": {"type": "string"}, "example": SCRAPED}}},
    },
)
async def get_metrics(request: Request, _principal: Annotated[Principal, Depends(Needs(Scope.ADMIN))]) -> Response:
    """Counts, seconds and states of this process, over all accounts."""
    services = services_of(request)
    models, store = services.models, services.store
    undone = {"job_items": await _count(store.jobs.waiting), "webhook_deliveries": await _count(store.webhooks.waiting)}
    text = metrics_of(request).render(models=models.status(), waiting=models.waiting(), undone=undone, spent_usd=models.spend.spent_usd())
    return Response(text, headers={"content-type": CONTENT_TYPE})


async def _count(waiting: Callable[[], Awaitable[int]]) -> int | None:
    """How many; None when the database does not say it soon: the other figures are wanted then most of all."""
    try:
        with waiting_until(time.monotonic() + COUNT_S):
            return await waiting()
    except StoreError:
        return None
