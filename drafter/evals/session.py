"""One suite from beginning to end: load, run, look again where it is in doubt, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drafter.content import hash_files
from drafter.drafting.writer import Writer
from drafter.errors import ContentError
from drafter.evals import report as reports
from drafter.evals.affected import CaseInputs, changed_line, count_branches, read_case
from drafter.evals.baseline import load_baseline
from drafter.evals.comparison import compare
from drafter.evals.drafting import Demands, DraftingSubject
from drafter.evals.gates import BROKEN_AFTER, BROKEN_BEFORE, alpha_of, is_in_doubt, judge, mixed_versions, suspects
from drafter.evals.journal import Journal
from drafter.evals.labelled import PolicySubject, TriageSubject
from drafter.evals.report import BranchFigure, CaseFigure, Comparison, LostCase, MissedBranch, PromptState, Report
from drafter.evals.runner import ReportStatus, RunFigures, run
from drafter.evals.sample import Sample
from drafter.evals.scorers import Fall, find_dead, load_controls, measure_falls
from drafter.evals.sets import EvalCase, EvalSet, Row, hash_all, load_rows, load_set
from drafter.evals.subject import Subject
from drafter.evals.suite import Suite, code_sha256, content_sha256
from drafter.evals.tape import Tape, TapeMode
from drafter.guardrails.engine import Guardrail
from drafter.pipeline import Pipeline
from drafter.prompts.library import Library, Prompt
from drafter.roles import Triager as Triages
from drafter.scoring import SCORERS, DraftScorer
from drafter.scoring.calibration import Calibration, load_calibration
from drafter.triage import Triager


@dataclass(frozen=True, slots=True)
class Tools:
    """What a session works with; built by the caller."""

    root: Path
    guardrail: Callable[[], Guardrail]
    triager: Callable[[], Triager]
    pipeline: Pipeline | None
    """None when no drafts are measured."""
    library: Library | None
    model: str
    """Name of the model, for reports."""
    falls: list[Fall] = field(default_factory=list)
    """What the scorers made of their controls, found by the first run that is gated by them."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How a suite is run this time."""

    tape: TapeMode
    prompt: str | None = None
    """Prompt to measure; None: the one that answers."""
    repeats: int | None = None
    tags: tuple[str, ...] = ()
    only: frozenset[str] | None = None
    """Ids of the cases to run; None: all."""
    runs: Path | None = None
    """Folder of journals; None keeps nothing."""
    confirms: bool = True
    """Look again where a loss is in doubt."""
    needs_baseline: bool = True
    status: ReportStatus | None = None


Maker = Callable[["Session", str | None], Subject]


def _make_drafting(session: Session, prompt: str | None) -> Subject:
    suite, tools = session.suite, session.tools
    if tools.pipeline is None:
        raise ContentError(suite.suite, "drafts are measured with a pipeline, and none was built")
    subject = DraftingSubject(
        tools.pipeline,
        session.cases,
        demands=Demands(suite.gates.invariants, _needed(session)),
        prompt=prompt,
        tape=session.tape,
        limits=suite.limits,
    )
    session.asked, session.triager = subject.asked, subject.triager
    return subject


def _needed(session: Session) -> Mapping[str, float]:
    """What a sample must reach to pass, in numbers."""
    return (session.calibration or Calibration.empty()).resolve(session.suite.passes_when)


SUBJECTS: dict[str, Maker] = {
    "drafting": _make_drafting,
    "policy": lambda session, _prompt: PolicySubject(session.rows, session.tools.guardrail()),
    "triage": lambda session, _prompt: TriageSubject(session.rows, session.tools.triager()),
}


@dataclass(slots=True)
class Session:
    """A suite, its cases and its tape."""

    suite: Suite
    tools: Tools
    choices: Choices
    cases: tuple[EvalCase, ...] = ()
    whole: tuple[EvalCase, ...] = ()
    """All cases of the suite, also where only some are run."""
    rows: tuple[Row, ...] = ()
    tape: Tape = field(default_factory=lambda: Tape(None, "off"))
    calibration: Calibration | None = None
    asked: dict[str, str] = field(default_factory=dict)
    """Place to key of what this session has asked."""
    triager: Triages | None = None
    """Of the drafts that were measured: it judges each case once."""

    @classmethod
    def open(cls, suite: Suite, tools: Tools, choices: Choices, *, cases: Sequence[EvalCase] | None = None) -> Session:
        """A session over the suite's own sets, or over given cases.

        Raises:
            ContentError: a set, or the tape, is wrong or missing.
        """
        session = cls(suite, tools, choices)
        paths = [tools.root / ref.path for ref in suite.sets]
        if suite.subject == "drafting":
            session.whole = tuple(_tagged(cases if cases is not None else _cases_of(paths), suite.tags))
            wanted = _tagged(session.whole, choices.tags)
            session.cases = tuple(case for case in wanted if choices.only is None or case.id in choices.only)
            session.calibration = load_calibration(tools.root)
            tape_path = tools.root / suite.tape if suite.tape else None
            session.tape = Tape.load(tape_path, choices.tape)
        else:
            rows = [row for path in paths for row in load_rows(path)]
            session.rows = tuple(row for row in rows if choices.only is None or row.id in choices.only)
        if not session.cases and not session.rows:
            raise ContentError(suite.suite, "no case is left to run", hint="other tags, or none")
        return session

    @property
    def repeats(self) -> int:
        """Of each case."""
        return self.choices.repeats or self.suite.repeats

    @property
    def set_sha256(self) -> str:
        """Hash over all cases."""
        return hash_all([case.sha256 for case in self.cases] or [row.sha256 for row in self.rows])

    def prompt(self) -> Prompt | None:
        """The prompt that is measured; None where none is."""
        if self.suite.subject != "drafting" or self.tools.library is None:
            return None
        return self.tools.library.get(self.suite.task, self.choices.prompt)

    def baseline(self) -> Report | None:
        """The suite's baseline; None when there is none yet."""
        if self.suite.baseline is None:
            return None
        path = self.tools.root / self.suite.baseline
        return load_baseline(path).report if path.exists() else None

    def journal(self, subject: Subject, prompt: Prompt | None, name: str) -> Journal:
        """Where the samples of one prompt go."""
        tape = self.tape.path
        plan: dict[str, Any] = {
            "suite": self.suite.model_dump(mode="json", exclude={"gates", "about", "baseline"}),
            "set": self.set_sha256,
            "code": code_sha256(),
            "content": content_sha256(self.tools.root),
            "prompt": [prompt.id, prompt.sha256] if prompt else None,
            "model": self.tools.model,
            "calibration": self.calibration.id if self.calibration else None,
            "tape": [
                self.choices.tape,
                hash_files(tape.parent, [tape]) if tape and tape.exists() and self.choices.tape == "replay" else "",
            ],
        }
        path = self.choices.runs / f"{name}.jsonl" if self.choices.runs else None
        return Journal.open(path, plan, is_repeatable=subject.is_repeatable)


async def evaluate(session: Session) -> Report:
    """The suite's report, with its verdict."""
    suite, prompt, baseline = session.suite, session.prompt(), session.baseline()
    subject = SUBJECTS[suite.subject](session, prompt.id if prompt else None)
    name = "-".join(filter(None, [suite.suite, prompt.id.replace("/", ".") if prompt else ""]))
    journal = session.journal(subject, prompt, name)
    figures = await _measure(session, subject, journal, range(session.repeats))
    cases = _figures(subject, journal.samples, range(session.repeats))
    comparison = None
    if baseline is not None:
        look = _Look(session, subject, journal, baseline)
        cases, comparison = await look.compare(cases)
    return _report(session, subject, prompt, journal, cases, figures, comparison, baseline)


@dataclass(slots=True)
class _Look:
    """Compares a run with its baseline, and asks again where the first answer is in doubt."""

    session: Session
    subject: Subject
    journal: Journal
    baseline: Report

    async def compare(self, cases: tuple[CaseFigure, ...]) -> tuple[tuple[CaseFigure, ...], Comparison]:
        """The cases, with all repeats that count, and what they say against the baseline."""
        suite, repeats, stored, title = self.session.suite, self.session.repeats, self.baseline.cases, self.baseline.title
        if self.baseline.model not in ("none", self.session.tools.model):
            title += f" by another model ({self.baseline.model})"
        if self.subject.is_repeatable or not self.session.choices.confirms:
            return cases, compare(suite.gates, cases, stored, title=title, alpha=suite.gates.alpha)
        first = compare(suite.gates, cases, stored, title=title, alpha=alpha_of(suite, looks=1))
        old = self._old_subject()
        asked = await self._ask_again(suspects(suite, first, cases), old)
        final = first
        if is_in_doubt(suite, first):
            await _measure(self.session, self.subject, self.journal, range(repeats, 2 * repeats))
            cases = _figures(self.subject, self.journal.samples, range(2 * repeats))
            before = await self._pooled(old, repeats)
            final = compare(suite.gates, cases, before, title=title, alpha=alpha_of(suite, looks=2), looks=2)
        lost = {c.id: c for c in final.lost} | {c.id: c for c in asked}
        return cases, final.model_copy(update={"lost": tuple(lost.values())})

    def _old_subject(self) -> tuple[Subject, Journal] | None:
        """The baseline's own prompt, as it was; None when it is not there any more."""
        state, library = self.baseline.prompt, self.session.tools.library
        if state is None or library is None or state.id not in library.prompts or library.prompts[state.id].sha256 != state.sha256:
            return None
        subject = SUBJECTS[self.session.suite.subject](self.session, state.id)
        name = f"{self.session.suite.suite}-{state.id.replace('/', '.')}-before"
        return subject, self.session.journal(subject, library.prompts[state.id], name)

    async def _ask_again(self, lost: Sequence[LostCase], old: tuple[Subject, Journal] | None) -> list[LostCase]:
        """Suspects, with what fresh runs on both prompts say of them."""
        guard = self.session.suite.gates.cases
        if not lost or guard is None:
            return []
        only = frozenset(case.id for case in lost)
        # Behind the second look's numbers, so that the two never share a sample.
        again = range(2 * self.session.repeats, 2 * self.session.repeats + guard.confirm)
        await _measure(self.session, self.subject, self.journal, again, only=only)
        now = {c.id: c for c in _figures(self.subject, self.journal.samples, again)}
        before: dict[str, CaseFigure] = {}
        if old is not None:
            await _measure(self.session, old[0], old[1], again, only=only)
            before = {c.id: c for c in _figures(old[0], old[1].samples, again)}
        return [_confirmed(case, before.get(case.id), now[case.id]) for case in lost]

    async def _pooled(self, old: tuple[Subject, Journal] | None, repeats: int) -> tuple[CaseFigure, ...]:
        """The baseline's cases, with fresh samples of its prompt beside the stored ones."""
        if old is None:
            return self.baseline.cases
        subject, journal = old
        again = range(repeats, 2 * repeats)
        await _measure(self.session, subject, journal, again)
        stored = {(s.case, s.repeat - 1000): s for case in self.baseline.cases for s in case.samples}
        fresh = {key: s for key, s in journal.samples.items() if key[1] in again}
        items = {item.id: item for item in subject.items}
        kept = [items[case.id] for case in self.baseline.cases if case.id in items]
        pooled = {case.id: case for case in reports.case_figures(kept, {**stored, **fresh})}
        return tuple(pooled[c.id] if c.id in pooled and pooled[c.id].sha256 == c.sha256 else c for c in self.baseline.cases)


def _confirmed(case: LostCase, before: CaseFigure | None, now: CaseFigure) -> LostCase:
    """A suspect with its fresh figures; without the old prompt, what the baseline says of it stands."""
    rate_before = case.before if before is None else before.pass_rate
    rate_now = now.pass_rate
    told = f"{before.passes}/{before.measured} before, " if before else ""
    again = f"{told}{now.passes}/{now.measured} now"
    is_broken = rate_before is not None and rate_now is not None and rate_before >= BROKEN_BEFORE and rate_now <= BROKEN_AFTER
    return case.model_copy(update={"confirmed": is_broken, "again": again})


async def _measure(
    session: Session, subject: Subject, journal: Journal, repeats: range, *, only: frozenset[str] | None = None
) -> RunFigures:
    limits, status = session.suite.limits, session.choices.status
    return await run(subject, journal, repeats=repeats, limits=limits, report=status, only=only)


def _figures(subject: Subject, samples: Mapping[tuple[str, int], Sample], repeats: range) -> tuple[CaseFigure, ...]:
    return reports.case_figures(subject.items, {key: sample for key, sample in samples.items() if key[1] in repeats})


def _report(
    session: Session,
    subject: Subject,
    prompt: Prompt | None,
    journal: Journal,
    cases: tuple[CaseFigure, ...],
    figures: RunFigures,
    comparison: Comparison | None,
    baseline: Report | None,
) -> Report:
    suite, tools = session.suite, session.tools
    samples = [sample for case in cases for sample in case.samples]
    state = reports.run_state(
        samples,
        duration_s=figures.duration_s,
        busy_slots=figures.busy_slots,
        slots=suite.limits.concurrency,
        carried=figures.carried,
    )
    metrics = reports.metric_figures(cases)
    branches = tuple(_branches(session, prompt))
    versions = dict(subject.versions) or (dict(baseline.versions) if baseline else {})
    if session.calibration is not None:
        versions["calibration"] = session.calibration.id
    verdict = judge(
        suite,
        cases,
        metrics,
        state,
        comparison=comparison,
        dead=_dead(session),
        mixed=mixed_versions(versions, baseline),
        needs_baseline=session.choices.needs_baseline,
        branches=branches,
    )
    return Report(
        suite=suite.suite,
        subject=suite.subject,
        created_at=reports.now(),
        prompt=_prompt_state(tools.library, prompt),
        model=tools.model if suite.subject == "drafting" else "none",
        sets=tuple(ref.path for ref in suite.sets),
        set_sha256=session.set_sha256,
        content_sha256=journal.plan["content"],
        code_sha256=code_sha256(),
        versions=versions,
        repeats=session.repeats,
        cases=cases,
        metrics=metrics,
        slices=reports.slice_figures(cases),
        pass_rate=reports.pass_interval(cases),
        branches=branches,
        run=state,
        comparison=comparison,
        verdict=verdict,
    )


def _prompt_state(library: Library | None, prompt: Prompt | None) -> PromptState | None:
    """The prompt, and where it differs from its parent or from the one in production."""
    if prompt is None or library is None:
        return None
    parent = library.prompts.get(f"{prompt.front.task}/{prompt.front.parent}") or library.get(prompt.front.task)
    line = changed_line(parent.text, prompt.text)
    return PromptState(id=prompt.id, sha256=prompt.sha256, path=prompt.refs[0].path, changed_line=line)


def _dead(session: Session) -> tuple[str, ...]:
    """Gated scorers that cannot tell their controls apart."""
    gates, pipeline = session.suite.gates, session.tools.pipeline
    wanted = [name for name in dict.fromkeys((*gates.graded, *gates.floors, *session.suite.passes_when)) if name in SCORERS]
    if pipeline is None or not wanted:
        return ()
    falls = session.tools.falls
    if not falls and isinstance(pipeline.score, DraftScorer):
        falls.extend(measure_falls(pipeline.score, load_controls(session.tools.root)))
    return tuple(name for name in find_dead(falls) if name in wanted)


def _cases_of(paths: Iterable[Path]) -> list[EvalCase]:
    sets: list[EvalSet] = [load_set(path) for path in paths]
    seen: dict[str, Path] = {}
    for loaded in sets:
        for case in loaded.cases:
            if case.id in seen:
                raise ContentError(loaded.path, f"id {case.id!r} is already in {seen[case.id].name}")
            seen[case.id] = loaded.path
    return [case for loaded in sets for case in loaded.cases]


def _tagged(cases: Iterable[EvalCase], tags: Sequence[str]) -> Iterable[EvalCase]:
    """The cases with one of these tags; all of them where there is none."""
    return (case for case in cases if not tags or set(tags) & set(case.tags))


def _branches(session: Session, prompt: Prompt | None) -> Iterator[BranchFigure]:
    """How much of the prompt the suite's cases take, for each kind of model that a gate names. No model call."""
    pipeline, wanted = session.tools.pipeline, session.suite.gates.branches
    if prompt is None or pipeline is None or not isinstance(pipeline.writer, Writer):
        return
    writer, inputs, triager = pipeline.writer, CaseInputs(), session.triager or session.tools.triager()
    readings = {case.id: read_case(writer, case.request, triager.triage(case.request)) for case in session.whole} if wanted else {}
    for profile in wanted:
        total, missed = count_branches(writer, session.whole, lambda case: readings[case.id], prompt.id, profile, known=inputs)
        yield BranchFigure(profile=profile, total=total, missed=tuple(MissedBranch(line=b.line, about=b.about) for b in missed))
