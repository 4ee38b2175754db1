"""The only place that reads settings and builds things."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TextIO

from drafter import logs
from drafter.answers import draft_response
from drafter.content import find_content_root
from drafter.decision import load_decision_policy
from drafter.domain import DraftOptions, DraftRequest, DraftResponse, Review
from drafter.drafting.proof import Verifier
from drafter.drafting.templates import Templates
from drafter.drafting.writer import TAPE_FENCE_SECRET, Writer
from drafter.errands import Errands, Principal
from drafter.judges import Judges, build_judges
from drafter.llm.build import ModelDirectory, build_models
from drafter.pipeline import Pipeline, StageListener
from drafter.privacy.envelope import Privacy
from drafter.prompts.library import Library
from drafter.recent import RecentDrafts
from drafter.scoring import load_scorer
from drafter.settings import Settings, load_settings, unknown_variables
from drafter.spending import SharedSpend
from drafter.store import open_store
from drafter.turnstile import Turnstile

if TYPE_CHECKING:
    from drafter.store.claims import Claim
    from drafter.store.store import Store

log = logs.Log("wiring")

WARM_UP_REVIEW = "The lid of the kettle leaks, and the zipper broke on the second day."

ReportProgress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything, built."""

    settings: Settings
    judges: Judges
    models: ModelDirectory
    store: Store
    pipeline: Pipeline
    templates: Templates
    errands: Errands

    @property
    def library(self) -> Library:
        """The prompts that requests are received by and drafts are written with."""
        return self.judges.library

    @property
    def parallel_drafts(self) -> int:
        """How many drafts of a batch are worked on at once: the embedded model writes one at a time, or the last would be late."""
        return 1 if "embedded" in self.settings.model_names else self.settings.model_concurrency

    def read_content(self) -> None:
        """Reads what is otherwise read on first use in each language, so that a wrong file is told at the start.

        Raises:
            ContentError: a file is wrong.
        """
        for words in (self.judges.triager.lexicons, self.templates.books, self.templates.lexicons, self.templates.details):
            for language in words:
                words[language]

    def warm_up(self, languages: Iterable[str]) -> None:
        """Reads what is read on first use in each language: the first caller of each would wait for it, and all others with him."""
        for language in languages:
            began, body = time.monotonic(), WARM_UP_REVIEW
            # The second time in the language itself.
            for _ in range(2):
                request = DraftRequest(review=Review(body=body), options=DraftOptions(language=language))
                triage = self.judges.triager.triage(request)
                for draft in islice(self.templates.compose(request, triage), 1):
                    self.pipeline.judge(draft, request, triage, repairs_left=0)
                    body = draft.text
            # As long a rest as the work took: requests have half of the process meanwhile.
            time.sleep(time.monotonic() - began)

    async def draft(
        self,
        request: DraftRequest,
        warnings: tuple[str, ...] = (),
        *,
        principal: Principal = Principal(),  # noqa: B008  # frozen
        claim: Claim | None = None,
        on_stage: StageListener | None = None,
        started: float | None = None,
    ) -> DraftResponse:
        """A request's answer, inside its deadline counted from `started` (`time.monotonic`; None: now).

        Raises:
            RequestError: the request asks for something impossible.
            AccessError: (`overloaded`) it could not be answered in time.
        """
        record, is_stored = await self.errands.draft(request, principal, claim=claim, on_stage=on_stage, started=started)
        return draft_response(record, is_stored=is_stored, warnings=(*warnings, *self.judges.triager.warnings(record.request)))


@asynccontextmanager
async def build(
    overrides: Mapping[str, object] | None = None,
    *,
    waits_for_model: bool,
    progress: ReportProgress | None = None,
    log_stream: TextIO | None = None,
) -> AsyncIterator[Services]:
    """All services, closed again at the end.

    Args:
        overrides: Settings that a command's flags replace.
        waits_for_model: True waits until the embedded model is ready; False answers with templates meanwhile.
        log_stream: Where log lines go; None means standard output, which a command keeps for its answers.
        progress: Told about long work, e.g. fetching the embedded model: label, done, total.
    """
    settings = load_settings()
    if overrides:
        settings = settings.model_copy(update=dict(overrides))
    logs.configure(settings.log_level, stream=log_stream)
    for variable, nearest in unknown_variables(os.environ):
        log.warning("settings.unknown_variable", variable=variable, nearest=nearest)
    judges = build_judges(settings)
    root = find_content_root(settings.content_dir)
    fence_secret = TAPE_FENCE_SECRET if settings.replay != "off" else None
    writer = Writer.load(judges.library, fence_secret=fence_secret, candidates=settings.candidates)
    models = build_models(
        settings, content_root=root, waits_until_ready=waits_for_model, progress=progress, warm_up_call=writer.warm_up_call()
    )
    store = open_store(settings.database_url)
    templates = Templates.load(root)
    pipeline = Pipeline(
        triager=judges.triager,
        writer=writer,
        templates=templates,
        checker=judges.guardrail,
        verify=Verifier.load(root, concepts_in=judges.guardrail.concepts_in),
        score=load_scorer(root),
        policy=load_decision_policy(root),
        store=store,
        choose_models=models.choose,
        privacy=Privacy(is_public=lambda channel: judges.guardrail.channels[channel].is_public, endpoint_of=models.endpoint),
        deadline_s=settings.effective_deadline_s,
        max_repairs=settings.max_repairs,
    )
    spend = SharedSpend(models.spend, store.counters)
    errands = Errands(pipeline, store, spend, Turnstile(), RecentDrafts())
    models.start()
    try:
        if waits_for_model:
            await _wait(models, progress)
        yield Services(settings, judges, models, store, pipeline, templates, errands)
    finally:
        await models.aclose()
        await spend.settle()
        await store.aclose()


async def _wait(models: ModelDirectory, progress: ReportProgress | None) -> None:
    """Waits until the models are ready, and says so now and then."""
    ready = asyncio.create_task(models.wait_until_ready())
    started = time.monotonic()
    while not ready.done():
        await asyncio.wait({ready}, timeout=0.2)
        if progress and "starting" in models.status().values():
            progress("starting the embedded model", int(time.monotonic() - started), None)
    await ready
