"""`POST /v1/triage`: what is wrong, is it dangerous, may we write; no model."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from drafter.answers import TriageResult, triage_result
from drafter.api.body import documented_body, read_body, services_of
from drafter.api.edge import arrived_at
from drafter.api.identity import Needs
from drafter.api.problem import BODY_CODES, KEY_CODES, documented
from drafter.attempts import stored_by
from drafter.domain import DraftRequest, Review
from drafter.errands import Principal, recall, timed
from drafter.store.keys import Scope
from drafter.store.patience import waiting_until

router = APIRouter(tags=["triage"])

PATIENCE_S = 2.4
"""How long an answer that needs no store may wait for one; `recall` gives it a quarter of that."""

UNREAD = "order.contacts: what was sent before was not looked up, since this key lacks the scope read"

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
    received = services.judges.receive(value)
    asked = await _recalled(request, received.request, principal)
    unread = () if principal.may_read or not asked.order.has_key else (UNREAD,)
    warnings = (*received.warnings, *services.judges.triager.warnings(asked), *unread)
    return triage_result(value.get("id"), services.judges.triage(asked), warnings=warnings)


async def _recalled(request: Request, asked: DraftRequest, principal: Principal) -> DraftRequest:
    """The request with what its buyer was sent, for who may know that; a store that hangs costs the fact, not the answer."""
    if not principal.may_read:
        return timed(asked)
    services = services_of(request)
    deadline = stored_by(arrived_at(request.scope), services.pipeline.deadline_of(asked))
    with waiting_until(min(deadline, time.monotonic() + PATIENCE_S)):
        return (await recall(asked, services.store, account_id=principal.account_id)).whole
