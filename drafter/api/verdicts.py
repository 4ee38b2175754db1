"""`/v1/drafts/{id}/verdicts`: what people decided. Nothing counts as approved that the rules do not let pass at that moment."""

from __future__ import annotations

import uuid
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from drafter.answers import checked_finding
from drafter.api import match
from drafter.api.answer import NOT_MODIFIED, tagged
from drafter.api.body import documented_body, metrics_of, read_body, services_of
from drafter.api.drafts import own_record
from drafter.api.edge import note
from drafter.api.identity import Needs
from drafter.api.lists import VerdictList
from drafter.api.match import alone, read_seen, state_tag
from drafter.api.once import DOCUMENTED, REPLAYED, once
from drafter.api.problem import BODY_CODES, KEY_CODES, PolicyProblem, documented, problem, respond
from drafter.cases.ledger import with_recalled
from drafter.domain import Draft, DraftRecord, GuardrailReport
from drafter.edits import Edit, RecordedVerdict, VerdictRequest, diff_texts
from drafter.errands import Principal, recall
from drafter.errors import RequestError
from drafter.intake import receive_verdict_request
from drafter.pipeline import check_request
from drafter.store.keys import Scope
from drafter.triage.contact import REFUSED, find_stops
from drafter.wiring import Services

router = APIRouter(tags=["verdicts"])

HELD_S = 60.0
"""How long answering may take."""

EXAMPLES: dict[str, Any] = {
    "approved": {"verdict": "approved", "by": "agent-12"},
    "edited": {"verdict": "edited", "final_text": "Hello, we are sorry that the zipper broke so soon.", "by": "agent-12"},
    "rejected": {"verdict": "rejected", "reason": "The buyer was answered by phone.", "by": "agent-12"},
}

MAKES = documented(
    *BODY_CODES,
    *KEY_CODES,
    "not_found",
    "precondition_failed",
    "nothing_to_approve",
    "contact_refused",
    "breaks_policy",
    "text_too_long",
    "idempotency_key_reused",
    "idempotency_in_flight",
    "invalid_parameter",
)


@router.post(
    "/v1/drafts/{record_id}/verdicts",
    status_code=201,
    response_model=RecordedVerdict,
    responses=MAKES,
    openapi_extra=documented_body(VerdictRequest, EXAMPLES, parameters=[DOCUMENTED, match.DOCUMENTED]),
)
async def create_verdict(record_id: str, request: Request, principal: Annotated[Principal, Depends(Needs(Scope.APPROVE))]) -> Response:
    """Approve, edit or reject a draft. The final text is checked again, by today's rules, and refused when they forbid it.

    With `If-Match` it is recorded only when nobody has decided since the draft was read.
    """
    services = services_of(request)
    value = await read_body(request)
    asked = receive_verdict_request(value)
    record = await own_record(request, record_id, principal)
    async with once(request, value, services.store, principal, held_s=HELD_S) as state:
        if state.answered is not None:
            kept = await services.store.verdicts.get(state.answered.result_id, account_id=principal.account_id)
            if kept is None:
                raise RequestError("there is no such verdict any more", code="not_found")
            return _created(kept, REPLAYED)
        state.require_known()
        seen = await read_seen(request, services.store, record.id, principal)
        async with _only_contact(services, record, asked, principal):
            report = _check(services, record, asked)
            if report is not None and not _may_leave(services, report):
                return respond(_policy_problem(report))
            if report is not None:
                await _refuse_second_contact(services, record, principal)
            verdict = _verdict(services, record, asked, report, principal)
            await services.store.verdicts.append(verdict, account_id=principal.account_id, claim=state.claim, seen=seen)
        state.is_done = True
    distance = verdict.edit.distance if verdict.edit else (0.0 if verdict.is_approved else None)
    metrics_of(request).judged(verdict.verdict, verdict.prompt, distance)
    note(request.scope, record_id=record.id, verdict=verdict.verdict, verdict_id=verdict.id)
    return _created(verdict, {})


@router.get(
    "/v1/drafts/{record_id}/verdicts", response_model=VerdictList, responses={**documented(*KEY_CODES, "not_found"), **NOT_MODIFIED}
)
async def list_verdicts(record_id: str, request: Request, principal: Annotated[Principal, Depends(Needs(Scope.READ))]) -> Response:
    """All that people said of a draft, with the draft's `ETag`."""
    record = await own_record(request, record_id, principal)
    said = await services_of(request).store.verdicts.of_draft(record.id, account_id=principal.account_id)
    return tagged(request, VerdictList(items=said), tag=state_tag(record.id, len(said)))


def _final_draft(record: DraftRecord, asked: VerdictRequest) -> Draft:
    if record.draft is None:
        raise RequestError("this draft has no text: nothing was to be written", code="nothing_to_approve")
    if asked.final_text is None:
        return record.draft
    if asked.final_text == record.draft.text:
        raise RequestError("is the draft as it was; send approved", code="invalid", field="final_text")
    return record.draft.model_copy(update={"text": asked.final_text})


def _check(services: Services, record: DraftRecord, asked: VerdictRequest) -> GuardrailReport | None:
    """What today's rules say of the final text; None when nothing is to be sent."""
    if asked.verdict == "rejected":
        return None
    draft = _final_draft(record, asked)
    return services.judges.guardrail.check(check_request(record.request, record.triage, draft))


def _may_leave(services: Services, report: GuardrailReport) -> bool:
    forbidden = services.pipeline.policy.forbidden_severities
    return not report.errored and not any(finding.severity in forbidden for finding in report.findings)


def _only_contact(
    services: Services, record: DraftRecord, asked: VerdictRequest, principal: Principal
) -> AbstractAsyncContextManager[None]:
    """A time in which no other draft for the same order, or else buyer, is approved: of two, the second must see the first."""
    key = record.request.order.order_id or record.request.order.buyer_key
    if key is None or asked.verdict == "rejected":
        return nullcontext()
    message = "nothing was recorded: another draft for this order or buyer is being approved now; send it again"
    return alone(services.store, principal, f"contact {key}", otherwise=RequestError(message, code="contact_refused"))


async def _refuse_second_contact(services: Services, record: DraftRecord, principal: Principal) -> None:
    """Nothing, where the buyer may be sent it now: since it was drafted, another draft may have been approved, or a window closed.

    Raises:
        RequestError: (`contact_refused`) he may not; names the codes.
    """
    as_of_now = record.request.model_copy(update={"asked_at": None})
    known = await recall(as_of_now, services.store, account_id=principal.account_id, besides=record.id, must_know=True)
    asked = with_recalled(known.request, known.recalled, is_last_door=True)
    refused = [code for code in find_stops(asked, services.judges.triager.contact) if code in REFUSED]
    if refused:
        raise RequestError(f"nothing was recorded: {', '.join(refused)}", code="contact_refused")


def _policy_problem(report: GuardrailReport) -> PolicyProblem:
    rules = ", ".join(sorted({finding.rule_id for finding in report.findings} | set(report.errored)))
    found = problem("breaks_policy", f"nothing was recorded; change the text and send it as edited: {rules}")
    return PolicyProblem(**dict(found), findings=tuple(checked_finding(finding) for finding in report.findings))


def _verdict(
    services: Services, record: DraftRecord, asked: VerdictRequest, report: GuardrailReport | None, principal: Principal
) -> RecordedVerdict:
    return RecordedVerdict(
        id=f"v_{uuid.uuid4().hex}",
        record_id=record.id,
        verdict=asked.verdict,
        final_text=None if report is None else _final_draft(record, asked).text,
        reason=asked.reason,
        by=asked.by,
        at=datetime.now(UTC),
        key_id=principal.key_id,
        prompt=record.draft.prompt if record.draft else None,
        is_approved=report is not None,
        checked=report.verdict if report else None,
        pack_sha256=report.pack_sha256 if report else None,
        edit=_edit(services, record, asked),
    )


def _edit(services: Services, record: DraftRecord, asked: VerdictRequest) -> Edit | None:
    if asked.verdict != "edited" or record.draft is None:
        return None
    final = _final_draft(record, asked)
    score = services.pipeline.score
    scores = tuple(score(draft, record.request, record.triage) for draft in (record.draft, final))
    findings = record.report.findings if record.report else ()
    return diff_texts(record.draft.text, final.text, request=record.request, findings=findings, scores=(scores[0], scores[1]))


def _created(verdict: RecordedVerdict, headers: dict[str, str]) -> Response:
    return Response(verdict.model_dump_json(), status_code=201, media_type="application/json", headers=headers)
