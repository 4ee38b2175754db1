"""`/v1/jobs`: many drafts at once, made when there is time, whatever happens to the process meanwhile."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from drafter.api.body import documented_body, read_body, services_of
from drafter.api.drafts import EXAMPLES as DRAFTS
from drafter.api.edge import note
from drafter.api.identity import Needs
from drafter.api.once import DOCUMENTED, REPLAYED, once
from drafter.api.problem import BODY_CODES, KEY_CODES, documented
from drafter.domain import DraftRequest, Value
from drafter.errands import Principal
from drafter.errors import RequestError
from drafter.intake import MAX_JOB_BYTES, MAX_JOB_ITEMS, receive_job
from drafter.store.keys import Scope
from drafter.store.summaries import Job

router = APIRouter(tags=["jobs"])

HELD_S = 60.0
"""How long answering may take."""

EXAMPLES: dict[str, Any] = {"two reviews": {"items": [DRAFTS["the least"], {"review": {"body": "The lid leaks and it came late."}}]}}

MAKES = documented(
    *BODY_CODES,
    *KEY_CODES,
    "unknown_channel",
    "channel_takes_no_draft",
    "unknown_prompt",
    "idempotency_key_reused",
    "idempotency_in_flight",
    "invalid_parameter",
    "too_many_waiting",
)


class JobRequest(Value):
    """Requests for drafts."""

    items: tuple[DraftRequest, ...] = Field(min_length=1, max_length=MAX_JOB_ITEMS)
    """Each as `POST /v1/drafts` takes it."""


@router.post(
    "/v1/jobs",
    status_code=201,
    response_model=Job,
    responses=MAKES,
    openapi_extra=documented_body(JobRequest, EXAMPLES, parameters=[DOCUMENTED]),
)
async def create_job(request: Request, principal: Annotated[Principal, Depends(Needs(Scope.DRAFT))]) -> Response:
    """Have many drafts made. All requests are read before the first is begun: one that is wrong refuses the job, and is named."""
    services = services_of(request)
    value = await read_body(request, max_bytes=MAX_JOB_BYTES)
    received = receive_job(value, services.judges.receive)
    async with once(request, value, services.store, principal, held_s=HELD_S) as state:
        if state.answered is not None:
            return _created(await _own(request, state.answered.result_id, principal), REPLAYED)
        state.require_known()
        requests = [one.request for one in received]
        job_id = await services.store.jobs.create(principal.account_id, principal.key_id, requests, claim=state.claim)
        state.is_done = True
    note(request.scope, job_id=job_id, items=len(received))
    return _created(await _own(request, job_id, principal), {})


@router.get("/v1/jobs/{job_id}", responses=documented(*KEY_CODES, "not_found"))
async def get_job(job_id: str, request: Request, principal: Annotated[Principal, Depends(Needs(Scope.READ))]) -> Job:
    """How far it is, and the id of each draft that was made."""
    return await _own(request, job_id, principal)


@router.delete("/v1/jobs/{job_id}", responses=documented(*KEY_CODES, "not_found"))
async def cancel_job(job_id: str, request: Request, principal: Annotated[Principal, Depends(Needs(Scope.DRAFT))]) -> Job:
    """Leave undone what was not begun."""
    cancelled = await services_of(request).store.jobs.cancel(job_id, account_id=principal.account_id)
    return cancelled or _missing()


async def _own(request: Request, job_id: str, principal: Principal) -> Job:
    return await services_of(request).store.jobs.get(job_id, account_id=principal.account_id) or _missing()


def _missing() -> Job:
    raise RequestError("there is no such job", code="not_found")


def _created(job: Job, headers: dict[str, str]) -> Response:
    return Response(job.model_dump_json(), status_code=201, media_type="application/json", headers=headers)
