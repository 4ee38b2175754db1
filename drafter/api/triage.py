"""`POST /v1/triage`: what is wrong, is it dangerous, may we write; no model."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from drafter.answers import TriageResult, triage_result
from drafter.api.body import documented_body, read_body, services_of
from drafter.api.identity import Needs
from drafter.api.problem import BODY_CODES, KEY_CODES, documented
from drafter.domain import Review
from drafter.errands import Principal, recall
from drafter.store.keys import Scope

router = APIRouter(tags=["triage"])

EXAMPLES: dict[str, Any] = {
    "two problems": {"subject": "product_review", "rating": 2, "title": "Leaks", "body": "The lid leaks and it came two weeks late."}
}


@router.post(
    "/v1/triage",
    responses=documented(*BODY_CODES, *KEY_CODES, "unknown_channel", "channel_takes_no_draft", "unknown_prompt"),
    openapi_extra=documented_body(Review, EXAMPLES),
)
async def triage_review(request: Request, principal: Annotated[Principal, Depends(Needs(Scope.CHECK))]) -> TriageResult:
    """Triage a review (bare, or as a full request for a draft)."""
    value = await read_body(request)
    services = services_of(request)
    received = services.receive(value)
    asked = await recall(received.request, services.store, account_id=principal.account_id)
    warnings = (*received.warnings, *services.judges.triager.warnings(asked))
    return triage_result(value.get("id"), services.judges.triage(asked), warnings=warnings)
