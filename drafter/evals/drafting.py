"""Drafts, measured as production makes them: the same pipeline, with its models heard and, where wanted, on tape.

Scores are of what the model wrote at first: repairs and templates would hide a worse prompt. Invariants are of that and of what leaves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from drafter.domain import Action, Attempt, DraftRecord, DraftRequest, Origin, Severity, Triage
from drafter.errors import ModelDenied, ModelMisused, ModelTimeout
from drafter.evals.sample import Sample, ScoreNote, TapeState, Unmeasured, Violation, unmeasured
from drafter.evals.sets import SENTINEL, EvalCase
from drafter.evals.slots import Slots
from drafter.evals.subject import Item
from drafter.evals.suite import Limits
from drafter.evals.tape import CaseLate, Heard, HeardScorer, Tape, TapedModel, TapeMiss, listen
from drafter.llm.chat import ChatModel
from drafter.pipeline import Pipeline
from drafter.prompts.fence import Fence
from drafter.roles import Triager
from drafter.scoring.parroting import shares_run

MAX_PROMPT_RUN = 14
"""Words in a row that an answer may share with its instructions by chance; an answer holds whole sentences in the buyer's words."""

CHARS_PER_TOKEN = 4

METRICS = ("first_pass", "from_model")
"""Besides the scorers: 1 when the model's first draft was offered, and 1 when a model wrote what was kept. None when none was asked."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What a suite asks of each sample."""

    invariants: tuple[str, ...]
    passes_when: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Remembered:
    """A triager that judges each request once: neither prompt nor repeat has a part in it."""

    inner: Triager
    known: dict[str, Triage] = field(default_factory=dict)

    def triage(self, request: DraftRequest) -> Triage:
        bare = request.model_copy(update={"options": request.options.model_copy(update={"deadline_s": None, "prompt": None})})
        key = bare.model_dump_json()
        if key not in self.known:
            self.known[key] = self.inner.triage(request)
        return self.known[key]


class _Forgetful:
    """A store that keeps nothing: the journal has what is measured."""

    async def append(self, record: DraftRecord) -> None:
        """Nothing."""


class DraftingSubject:
    """The pipeline over cases."""

    def __init__(
        self,
        pipeline: Pipeline,
        cases: Sequence[EvalCase],
        *,
        demands: Demands,
        prompt: str | None,
        tape: Tape,
        limits: Limits,
    ) -> None:
        self._cases = {case.id: case for case in cases}
        self._demands = demands
        self._prompt = prompt
        self.tape, self.slots = tape, Slots(limits.concurrency, limits.calls_per_minute)
        self.asked: dict[str, str] = {}

        def choose(name: str | None) -> Sequence[ChatModel]:
            return tuple(TapedModel(model, tape, self.slots, limits, self.asked) for model in pipeline.choose_models(name))

        self.triager: Triager = _Remembered(pipeline.triager)
        self._pipeline = replace(
            pipeline, choose_models=choose, score=HeardScorer(pipeline.score), triager=self.triager, store=_Forgetful()
        )
        self.versions: Mapping[str, str] = {}
        self.items = tuple(sorted(map(item_of, cases), key=lambda item: SENTINEL not in item.tags))

    @property
    def is_repeatable(self) -> bool:
        return self.tape.mode == "replay"

    async def measure(self, item: Item, repeat: int) -> Sample:
        case = self._cases[item.id]
        heard = Heard(case.id, repeat)
        listen(heard)
        # The pipeline's own clock would run while a question waits for its slot: time is kept where the calls are made.
        options = case.request.options.model_copy(update={"deadline_s": math.inf, "prompt": self._prompt or case.request.options.prompt})
        try:
            record, _ = await self._pipeline.draft(case.request.model_copy(update={"options": options}))
        except TapeMiss as exc:
            return unmeasured(case.id, repeat, Unmeasured.STALE_TAPE, str(exc))
        except CaseLate as exc:
            return unmeasured(case.id, repeat, Unmeasured.CASE_DEADLINE, str(exc), duration_s=heard.called_s)
        failed = _provider_failure(heard)
        if failed is not None:
            return unmeasured(case.id, repeat, *failed, duration_s=heard.called_s)
        return self._judge(case, repeat, record, heard)

    def _judge(self, case: EvalCase, repeat: int, record: DraftRecord, heard: Heard) -> Sample:
        first = next((a for a in record.attempts if a.origin is Origin.MODEL), None) if heard.calls else None
        draft, scorecard = next(((d, s) for d, s in heard.scored if d.origin is Origin.MODEL), (record.draft, record.scorecard))
        scores = scorecard.scores if scorecard else ()
        final = record.draft.text if record.draft else None
        self.versions = {**self.versions, **{s.scorer: str(s.version) for s in scores}}
        metrics: dict[str, float | None] = {s.scorer: s.value for s in scores}
        metrics["first_pass"] = None if first is None else float(_is_offered(first))
        metrics["from_model"] = None if first is None else float(record.draft is not None and record.draft.origin is Origin.MODEL)
        found = tuple(v for v in violations_of(case, record, heard) if v.invariant in self._demands.invariants)
        # What a person is handed holds the line until he writes; it is no reply that scores are of.
        enough = case.expect.action != Action.OFFER or all(
            value is None or value >= self._demands.passes_when.get(name, value) for name, value in metrics.items()
        )
        tokens, is_estimated = count_tokens(heard)
        return Sample(
            case=case.id,
            repeat=repeat,
            metrics=metrics,
            notes={s.scorer: ScoreNote(reason=s.reason, spans=s.spans) for s in scores},
            violations=found,
            passed=enough and not found,
            action=record.decision.action.value,
            origin=record.draft.origin.value if record.draft else "",
            text=draft.text if draft else None,
            final=final if draft and final != draft.text else None,
            detail="; ".join(f"attempt {a.number}: {a.error}: {a.detail}" for a in record.attempts if a.error),
            tape=_state(heard),
            calls=len(heard.calls),
            tokens=tokens,
            is_estimated=is_estimated,
            cost_usd=record.cost_usd,
            duration_s=round(_duration_s(heard), 4),
        )


def item_of(case: EvalCase) -> Item:
    """A case as the runner sees it."""
    request = case.request
    rating = str(request.review.rating) if request.review.rating else "none"
    slices = [("channel", request.channel), ("rating", rating), *(("tag", tag) for tag in case.tags)]
    return Item(case.id, case.sha256, case.cluster, case.tags, request.review.text, tuple(slices))


def violations_of(case: EvalCase, record: DraftRecord, heard: Heard) -> Iterator[Violation]:
    """Every invariant that does not hold, with what was seen."""
    text = record.draft.text if record.draft else ""
    if record.decision.action.value != case.expect.action:
        reasons = ", ".join(record.decision.reasons)
        yield Violation(invariant="action", detail=f"{record.decision.action.value} instead of {case.expect.action}: {reasons}")
    for finding in record.report.findings if record.report else ():
        if finding.severity is Severity.BLOCK:
            detail = f"{finding.rule_id}: “{finding.quote}”"
            yield Violation(invariant="final_clean", detail=detail)
    first = record.attempts[0] if record.attempts and heard.calls else None
    for finding in first.findings if first and first.origin is Origin.MODEL else ():
        if finding.severity is Severity.BLOCK:
            detail = f"{finding.rule_id}: “{finding.quote}”"
            yield Violation(invariant="first_clean", detail=detail, start=finding.start, end=finding.end)
    yield from _leaks(heard)
    for rule in record.report.errored if record.report else ():
        yield Violation(invariant="no_errored_rule", detail=rule)
    folded = text.casefold()
    if case.expect.mentions and not any(words.casefold() in folded for words in case.expect.mentions):
        yield Violation(invariant="mentions", detail=f"none of {', '.join(case.expect.mentions)}")
    for words in case.expect.never:
        if words.casefold() in folded:
            yield Violation(invariant="no_injection", detail=f"holds “{words}”")


def _leaks(heard: Heard) -> Iterator[Violation]:
    """What a model showed of its prompt, also in answers that no draft was made of."""
    fences = [Fence(number) for number in heard.fences()]
    # A worked example's sentence is there to be imitated; only the instructions may not come back.
    instructions = {m.content for call in heard.calls for m in call.messages if m.role == "system"}
    for text in heard.texts:
        if any(fence.is_quoted_in(text) for fence in fences):
            yield Violation(invariant="no_leak", detail="an answer shows the fence")
        elif any(shares_run(text, words, longer_than=MAX_PROMPT_RUN) for words in instructions):
            yield Violation(invariant="no_leak", detail="an answer repeats its instructions")


def _provider_failure(heard: Heard) -> tuple[Unmeasured, str] | None:
    """Why nothing can be said of the prompt: the model, not its words, failed."""
    for error in heard.errors:
        if isinstance(error, ModelTimeout):
            return Unmeasured.CALL_DEADLINE, str(error)[:300]
        if error.is_transient or isinstance(error, (ModelDenied, ModelMisused)):
            return Unmeasured.PROVIDER_DOWN, str(error)[:300]
    if len(heard.calls) > len(heard.answers) + len(heard.errors):
        return Unmeasured.CRASHED, "a call broke off with what is no model's error"
    return None


def _is_offered(attempt: Attempt) -> bool:
    return attempt.decision is not None and attempt.decision.action is Action.OFFER


def _state(heard: Heard) -> TapeState:
    if not heard.calls:
        return TapeState.SILENT
    return TapeState.FRESH if TapeState.FRESH in heard.states else TapeState.REPLAYED


def count_tokens(heard: Heard) -> tuple[int, bool]:
    """Tokens of all calls, and whether they had to be estimated."""
    counts = [(answer.usage.prompt_tokens or 0) + (answer.usage.completion_tokens or 0) for answer in heard.answers]
    if counts and all(counts):
        return sum(counts), False
    chars = sum(len(m.content) for call in heard.calls for m in call.messages) + sum(map(len, heard.texts))
    return chars // CHARS_PER_TOKEN, bool(heard.calls)


def _duration_s(heard: Heard) -> float:
    """Seconds that the models took: what is computed beside them depends on what else is being computed."""
    if TapeState.REPLAYED in heard.states:
        return sum(answer.duration_s for answer in heard.answers)
    return heard.called_s
