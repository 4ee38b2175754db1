"""Floors lie in one file: numbers where they were learnt, none where they were not, and a wrong file is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.decision import load_decision_policy
from drafter.errors import ContentError
from drafter.scoring.calibration import PATH, load_calibration


def write(root: Path, text: str) -> None:
    """A calibration of these words below a root with the shipped decision."""
    (root / "evals").mkdir()
    (root / PATH).write_text(text, encoding="utf-8")


def test_the_decision_takes_its_floors_from_the_file(root: Path) -> None:
    """The shipped decision names scorers; the values are the learnt ones."""
    calibration = load_calibration(root)
    assert calibration is not None
    assert load_decision_policy(root).score_floors == {name: calibration.floor_of(name) for name in ("specificity", "boilerplate")}


def test_without_the_file_a_learnt_floor_is_missed(root: Path, tmp_path: Path) -> None:
    """A root of one's own that has learnt nothing must say which number stands in for it."""
    (tmp_path / "guardrails").symlink_to(root / "guardrails")
    assert load_calibration(tmp_path) is None
    with pytest.raises(ContentError, match="has no floor; there are none"):
        load_decision_policy(tmp_path)


@pytest.mark.parametrize("text", ["{", '{"version": 1}', '{"version": 1, "replies_sha256": "", "floors": {"tone": {"floor": 2}}}'])
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    """With what is wrong, and the command that writes it anew."""
    write(tmp_path, text)
    with pytest.raises(ContentError, match=r"calibration\.json.*"):
        load_calibration(tmp_path)


def test_a_floor_that_is_not_there_is_no_number(root: Path) -> None:
    """A number stands for itself; a scorer that could not tell bad from good has no floor."""
    calibration = load_calibration(root)
    assert calibration is not None
    assert calibration.resolve({"tone": 0.7}) == {"tone": 0.7}
    with pytest.raises(ContentError, match="readability has no floor; there are specificity"):
        calibration.resolve({"readability": "floor"})
