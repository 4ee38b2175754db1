"""The corridor keeps its promises whatever its tools do."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drafter import logs
from drafter.attempts import MAX_UNSEEN_S
from drafter.decision import load_decision_policy
from drafter.domain import (
    Action,
    Category,
    CheckRequest,
    Draft,
    DraftRecord,
    DraftRequest,
    Finding,
    GuardrailReport,
    Origin,
    ProofReport,
    Route,
    RuleResult,
    RuleStatus,
    Score,
    Scorecard,
    Sentence,
    SentenceKind,
    Severity,
    Triage,
    Verdict,
)
from drafter.errors import ModelDown, ModelError, ModelMalformed, StoreError
from drafter.llm.chat import ChatModel
from drafter.llm.scripted import ScriptedModel
from drafter.pipeline import Pipeline
from drafter.privacy.envelope import Privacy
from drafter.roles import Mend
from drafter.scoring.words import Runs
from drafter.store.patience import left_s
from tests.conftest import make_request, make_triage

GOOD = "We are sorry that the lid leaks."
OPEN_PRIVACY = Privacy(is_public=lambda _channel: True, endpoint_of=lambda _name: "provider")
BAD = "Please delete your review."


@dataclass
class FixedTriager:
    """A triager that always says the same."""

    found: Triage

    def triage(self, _request: DraftRequest) -> Triage:
        return self.found


@dataclass
class PlannedWriter:
    """A writer whose every step is a text, several, an error, or seconds of silence before a text."""

    plan: list[str | tuple[str | ModelError, ...] | Exception | float]
    mends: list[Mend | None] = field(default_factory=list)

    async def write(
        self, _request: DraftRequest, triage: Triage, *, model: ChatModel, attempt: int, timeout_s: float, mend: Mend | None
    ) -> tuple[Draft | ModelError, ...]:
        assert timeout_s > 0
        self.mends.append(mend)
        step = self.plan.pop(0)
        if isinstance(step, float):
            await asyncio.sleep(step)
            step = GOOD
        if isinstance(step, Exception):
            raise step
        texts = (step,) if isinstance(step, str) else step
        return tuple(
            draft_of(text, Origin.MODEL, attempt=attempt + i, model=model.name) if isinstance(text, str) else text
            for i, text in enumerate(texts)
        )


@dataclass
class FixedTemplates:
    """Templates with these texts, most personal first."""

    texts: tuple[str, ...] = (GOOD,)

    def compose(self, _request: DraftRequest, _triage: Triage) -> Iterator[Draft]:
        yield from (draft_of(text, Origin.TEMPLATE) for text in self.texts)

    def compose_holding(self, _request: DraftRequest, _triage: Triage) -> Iterator[Draft]:
        yield from (draft_of(f"{text} An answer follows.", Origin.TEMPLATE) for text in self.texts)


class WordChecker:
    """A guardrail with one rule: nobody says `delete`; the word `crash` crashes it, `hint` is a warning."""

    engine_version = "1"
    pack_version = "words 1.0.0"
    pack_sha256 = "pack"

    def check(self, request: CheckRequest) -> GuardrailReport:
        status = RuleStatus.ERRORED if "crash" in request.text else RuleStatus.PASSED
        findings = tuple(
            Finding.model_construct(rule_id="no-delete", severity=severity, start=0, end=1, quote=request.text[:1])
            for word, severity in (("delete", Severity.BLOCK), ("hint", Severity.WARN))
            if word in request.text
        )
        results = (RuleResult(rule_id="no-delete", status=RuleStatus.FLAGGED if findings else status),)
        return GuardrailReport.model_construct(
            channel=request.channel,
            verdict=Verdict.BLOCK if findings else Verdict.PASS,
            findings=findings,
            results=results,
            exceptions=(),
            shadow=(),
            pack_sha256="pack",
            engine_version="1",
            text_sha256="t",
        )


class KeptRecords:
    """A store that only keeps what it is given."""

    def __init__(self) -> None:
        self.records: dict[str, DraftRecord] = {}

    async def append(self, record: DraftRecord) -> None:
        self.records[record.id] = record


class FailingStore(KeptRecords):
    """A store whose disk is full."""

    async def append(self, record: DraftRecord) -> None:
        raise StoreError("disk full")


class PatienceKept(KeptRecords):
    """A store that keeps how long it was waited for."""

    left_s: float | None = None

    async def append(self, record: DraftRecord) -> None:
        self.left_s = left_s()
        await super().append(record)


def draft_of(text: str, origin: Origin, *, attempt: int = 0, model: str | None = None) -> Draft:
    """A draft with this text."""
    return Draft(text=text, language="en", origin=origin, content=(), prompt=None, model_asked=model, model_answered=model, attempt=attempt)


def full_score(_draft: Draft, _request: DraftRequest, _triage: Triage, _history: tuple[Runs, ...] = ()) -> Scorecard:
    """The best score."""
    return Scorecard(scores=(Score(scorer="specificity", version=1, value=1.0, reason="all of it"),))


def whole_proof(draft: Draft, _request: DraftRequest, _triage: Triage) -> ProofReport:
    """A proof that lacks nothing, unless the draft says `unproven`."""
    finding = Finding.model_construct(rule_id="unproven-claim", severity=Severity.BLOCK, start=0, end=1, quote=draft.text[:1])
    return ProofReport.model_construct(version=1, findings=(finding,) if "unproven" in draft.text else (), linked=0, needed=0)


@pytest.fixture
def pipeline(root: Path) -> Callable[..., Pipeline]:
    """Makes pipelines that are all well unless told otherwise."""

    def make(
        *plan: str | tuple[str | ModelError, ...] | Exception | float,
        route: Route = Route.DRAFT,
        templates: tuple[str, ...] = (GOOD,),
        **tools: object,
    ) -> Pipeline:
        parts = {
            "triager": FixedTriager(make_triage(route)),
            "writer": PlannedWriter(list(plan)),
            "templates": FixedTemplates(templates),
            "checker": WordChecker(),
            "verify": whole_proof,
            "score": full_score,
            "policy": load_decision_policy(root),
            "store": KeptRecords(),
            "choose_models": lambda _name: (ScriptedModel([]),),
            "privacy": OPEN_PRIVACY,
            "deadline_s": 5.0,
            "max_repairs": 1,
            **tools,
        }
        return Pipeline(**parts)  # type: ignore[arg-type]

    return make


async def test_a_clean_draft_is_offered_at_the_first_try(pipeline: Callable[..., Pipeline]) -> None:
    """When all is well, the model's words go out and the record has them."""
    made = pipeline(GOOD)
    record, is_stored = await made.draft(make_request())
    assert record.decision.action == "offer"
    assert record.draft is not None
    assert (record.draft.text, record.draft.origin) == (GOOD, Origin.MODEL)
    assert is_stored
    assert made.store.records[record.id] == record  # type: ignore[attr-defined]


async def test_a_blocked_draft_is_mended_with_its_findings(pipeline: Callable[..., Pipeline]) -> None:
    """The model sees what was wrong and gets one more try."""
    made = pipeline(BAD, GOOD)
    record, _ = await made.draft(make_request())
    assert [a.decision.action for a in record.attempts if a.decision] == ["repair", "offer"]
    mend = made.writer.mends[1]  # type: ignore[attr-defined]
    assert mend is not None
    assert mend.findings[0].rule_id == "no-delete"


@pytest.mark.parametrize("candidates", [(BAD, f"{GOOD} A hint.", GOOD), (GOOD, BAD), (f"{BAD} {BAD}", GOOD, f"{GOOD} crash")])
async def test_the_best_candidate_that_may_leave_is_offered(pipeline: Callable[..., Pipeline], candidates: tuple[str, ...]) -> None:
    """Each was judged and stands on record; nobody is asked again."""
    made = pipeline(candidates)
    record, _ = await made.draft(make_request())
    assert record.draft is not None
    assert (record.draft.text, record.draft.origin, len(made.writer.mends)) == (GOOD, Origin.MODEL, 1)  # type: ignore[attr-defined]
    assert [(attempt.number, attempt.text) for attempt in record.attempts] == list(enumerate(candidates, 1))


async def test_the_best_of_bad_candidates_is_mended(pipeline: Callable[..., Pipeline]) -> None:
    """What is mended is the one with least to mend."""
    made = pipeline((f"{BAD} A hint.", BAD), GOOD)
    record, _ = await made.draft(make_request())
    assert record.draft is not None
    assert record.draft.text == GOOD
    assert made.writer.mends[1].draft.text == BAD  # type: ignore[attr-defined]


async def test_a_candidate_that_cannot_be_used_is_an_attempt(pipeline: Callable[..., Pipeline]) -> None:
    """With its reason; the time of all is the first one's."""
    record, _ = await pipeline((ModelMalformed("no JSON", model="m"), GOOD)).draft(make_request())
    assert [(attempt.error, attempt.text) for attempt in record.attempts] == [("model_malformed", None), (None, GOOD)]
    assert record.attempts[0].duration_s > record.attempts[1].duration_s == 0.0


async def test_a_candidate_that_may_leave_is_kept_while_it_is_mended(pipeline: Callable[..., Pipeline]) -> None:
    """It goes before one with fewer findings that is forbidden, and is offered when nothing better comes."""
    hinting = f"{GOOD} A hint. An unread word."

    class Low(WordChecker):
        def check(self, request: CheckRequest) -> GuardrailReport:
            report = super().check(request)
            return report.model_copy(update={"findings": report.findings * (2 if "hint" in request.text else 1)})

    record, _ = await pipeline((BAD, hinting), ModelDown("gone", model="m"), checker=Low()).draft(make_request())
    assert record.draft is not None
    assert (record.draft.text, record.decision.action) == (hinting, Action.OFFER)


async def test_a_model_that_keeps_breaking_policy_gives_way_to_a_template(pipeline: Callable[..., Pipeline]) -> None:
    """After the last repair a template answers, and every attempt is on record."""
    record, _ = await pipeline(BAD, BAD).draft(make_request())
    assert record.draft is not None
    assert record.draft.origin is Origin.TEMPLATE
    assert record.decision.action == "offer"
    assert [a.origin for a in record.attempts] == [Origin.MODEL, Origin.MODEL, Origin.TEMPLATE]


@pytest.mark.parametrize("error", [ModelDown("refused", model="m"), ModelMalformed("garbage", model="m")])
async def test_a_failing_model_gives_way_to_a_template_with_the_reason(pipeline: Callable[..., Pipeline], error: ModelError) -> None:
    """The caller notices the word `template`, the record knows why."""
    record, _ = await pipeline(error).draft(make_request())
    assert record.draft is not None
    assert record.draft.origin is Origin.TEMPLATE
    assert record.attempts[0].error == error.reason


async def test_a_slow_model_cannot_make_the_answer_late(pipeline: Callable[..., Pipeline]) -> None:
    """The template comes inside the deadline, however long the model would take."""
    record, _ = await pipeline(60.0).draft(make_request(options={"deadline_s": 0.5}))
    assert record.attempts[0].error == "model_timeout"
    assert record.draft is not None
    assert record.draft.origin is Origin.TEMPLATE
    assert record.duration_s < 0.75


async def test_the_next_model_answers_when_one_cannot(pipeline: Callable[..., Pipeline]) -> None:
    """In order, each by its own name in the record, and no template is needed."""
    models = (ScriptedModel([], name="a"), ScriptedModel([], name="b"), ScriptedModel([], name="c"))
    record, _ = await pipeline(ModelDown("refused", model="a"), BAD, BAD, GOOD, choose_models=lambda _name: models).draft(make_request())
    assert [(a.model, a.error, a.text) for a in record.attempts] == [
        ("a", "model_down", None),
        ("b", None, BAD),
        ("b", None, BAD),
        ("c", None, GOOD),
    ]
    assert (record.provenance.model_asked, record.provenance.model_answered) == ("a,b,c", "c")
    assert record.decision.action == "offer"


async def test_a_model_that_hangs_leaves_the_next_one_time(pipeline: Callable[..., Pipeline]) -> None:
    """It gets two thirds of what is left while another stands behind it."""
    models = (ScriptedModel([], name="a"), ScriptedModel([], name="b"))
    made = pipeline(60.0, GOOD, choose_models=lambda _name: models)
    record, _ = await made.draft(make_request(options={"deadline_s": 0.6}))
    assert [(a.model, a.error) for a in record.attempts] == [("a", "model_timeout"), ("b", None)]
    assert record.draft is not None
    assert record.draft.origin is Origin.MODEL
    assert record.duration_s < 0.6


async def test_in_a_crowd_the_way_out_is_kept_free(pipeline: Callable[..., Pipeline], monkeypatch: pytest.MonkeyPatch) -> None:
    """When every turn of the loop takes long, no model is waited for: the template comes while there is time."""

    async def a_long_turn() -> float:
        return 1.0

    monkeypatch.setattr("drafter.pipeline.one_turn_s", a_long_turn)
    record, _ = await pipeline(GOOD).draft(make_request(options={"deadline_s": 5}))
    assert record.attempts[0].error == "model_timeout"
    assert record.draft is not None
    assert record.draft.origin is Origin.TEMPLATE


async def test_a_warned_draft_beats_a_failed_repair(pipeline: Callable[..., Pipeline]) -> None:
    """When mending fails, a draft that may leave is better than a template."""
    record, _ = await pipeline("A hint.", ModelDown("gone", model="m")).draft(make_request())
    assert record.draft is not None
    assert record.draft.text == "A hint."
    assert record.decision.action == "offer"


async def test_an_errored_check_is_never_offered(pipeline: Callable[..., Pipeline]) -> None:
    """A rule that crashes on every text leaves no draft, and a person takes over."""
    record, _ = await pipeline("crash", "crash", templates=("crash",)).draft(make_request())
    assert record.draft is None
    assert record.decision.action == "escalate"


async def test_a_template_that_breaks_a_rule_gives_way_to_a_plainer_one(pipeline: Callable[..., Pipeline]) -> None:
    """Templates are judged like everything else."""
    record, _ = await pipeline(templates=(BAD, GOOD), choose_models=lambda _name: ()).draft(make_request())
    assert record.draft is not None
    assert record.draft.text == GOOD


async def test_a_person_gets_a_holding_draft(pipeline: Callable[..., Pipeline]) -> None:
    """human_only asks no model, and escalates with a text that holds the line."""
    made = pipeline(GOOD, route=Route.HUMAN_ONLY)
    record, _ = await made.draft(make_request())
    assert record.decision.action == "escalate"
    assert record.draft is not None
    assert made.writer.mends == []  # type: ignore[attr-defined]


async def test_at_two_speeds_a_checked_message_holds_the_line(pipeline: Callable[..., Pipeline]) -> None:
    """Beside the reply, when it was asked for: the first that passes every rule, made before the model is asked, no attempt of its."""
    asked = make_request(options={"holding": True})
    stages: list[str] = []
    made = pipeline(GOOD, templates=(BAD, GOOD))
    record, _ = await made.draft(asked, on_stage=lambda stage, _s: stages.append(stage))
    assert record.holding is not None
    assert record.holding.text == record.holding.draft.text == f"{GOOD} An answer follows."
    assert record.holding.report.verdict is Verdict.PASS
    assert stages.index("holding") < stages.index("write")
    assert [attempt.text for attempt in record.attempts] == [GOOD]


@pytest.mark.parametrize("options", [{}, {"holding": True}])
async def test_no_message_holds_the_line_unasked_nor_for_a_person(pipeline: Callable[..., Pipeline], options: dict[str, bool]) -> None:
    """A case for a person has a holding draft already."""
    route = Route.HUMAN_ONLY if options else Route.DRAFT
    record, _ = await pipeline(GOOD, route=route).draft(make_request(options=options))
    assert record.holding is None


async def test_a_holding_message_that_may_not_leave_costs_no_reply(pipeline: Callable[..., Pipeline]) -> None:
    """Then there is none."""
    record, _ = await pipeline(GOOD, templates=(BAD,)).draft(make_request(options={"holding": True}))
    assert record.holding is None
    assert record.decision.action is Action.OFFER


async def test_nothing_is_written_when_nothing_may_be(pipeline: Callable[..., Pipeline]) -> None:
    """no_reply declines without a draft."""
    record, _ = await pipeline(GOOD, route=Route.NO_REPLY).draft(make_request())
    assert record.decision.action == "decline"
    assert record.draft is None


async def test_a_full_disk_costs_the_copy_not_the_answer(pipeline: Callable[..., Pipeline]) -> None:
    """The draft comes, and the caller is told that it was not stored."""
    record, is_stored = await pipeline(GOOD, store=FailingStore()).draft(make_request())
    assert record.decision.action == "offer"
    assert not is_stored


async def test_a_cancelled_request_is_cancelled(pipeline: Callable[..., Pipeline]) -> None:
    """Nobody works on for a caller who left."""
    task = asyncio.create_task(pipeline(60.0).draft(make_request()))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_logs_never_carry_a_customers_text(pipeline: Callable[..., Pipeline], capsys: pytest.CaptureFixture[str]) -> None:
    """A full run's log lines hold neither the review nor the draft."""
    logs.configure("debug")
    try:
        await pipeline(BAD, GOOD).draft(make_request("my very private kettle story"))
    finally:
        logging.getLogger("drafter").handlers = []
    out = capsys.readouterr().out
    assert "draft.decided" in out
    assert "private" not in out
    assert "sorry" not in out


async def test_stages_are_told_as_they_end(pipeline: Callable[..., Pipeline]) -> None:
    """A listener hears triage before anything is written."""
    heard: list[str] = []
    await pipeline(GOOD).draft(make_request(), on_stage=lambda stage, _duration: heard.append(stage))
    assert heard == ["triage", "write", "guardrail", "proof", "scoring", "store"]


async def test_no_stage_holds_another_one(pipeline: Callable[..., Pipeline]) -> None:
    """Their seconds may be added; of all templates that were tried they are one sum for each stage."""
    began = time.monotonic()
    heard: list[tuple[str, float]] = []
    templates = pipeline(templates=(BAD, GOOD), choose_models=lambda _name: ())
    record, _ = await templates.draft(make_request(), on_stage=lambda *told: heard.append(told))
    assert [stage for stage, _ in heard] == ["triage", "template", "guardrail", "proof", "scoring", "store"]
    assert [timing.stage for timing in record.timings] == ["triage", "template", "guardrail", "proof", "scoring"]
    assert all(duration_s >= 0 for _, duration_s in heard)
    assert sum(duration_s for _, duration_s in heard) <= time.monotonic() - began


async def test_a_draft_without_proof_goes_back_and_never_leaves(pipeline: Callable[..., Pipeline]) -> None:
    """What stands on nothing is a finding like any other: it is named to the writer, and a template answers in the end."""
    writer = PlannedWriter(["unproven", "still unproven"])
    record, _ = await pipeline(writer=writer).draft(make_request())
    assert record.draft is not None
    assert record.draft.origin is Origin.TEMPLATE
    assert record.proof is not None
    assert writer.mends[1] is not None
    assert [finding.rule_id for finding in writer.mends[1].findings] == ["unproven-claim"]
    assert record.attempts[0].decision is not None
    assert record.attempts[0].decision.reasons == ("block:unproven-claim",)


async def test_a_mechanical_repair_asks_no_model_again(pipeline: Callable[..., Pipeline]) -> None:
    """A sentence that can be missed is dropped, the record shows what was, and the writer is not called a second time."""
    bad = draft_of(f"{GOOD} {BAD}", Origin.MODEL, attempt=1, model="m")
    told = Sentence(start=0, end=len(GOOD), kind=SentenceKind.RESTATEMENT, links=())
    asked = Sentence(start=len(GOOD) + 1, end=len(bad.text), kind=SentenceKind.NOTICE, links=())
    more = Sentence(start=len(bad.text) + 1, end=len(bad.text) + 1 + len(GOOD), kind=SentenceKind.RESTATEMENT, links=())
    written = bad.model_copy(update={"text": f"{bad.text} {GOOD}", "sentences": (told, asked, more)})

    class Writes:
        async def write(self, *_args: object, **_fields: object) -> tuple[Draft, ...]:
            return (written,)

    class Finds(WordChecker):
        def check(self, request: CheckRequest) -> GuardrailReport:
            report = super().check(request)
            start = request.text.find(BAD)
            found = tuple(f.model_copy(update={"start": start, "end": start + 6, "category": Category.OTHER}) for f in report.findings)
            return report.model_copy(update={"findings": found})

    record, _ = await pipeline(writer=Writes(), checker=Finds()).draft(make_request())
    assert record.draft is not None
    assert (record.draft.origin, record.draft.text) == (Origin.MODEL, f"{GOOD} {GOOD}")
    assert [edit.before for edit in record.draft.edits] == [BAD]
    assert len(record.attempts) == 2
    assert BAD in record.attempts[1].detail


async def test_a_draft_without_end_of_time_is_still_made(pipeline: Callable[..., Pipeline]) -> None:
    """Evals give their drafts all the time there is; no part of that may be kept back."""
    record, _ = await pipeline(GOOD, deadline_s=math.inf).draft(make_request())
    assert record.draft.text == GOOD


async def test_what_is_kept_from_the_models_for_a_crowd_is_not_kept_from_the_store(pipeline: Callable[..., Pipeline]) -> None:
    """A template that was ready long before the end must not be called unstored."""
    store = PatienceKept()
    await pipeline(GOOD, store=store, deadline_s=20.0).draft(make_request())
    assert store.left_s is not None
    assert store.left_s > 20.0 - MAX_UNSEEN_S / 2
