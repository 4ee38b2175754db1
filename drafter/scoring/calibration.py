"""From which value a score is low: floors learnt from labelled replies, in one file, for the decision, the suites and the reports.

`evals/calibration.json` is written by `drafter evals floors --learn` and by nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from drafter.content import content_ref, read_text
from drafter.domain import Value
from drafter.errors import ContentError

PATH = "evals/calibration.json"

AtFloor = Literal["floor"]
"""Stands for a scorer's learnt floor where a number could stand."""


class Floor(Value):
    """One scorer's floor, and what it rests on."""

    floor: float = Field(gt=0, le=1)
    """A score below it is low."""
    scorer_version: int
    dimension: str
    """Of the labels, e.g. `tone`: below the floor, readers called this side of a reply bad."""
    good: int
    bad: int
    caught: int
    """Of the bad ones, those below the floor."""
    false: int
    """Of the others, those below it as well."""


class Calibration(Value):
    """`evals/calibration.json`."""

    version: int = Field(ge=1)
    """One more each time the floors are learnt anew."""
    replies_sha256: str
    """Over replies and labels."""
    floors: Mapping[str, Floor]
    """By scorer; a scorer without one cannot tell bad replies from others surely enough."""
    sha256: str = Field(default="", exclude=True)
    """Of the file."""

    @classmethod
    def empty(cls) -> Calibration:
        """No floor at all."""
        return cls(version=1, replies_sha256="", floors={})

    @property
    def id(self) -> str:
        """Version and hash, for reports."""
        return f"{self.version}@{self.sha256[:8]}"

    def resolve(self, values: Mapping[str, float | AtFloor]) -> dict[str, float]:
        """Numbers for all of them.

        Raises:
            ContentError: a scorer has no floor.
        """
        return {name: self.floor_of(name) if value == "floor" else value for name, value in values.items()}

    def floor_of(self, scorer: str) -> float:
        """The scorer's floor.

        Raises:
            ContentError: it has none.
        """
        if scorer not in self.floors:
            hint = "write a number where `floor` stands, or learn one: `drafter evals floors --learn`"
            raise ContentError(PATH, f"{scorer} has no floor; there are {', '.join(self.floors) or 'none'}", hint=hint)
        return self.floors[scorer].floor


def load_calibration(content_root: Path) -> Calibration | None:
    """The floors of a content root; None where none were ever learnt.

    Raises:
        ContentError: the file is wrong.
    """
    path = content_root / PATH
    if not path.is_file():
        return None
    try:
        return Calibration.model_validate_json(read_text(path)).model_copy(update={"sha256": content_ref(content_root, path).sha256})
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        raise ContentError(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}", hint="`drafter evals floors --learn`") from exc
