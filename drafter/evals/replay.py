"""Judge a stored text again, and say whether the report is the same, byte for byte: what `drafter rules replay` prints.

What can be replayed: a `DraftRecord`; a `DraftResponse` with its request (`{"request": …, "response": …}`); the result of a check
with its request (`{"request": …, "result": …}`), where the result is a line of `rules check` or a whole `GuardrailReport`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from drafter.answers import CheckResult, check_result
from drafter.domain import CheckRequest, DraftRecord, DraftRequest, DraftResponse, GuardrailReport, Value
from drafter.errors import RequestError
from drafter.guardrails.engine import Guardrail
from drafter.intake import ChannelFact, receive_check_request
from drafter.pipeline import check_request

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Stored:
    """What was judged once, and how."""

    id: str | int | None
    request: CheckRequest
    result: GuardrailReport | CheckResult


class Replayed(Value):
    """What came of judging it again."""

    id: str | int | None
    is_same: bool
    """True when the report is the same byte for byte."""
    differs: tuple[str, ...]
    """One sentence for each thing that differs: text, pack, engine, verdict, then rule by rule."""


def read_stored(value: Mapping[str, Any], channels: Mapping[str, ChannelFact]) -> Stored:
    """A stored record, response or check.

    Raises:
        RequestError: it is none of these, or holds nothing that was judged.
    """
    if "request" in value and "result" in value:
        return _stored_check(value, channels)
    if "request" in value and "response" in value:
        request = _validate(DraftRequest, value["request"], "request")
        response = _validate(DraftResponse, value["response"], "response")
        return _stored_draft(response, request)
    if "request" in value and "triage" in value:
        record = _validate(DraftRecord, value, "")
        return _stored_draft(record, record.request)
    if "request_id" in value and "report" in value:
        sentence = 'a response without its request cannot be judged again; send {"request": …, "response": …}'
        raise RequestError(sentence, code="no_request")
    raise RequestError("no record, no response with its request, and no check result with its request", code="invalid")


def replay(guardrail: Guardrail, stored: Stored) -> Replayed:
    """Judge the text again with these rules."""
    report = guardrail.check(stored.request)
    before = stored.result
    if isinstance(before, CheckResult):
        after: GuardrailReport | CheckResult = check_result(before.id, report, before.warnings)
        differs = [*_basis(before, report, stored.request.text), *_judgement(before, after)]
    else:
        after = report
        differs = [*_basis(before, report, stored.request.text), *_judgement(before, after), *_statuses(before, report)]
    is_same = before.model_dump_json() == after.model_dump_json()
    if not is_same and not differs:
        differs = ["the wording of a rule, or an exception that was met"]
    return Replayed(id=stored.id, is_same=is_same, differs=tuple(differs))


def _stored_check(value: Mapping[str, Any], channels: Mapping[str, ChannelFact]) -> Stored:
    request = receive_check_request(value["request"], channels).request
    raw = value["result"]
    is_report = isinstance(raw, dict) and "results" in raw
    result = _validate(GuardrailReport, raw, "result") if is_report else _validate(CheckResult, raw, "result")
    name = value.get("id", value["request"].get("id"))
    return Stored(name, request, result)


def _stored_draft(told: DraftRecord | DraftResponse, request: DraftRequest) -> Stored:
    if told.draft is None or told.report is None:
        raise RequestError(f"{told.id} has no draft that was judged", code="nothing_judged")
    if request.channel != told.report.channel:
        sentence = f"{request.channel} is not the channel of the report, {told.report.channel}"
        raise RequestError(sentence, code="invalid", field="request.channel")
    return Stored(told.id, check_request(request, told.triage, told.draft), told.report)


def _validate(model: type[M], value: Any, field: str) -> M:
    try:
        return model.model_validate_json(json.dumps(value))
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        where = ".".join(str(part) for part in (*([field] if field else []), *first["loc"]))
        # The cause would repeat the stored text.
        raise RequestError(first["msg"].lower(), code="invalid", field=where) from None


def _basis(before: GuardrailReport | CheckResult, after: GuardrailReport, text: str) -> list[str]:
    """What the judgement stands on, where it is another."""
    told = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    pairs = {
        "text": (before.text_sha256, told),
        "pack": (before.pack_sha256, after.pack_sha256),
        "engine": (before.engine_version, after.engine_version),
    }
    return [f"{name}: was {old[:12]}, is {new[:12]}" for name, (old, new) in pairs.items() if old != new]


def _judgement(before: GuardrailReport | CheckResult, after: GuardrailReport | CheckResult) -> list[str]:
    """The verdict and the findings, where they are others."""
    said = [f"verdict: was {before.verdict.value}, is {after.verdict.value}"] if before.verdict is not after.verdict else []
    old = {(f.rule_id, f.category, f.severity, f.start, f.end): f.quote for f in before.findings}
    new = {(f.rule_id, f.category, f.severity, f.start, f.end): f.quote for f in after.findings}
    said += [f"gone: {key[0]} ({key[2].value}) “{quote}”" for key, quote in old.items() if key not in new]
    said += [f"new: {key[0]} ({key[2].value}) “{quote}”" for key, quote in new.items() if key not in old]
    return said


def _statuses(before: GuardrailReport, after: GuardrailReport) -> list[str]:
    """Rules that ended otherwise, came, or went."""
    old = {result.rule_id: result.status.value for result in before.results}
    new = {result.rule_id: result.status.value for result in after.results}
    changed = sorted(rule for rule in {**old, **new} if old.get(rule) != new.get(rule))
    return [f"{rule}: was {old.get(rule, 'not there')}, is {new.get(rule, 'not there')}" for rule in changed]
