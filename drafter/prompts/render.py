"""Prompt file and inputs -> messages. Sandboxed; every unknown name is an error; size and time are bounded."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from drafter.errors import ContentError
from drafter.llm.chat import Message
from drafter.prompts.fence import Fence, new_fence
from drafter.prompts.library import Prompt

Profile = Literal["small", "large"]

MAX_CHARS = 40_000
"""Of one rendered block; the longest review allowed fits with room to spare."""
MAX_SECONDS = 0.5
"""That it may compute: a machine that is busy with others makes no prompt slow."""

FENCE_KEY = "the fence"
"""Key of this rendering's fence among the inputs; with a blank, so that no prompt can name it."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt, ready to be asked."""

    messages: tuple[Message, ...]
    fence: Fence
    """Must not show up in the answer."""


def environment(root: Path) -> ImmutableSandboxedEnvironment:
    """Environment of prompts: parts of `prompts/_parts/` can be included, nothing can be computed or looped for long."""
    env = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(root / "prompts" / "_parts"),
        undefined=StrictUndefined,
        autoescape=False,  # the output is a prompt, not a page; untrusted text goes through the fence
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    env.globals.clear()
    env.filters["fence"] = _wrap
    return env


@pass_context
def _wrap(context: Context, text: str) -> str:
    """Text inside the fence of the rendering that is going on."""
    fence: Fence = context[FENCE_KEY]
    return fence.wrap(text)


@lru_cache(maxsize=256)
def _compile(root: Path, body: str, _state: str) -> Template:
    """Compiled once for each state of a prompt and its parts: that takes twenty times as long as a rendering."""
    return environment(root).from_string(body)


def render_prompt(
    root: Path, prompt: Prompt, profile: Profile, inputs: Mapping[str, Any], *, language: str, fence: Fence | None = None
) -> Rendered:
    """Messages of one profile: system, worked examples of the language, user.

    Raises:
        ContentError: the file has no such block, names something unknown, or comes out too long or too slow.
    """
    fence = fence or new_fence()
    try:
        template = _compile(root, prompt.body, prompt.sha256)
    except TemplateError as exc:
        raise ContentError(prompt.path, str(exc), line=_line(exc, prompt)) from exc
    messages = [Message("system", _block(template, f"{profile}_system", inputs, prompt, fence))]
    if profile == "small":
        messages += _shots(template, prompt, inputs, language)
    messages.append(Message("user", _block(template, f"{profile}_user", inputs, prompt, fence)))
    return Rendered(tuple(messages), fence)


def _shots(template: Template, prompt: Prompt, inputs: Mapping[str, Any], language: str) -> list[Message]:
    """Worked examples. They are ours, so their fence is always the same: a model that keeps its prefix warm reads them once."""
    messages = []
    for shot in prompt.front.shots.get(language, ()):
        messages.append(Message("user", _block(template, "small_user", {**inputs, **shot}, prompt, Fence("example"))))
        messages.append(Message("assistant", str(shot["sentence"])))
    return messages


def _block(template: Template, name: str, inputs: Mapping[str, Any], prompt: Prompt, fence: Fence) -> str:
    if name not in template.blocks:
        raise ContentError(prompt.path, f"no block {name!r}")
    chunks: list[str] = []
    size, until = 0, time.thread_time() + MAX_SECONDS
    try:
        for chunk in template.blocks[name](template.new_context({**inputs, FENCE_KEY: fence})):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_CHARS or time.thread_time() > until:
                limits = f"{MAX_CHARS} characters or slower than {MAX_SECONDS} s"
                raise ContentError(prompt.path, f"block {name!r} comes out longer than {limits}")
    except TemplateError as exc:
        raise ContentError(prompt.path, f"block {name!r}: {exc}", line=_line(exc, prompt)) from exc
    return "".join(chunks).strip()


def _line(exc: TemplateError, prompt: Prompt) -> int | None:
    line = getattr(exc, "lineno", None)
    return line + prompt.body_line - 1 if line else None
