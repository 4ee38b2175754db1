"""Prompt files by task and version: `prompts/<task>/<version>.j2`, each with front matter; `prompts/active.yaml` says which one answers.

To add a version, add a file; `drafter prompts promote` moves the label. A released version never changes: its hash stands in `active.yaml`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from drafter.content import content_ref, hash_files, read_text
from drafter.domain import ContentRef, JsonObject, Value
from drafter.errors import ContentError, RequestError
from drafter.prompts.labels import CANDIDATE, FILE, PRODUCTION, TaskState, load_labels

FRONT_MARK = "---\n"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

PARAMETERS = "prompts/small.yaml"
"""Sampling and openings of the small profile."""


class InputSpec(Value):
    """One input of a prompt."""

    about: str
    type: str = "text"
    """For readers: `text`, `bool`, `list` …"""
    untrusted: bool = False
    """True for text that somebody else wrote: it may only stand inside the fence of a user block."""


class FrontMatter(Value):
    """Head of a prompt file."""

    task: str
    version: str
    owner: str = ""
    """Who answers questions about it."""
    parent: str | None = None
    """Version that it was made from."""
    profiles: tuple[str, ...] = ("small", "large")
    """Kinds of models that it is written for."""
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
    text: str
    """The whole file."""


@dataclass(frozen=True, slots=True)
class Library:
    """All prompts, and which one each label names."""

    root: Path
    prompts: dict[str, Prompt]
    tasks: dict[str, TaskState]
    """Both changed by `follow` alone."""

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Version of each label of each task."""
        return {task: state.labels for task, state in self.tasks.items()}

    def get(self, task: str, asked: str | None = None, *, key: str | None = None) -> Prompt:
        """The prompt that was asked for, by `task/version` or by label; the one in production when nothing was asked.

        Args:
            task: E.g. `reply`.
            asked: Version or label; None leaves it to the labels.
            key: Names the request, for the canary: the same key is always answered by the same version. None: never by the candidate.

        Raises:
            RequestError: there is no such prompt.
        """
        state = self.tasks[task]
        is_canary = asked is None and key is not None and state.candidate is not None and share_of(f"{task} {key}") < state.canary
        name = (asked or (CANDIDATE if is_canary else PRODUCTION)).removeprefix(f"{task}/")
        version = state.labels.get(name, name)
        prompt = self.prompts.get(f"{task}/{version}")
        if prompt is None:
            known = ", ".join(p for p in self.prompts if p.startswith(f"{task}/"))
            raise RequestError(f"no prompt {asked!r}; there are {known}", code="unknown_prompt", field="options.prompt")
        return prompt

    def follow(self, newer: Library) -> None:
        """Takes over what the files say now: whoever holds this library answers with the labels' new versions from here on."""
        self.prompts.update(newer.prompts)
        self.tasks.update(newer.tasks)

    def labels_of(self, prompt: Prompt) -> tuple[str, ...]:
        """Labels that name this version."""
        return tuple(label for label, version in self.labels.get(prompt.front.task, {}).items() if version == prompt.front.version)


def share_of(key: str) -> float:
    """A number in [0, 1) that is always the same for the same key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") / 2**64


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
    return Library(content_root, prompts, _checked_labels(content_root, prompts))


def _checked_labels(root: Path, prompts: Mapping[str, Prompt]) -> dict[str, TaskState]:
    """The labels, each of which names a file, and no released one has changed."""
    states, path = load_labels(root), root / FILE
    for task, state in states.items():
        for label, version in state.labels.items():
            if f"{task}/{version}" not in prompts:
                raise ContentError(path, f"label {task}.{label} names {version}, but prompts/{task}/{version}.j2 does not exist")
        for version, sha256 in state.released.items():
            prompt = prompts.get(f"{task}/{version}")
            if prompt is None or prompt.sha256 != sha256:
                what = "is gone" if prompt is None else f"has changed (was {sha256[:8]}, is {prompt.sha256[:8]})"
                hint = f"released versions stay as they are: restore it, and make yours with `drafter prompts new {task}`"
                raise ContentError(root / "prompts" / task / f"{version}.j2", f"{task}/{version} was released and {what}", hint=hint)
    return states


def _read_prompt(root: Path, path: Path, parts: tuple[ContentRef, ...]) -> Prompt:
    text = read_text(path)
    pieces = text.split(FRONT_MARK, 2)
    if len(pieces) != 3 or pieces[0]:
        raise ContentError(path, "no front matter", line=1, hint="begin with --- and end the head with ---")
    try:
        front = FrontMatter.model_validate(yaml.load(pieces[1], Loader=_Loader))  # noqa: S506 - the C twin of SafeLoader
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
        text=text,
        refs=(content_ref(root, path), *included),
        sha256=hash_files(root, [path, *(root / ref.path for ref in included), *parameters]),
    )
