"""No scorer is dead, and a dead one is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from drafter.cli.scorers import scorers
from drafter.domain import Score
from drafter.evals.scorers import MUST_FALL, find_dead, load_controls, measure_falls
from drafter.scoring import SCORERS, load_scorer
from drafter.scoring import scorer as scoring


def test_every_scorer_sees_its_controls_in_every_language(root: Path) -> None:
    """Swapped review, stock reply, stuffed with feeling, parrot, invented promise, joy, wrong language, nothing at all."""
    falls = measure_falls(load_scorer(root), load_controls(root))
    assert not [fall for fall in falls if not fall.is_seen]
    assert {fall.language for fall in falls} == {"en", "de", "fr", "es", "it", "pt", "ja", "zh"}
    assert set(MUST_FALL) == set(SCORERS)


@pytest.mark.parametrize("value", [1.0, 0.0, None])
def test_a_scorer_that_always_says_the_same_is_dead(root: Path, monkeypatch: pytest.MonkeyPatch, value: float | None) -> None:
    """And the command fails, so that no gate rests on it."""
    monkeypatch.setitem(scoring.SCORERS, "lift", lambda _m: Score(scorer="lift", version=1, value=value, reason="always"))
    assert find_dead(measure_falls(load_scorer(root), load_controls(root))) == ["lift"]
    told = CliRunner().invoke(scorers, [], standalone_mode=False)
    assert told.return_value == 1
    assert "dead: lift" in told.output


def test_a_scorer_without_controls_is_dead(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has shown that it sees anything."""
    monkeypatch.setitem(scoring.SCORERS, "new", lambda _m: Score(scorer="new", version=1, value=1.0, reason="new"))
    assert find_dead(measure_falls(load_scorer(root), load_controls(root))) == ["new"]


def test_the_command_passes_on_the_shipped_scorers() -> None:
    """With every control on demand."""
    told = CliRunner().invoke(scorers, ["--all"], standalone_mode=False)
    assert told.return_value == 0, told.output
    assert "dead: none" in told.output
