"""Floors of the scorers: learnt on one half of the labelled replies, held against the other.

A floor is the value below which most bad replies lie and hardly any other. Bad is what two readers called bad, each alone, on the side of a
reply that the scorer is about; where they disagree a reply says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from drafter.content import hash_files
from drafter.domain import Value
from drafter.evals.agreement import Label, half_of
from drafter.evals.intervals import Interval, rate_interval
from drafter.scoring.calibration import Calibration, Floor

DIMENSIONS: Mapping[str, str] = {
    "specificity": "specificity",
    "boilerplate": "specificity",
    "copy": "own_words",
    "coverage": "coverage",
    "empathy": "empathy_interpretation",
    "brevity": "brevity",
    "one_next_step": "next_step",
    "lift": "specificity",
    "tone": "tone",
    "readability": "brevity",
    "grounding": "truth",
}
"""What each scorer is about. Roteness needs earlier replies, and labelled ones have none."""

MAX_FALSE = 0.05
"""Share of replies that are not bad which a floor may wrongly call low."""
MIN_CAUGHT = 0.2
"""Share of bad replies that a floor must find to be worth having."""

Scores = Mapping[str, Mapping[str, float | None]]
"""By reply id, then by scorer."""
Labels = Mapping[str, Mapping[str, Label]]
SETS = ("evals/sets/replies.jsonl", "evals/sets/replies_labels_a.jsonl", "evals/sets/replies_labels_b.jsonl")


class HeldFloor(Value):
    """A floor on the half of the replies that it was not learnt from."""

    scorer: str
    floor: float
    dimension: str
    is_current: bool
    """The scorer's version is the one it was learnt with."""
    caught: Interval
    bad: int
    false: Interval
    good: int

    @property
    def holds(self) -> bool:
        """It is not sure that it calls more replies low than it may."""
        return self.is_current and self.false.low <= MAX_FALSE


def replies_sha256(content_root: Path) -> str:
    """Hash over the replies and their labels."""
    return hash_files(content_root, [content_root / path for path in SETS])


def learn_floors(scores: Scores, versions: Mapping[str, int], readers: Sequence[Labels], *, version: int, sha256: str) -> Calibration:
    """Floors by the half to choose by.

    Args:
        scores: Of every reply.
        versions: Of the scorers.
        readers: Labels of each reader.
        version: Of the new file.
        sha256: Over replies and labels.
    """
    floors = {}
    for scorer, dimension in DIMENSIONS.items():
        good, bad = _split(scorer, dimension, scores, readers, half="choose")
        at = _best(good, bad)
        if at is not None:
            caught, false = _below(bad, at), _below(good, at)
            floors[scorer] = Floor(
                floor=at,
                scorer_version=versions[scorer],
                dimension=dimension,
                good=len(good),
                bad=len(bad),
                caught=caught,
                false=false,
            )
    return Calibration(version=version, replies_sha256=sha256, floors=floors)


def hold_floors(calibration: Calibration, scores: Scores, versions: Mapping[str, int], readers: Sequence[Labels]) -> list[HeldFloor]:
    """Every floor on the half to report.

    Raises:
        NothingMeasured: a floor's dimension has no bad or no other reply in that half.
    """
    held = []
    for scorer, floor in calibration.floors.items():
        good, bad = _split(scorer, floor.dimension, scores, readers, half="report")
        held.append(
            HeldFloor(
                scorer=scorer,
                floor=floor.floor,
                dimension=floor.dimension,
                is_current=versions.get(scorer) == floor.scorer_version,
                caught=rate_interval(_below(bad, floor.floor), len(bad)),
                bad=len(bad),
                false=rate_interval(_below(good, floor.floor), len(good)),
                good=len(good),
            )
        )
    return held


def _split(scorer: str, dimension: str, scores: Scores, readers: Sequence[Labels], *, half: str) -> tuple[list[float], list[float]]:
    """Scores of the replies that no reader, and that every reader, called bad."""
    good: list[float] = []
    bad: list[float] = []
    for reply_id in sorted(scores):
        value = scores[reply_id].get(scorer)
        given = [labels[reply_id].get(dimension) for labels in readers if reply_id in labels]
        if value is None or half_of(reply_id) != half or len(given) < len(readers) or None in given:
            continue
        calls = {label is Label.BAD for label in given}
        if len(calls) == 1:
            (bad if calls.pop() else good).append(value)
    return good, bad


def _best(good: Sequence[float], bad: Sequence[float]) -> float | None:
    """The lowest value that finds the most bad replies within `MAX_FALSE`, halfway to the next score below; None when none is worth it."""
    values = sorted({*good, *bad})
    best, most = None, MIN_CAUGHT * len(bad)
    for below, at in pairwise(values):
        caught = _below(bad, at)
        if _below(good, at) <= MAX_FALSE * len(good) and (caught > most or (best is None and 0 < caught == most)):
            best, most = round((below + at) / 2, 3), caught
    return best


def _below(values: Sequence[float], floor: float) -> int:
    return sum(value < floor for value in values)
