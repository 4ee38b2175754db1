"""Floors are learnt on one half of the labelled replies and told by the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from drafter.cli import main
from drafter.evals.agreement import Label, half_of
from drafter.evals.floors import hold_floors, learn_floors, replies_sha256
from drafter.scoring import SCORERS
from drafter.scoring.calibration import load_calibration

IDS = [f"r{i}" for i in range(400)]
CHOOSE = [name for name in IDS if half_of(name) == "choose"][:100]
REPORT = [name for name in IDS if half_of(name) == "report"][:100]


def labels(bad: set[str]) -> Mapping[str, Mapping[str, Label]]:
    """A reader who calls the tone of these bad, and of all others good."""
    return {name: {"tone": Label.BAD if name in bad else Label.GOOD} for name in (*CHOOSE, *REPORT)}


BAD = {*CHOOSE[:20], *REPORT[:20]}
SCORES = {name: {"tone": 0.2 if name in BAD else 0.8} for name in (*CHOOSE, *REPORT)}


def test_a_floor_lies_halfway_between_bad_and_other() -> None:
    """All bad ones below it, no other: on both halves."""
    found = learn_floors(SCORES, {"tone": 3}, [labels(BAD)], version=1, sha256="")
    assert {name: (f.floor, f.caught, f.bad, f.false) for name, f in found.floors.items()} == {"tone": (0.5, 20, 20, 0)}
    (held,) = hold_floors(found, SCORES, {"tone": 3}, [labels(BAD)])
    assert (held.holds, held.bad, held.caught.value, held.false.value) == (True, 20, 1.0, 0.0)
    assert not hold_floors(found, SCORES, {"tone": 4}, [labels(BAD)])[0].holds


def test_only_the_half_to_choose_by_is_learnt_from() -> None:
    """What the other half says changes no floor, and is told: a floor that calls good ones low does not hold."""
    turned = SCORES | {name: {"tone": 0.1} for name in REPORT}
    found = learn_floors(turned, {"tone": 1}, [labels(BAD)], version=1, sha256="")
    assert found.floors["tone"].floor == 0.5
    assert not hold_floors(found, turned, {"tone": 1}, [labels(BAD)])[0].holds


@pytest.mark.parametrize("scores", [{name: {"tone": value} for name in SCORES} for value in (0.5, None)])
def test_a_scorer_that_cannot_tell_has_no_floor(scores: Mapping[str, Mapping[str, float | None]]) -> None:
    """One value for all, or none."""
    assert not learn_floors(scores, {"tone": 1}, [labels(BAD)], version=1, sha256="").floors


def test_where_readers_disagree_nothing_is_learnt() -> None:
    """Bad to one and good to the other is neither."""
    assert not learn_floors(SCORES, {"tone": 1}, [labels(BAD), labels(set())], version=1, sha256="").floors


def test_the_shipped_floors_hold(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the decision acts on holds on the half it was not learnt from, with today's scorers and the shipped replies."""
    with pytest.raises(SystemExit) as stopped:
        main(["evals", "floors", "--json"])
    told = json.loads(capsys.readouterr().out)
    calibration = load_calibration(root)
    assert calibration is not None
    assert (stopped.value.code or 0, told["calibration"]) == (0, calibration.id)
    assert calibration.replies_sha256 == replies_sha256(root)
    assert all(one["is_current"] for one in told["floors"])
    assert calibration.floors.keys() <= SCORERS.keys()
