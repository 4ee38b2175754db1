"""Records and reports -> what callers get. The counterpart of `intake.py`, for the command line and the API alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from drafter.domain import (
    Category,
    DraftRecord,
    DraftResponse,
    Finding,
    GuardrailReport,
    RuleStatus,
    Severity,
    Triage,
    Value,
    Verdict,
)
from drafter.intake import read_id


class CheckedFinding(Value):
    """One thing a rule saw in a text."""

    rule_id: str
    category: Category
    severity: Severity
    start: int
    """In the text as sent, code points."""
    end: int
    quote: str
    """`text[start:end]`."""
    message: str
    source: str
    """Where the rule comes from, as its pack names it."""
    suggestion: str
    view: str
    """How the text was read there: `raw`, `folded` (disguises undone), `despaced` …"""


class CheckResult(Value):
    """The verdict on a text."""

    id: str | int | None
    """The caller's own, unchanged."""
    verdict: Verdict
    findings: tuple[CheckedFinding, ...]
    errored: tuple[str, ...]
    """Ids of rules that crashed; a text with any is never a pass."""
    skipped: Mapping[str, tuple[str, ...]]
    """Rules that were not evaluated, which is no pass: ids by reason, e.g. `no facts or remedies given`."""
    exceptions: tuple[str, ...]
    """Exceptions that let a hit pass, as `rule-id/exception-id`."""
    shadow: tuple[CheckedFinding, ...]
    """What rules on trial saw; the verdict is made without them."""
    pack_version: str
    """Versions of the rules, e.g. `amazon 1.1.0, house 1.0.0`."""
    pack_sha256: str
    """Of all words and rules together."""
    engine_version: str
    text_sha256: str
    """Of the text as sent, in UTF-8."""
    warnings: tuple[str, ...]
    """What the caller should know, e.g. fields that were ignored."""


class TriageResult(Triage):
    """A triage with the caller's id."""

    id: str | int | None
    """The caller's own, unchanged."""
    warnings: tuple[str, ...]
    """What the caller should know, e.g. fields that were ignored."""


def check_result(request_id: object, report: GuardrailReport, warnings: tuple[str, ...] = ()) -> CheckResult:
    """A report in the shape that scripts rely on."""
    not_run = RuleStatus.SKIPPED
    skipped: dict[str, list[str]] = {}
    for result in report.results:
        if result.status is not_run:
            skipped.setdefault(result.reason, []).append(result.rule_id)
    # Every value comes from a report, and validating them anew would take longer than the rest.
    return CheckResult.trusted(
        {
            "id": read_id(request_id),
            "verdict": report.verdict,
            "findings": tuple(map(checked_finding, report.findings)),
            "errored": report.errored,
            "skipped": {reason: tuple(rule_ids) for reason, rule_ids in skipped.items()},
            "exceptions": report.exceptions,
            "shadow": tuple(map(checked_finding, report.shadow)),
            "pack_version": report.pack_version,
            "pack_sha256": report.pack_sha256,
            "engine_version": report.engine_version,
            "text_sha256": report.text_sha256,
            "warnings": warnings,
        }
    )


def triage_result(request_id: object, triage: Triage, *, warnings: tuple[str, ...]) -> TriageResult:
    """A triage in the shape that scripts rely on."""
    return TriageResult(id=read_id(request_id), warnings=warnings, **dict(triage))


def draft_response(record: DraftRecord, *, is_stored: bool, warnings: tuple[str, ...]) -> DraftResponse:
    """What the caller gets to see of a record."""
    draft, report = record.draft, record.report
    return DraftResponse(
        id=record.id,
        request_id=record.request.id,
        action=cast(Literal["offer", "escalate", "decline"], record.decision.action.value),
        reasons=record.decision.reasons,
        text=draft.text if draft else None,
        language=draft.language if draft else record.triage.language,
        channel=record.request.channel,
        origin=draft.origin if draft else None,
        verdict=report.verdict if report else None,
        draft=draft,
        triage=record.triage,
        report=report,
        proof=record.proof,
        scorecard=record.scorecard,
        holding=record.holding,
        attempts=record.attempts,
        timings=record.timings,
        provenance=record.provenance,
        privacy=record.privacy,
        is_stored=is_stored,
        warnings=warnings,
        deadline_s=record.deadline_s,
        duration_s=record.duration_s,
        cost_usd=record.cost_usd,
    )


def checked_finding(finding: Finding) -> CheckedFinding:
    """A finding in the shape that scripts rely on."""
    return CheckedFinding.trusted({name: getattr(finding, name) for name in CheckedFinding.model_fields})
