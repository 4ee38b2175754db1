"""The tape keeps what is asked, and nothing more."""

from __future__ import annotations

from pathlib import Path

from drafter.evals.tape import Tape


def test_pruning_spares_what_was_not_asked(tmp_path: Path) -> None:
    """A sample that was asked loses its old answers; one that was taken over from an earlier run keeps its own."""
    tape = Tape(tmp_path / "tape.jsonl", "record")
    for key, place in (("old", "lid#0.0"), ("new", "lid#0.0"), ("more", "lid#0.1"), ("other", "mug#0.0")):
        tape.write({"key": key, "place": place, "answer": {}})
    assert tape.prune({"lid#0.0": "new"}) == 2
    assert set(Tape.load(tape.path, "replay").entries) == {"new", "other"}
    assert tape.prune({}) == 0
