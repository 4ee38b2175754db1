"""`decide` is pure and total: every combination has one answer."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.decision import DecisionPolicy, decide, load_decision_policy
from drafter.domain import (
    Action,
    Category,
    Decision,
    Finding,
    GuardrailReport,
    Origin,
    Route,
    RuleResult,
    RuleStatus,
    Score,
    Scorecard,
    Severity,
    Verdict,
)
from drafter.errors import ContentError
from tests.conftest import make_triage

POLICY = DecisionPolicy(
    repair_severities=frozenset({Severity.BLOCK, Severity.WARN}),
    forbidden_severities=frozenset({Severity.BLOCK}),
    score_floors={"specificity": 0.2},
)


def report(*severities: Severity, errored: bool = False) -> GuardrailReport:
    """A report with one finding per severity, and a crashed rule if `errored`."""
    findings = tuple(
        Finding(
            rule_id=f"rule-{i}",
            category=Category.OTHER,
            severity=severity,
            start=0,
            end=1,
            quote="x",
            message="m",
            source="s",
            suggestion="s",
            view="raw",
        )
        for i, severity in enumerate(severities)
    )
    results = (RuleResult(rule_id="r", status=RuleStatus.ERRORED if errored else RuleStatus.PASSED),)
    return GuardrailReport(
        channel="review_followup",
        verdict=Verdict.PASS,
        findings=findings,
        results=results,
        pack_sha256="p",
        engine_version="e",
        text_sha256="t",
    )


def scorecard(value: float | None) -> Scorecard:
    """A scorecard with one score."""
    return Scorecard(scores=(Score(scorer="specificity", version=1, value=value, reason="because"),))


def decided(
    *,
    route: Route = Route.DRAFT,
    origin: Origin | None = Origin.MODEL,
    found: GuardrailReport | None = None,
    value: float | None = 1.0,
    repairs_left: int = 0,
) -> Decision:
    """The decision on a draft that is clean unless told otherwise."""
    return decide(
        POLICY, triage=make_triage(route), origin=origin, report=found, proof=None, scorecard=scorecard(value), repairs_left=repairs_left
    )


@pytest.mark.parametrize(
    ("case", "action"),
    [
        ({"found": report()}, Action.OFFER),
        ({"found": report(Severity.NOTE)}, Action.OFFER),
        ({"found": report(Severity.WARN)}, Action.OFFER),
        ({"found": report(Severity.WARN), "repairs_left": 1}, Action.REPAIR),
        ({"found": report(Severity.WARN), "repairs_left": 1, "origin": Origin.TEMPLATE}, Action.OFFER),
        ({"found": report(Severity.BLOCK)}, Action.ESCALATE),
        ({"found": report(Severity.BLOCK), "repairs_left": 1}, Action.REPAIR),
        ({"found": report(Severity.BLOCK), "repairs_left": 1, "origin": Origin.TEMPLATE}, Action.ESCALATE),
        ({"found": report(errored=True)}, Action.ESCALATE),
        ({"found": None}, Action.ESCALATE),
        ({"found": None, "origin": None}, Action.ESCALATE),
        ({"found": report(), "value": 0.1, "repairs_left": 1}, Action.REPAIR),
        ({"found": report(), "value": 0.1}, Action.OFFER),
        ({"found": report(), "value": None, "repairs_left": 1}, Action.OFFER),
        ({"found": report(), "route": Route.HUMAN_ONLY}, Action.ESCALATE),
        ({"found": report(), "route": Route.NO_REPLY}, Action.DECLINE),
    ],
)
def test_each_combination_has_its_consequence(case: dict[str, object], action: Action) -> None:
    """What was found leads to the action that the table says."""
    assert decided(**case).action is action  # type: ignore[arg-type]


@given(
    route=st.sampled_from(Route),
    origin=st.none() | st.sampled_from(Origin),
    severities=st.lists(st.sampled_from(Severity), max_size=3),
    errored=st.booleans(),
    value=st.none() | st.floats(0, 1),
    repairs_left=st.integers(0, 3),
)
def test_a_draft_that_is_not_proved_clean_is_never_offered(
    route: Route, origin: Origin | None, severities: list[Severity], errored: bool, value: float | None, repairs_left: int
) -> None:
    """Whatever else is true, a blocking finding or a crashed rule keeps a draft from being offered; and there is always a reason."""
    decision = decided(route=route, origin=origin, found=report(*severities, errored=errored), value=value, repairs_left=repairs_left)
    assert decision.reasons
    if errored or Severity.BLOCK in severities or origin is None:
        assert decision.action is not Action.OFFER
    if decision.action is Action.REPAIR:
        assert repairs_left > 0
        assert origin is Origin.MODEL


def test_the_policy_on_file_forbids_every_block(root: Path) -> None:
    """The shipped consequences keep the first promise."""
    policy = load_decision_policy(root)
    assert Severity.BLOCK in policy.forbidden_severities
    assert policy.forbidden_severities <= policy.repair_severities


def test_a_wrong_policy_file_is_named(tmp_path: Path) -> None:
    """A typo in decision.yaml says where."""
    (tmp_path / "guardrails").mkdir()
    (tmp_path / "guardrails" / "decision.yaml").write_text("repair_severities: [block]\nforbidden_severities: [blok]\n")
    with pytest.raises(ContentError, match=r"decision\.yaml: forbidden_severities"):
        load_decision_policy(tmp_path)


def test_a_learnt_floor_that_is_not_there_is_no_floor_of_none(tmp_path: Path) -> None:
    """A content folder without the learnt floors is named, not judged by nothing."""
    (tmp_path / "guardrails").mkdir()
    policy = "repair_severities: [block]\nforbidden_severities: [block]\nscore_floors: {specificity: floor}\n"
    (tmp_path / "guardrails" / "decision.yaml").write_text(policy)
    with pytest.raises(ContentError, match="specificity"):
        load_decision_policy(tmp_path)


def test_repair_never_ends_a_story_without_repairs() -> None:
    """With no repair left, no combination asks for one."""
    for route, origin, severity in itertools.product(Route, Origin, Severity):
        assert decided(route=route, origin=origin, found=report(severity), repairs_left=0).action is not Action.REPAIR
