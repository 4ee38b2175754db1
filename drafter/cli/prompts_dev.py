"""The author's desk: one warm process that holds the engine, the cases and what production's prompt made of them."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from drafter.domain import Triage
from drafter.drafting.writer import Writer
from drafter.errors import ContentError
from drafter.evals.advice import find_advice
from drafter.evals.affected import Change, count_branches, find_changes, word_diff
from drafter.evals.comparison import compare
from drafter.evals.report import CaseFigure, Comparison, Report
from drafter.evals.runner import ReportStatus
from drafter.evals.session import Choices, Session, Tools, evaluate
from drafter.evals.sets import SENTINEL, EvalCase
from drafter.evals.show_text import comparison_lines, why_not
from drafter.evals.suite import Suite
from drafter.llm.chat import Message
from drafter.prompts.branches import Branch
from drafter.prompts.library import Library, Prompt, load_library
from drafter.prompts.lint import LintFinding, lint_prompt
from drafter.prompts.render import Profile


@dataclass(frozen=True, slots=True)
class Look:
    """What one save did, before any model is asked."""

    prompt: Prompt
    changes: tuple[Change, ...]
    branches: int
    missed: tuple[Branch, ...]
    findings: tuple[LintFinding, ...]
    took_s: float

    @property
    def affected(self) -> tuple[Change, ...]:
        """Cases that are asked something else, sentinels first."""
        found = [change for change in self.changes if change.is_affected]
        return tuple(sorted(found, key=lambda change: SENTINEL not in change.case.tags))

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "prompt": self.prompt.id,
            "sha256": self.prompt.sha256,
            "affected": [change.case.id for change in self.affected],
            "carried": [change.case.id for change in self.changes if not change.is_affected],
            "branches": self.branches,
            "missed": [{"line": branch.line, "about": branch.about} for branch in self.missed],
            "findings": [finding.model_dump(mode="json") for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        affected = self.affected
        more = sum(change.tokens_added for change in affected) // max(1, len(affected))
        lint = f"{len(self.findings)} finding(s)" if self.findings else "ok"
        yield f"{self.prompt.id}@{self.prompt.sha256[:8]}  lint {lint}  {more:+} tokens/case  looked in {self.took_s * 1000:.0f} ms"
        for finding in self.findings:
            yield f"  {Path(finding.path).name}:{finding.line}:{finding.column}: {finding.message}"
        missed = ", ".join(f"line {branch.line} ({branch.about})" for branch in self.missed)
        taken = self.branches - len(self.missed)
        yield f"affected {len(affected)} of {len(self.changes)} cases, the others are carried  branches {taken}/{self.branches}" + (
            f"  never taken: {missed}" if missed else ""
        )
        if affected:
            yield f"  {' '.join(change.case.id for change in affected[:12])}"

    def diff(self, number: int = 0) -> str:
        """The rendered messages of one affected case, word by word."""
        affected = self.affected
        if not affected:
            return "nothing that a model would read has changed"
        change = affected[number % len(affected)]
        pieces = [f"── {change.case.id}\n"]
        for old, new in zip(change.before, change.after, strict=False):
            if old != new:
                pieces += [_colour(mark, text) for mark, text in word_diff(old.content, new.content)]
        return "".join(pieces)


def _colour(mark: str, text: str) -> str:
    """What stayed is cut to its edges."""
    if mark == " ":
        return text if len(text) <= 160 else f"{text[:70]} … {text[-70:]}"
    return click.style(f"[{mark}{text}{mark}]", fg="green" if mark == "+" else "red")


@dataclass(slots=True)
class Desk:
    """Everything that stays warm between two saves."""

    suite: Suite
    tools: Tools
    library: Library
    before: Prompt
    cases: tuple[EvalCase, ...]
    writer: Writer
    profile: Profile
    repeats: int | None
    status: ReportStatus | None
    base: dict[str, CaseFigure] = field(default_factory=dict)
    """What production's prompt made of each case that was needed so far."""
    fresh: dict[str, dict[str, CaseFigure]] = field(default_factory=dict)
    """What each state of the prompt that is worked on made of its cases so far, by the prompt's hash."""
    failing: tuple[CaseFigure, ...] = ()
    """Cases of the last comparison that do not always pass."""
    report: Report | None = None
    """Of the last run."""
    triages: dict[str, Triage] = field(default_factory=dict)
    rendered: dict[str, tuple[Message, ...]] = field(default_factory=dict)
    """What production's prompt asks for each case."""

    @classmethod
    def open(
        cls,
        suite: Suite,
        tools: Tools,
        library: Library,
        before: Prompt,
        *,
        profile: Profile | None = None,
        repeats: int | None = None,
        status: ReportStatus | None = None,
    ) -> Desk:
        """A desk for one suite."""
        assert tools.pipeline is not None
        cases = Session.open(suite.model_copy(update={"tape": None}), tools, Choices(tape="off")).cases
        models = tools.pipeline.choose_models(None)
        writer = tools.pipeline.writer
        if not isinstance(writer, Writer):
            raise ContentError(suite.suite, "this pipeline has no prompts")
        found: Profile = profile or (models[0].profile if models else "large")
        return cls(suite, tools, library, before, cases, writer, found, repeats, status)

    def look(self, library: Library, prompt: Prompt) -> Look:
        """Lint, affected cases, branches. No model call."""
        since = time.monotonic()
        changes = find_changes(
            self.writer,
            self.cases,
            self.triage_of,
            before=(self.library, self.before.id),
            after=(library, prompt.id),
            profile=self.profile,
            known=self.rendered,
        )
        writer = replace(self.writer, library=library)
        total, missed = count_branches(writer, self.cases, self.triage_of, library, prompt.id, self.profile)
        findings = (*lint_prompt(library, prompt), *find_advice(self.tools.guardrail(), library, prompt))
        return Look(prompt, tuple(changes), total, missed, findings, time.monotonic() - since)

    async def measure(self, look: Look, *, only: frozenset[str] | None = None, library: Library | None = None) -> Comparison | None:
        """The affected cases under both prompts, compared; None when nothing is affected, and then no model is asked."""
        wanted = frozenset(change.case.id for change in look.affected) & (only or frozenset(case.id for case in self.cases))
        if not wanted:
            return None
        lacking = wanted - self.base.keys()
        if lacking:
            base = await self._run(self.before, self.library, lacking)
            self.base |= {case.id: case for case in base.cases}
        known = self.fresh.setdefault(look.prompt.sha256, {})
        if wanted - known.keys():
            report = await self._run(look.prompt, library or self.library, wanted - known.keys())
            known |= {case.id: case for case in report.cases}
            self.report = report
        assert self.report is not None
        cases = tuple(known[case.id] for case in self.cases if case.id in wanted)
        self.failing = tuple(case for case in cases if case.passes < case.repeats)
        before = self.report.model_copy(update={"cases": tuple(self.base[case.id] for case in cases), "prompt": None})
        return compare(self.suite.gates, cases, before, alpha=self.suite.gates.alpha)

    def triage_of(self, case: EvalCase) -> Triage:
        """A case's triage, found once: no prompt has a part in it."""
        if case.id not in self.triages:
            self.triages[case.id] = self.tools.triager().triage(case.request)
        return self.triages[case.id]

    def warm_up(self) -> None:
        """Loads all that the first look would have to load."""
        self.look(self.library, self.before)

    async def _run(self, prompt: Prompt, library: Library, only: frozenset[str]) -> Report:
        assert self.tools.pipeline is not None
        pipeline = replace(self.tools.pipeline, writer=replace(self.writer, library=library))
        tools = replace(self.tools, pipeline=pipeline, library=library)
        bare = self.suite.model_copy(update={"baseline": None, "tape": None})
        choices = Choices(tape="off", prompt=prompt.id, repeats=self.repeats, only=only, needs_baseline=False, status=self.status)
        return await evaluate(Session.open(bare, tools, choices, cases=self.cases))

    def files(self, prompt: Prompt) -> list[Path]:
        """What the loader opened for this prompt."""
        root = self.library.root
        return [root / ref.path for ref in prompt.refs] + [root / "prompts" / "active.yaml", root / "prompts" / "small.yaml"]


async def watch(desk: Desk, prompt_id: str, *, once: bool, echo: Callable[[str], None] = click.echo) -> int:
    """Looks, measures and shows, now and after each save, until `q`. A wrong file is shown and does not end it."""
    prompt = desk.library.prompts[prompt_id]
    desk.warm_up()
    look = await _show(desk, prompt_id, echo)
    if once:
        return 1 if look is None or look.findings else 0
    echo("watching: [1-9] open a case  n next one  d word diff  r run again  q quit")
    opened = -1
    async for event in _events(desk.files(prompt)):
        if event == "q":
            break
        if event == "r":
            desk.fresh.clear()
        if event in ("save", "r"):
            look = await _show(desk, prompt_id, echo) or look
        elif event == "d" and look is not None:
            echo(look.diff())
        elif event.isdigit() or event == "n":
            opened = int(event) - 1 if event.isdigit() else opened + 1
            _open_case(desk.failing, opened, echo)
    return 0


async def _show(desk: Desk, prompt_id: str, echo: Callable[[str], None]) -> Look | None:
    """One pass: what changed, the sentinels, then the rest."""
    try:
        library = load_library(desk.library.root)
        look = desk.look(library, library.prompts[prompt_id])
    except (ContentError, KeyError) as exc:
        echo(f"cannot be read: {exc}")
        return None
    echo(f"\n{time.strftime('%H:%M:%S')}  against {desk.before.id} in production")
    for line in look.lines():
        echo(line)
    if look.affected:
        echo(look.diff())
    if look.findings:
        echo("lint comes first: nothing is asked of a model")
        return look
    sentinels = frozenset(change.case.id for change in look.affected if SENTINEL in change.case.tags)
    for name, only in (("sentinels", sentinels), ("all affected", None)):
        if (name == "sentinels" and not sentinels) or not look.affected:
            continue
        since = time.monotonic()
        result = await desk.measure(look, only=only, library=library)
        if result is not None:
            echo(f"{name}: {time.monotonic() - since:.1f} s")
            _show_result(desk, result, echo)
    if not look.affected:
        echo("nothing is affected: no case can answer differently, nothing was asked")
    return look


def _show_result(desk: Desk, result: Comparison, echo: Callable[[str], None]) -> None:
    for line in list(comparison_lines(result))[1:]:
        echo(line)
    for number, case in enumerate(desk.failing[:9], start=1):
        echo(f"  [{number}] {case.id}  {case.passes}/{case.repeats}  {why_not(case)}")


def _open_case(failing: Sequence[CaseFigure], number: int, echo: Callable[[str], None]) -> None:
    if not failing:
        echo("every case passes")
        return
    case = failing[number % len(failing)]
    echo(f"── {case.id}  {case.passes}/{case.repeats}\n{case.about}\n")
    for text in dict.fromkeys(sample.text or sample.detail for sample in case.samples):
        echo(f"{text}\n")
    echo(why_not(case))


async def _events(files: Sequence[Path]) -> AsyncIterator[str]:
    """`save` for each saved file, and the keys that are pressed."""
    from watchfiles import awatch

    queue: asyncio.Queue[str] = asyncio.Queue()

    async def saves() -> None:
        folders = sorted({path.parent for path in files})
        wanted = {str(path) for path in files}
        # An editor may replace the file: its folder is watched.
        async for changed in awatch(*folders, debounce=50, step=20, recursive=False):
            if wanted & {path for _, path in changed}:
                await queue.put("save")

    async def keys() -> None:
        while True:
            await queue.put(await asyncio.to_thread(click.getchar))

    tasks = [asyncio.create_task(saves())]
    if sys.stdin.isatty():
        tasks.append(asyncio.create_task(keys()))
    try:
        while True:
            yield await queue.get()
    finally:
        for task in tasks:
            task.cancel()
