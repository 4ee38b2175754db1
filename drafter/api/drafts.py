"""`/v1/drafts`: drafts, made, listed and read again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from drafter.answers import draft_response
from drafter.api.answer import NOT_MODIFIED, tagged
from drafter.api.body import documented_body, metrics_of, read_body, services_of
from drafter.api.edge import arrived_at, note
from drafter.api.identity import Needs
from drafter.api.lists import DraftList
from drafter.api.match import state_tag
from drafter.api.once import DOCUMENTED, REPLAYED, once
from drafter.api.problem import BODY_CODES, KEY_CODES, documented
from drafter.api.stages import EVENT_STREAM, stream
from drafter.attempts import stored_by
from drafter.domain import DraftRecord, DraftRequest, DraftResponse
from drafter.errands import Principal
from drafter.errors import RequestError
from drafter.intake import Received, warn_of_remedies
from drafter.pipeline import StageListener
from drafter.store.keys import Scope
from drafter.store.listing import MAX_PAGE, DraftFilter
from drafter.store.patience import waiting_until

router = APIRouter(tags=["drafts"])

GRACE_S = 60.0
"""A claim is held for the request's deadline and this: longer than any answer takes, shorter than a caller gives up for good."""

UNKNOWN_KEY = "the store could not say whether this Idempotency-Key was answered before; so this draft was not stored"

MAKES = documented(
    *BODY_CODES,
    *KEY_CODES,
    "unknown_channel",
    "channel_takes_no_draft",
    "unknown_model",
    "model_not_local",
    "unknown_prompt",
    "idempotency_key_reused",
    "idempotency_in_flight",
    "invalid_parameter",
)


EXAMPLES: dict[str, Any] = {
    "the least": {"review": {"body": "The zipper broke on the second day."}},
    "a full request": {
        "id": "case-4711",
        "review": {"subject": "product_review", "rating": 2, "title": "Leaks", "body": "The lid leaks and it came two weeks late."},
        "channel": "review_followup",
        "product": {"title": "Tidewell travel kettle, 0.8 l"},
        "seller": {"brand": "Tidewell", "signature": "Mara, Tidewell", "allowed_remedies": ["replacement"], "facts": ["two-year warranty"]},
        "order": {"resolved": False, "order_id": "302-1234567-7654321", "buyer_key": "b-7f3a"},
        "options": {"language": "en", "deadline_s": 20},
    },
    "at two speeds": {
        "review": {"rating": 1, "body": "Third message. The left lever of the toaster will not stay down."},
        "seller": {"brand": "Wexcombe", "allowed_remedies": ["replacement", "full_refund"]},
        "options": {"holding": True},
    },
    "feedback, after the fix": {
        "review": {"subject": "seller_feedback", "rating": 1, "body": "Nobody answered my messages.", "marketplace": "amazon.com"},
        "channel": "feedback_contact",
        "order": {
            "resolved": True,
            "completed_at": "2026-10-30T08:00:00Z",
            "opted_out": False,
            "contacts": [{"kind": "message", "sent_at": "2026-11-02T09:00:00Z"}],
        },
        "asked_at": "2026-11-05T09:00:00Z",
    },
}


class DraftQuery(DraftFilter):
    """Which drafts, and which page of them."""

    cursor: str | None = Field(default=None, max_length=300)
    """`next_cursor` of the page before."""
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)


@router.post(
    "/v1/drafts",
    response_model=DraftResponse,
    responses=MAKES,
    openapi_extra=documented_body(DraftRequest, EXAMPLES, parameters=[DOCUMENTED]),
)
async def create_draft(request: Request, principal: Annotated[Principal, Depends(Needs(Scope.DRAFT))]) -> Response:
    """Draft a reply. Answers inside `options.deadline_s` (or the service's default), whatever the model does.

    With `Accept: text/event-stream` each stage is told when it ends; the text comes once, at the end, when it was checked.
    """
    request.app.state.backlog.admit()
    services = services_of(request)
    value = await read_body(request)
    received = services.judges.receive(value)
    if EVENT_STREAM in request.headers.get("accept", ""):
        return stream(lambda on_stage: _draft(request, value, received, principal, on_stage))
    response, headers = await _draft(request, value, received, principal, None)
    return Response(response.model_dump_json(), media_type="application/json", headers=headers)


async def _draft(
    request: Request, value: Any, received: Received[DraftRequest], principal: Principal, on_stage: StageListener | None
) -> tuple[DraftResponse, dict[str, str]]:
    """The response, and headers that say how it came about."""
    services, started = services_of(request), arrived_at(request.scope)
    deadline_s = services.pipeline.deadline_of(received.request)
    count = metrics_of(request).stage_ended

    def both(stage: str, duration_s: float) -> None:
        count(stage, duration_s)
        if on_stage:
            on_stage(stage, duration_s)

    with waiting_until(stored_by(started, deadline_s)):
        async with once(request, value, services.store, principal, held_s=deadline_s + GRACE_S) as state:
            if state.answered is not None:
                record = await own_record(request, state.answered.result_id, principal)
                return draft_response(record, is_stored=True, warnings=received.warnings), REPLAYED
            response = await services.draft(
                received.request, received.warnings, principal=principal, claim=state.claim, on_stage=both, started=started
            )
            if state.is_unknown and not response.is_stored:
                response = response.model_copy(update={"warnings": (*response.warnings, UNKNOWN_KEY)})
            # A record that was written has fulfilled its claim; one that was not leaves the key free.
            state.is_done = response.is_stored
    request.app.state.tell(response)
    note(request.scope, record_id=response.id, action=response.action, origin=response.origin, is_stored=response.is_stored)
    return response, {}


async def own_record(request: Request, record_id: str, principal: Principal) -> DraftRecord:
    """The record of that id in the caller's account.

    Raises:
        RequestError: (`not_found`) there is none there, whoever else may have one.
    """
    record = await services_of(request).store.drafts.get(record_id, account_id=principal.account_id)
    if record is None:
        raise RequestError("there is no such draft", code="not_found")
    return record


@router.get("/v1/drafts", responses=documented(*KEY_CODES, "invalid_parameter"))
async def list_drafts(
    request: Request, principal: Annotated[Principal, Depends(Needs(Scope.READ))], query: Annotated[DraftQuery, Query()]
) -> DraftList:
    """The account's drafts, newest first, page by page. Drafts that are made meanwhile move nothing."""
    wanted = DraftFilter(**{name: getattr(query, name) for name in DraftFilter.model_fields})
    page = await services_of(request).store.drafts.list(principal.account_id, wanted, cursor=query.cursor, limit=query.limit)
    return DraftList(items=page.items, next_cursor=page.next_cursor)


@router.get("/v1/drafts/{record_id}", response_model=DraftResponse, responses={**documented(*KEY_CODES, "not_found"), **NOT_MODIFIED})
async def get_draft(record_id: str, request: Request, principal: Annotated[Principal, Depends(Needs(Scope.READ))]) -> Response:
    """A draft that was made before, with its whole proof. Its `ETag` is another one after each verdict."""
    record = await own_record(request, record_id, principal)
    response = draft_response(record, is_stored=True, warnings=tuple(warn_of_remedies(record.request)))
    said = await services_of(request).store.verdicts.count(record.id, account_id=principal.account_id)
    return tagged(request, response, tag=state_tag(record.id, said))
