"""`POST /v1/checks`: a text against policy, no model."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from drafter.answers import CheckResult, check_result
from drafter.api.body import documented_body, metrics_of, read_body, services_of
from drafter.api.edge import note
from drafter.api.guarded import GuardedRoute
from drafter.api.identity import Needs
from drafter.api.problem import BODY_CODES, KEY_CODES, documented
from drafter.domain import CheckRequest
from drafter.errands import Principal
from drafter.intake import receive_check_request
from drafter.store.keys import Scope

router = APIRouter(tags=["checks"], route_class=GuardedRoute)

EXAMPLES: dict[str, Any] = {
    "a violation": {"channel": "review_followup", "text": "Could you update your review now that the lid is fixed?", "language": "en"},
    "a good reply": {
        "channel": "review_followup",
        "text": "We are sorry that the lid of your kettle leaks. A new lid is on its way to you.",
    },
}


@router.post(
    "/v1/checks",
    response_model=CheckResult,
    responses=documented(*BODY_CODES, *KEY_CODES, "unknown_channel", "text_too_long"),
    openapi_extra=documented_body(CheckRequest, EXAMPLES),
)
async def check_text(request: Request, _principal: Annotated[Principal, Depends(Needs(Scope.CHECK))]) -> Response:
    """Check a text. Deterministic: the same text and pack give the same verdict."""
    value = await read_body(request)
    judges = services_of(request).judges
    received = receive_check_request(value, judges.channels)
    result = check_result(value.get("id"), judges.guardrail.check(received.request), received.warnings)
    metrics = metrics_of(request)
    for finding in result.findings:
        metrics.found(finding.rule_id, finding.severity)
    note(request.scope, verdict=result.verdict)
    return Response(result.model_dump_json(), media_type="application/json")
