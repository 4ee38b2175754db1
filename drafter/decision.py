"""Triage, report and scores -> Decision. Pure and total: every combination has an answer, and the same one each time.

Checks find; only `decide` acts. What a severity leads to and which scores are too low to offer are content:
`guardrails/decision.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from drafter.content import read_yaml
from drafter.domain import Action, Decision, Finding, GuardrailReport, Origin, ProofReport, Route, Scorecard, Severity, Triage, Value
from drafter.errors import ContentError
from drafter.scoring.calibration import AtFloor, Calibration, load_calibration
from drafter.triage.contact import may_write


class DecisionPolicy(Value):
    """`guardrails/decision.yaml`: the consequence of what was found."""

    repair_severities: frozenset[Severity]
    """A model's draft with a finding this bad goes back for repair while repairs are left."""
    forbidden_severities: frozenset[Severity]
    """A draft with a finding this bad never leaves."""
    score_floors: Mapping[str, float | AtFloor] = Field(default_factory=dict)
    """Least value per scorer for a model's draft to be offered without repair; `floor` stands for the learnt one."""


def load_decision_policy(root: Path) -> DecisionPolicy:
    """Policy of `guardrails/decision.yaml`, with the floors of `evals/calibration.json`.

    Raises:
        ContentError: a key or value is wrong, or a learnt floor is asked for that is not there.
    """
    path = root / "guardrails" / "decision.yaml"
    values: Any = read_yaml(path)
    try:
        policy = DecisionPolicy.model_validate(values)
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ContentError(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from exc
    floors = (load_calibration(root) or Calibration.empty()).resolve(policy.score_floors)
    return policy.model_copy(update={"score_floors": floors})


def decide(
    policy: DecisionPolicy,
    *,
    triage: Triage,
    origin: Origin | None,
    report: GuardrailReport | None,
    proof: ProofReport | None,
    scorecard: Scorecard | None,
    repairs_left: int,
) -> Decision:
    """What to do with a draft that was written, checked and scored.

    Args:
        origin: None when there is no draft.
        report: None when the draft was not checked, which counts as not passed.
        proof: None when its proof was not checked; then it counts as whole.
        scorecard: None when it was not scored; then no floor applies.
        repairs_left: How often the writer may still mend the draft.
    """
    if triage.route is Route.NO_REPLY:
        return Decision(action=Action.DECLINE, reasons=triage.reasons)
    if origin is None:
        return Decision(action=Action.ESCALATE, reasons=("no_draft", *triage.reasons) if may_write(triage) else triage.reasons)
    wrong = _what_forbids(policy, report, proof)
    may_repair = origin is Origin.MODEL and repairs_left > 0
    if wrong:
        return Decision(action=Action.REPAIR if may_repair else Action.ESCALATE, reasons=wrong)
    if triage.route is Route.HUMAN_ONLY:
        return Decision(action=Action.ESCALATE, reasons=triage.reasons)
    mendable = _what_to_mend(policy, report, proof, scorecard)
    if mendable and may_repair:
        return Decision(action=Action.REPAIR, reasons=mendable)
    return Decision(action=Action.OFFER, reasons=mendable or ("clean",))


def _what_forbids(policy: DecisionPolicy, report: GuardrailReport | None, proof: ProofReport | None) -> tuple[str, ...]:
    """Codes of what keeps a draft from leaving at all; a check that crashed counts as not passed."""
    if report is None:
        return ("not_checked",)
    if report.errored:
        return tuple(f"errored:{rule_id}" for rule_id in report.errored)
    return _codes(_findings(report, proof), policy.forbidden_severities)


def _what_to_mend(
    policy: DecisionPolicy, report: GuardrailReport | None, proof: ProofReport | None, scorecard: Scorecard | None
) -> tuple[str, ...]:
    """Codes of what a repair should better, though the draft may leave as it is."""
    found = _codes(_findings(report, proof), policy.repair_severities)
    low = tuple(
        f"low:{scorer}"
        for scorer, floor in sorted(policy.score_floors.items())
        if floor != "floor" and scorecard is not None and (value := scorecard.value(scorer)) is not None and value < floor
    )
    return found + low


def _findings(report: GuardrailReport | None, proof: ProofReport | None) -> tuple[Finding, ...]:
    """What the rules saw, then what the proof lacks."""
    return (*(report.findings if report else ()), *(proof.findings if proof else ()))


def _codes(findings: Sequence[Finding], severities: frozenset[Severity]) -> tuple[str, ...]:
    """`block:rule-id` for each finding of these severities, each rule once, in their order."""
    return tuple(dict.fromkeys(f"{f.severity}:{f.rule_id}" for f in findings if f.severity in severities))
