"""Samples on disk, appended as they land: what a killed run has measured, the same command does not measure again.

The first line names the plan: everything that decides a result. A finished journal of a plan without chance (rules, replay) is the result.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from drafter.evals.sample import Sample, Unmeasured

RETRIED = frozenset(set(Unmeasured) - {Unmeasured.CASE_DEADLINE, Unmeasured.CALL_DEADLINE})
"""Reasons that say nothing of the case: a resumed run measures it again."""


@dataclass(slots=True)
class Journal:
    """One run's samples."""

    path: Path | None
    plan: Mapping[str, Any]
    samples: dict[tuple[str, int], Sample] = field(default_factory=dict)
    carried: int = 0
    """Samples that were there when it was opened."""
    is_finished: bool = False

    @classmethod
    def open(cls, path: Path | None, plan: Mapping[str, Any], *, is_repeatable: bool) -> Journal:
        """The journal of this plan: resumed when it was left unfinished, begun anew otherwise.

        Args:
            is_repeatable: True when the same plan gives the same samples, so that a finished journal is as good as a run.
        """
        plan = json.loads(json.dumps(plan))
        journal = cls(path, plan)
        if path is None:
            return journal
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
        objects = [value for line in lines if (value := _object(line)) is not None]
        is_same = bool(objects) and objects[0].get("plan") == plan
        was_finished = any("finished" in value for value in objects)
        if is_same and (is_repeatable or not was_finished):
            journal._take(objects[1:])
            journal.carried, journal.is_finished = len(journal.samples), was_finished
            # Half a line, left by a kill, would spoil the line that is appended to it.
            journal._rewrite()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_line({"plan": plan}), encoding="utf-8")
        return journal

    def add(self, sample: Sample) -> None:
        """Keeps one sample; it is on disk when this returns."""
        self.samples[sample.case, sample.repeat] = sample
        self._append(sample.model_dump_json(exclude_defaults=True) + "\n")

    def finish(self) -> None:
        """Says that all was tried."""
        if not self.is_finished:
            self.is_finished = True
            self._append(_line({"finished": True}))

    def _append(self, line: str) -> None:
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line)

    def _take(self, objects: list[Mapping[str, Any]]) -> None:
        for value in objects:
            try:
                sample = Sample.model_validate(value)
            except ValidationError:
                continue
            if sample.unmeasured not in RETRIED:
                self.samples[sample.case, sample.repeat] = sample

    def _rewrite(self) -> None:
        assert self.path is not None
        lines = [_line({"plan": self.plan}), *(s.model_dump_json(exclude_defaults=True) + "\n" for s in self.samples.values())]
        unfinished = self.path.with_suffix(".tmp")
        unfinished.write_text("".join(lines) + (_line({"finished": True}) if self.is_finished else ""), encoding="utf-8")
        unfinished.replace(self.path)


def _object(line: str) -> Mapping[str, Any] | None:
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n"
