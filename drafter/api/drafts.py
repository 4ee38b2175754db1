"""`/v1/drafts`: drafts, made and read again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from drafter.answers import draft_response
from drafter.api.body import documented_body, read_body, services_of
from drafter.api.problem import documented
from drafter.domain import DraftRequest, DraftResponse
from drafter.errors import RequestError
from drafter.intake import receive_draft_request

router = APIRouter(tags=["drafts"])

EXAMPLES: dict[str, Any] = {
    "the least": {"review": {"body": "The zipper broke on the second day."}},
    "a full request": {
        "id": "case-4711",
        "review": {"subject": "product_review", "rating": 2, "title": "Leaks", "body": "The lid leaks and it came two weeks late."},
        "channel": "review_followup",
        "product": {"title": "Tidewell travel kettle, 0.8 l"},
        "seller": {"brand": "Tidewell", "signature": "Mara, Tidewell", "allowed_remedies": ["replacement"], "facts": ["two-year warranty"]},
        "order": {"resolved": False},
        "options": {"language": "en", "deadline_s": 20},
    },
}


@router.post("/v1/drafts", responses=documented(400, 413, 415, 422), openapi_extra=documented_body(DraftRequest, EXAMPLES))
async def create_draft(request: Request) -> DraftResponse:
    """Draft a reply. Answers inside `options.deadline_s` (or the service's default), whatever the model does."""
    services = services_of(request)
    received = receive_draft_request(await read_body(request), services.judges.channels)
    return await services.draft(received.request, received.warnings)


@router.get("/v1/drafts/{record_id}", responses=documented(404, 503))
async def get_draft(record_id: str, request: Request) -> DraftResponse:
    """A draft that was made before, with its whole proof."""
    record = await services_of(request).store.get(record_id)
    if record is None:
        raise RequestError(f"there is no draft {record_id!r}", code="not_found")
    return draft_response(record, is_stored=True, warnings=())
