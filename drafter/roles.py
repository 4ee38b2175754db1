"""What the pipeline is given: who does the work of each stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from drafter.domain import (
    CheckRequest,
    Draft,
    DraftRecord,
    DraftRequest,
    Finding,
    GuardrailReport,
    ProofReport,
    Scorecard,
    Triage,
)
from drafter.errors import ModelError
from drafter.llm.chat import ChatModel
from drafter.scoring.words import Runs


@dataclass(frozen=True, slots=True)
class Mend:
    """What a writer is told when its draft must get better."""

    draft: Draft
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...]


class Triager(Protocol):
    """Judges a review before a word is drafted."""

    def triage(self, request: DraftRequest) -> Triage: ...


class Writer(Protocol):
    """Lets a model write drafts to choose from, or mend one; of candidates that cannot be used it says what is wrong."""

    async def write(
        self, request: DraftRequest, triage: Triage, *, model: ChatModel, attempt: int, timeout_s: float, mend: Mend | None
    ) -> tuple[Draft | ModelError, ...]: ...


class Templates(Protocol):
    """Writes without any model, replies and what holds the line until then; from the most personal to the plainest."""

    def compose(self, request: DraftRequest, triage: Triage) -> Iterator[Draft]: ...

    def compose_holding(self, request: DraftRequest, triage: Triage) -> Iterator[Draft]: ...


class Checker(Protocol):
    """The guardrail."""

    engine_version: str
    pack_version: str
    pack_sha256: str

    def check(self, request: CheckRequest) -> GuardrailReport: ...


class Verifier(Protocol):
    """Checks that each sentence of a draft stands on something."""

    def __call__(self, draft: Draft, request: DraftRequest, triage: Triage) -> ProofReport: ...


class Scorer(Protocol):
    """All scorers together."""

    def __call__(self, draft: Draft, request: DraftRequest, triage: Triage, history: tuple[Runs, ...] = ()) -> Scorecard: ...


class Store(Protocol):
    """Where records go."""

    async def append(self, record: DraftRecord) -> None: ...
