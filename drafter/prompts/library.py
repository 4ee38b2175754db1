"""Prompt files by task and version: `prompts/<task>/<version>.j2`, each with front matter; `prompts/active.yaml` says which one answers.

To add a version, add a file and change a label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import Field, ValidationError

from drafter.content import content_ref, hash_files, read_text, read_yaml
from drafter.domain import ContentRef, JsonObject, Value
from drafter.errors import ContentError, RequestError

LIVE = "live"
"""Label that answers when a request names no version."""

FRONT_MARK = "---\n"

PARAMETERS = "prompts/small.yaml"
"""Sampling and openings of the small profile."""


class InputSpec(Value):
    """One input of a prompt."""

    about: str
    untrusted: bool = False
    """True for text that somebody else wrote: it may only stand inside the fence of a user block."""


class FrontMatter(Value):
    """Head of a prompt file."""

    task: str
    version: str
    inputs: Mapping[str, InputSpec]
    output_schema: Mapping[str, JsonObject] = {}
    """JSON schema of the answer, per profile; a profile without one answers in plain text."""
    shots: Mapping[str, tuple[Mapping[str, Any], ...]] = {}
    """Worked examples per language for the small profile: the inputs of its user block, and `sentence`."""
    changes: str = Field(min_length=1)
    """What is different from the version before, and why."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one prompt."""

    id: str
    """Task and version, e.g. `reply/v1`."""
    front: FrontMatter
    body: str
    """Jinja source below the front matter."""
    path: Path
    body_line: int
    """Line of the file where the body begins."""
    refs: tuple[ContentRef, ...]
    """The file and the parts that it may include."""
    sha256: str
    """Over the file, its parts, and the parameters of the small profile: all that an author decides about a question."""


@dataclass(frozen=True, slots=True)
class Library:
    """All prompts, and which one each label names."""

    root: Path
    prompts: Mapping[str, Prompt]
    labels: Mapping[str, Mapping[str, str]]

    def get(self, task: str, asked: str | None = None) -> Prompt:
        """The prompt that was asked for, by `task/version` or by label; the live one when nothing was asked.

        Raises:
            RequestError: there is no such prompt.
        """
        name = (asked or LIVE).removeprefix(f"{task}/")
        version = self.labels[task].get(name, name)
        prompt = self.prompts.get(f"{task}/{version}")
        if prompt is None:
            known = ", ".join(p for p in self.prompts if p.startswith(f"{task}/"))
            raise RequestError(f"no prompt {asked!r}; there are {known}", code="unknown_prompt", field="options.prompt")
        return prompt

    def labels_of(self, prompt: Prompt) -> tuple[str, ...]:
        """Labels that name this version."""
        return tuple(label for label, version in self.labels.get(prompt.front.task, {}).items() if version == prompt.front.version)


def load_library(content_root: Path) -> Library:
    """All prompt files below `prompts/`.

    Raises:
        ContentError: front matter is missing or wrong, or a label names no file.
    """
    folder = content_root / "prompts"
    parts = tuple(content_ref(content_root, path) for path in sorted((folder / "_parts").glob("*.j2")))
    prompts: dict[str, Prompt] = {}
    for path in sorted(folder.glob("*/v*.j2")):
        prompt = _read_prompt(content_root, path, parts)
        prompts[prompt.id] = prompt
    return Library(content_root, MappingProxyType(prompts), _read_labels(folder / "active.yaml", prompts))


def _read_prompt(root: Path, path: Path, parts: tuple[ContentRef, ...]) -> Prompt:
    text = read_text(path)
    pieces = text.split(FRONT_MARK, 2)
    if len(pieces) != 3 or pieces[0]:
        raise ContentError(path, "no front matter", line=1, hint="begin with --- and end the head with ---")
    try:
        front = FrontMatter.model_validate(yaml.safe_load(pieces[1]))
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 2 if exc.problem_mark else 1
        raise ContentError(path, f"front matter is not YAML: {exc.problem}", line=line) from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ContentError(path, f"front matter: {'.'.join(map(str, first['loc']))}: {first['msg']}", line=1) from exc
    if (front.task, front.version) != (path.parent.name, path.stem):
        hint = "task is the folder, version the file name"
        raise ContentError(path, f"front matter says {front.task}/{front.version}", line=1, hint=hint)
    included = tuple(ref for ref in parts if f'"{Path(ref.path).name}"' in pieces[2])
    parameters = [path for path in [root / PARAMETERS] if path.is_file()]
    return Prompt(
        id=f"{front.task}/{front.version}",
        front=front,
        body=pieces[2],
        path=path,
        body_line=pieces[1].count("\n") + 3,
        refs=(content_ref(root, path), *included),
        sha256=hash_files(root, [path, *(root / ref.path for ref in included), *parameters]),
    )


def _read_labels(path: Path, prompts: Mapping[str, Prompt]) -> Mapping[str, Mapping[str, str]]:
    labels: Any = read_yaml(path)
    if not isinstance(labels, dict) or not all(isinstance(names, dict) for names in labels.values()):
        raise ContentError(path, "not a mapping of tasks to labels", hint="write `reply: {live: v1}`")
    for task, names in labels.items():
        if LIVE not in names:
            raise ContentError(path, f"task {task!r} has no label 'live'", hint=f"add `{LIVE}: <version>`")
        for label, version in names.items():
            if f"{task}/{version}" not in prompts:
                raise ContentError(path, f"label {task}.{label} names {version}, but prompts/{task}/{version}.j2 does not exist")
    return MappingProxyType(labels)
