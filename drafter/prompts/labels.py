"""`prompts/active.yaml`: which version each label names, which are released in which state, and who moved what, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import AwareDatetime, Field, ValidationError

from drafter.content import read_yaml
from drafter.domain import Value
from drafter.errors import ContentError

PRODUCTION = "production"
"""Label that answers when a request names no version."""
CANDIDATE = "candidate"
"""Label that answers the canary share of these requests."""

FILE = "prompts/active.yaml"
HEAD = """\
# Which version of each prompt answers. Written by `drafter prompts promote|rollback|release`; a person reviews the diff.
# production answers; candidate answers the share `canary` of requests; released versions never change: here are their hashes.
"""


class Move(Value):
    """One change of a label."""

    at: AwareDatetime
    by: str
    label: str
    before: str | None
    after: str | None
    because: str
    report: str | None = None
    """Hash of the report that proved it; None for a rollback."""


class TaskState(Value):
    """One task's labels."""

    production: str
    candidate: str | None = None
    canary: float = Field(default=0.0, ge=0, le=1)
    """Share of requests without a version of their own that the candidate answers."""
    released: Mapping[str, str] = {}
    """Hash of each released version."""
    history: tuple[Move, ...] = ()
    """Oldest first."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Version that each label names."""
        return {PRODUCTION: self.production} | ({CANDIDATE: self.candidate} if self.candidate else {})


def load_labels(content_root: Path) -> dict[str, TaskState]:
    """The labels of all tasks.

    Raises:
        ContentError: the file is wrong; names the task and the field.
    """
    path = content_root / FILE
    raw: Any = read_yaml(path)
    if not isinstance(raw, dict) or not all(isinstance(state, dict) for state in raw.values()):
        raise ContentError(path, "not a mapping of tasks to labels", hint=f"write `reply: {{{PRODUCTION}: v1}}`")
    states = {}
    for task, state in raw.items():
        if PRODUCTION not in state:
            raise ContentError(path, f"task {task!r} has no label {PRODUCTION!r}", hint=f"add `{PRODUCTION}: <version>`")
        try:
            states[task] = TaskState.model_validate(state)
        except ValidationError as exc:
            first = exc.errors(include_url=False)[0]
            raise ContentError(path, f"{task}.{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}") from exc
    return states


def save_labels(content_root: Path, states: Mapping[str, TaskState]) -> None:
    """Writes the file, whole or not at all."""
    value = {task: state.model_dump(mode="json", exclude_defaults=True) for task, state in states.items()}
    path = content_root / FILE
    unfinished = path.with_suffix(".tmp")
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=140)
    unfinished.write_text(HEAD + text, encoding="utf-8")
    unfinished.replace(path)
