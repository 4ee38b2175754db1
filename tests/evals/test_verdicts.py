"""What people did with drafts is counted by prompt, and holds each scorer to account."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drafter.cli import main
from drafter.evals.harvest import cases_of_verdicts
from drafter.evals.intervals import NothingMeasured
from drafter.evals.verdicts import FEW, Judgement, by_prompt, by_scorer, read_judgements
from tests.evals.test_harvest import VERDICT, draft_record


def judgement(verdict: str, prompt: str = "reply/v1", **scores: float | None) -> Judgement:
    """One draft with its verdict."""
    return Judgement(prompt=prompt, verdict=verdict, scores=scores)


def test_each_prompt_has_its_own_counts() -> None:
    """With the bounds of what was kept."""
    first, second = by_prompt([*[judgement("approved")] * 8, *[judgement("edited")] * 2, judgement("rejected", "reply/v2")])
    assert (first.prompt, first.n, first.kept.value, dict(first.verdicts)) == ("reply/v1", 10, 0.8, {"approved": 8, "edited": 2})
    assert (second.prompt, second.kept.value) == ("reply/v2", 0.0)
    assert first.kept.low < 0.8 < first.kept.high


def test_a_scorer_that_may_as_well_be_a_coin_is_advisory() -> None:
    """One that sees what people keep may be gated on; one with few verdicts is unknown."""
    rows = [judgement("approved" if i % 2 else "edited", sees=0.5 + 0.4 * (i % 2), coin=(i // 2) % 5 / 5) for i in range(60)]
    rows += [judgement("approved", rare=1.0), judgement("rejected", rare=0.0)]
    assert {one.scorer: one.standing for one in by_scorer(rows)} == {"sees": "gate", "coin": "advisory", "rare": "unknown"}


def test_what_a_scorer_could_not_say_is_not_counted() -> None:
    """None is no value."""
    (one,) = by_scorer([judgement("approved", lift=None)] * FEW + [judgement("edited", lift=0.2)] * FEW)
    assert (one.kept, one.changed, one.auc) == (0, FEW, None)


def test_no_verdict_is_no_rate() -> None:
    """Nothing is made up."""
    with pytest.raises(NothingMeasured):
        by_prompt([])


async def test_an_export_is_read_as_it_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last verdict of each record counts, records without one do not; an author's labels stand beside them, and cases come of it."""
    record = json.loads((await draft_record()).model_dump_json())
    said = [{**VERDICT, "record_id": record["id"], "verdict": name} for name in ("rejected", "edited")]
    lines = [{"account_id": "a", "record": record, "verdicts": said}, {"account_id": "a", "record": record, "verdicts": []}]
    label = {"case": "kettle", "prompt": "reply/v2", "sha256": "0", "verdict": "good", "scores": {"lift": 0.5}, "text": "x"}
    assert [one.verdict for one in read_judgements([*lines, label])] == ["edited", "good"]
    assert [case.tags[1] for case in cases_of_verdicts(lines, licence="internal")] == ["edited"]
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join(map(json.dumps, [*lines, label])), encoding="utf-8")
    for flags in ((), ("--json",)):
        with pytest.raises(SystemExit) as stopped:
            main(["evals", "verdicts", str(path), *flags])
        assert stopped.value.code == 0
        assert "reply/v2" in capsys.readouterr().out
