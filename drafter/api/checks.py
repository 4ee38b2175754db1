"""`POST /v1/checks`: a text against policy, no model."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from drafter.answers import CheckResult, check_result
from drafter.api.body import documented_body, read_body, services_of
from drafter.api.problem import documented
from drafter.domain import CheckRequest
from drafter.intake import receive_check_request

router = APIRouter(tags=["checks"])

EXAMPLES: dict[str, Any] = {
    "a violation": {"channel": "review_followup", "text": "Could you update your review now that the lid is fixed?", "language": "en"},
    "a good reply": {
        "channel": "review_followup",
        "text": "We are sorry that the lid of your kettle leaks. A new lid is on its way to you.",
    },
}


@router.post("/v1/checks", responses=documented(400, 413, 415, 422), openapi_extra=documented_body(CheckRequest, EXAMPLES))
async def check_text(request: Request) -> CheckResult:
    """Check a text. Deterministic: the same text and pack give the same verdict."""
    value = await read_body(request)
    judges = services_of(request).judges
    received = receive_check_request(value, judges.channels)
    return check_result(value.get("id"), judges.guardrail.check(received.request))
