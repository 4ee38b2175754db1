"""The author's desk: one warm process that holds the engine, the cases and what each state of a prompt made of them.

A look costs no model call: lint, the cases that a save touches, the branches that no case takes. A measurement asks only for what no
earlier one has; what is cut off by the next save is kept as far as it came.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from drafter.drafting.small import load_small
from drafter.drafting.writer import Writer
from drafter.errors import ContentError
from drafter.evals.advice import Judged, find_faults
from drafter.evals.affected import CaseInputs, Change, Question, Reading, branches_of, count_branches, find_changes, read_case
from drafter.evals.comparison import compare
from drafter.evals.journal import Journal
from drafter.evals.report import CaseFigure, Comparison, case_figures
from drafter.evals.runner import ReportStatus, run
from drafter.evals.session import SUBJECTS, Choices, Session, Tools
from drafter.evals.sets import SENTINEL, EvalCase, hash_all
from drafter.evals.subject import Subject
from drafter.evals.suite import Suite
from drafter.prompts.branches import Branch
from drafter.prompts.library import Prompt, load_library
from drafter.prompts.lint import LintFinding
from drafter.prompts.render import Profile


@dataclass(frozen=True, slots=True)
class Look:
    """What one save did, before any model is asked."""

    writer: Writer
    """With the prompts as they lay there."""
    prompt: Prompt
    changes: tuple[Change, ...]
    branches: int
    missed: tuple[Branch, ...]
    """Branches that no case takes."""
    untested: tuple[Branch, ...]
    """Of these, the ones that the prompt before has not: nothing at all is known of them."""
    findings: tuple[LintFinding, ...]
    took_s: float

    @property
    def affected(self) -> tuple[Change, ...]:
        """Cases that are asked something else, sentinels first."""
        found = [change for change in self.changes if change.is_affected]
        return tuple(sorted(found, key=lambda change: SENTINEL not in change.case.tags))

    @property
    def sentinels(self) -> frozenset[str]:
        """Ids of the affected cases that are run first."""
        return frozenset(change.case.id for change in self.affected if SENTINEL in change.case.tags)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "prompt": self.prompt.id,
            "sha256": self.prompt.sha256,
            "affected": [change.case.id for change in self.affected],
            "carried": [change.case.id for change in self.changes if not change.is_affected],
            "branches": self.branches,
            "missed": [{"line": branch.line, "about": branch.about} for branch in self.missed],
            "untested": [{"line": branch.line, "about": branch.about} for branch in self.untested],
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
        for branch in self.untested:
            yield f"  line {branch.line} ({branch.about}) is new and no case takes it: add one, or nothing is known of it"
        if affected:
            yield f"  {' '.join(change.case.id for change in affected[:12])}"


@dataclass(slots=True)
class Bench:
    """One state of a prompt, and every sample of it."""

    subject: Subject
    journal: Journal


@dataclass(slots=True)
class Desk:
    """Everything that stays warm between two saves."""

    suite: Suite
    tools: Tools
    writer: Writer
    """With the prompts as they were when the desk was opened."""
    before: Prompt
    """The prompt that others are compared with."""
    cases: tuple[EvalCase, ...]
    profile: Profile
    repeats: int
    status: ReportStatus | None
    losing: tuple[CaseFigure, ...] = ()
    """Cases of the last comparison that do not always pass, or lost something graded; the worst first."""
    base: tuple[CaseFigure, ...] = ()
    """What the prompt before made of the cases of the last comparison."""
    benches: dict[str, Bench] = field(default_factory=dict)
    """By the hash of the prompt's state."""
    readings: dict[str, Reading] = field(default_factory=dict)
    inputs: CaseInputs = field(default_factory=dict)
    rendered: dict[str, Question] = field(default_factory=dict)
    """What the prompt before asks for each case."""
    judged: Judged = field(default_factory=dict)
    branches: frozenset[tuple[str, str]] = frozenset()
    """Of the prompt before, by block and condition."""

    @classmethod
    def open(
        cls,
        suite: Suite,
        tools: Tools,
        before: Prompt,
        *,
        profile: Profile | None = None,
        repeats: int | None = None,
        status: ReportStatus | None = None,
    ) -> Desk:
        """A desk for one suite."""
        assert tools.pipeline is not None
        models = tools.pipeline.choose_models(None)
        writer = tools.pipeline.writer
        if not isinstance(writer, Writer):
            raise ContentError(suite.suite, "this pipeline has no prompts")
        found: Profile = profile or (models[0].profile if models else "large")
        bare = suite.model_copy(update={"baseline": None, "tape": None})
        return cls(bare, tools, writer, before, _cases(bare, tools), found, repeats or suite.repeats, status)

    def read(self) -> Writer:
        """The prompts and the small profile's settings, as they lie there now.

        Raises:
            ContentError: a file is wrong.
        """
        root = self.writer.library.root
        return replace(self.writer, library=load_library(root), small=load_small(root))

    def look(self, writer: Writer, prompt_id: str) -> Look:
        """Lint, affected cases, branches. No model call.

        Raises:
            ContentError: the prompt is gone, or cannot be rendered.
        """
        since = time.monotonic()
        library, guardrail = writer.library, self.tools.guardrail()
        prompt = library.prompts.get(prompt_id)
        if prompt is None:
            raise ContentError(prompt_id, "no such prompt any more")
        changes = find_changes(
            self.cases,
            self.reading_of,
            before=(self.writer, self.before.id),
            after=(writer, prompt.id),
            profile=self.profile,
            known=self.rendered,
        )
        total, missed = count_branches(writer, self.cases, self.reading_of, prompt.id, self.profile, known=self.inputs)
        self.branches = self.branches or frozenset((b.block, b.about) for b in branches_of(self.writer, self.before.id))
        untested = tuple(branch for branch in missed if (branch.block, branch.about) not in self.branches)
        findings = tuple(find_faults(guardrail, library, prompt, known=self.judged))
        return Look(writer, prompt, tuple(changes), total, missed, untested, findings, time.monotonic() - since)

    async def measure(self, look: Look, *, only: frozenset[str] | None = None, repeats: int | None = None) -> Comparison | None:
        """The affected cases under both prompts, compared; None when nothing is affected, and then no model is asked.

        Args:
            only: Ids of the cases that are wanted; None means all.
            repeats: Of each case; None means as many as the desk is opened with.
        """
        wanted = frozenset(change.case.id for change in look.affected)
        wanted &= only if only is not None else wanted
        if not wanted:
            return None
        times = range(repeats or self.repeats)
        self.base = await self._measure(self.writer, self.before, wanted, times)
        cases = await self._measure(look.writer, look.prompt, wanted, times)
        self.losing = tuple(sorted((c for c in cases if c.passes < c.repeats or self._gain(c)[1] < 0), key=self._gain))
        return compare(self.suite.gates, cases, self.base, title=self.before.id, alpha=self.suite.gates.alpha)

    def _gain(self, case: CaseFigure) -> tuple[float, float]:
        """How much more often a case passes than before, and what it gained over all graded metrics; less than 0 is a loss."""
        before = next(old for old in self.base if old.id == case.id)
        gains = [0.0]
        for name, gate in self.suite.gates.graded.items():
            old, new = before.metrics.get(name), case.metrics.get(name)
            if old is not None and new is not None:
                gains.append(new - old if gate.better == "higher" else old - new)
        return (case.pass_rate or 0.0) - (before.pass_rate or 0.0), sum(gains)

    def label(self, path: Path, prompt: Prompt, case: CaseFigure, verdict: str) -> str:
        """Keeps what the author says of a case's drafts; gives a sentence about it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for sample in case.samples:
                scores = {name: value for name, value in sample.metrics.items() if name in sample.notes}
                line = {
                    "case": case.id,
                    "prompt": prompt.id,
                    "sha256": prompt.sha256,
                    "verdict": verdict,
                    "scores": scores,
                    "text": sample.text,
                }
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return f"{case.id} is {verdict}: {path}"

    def reading_of(self, case: EvalCase) -> Reading:
        """A case, read once: no prompt has a part in it."""
        if case.id not in self.readings:
            self.readings[case.id] = read_case(self.writer, case.request, self.tools.triager().triage(case.request))
        return self.readings[case.id]

    def warm_up(self) -> None:
        """Loads all that the first look would have to load."""
        self.look(self.writer, self.before.id)

    def refresh(self) -> None:
        """Reads the cases again; when they have changed, nothing that was found with the old ones is kept."""
        cases = _cases(self.suite, self.tools)
        if hash_all(case.sha256 for case in cases) != hash_all(case.sha256 for case in self.cases):
            self.cases = cases
            for found in (self.benches, self.readings, self.inputs, self.rendered):
                found.clear()

    def forget(self, prompt: Prompt) -> None:
        """Asks the model again for this state of the prompt."""
        self.benches.pop(prompt.sha256, None)

    def files(self, prompt: Prompt) -> list[Path]:
        """What the loader opened for this prompt, and the cases."""
        root = self.writer.library.root
        own = [ref.path for ref in prompt.refs] + [ref.path for ref in self.suite.sets]
        return [*(root / path for path in own), root / "prompts" / "active.yaml", root / "prompts" / "small.yaml"]

    async def _measure(self, writer: Writer, prompt: Prompt, wanted: frozenset[str], times: range) -> tuple[CaseFigure, ...]:
        """The wanted cases' figures; samples that are there already are not asked for again."""
        bench = self.benches.get(prompt.sha256) or self._bench(writer, prompt)
        self.benches[prompt.sha256] = bench
        await run(bench.subject, bench.journal, repeats=times, limits=self.suite.limits, report=self.status, only=wanted)
        samples = bench.journal.samples
        kept = {key: sample for key, sample in samples.items() if key[0] in wanted and key[1] in times}
        # What could not be measured is asked again after the next save.
        bench.journal.samples = {key: sample for key, sample in samples.items() if sample.unmeasured is None}
        return case_figures((item for item in bench.subject.items if item.id in wanted), kept)

    def _bench(self, writer: Writer, prompt: Prompt) -> Bench:
        assert self.tools.pipeline is not None
        tools = replace(self.tools, pipeline=replace(self.tools.pipeline, writer=writer), library=writer.library)
        session = Session.open(self.suite, tools, Choices(tape="off"), cases=self.cases)
        return Bench(SUBJECTS["drafting"](session, prompt.id), Journal.open(None, {}, is_repeatable=False))


def _cases(suite: Suite, tools: Tools) -> tuple[EvalCase, ...]:
    return Session.open(suite, tools, Choices(tape="off")).cases
