"""What eval commands work with: rules alone, or the whole service with the model that is asked for."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import click

from drafter.evals.runner import Status
from drafter.evals.session import Tools
from drafter.evals.suite import Suite
from drafter.evals.tape import TapeMode
from drafter.judges import build_judges
from drafter.llm.chat import ChatModel
from drafter.prompts.library import load_library
from drafter.settings import load_settings
from drafter.wiring import build


@asynccontextmanager
async def open_tools(
    suite: Suite, *, tape: TapeMode, model: str | None = None, model_from: str | None = None, content: Path | None = None
) -> AsyncIterator[Tools]:
    """Tools for one suite. Without drafts no model is built; with a tape that is only replayed none is started."""
    place: dict[str, object] = {"content_dir": content} if content else {}
    if suite.subject != "drafting":
        judges = build_judges(load_settings().model_copy(update=place))
        yield Tools(judges.root, lambda: judges.guardrail, lambda: judges.triager, None, None, "none")
        return
    own = load_model(model_from) if model_from else None
    name = own.name if own else model or suite.model
    overrides: dict[str, object] = {"database_url": "memory", "log_level": "error", **place}
    if own is not None:
        overrides |= {"model": "none", "models": ""}
    elif name is not None:
        overrides |= {"model": name, "models": "", "model_concurrency": suite.limits.concurrency}
    if suite.profile is not None:
        overrides["model_profile"] = suite.profile
    if tape == "replay":
        overrides["replay"] = "replay"
    async with build(overrides, waits_for_model=True, log_stream=sys.stderr) as services:
        judges, pipeline = services.judges, services.pipeline
        if own is not None:
            models = (own,)
            pipeline = replace(pipeline, choose_models=lambda _name: models)
        shown = name or ",".join(services.settings.model_names) or "none"
        library = load_library(judges.root)
        yield Tools(judges.root, lambda: judges.guardrail, lambda: judges.triager, pipeline, library, shown)


def load_model(path: str) -> ChatModel:
    """The model that a function of one's own makes: `module:function`."""
    module, _, name = path.partition(":")
    try:
        made: ChatModel = getattr(importlib.import_module(module), name)()
    except (ImportError, AttributeError) as exc:
        raise click.UsageError(f"--model-from {path}: {exc}; write it as module:function") from exc
    return made


class RunProgress:
    """One line on standard error: how far, how many slots, what it cost, how long yet; none when nobody watches."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._is_shown = sys.stderr.isatty()
        self._last = 0.0

    def __call__(self, status: Status) -> None:
        now, is_end = time.monotonic(), status.done == status.total
        if not self._is_shown or (now - self._last < 0.1 and not is_end):
            return
        self._last = now
        eta = f"{status.eta_s:.0f} s left" if status.eta_s is not None else ""
        line = f"{self._label} {status.done}/{status.total} · {status.busy}/{status.slots} slots busy · {status.cost_usd:.4f} USD · {eta}"
        sys.stderr.write(f"\r{line:<78}" + ("\n" if is_end else ""))
        sys.stderr.flush()
