"""What was measured is on disk, and is not measured again."""

from __future__ import annotations

from pathlib import Path

from drafter.evals.journal import Journal
from drafter.evals.sample import Unmeasured, unmeasured
from tests.evals.kit import sample

PLAN = {"suite": "toy", "prompt": "reply/v1"}


def open_journal(path: Path, plan: dict[str, str] = PLAN, *, is_repeatable: bool = False) -> Journal:
    """A journal of the toy plan."""
    return Journal.open(path, plan, is_repeatable=is_repeatable)


def test_an_unfinished_run_is_resumed(tmp_path: Path) -> None:
    """Half a line, left by a kill, costs that line only."""
    path = tmp_path / "run.jsonl"
    journal = open_journal(path)
    journal.add(sample("a"))
    journal.add(sample("b"))
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    again = open_journal(path)
    assert set(again.samples) == {("a", 0)}
    again.add(sample("b"))
    assert set(open_journal(path).samples) == {("a", 0), ("b", 0)}


def test_a_finished_run_begins_anew_unless_it_repeats_itself(tmp_path: Path) -> None:
    """Chance is drawn again; rules and tapes are not asked twice."""
    path = tmp_path / "run.jsonl"
    journal = open_journal(path)
    journal.add(sample("a"))
    journal.finish()
    assert open_journal(path, is_repeatable=True).carried == 1
    assert open_journal(path).samples == {}


def test_another_plan_begins_anew(tmp_path: Path) -> None:
    """A sample of another prompt says nothing of this one."""
    path = tmp_path / "run.jsonl"
    open_journal(path).add(sample("a"))
    assert open_journal(path, {**PLAN, "prompt": "reply/v2"}).samples == {}


def test_what_the_provider_spoiled_is_measured_again(tmp_path: Path) -> None:
    """A case that took too long is a result; a model that was down is none."""
    path = tmp_path / "run.jsonl"
    journal = open_journal(path)
    journal.add(unmeasured("a", 0, Unmeasured.PROVIDER_DOWN))
    journal.add(unmeasured("b", 0, Unmeasured.CASE_DEADLINE))
    assert set(open_journal(path).samples) == {("b", 0)}
