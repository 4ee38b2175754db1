"""Live requests that leave the range of a set raise an alarm, and nothing else does."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from drafter.cli import main
from drafter.evals.drift import MIN_LIVE, Drift, Seen, find_drift, traits_of
from drafter.evals.intervals import NothingMeasured
from tests.conftest import make_request, make_triage

MIX = {"language": {"en": 0.7, "de": 0.3}, "length": {"short": 0.5, "long": 0.5}}


def draw(n: int, seed: int, **changed: dict[str, float]) -> list[Seen]:
    """So many requests of a mix."""
    chance = random.Random(seed)
    mix = {**MIX, **changed}
    traits = [{trait: chance.choices(list(shares), list(shares.values()))[0] for trait, shares in mix.items()} for _ in range(n)]
    return [Seen(f"r{i}", one) for i, one in enumerate(traits)]


def drift_of(live: list[Seen], *, cases: int = 60, seed: int = 0) -> Drift:
    """What a set of the usual mix says of these requests."""
    return find_drift([seen.traits for seen in draw(cases, seed)], live)


def test_the_same_mix_is_no_alarm() -> None:
    """In none of sixteen weeks, with few requests and with many."""
    assert not any(drift_of(draw(n, seed), seed=seed).is_alarm for seed in range(20, 28) for n in (60, 1000))


def test_a_language_without_a_case_is_an_alarm_with_examples() -> None:
    """One request in seven is in a language that the set does not have."""
    drift = drift_of(draw(400, 1, language={"en": 0.6, "de": 0.26, "it": 0.14}))
    (missing,) = drift.missing
    assert (missing.trait, missing.value, missing.in_set) == ("language", "it", 0)
    assert missing.at_least > 0.05
    assert len(missing.examples) == 3


def test_what_is_rare_is_no_alarm() -> None:
    """One odd request among many proves nothing of the set."""
    assert not drift_of([*draw(200, 2), Seen("odd", {"language": "xx", "length": "short"})]).is_alarm


def test_a_mix_that_moves_far_is_an_alarm() -> None:
    """Most requests are long now: the set has long ones, but too few of them."""
    drift = drift_of(draw(400, 3, length={"short": 0.1, "long": 0.9}))
    assert [shift.trait for shift in drift.shifts if shift.is_alarm] == ["length"]
    assert drift.missing == ()


def test_a_small_move_is_told_and_is_no_alarm() -> None:
    """Significant among many, and too small to matter."""
    drift = drift_of(draw(3000, 4, length={"short": 0.4, "long": 0.6}), cases=1000)
    shift = next(shift for shift in drift.shifts if shift.trait == "length")
    assert (shift.p < 0.01, shift.is_alarm) == (True, False)


def test_too_few_requests_say_nothing() -> None:
    """No alarm and no all-clear."""
    with pytest.raises(NothingMeasured):
        drift_of(draw(MIN_LIVE - 1, 5))


def test_a_request_has_every_trait_even_when_little_is_known() -> None:
    """Rating and issues may be missing."""
    traits = traits_of(make_request("Bad."), make_triage(issues=()))
    assert traits == {
        "language": "en",
        "channel": make_request().channel,
        "issue": "none",
        "rating": "none",
        "length": "under 80 characters",
    }


@pytest.mark.parametrize(("live", "code"), [(MIN_LIVE + 10, 1), (3, 3)])
def test_the_command_has_an_exit_code_for_each_answer(live: int, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All live requests in a language that the drafting set has no case of; too few of them."""
    request, triage = make_request().model_dump(mode="json"), make_triage(language="nl").model_dump(mode="json")
    lines = [json.dumps({"record": {"id": f"d{i}", "request": request, "triage": triage}}) for i in range(live)]
    (tmp_path / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["evals", "drift", str(tmp_path / "records.jsonl"), "--json"])
    assert stopped.value.code == code
    out = capsys.readouterr().out
    assert code == 3 or {one["value"] for one in json.loads(out)["missing"]} >= {"nl"}
