"""The one shape of an error on the wire (RFC 9457), and every code that it can have."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import Field

from drafter.answers import CheckedFinding
from drafter.domain import Value

MEDIA_TYPE = "application/problem+json"

PAGE = "/docs/problems"
"""Where `CODES` can be read."""

CODES: Mapping[str, tuple[int, str]] = {
    "not_json": (400, "The body is not JSON, or is nested too deeply."),
    "not_utf8": (400, "The body is not UTF-8."),
    "invalid_parameter": (400, "A query parameter, path or header is wrong; `field` names it."),
    "no_key": (401, "Send an API key: `Authorization: Bearer drk_…`."),
    "key_not_valid": (401, "The API key is unknown, wrong, revoked or expired."),
    "scope_missing": (403, "The API key may not do this; make one with the scope that `detail` names."),
    "not_local": (403, "Without API keys the service answers this machine only."),
    "not_found": (404, "There is no such thing, or not in the account of this key."),
    "method_not_allowed": (405, "The path has no such method; `Allow` names those it has."),
    "too_slow": (408, "The body did not arrive in time."),
    "idempotency_in_flight": (409, "The first request with this `Idempotency-Key` is still being answered; ask again later."),
    "too_many_webhooks": (409, "The account has as many webhooks as it may."),
    "nothing_to_approve": (409, "The draft has no text: nothing was to be written."),
    "contact_refused": (
        409,
        "The buyer must not be sent this any more; `detail` names the reasons, e.g. `notice_repeat`.",
    ),
    "precondition_failed": (412, "Somebody has decided since the state that `If-Match` names; read again what was said."),
    "too_large": (413, "The body is larger than what is read."),
    "wrong_media_type": (415, "Send `content-type: application/json`, not compressed."),
    "invalid": (422, "A field of the body is missing or wrong; `field` names it."),
    "text_too_long": (422, "The text is longer than what the rules read."),
    "unknown_channel": (422, "There is no such channel; `GET /v1/channels` lists them."),
    "channel_takes_no_draft": (422, "In this channel texts are only checked."),
    "unknown_model": (422, "The model is not allowed here; `detail` names those that are."),
    "model_not_local": (422, "This account's texts stay on this machine; the model is remote."),
    "unknown_prompt": (422, "There is no such prompt version; `GET /v1/prompts` lists them."),
    "breaks_policy": (422, "A rule found something in the text that was to be approved; `findings` says what."),
    "idempotency_key_reused": (422, "The `Idempotency-Key` was used for another request; take a new one for each."),
    "webhook_host_not_allowed": (422, "The operator has not listed this host (`DRAFTER_WEBHOOK_HOSTS`)."),
    "too_many_requests": (429, "The key's requests a minute are used up; `Retry-After` says when there are more."),
    "too_many_waiting": (429, "So many items of the account's jobs wait; `Retry-After` says when to come again."),
    "internal": (500, "Something broke on our side; the request was not at fault."),
    "content": (500, "A content file of the service is wrong."),
    "settings": (500, "A setting of the service is wrong."),
    "store": (503, "Records cannot be reached; nothing was written."),
    "overloaded": (503, "Too many requests are being answered; `Retry-After` says when to come again."),
    "model_error": (502, "The model failed."),
    "model_down": (502, "The model cannot be reached."),
    "model_refused": (502, "The model declined."),
    "model_malformed": (502, "The model's answer cannot be read."),
    "model_denied": (502, "The model's provider denied us."),
    "model_misused": (502, "The model cannot take this request."),
    "model_skipped": (502, "The model does not write such a reply."),
    "model_busy": (503, "The model is busy."),
    "model_timeout": (504, "The model was too slow."),
    "weights": (503, "The embedded model's file is not there."),
}
"""Code -> status and what it means. Codes are never renamed; new ones may come."""


class Problem(Value):
    """What is wrong, where, and the way out."""

    type: str = "about:blank"
    """Where the code is explained."""
    title: str
    """The class of problem, the same for every one with this `code`."""
    status: int = Field(ge=400, le=599)
    code: str
    """Stable, for programs: `invalid`, `unknown_channel`, `too_large` …"""
    detail: str
    """One sentence for people."""
    field: str | None = None
    """Path of the field that is wrong, e.g. `review.rating`."""


class PolicyProblem(Problem):
    """A text that may not be approved, and why."""

    findings: tuple[CheckedFinding, ...]


EXAMPLE_FINDING = {
    "rule_id": "no-review-change-request",
    "category": "review_change_request",
    "severity": "block",
    "start": 0,
    "end": 25,
    "quote": "Please delete your review",
    "message": "Asks the buyer to remove what he published.",
    "source": "A13",
    "suggestion": "Leave the review out of it.",
    "view": "folded",
}


def problem(code: str, detail: str = "", *, field: str | None = None) -> Problem:
    """The problem of a code."""
    status, title = CODES[code]
    return Problem(type=f"{PAGE}#{code}", title=title, status=status, code=code, detail=detail or title, field=field)


def respond(found: Problem, *, retry_after_s: float | None = None, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem on its way out."""
    sent = dict(headers or {})
    if retry_after_s is not None:
        sent["retry-after"] = str(max(1, math.ceil(retry_after_s)))
    if found.status == 401:
        sent["www-authenticate"] = "Bearer"
    return JSONResponse(found.model_dump(mode="json"), status_code=found.status, media_type=MEDIA_TYPE, headers=sent)


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries for the problems that a route may answer with."""
    entries: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        example = problem(code)
        value = example.model_dump(mode="json")
        content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
        entry = entries.setdefault(example.status, {"description": "", "content": {MEDIA_TYPE: content}})
        entry["description"] = f"{entry['description']} `{code}`: {example.title}".strip()
        if code == "breaks_policy":
            value["findings"] = [EXAMPLE_FINDING]
            kinds = ("Problem", "PolicyProblem")
            entry["content"][MEDIA_TYPE]["schema"] = {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in kinds]}
        entry["content"][MEDIA_TYPE]["examples"][code] = {"value": value}
    return entries


BODY_CODES = ("not_json", "not_utf8", "too_slow", "too_large", "wrong_media_type", "invalid")
"""Of every route that takes a body."""

KEY_CODES = ("no_key", "key_not_valid", "scope_missing", "not_local", "too_many_requests", "store", "overloaded")
"""Of every route that needs a key."""
