"""The large profile from prompt to record, with answers from tape that were written by hand: fields, citations, links, proof, repair."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from drafter.content import read_jsonl
from drafter.decision import load_decision_policy
from drafter.domain import Action, DraftRecord, DraftRequest, LinkTo
from drafter.drafting.proof import Verifier
from drafter.drafting.templates import Templates
from drafter.drafting.writer import Writer
from drafter.guardrails.engine import Guardrail
from drafter.llm.replay import ReplayModel
from drafter.llm.scripted import ScriptedModel
from drafter.pipeline import Pipeline
from drafter.prompts.library import load_library
from drafter.scoring import load_scorer
from drafter.triage import Triager
from tests.test_pipeline import OPEN_PRIVACY, KeptRecords

CASES = list(read_jsonl(Path(__file__).parent / "hand_written_large.jsonl"))


@pytest.fixture(scope="module")
def tools(root: Path) -> Mapping[str, Any]:
    """Everything real but model and store."""
    return {
        "triager": Triager.load(root),
        "writer": Writer.load(load_library(root)),
        "templates": Templates.load(root),
        "checker": Guardrail.load(root),
        "verify": Verifier.load(root, concepts_in=Guardrail.load(root).concepts_in),
        "score": load_scorer(root),
        "policy": load_decision_policy(root),
        "privacy": OPEN_PRIVACY,
        "deadline_s": 30.0,
        "max_repairs": 1,
    }


async def run(case: Mapping[str, Any], tools: Mapping[str, Any], tape: Path, inner: ScriptedModel | None) -> DraftRecord:
    """The record of one case, by a model that is recorded or by its tape alone."""
    model = ReplayModel(inner, tape, name="hand-written", profile="large")
    pipeline = Pipeline(**tools, store=KeptRecords(), choose_models=lambda _name: (model,))
    record, _ = await pipeline.draft(DraftRequest.model_validate(case["request"]))
    return record


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
async def test_hand_written_answers_go_the_whole_way(case: Mapping[str, Any], tools: Mapping[str, Any], tmp_path: Path) -> None:
    """The same record text with the model and from tape; each sentence linked; what stands on nothing never leaves."""
    inner = ScriptedModel([(json.dumps(answer),) for answer in case["answers"]], profile="large", name="hand-written")
    recorded = await run(case, tools, tmp_path, inner)
    replayed = await run(case, tools, tmp_path, None)
    assert recorded.draft is not None
    assert replayed.draft is not None
    assert recorded.draft.text == replayed.draft.text
    assert replayed.decision.action is Action.OFFER
    assert replayed.draft.origin == case["origin"], [
        (a.error, a.detail, [(f.rule_id, f.quote) for f in a.findings]) for a in replayed.attempts
    ]
    assert replayed.proof is not None
    assert replayed.proof.findings == ()
    linked = {link.to for sentence in replayed.draft.sentences for link in sentence.links}
    assert {LinkTo(name) for name in case["links"]} <= linked
    if "repair_names" in case:
        assert len(inner.calls) == 2
        assert case["repair_names"] in inner.calls[1].messages[-1].content


async def test_a_repair_names_the_complaint_point_that_is_missing(tools: Mapping[str, Any], tmp_path: Path) -> None:
    """By number and issue; the buyer's words stay inside the fence."""
    case = next(case for case in CASES if case["id"] == "never-mended")
    request = {**case["request"], "review": {"rating": 2, "body": "The kettle leaks at the base. Delivery was three weeks late."}}
    inner = ScriptedModel([(json.dumps(answer),) for answer in case["answers"]], profile="large", name="hand-written")
    await run({**case, "request": request}, tools, tmp_path, inner)
    assert "(late delivery) is not taken up" in inner.calls[1].messages[-1].content
