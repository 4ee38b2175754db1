"""A tape of model answers for evals, keyed by what decides an answer: rendered messages, parameters, model, and the number of the repeat.

The fence around a buyer's text has a new number in every request, so it is masked in the key; an answer that shows the number gets the
number of the day. One line of JSON for each answer, appended as it lands: a run that is stopped leaves a tape that can be read.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from drafter import errors
from drafter.domain import Draft, DraftRequest, Scorecard, Triage, Usage
from drafter.errors import ContentError, ModelError, ModelTimeout
from drafter.evals.sample import TapeState
from drafter.evals.slots import Slots
from drafter.evals.suite import Limits
from drafter.llm.chat import AroundModel, ChatAnswer, ChatCall, ChatModel, Failure
from drafter.llm.keys import strike_keys
from drafter.roles import Scorer
from drafter.scoring.words import Runs

TapeMode = Literal["off", "record", "replay"]

FENCE = re.compile(r"(?<=<<data )[0-9a-f]{8,64}(?=>>)|(?<=<<end )[0-9a-f]{8,64}(?=>>)")
MASK = "________________"


class TapeMiss(Exception):
    """An answer is not on tape.

    No `DrafterError` on purpose: those turn into templates, and a run that silently measured templates would be worse than none.
    """

    def __init__(self, case: str, *, is_stale: bool) -> None:
        self.is_stale = is_stale
        what = "holds an answer to another question" if is_stale else "holds no answer"
        super().__init__(f"the tape {what} for {case}; record it with --record")


class CaseLate(Exception):
    """The calls of one case did not end in its time. No `DrafterError`, for the same reason."""


@dataclass(slots=True)
class Heard:
    """All that passed between the pipeline and its models for one sample."""

    case: str
    repeat: int
    calls: list[ChatCall] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """Every candidate of every answer, also those that no draft was made of."""
    answers: list[ChatAnswer] = field(default_factory=list)
    states: list[TapeState] = field(default_factory=list)
    errors: list[ModelError] = field(default_factory=list)
    scored: list[tuple[Draft, Scorecard]] = field(default_factory=list)
    """Every draft that was judged, in order."""
    called_s: float = 0.0
    """That its calls have taken, from slot to answer."""

    def fences(self) -> frozenset[str]:
        """The fences' numbers in what was asked."""
        return frozenset(number for call in self.calls for message in call.messages for number in FENCE.findall(message.content))


_heard: ContextVar[Heard | None] = ContextVar("drafter_eval_heard", default=None)


def listen(heard: Heard) -> None:
    """From now on, in this task, what models are asked and say goes here."""
    _heard.set(heard)


@dataclass(frozen=True, slots=True)
class HeardScorer:
    """A scorer whose every judgement is heard."""

    inner: Scorer

    def __call__(self, draft: Draft, request: DraftRequest, triage: Triage, history: tuple[Runs, ...] = ()) -> Scorecard:
        scorecard = self.inner(draft, request, triage, history)
        heard = _heard.get()
        if heard is not None:
            heard.scored.append((draft, scorecard))
        return scorecard


@dataclass(slots=True)
class Tape:
    """The answers of one file."""

    path: Path | None
    mode: TapeMode
    entries: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    """Case, repeat and number of the call -> key; to tell a changed question from one that was never asked."""

    @classmethod
    def load(cls, path: Path | None, mode: TapeMode) -> Tape:
        """The tape as it lies there; half a line at its end is passed over.

        Raises:
            ContentError: replay is wanted and there is no tape.
        """
        tape = cls(path, mode)
        if path is None or not path.exists():
            if mode == "replay":
                raise ContentError(path or "tape", "no tape", hint="record one with --record")
            return tape
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue
            tape.entries[entry["key"]] = entry
            tape.cases[entry["place"]] = entry["key"]
        return tape

    def write(self, entry: Mapping[str, Any]) -> None:
        """Appends one answer."""
        self.entries[entry["key"]] = entry
        self.cases[entry["place"]] = entry["key"]
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(strike_keys(json.dumps(entry, ensure_ascii=False, sort_keys=True)) + "\n")

    def prune(self, asked: Mapping[str, str]) -> int:
        """Rewrites the file, in the order of places, without what samples that were asked no longer ask; gives how many went.

        Args:
            asked: Place to key of every question of this run; a sample that was taken over from an earlier run asked none.
        """
        samples = {place.rpartition(".")[0] for place in asked}
        wanted = frozenset(asked.values())
        kept = [e for e in self.entries.values() if e["key"] in wanted or e["place"].rpartition(".")[0] not in samples]
        kept.sort(key=lambda e: (e["place"], e["key"]))
        gone = len(self.entries) - len(kept)
        self.entries = {e["key"]: e for e in kept}
        if self.path is not None:
            text = "".join(json.dumps(e, ensure_ascii=False, sort_keys=True) + "\n" for e in kept)
            unfinished = self.path.with_suffix(".tmp")
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(self.path)
        return gone


@dataclass(frozen=True, slots=True)
class TapedModel(AroundModel):
    """A `ChatModel` that is heard, held to the slots and the time there are, and answers from tape where it can."""

    inner: ChatModel
    tape: Tape
    slots: Slots
    limits: Limits
    asked: dict[str, str]
    """Place to key of every question of this run."""

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        heard = _heard.get() or Heard("", 0)
        place = f"{heard.case}#{heard.repeat}.{len(heard.calls)}"
        heard.calls.append(call)
        key = "" if self.tape.mode == "off" else key_of(self.name, call, heard.repeat)
        self.asked[place] = key
        entry = self.tape.entries.get(key)
        if self.tape.mode == "replay" or (self.tape.mode == "record" and entry is not None):
            return self._replay(entry, place, heard, call)
        try:
            answer = await self._ask(call, heard, timeout_s)
        except ModelError as exc:
            heard.errors.append(exc)
            # A provider that was down says nothing of the prompt: only what the model itself did wrong is worth keeping.
            if self.tape.mode == "record" and not exc.is_transient:
                self.tape.write({"key": key, "place": place, "error": _error_entry(exc)})
            raise
        if self.tape.mode == "record":
            self.tape.write({"key": key, "place": place, "answer": _answer_entry(answer, heard.fences())})
        return _told(heard, answer, TapeState.FRESH)

    async def _ask(self, call: ChatCall, heard: Heard, timeout_s: float) -> ChatAnswer:
        await self.slots.take(is_urgent=len(heard.calls) > 1)
        since = time.monotonic()
        try:
            answer = await self._ask_in_time(call, timeout_s=min(timeout_s, self.limits.call_s), case_s=self.limits.case_s - heard.called_s)
        finally:
            self.slots.give()
            heard.called_s += time.monotonic() - since
        await self.slots.spare()
        return answer

    async def _ask_in_time(self, call: ChatCall, *, timeout_s: float, case_s: float) -> ChatAnswer:
        try:
            async with asyncio.timeout(min(timeout_s, case_s)):
                return await self.inner.complete(call, timeout_s=timeout_s)
        except TimeoutError:
            if case_s < timeout_s:
                raise CaseLate(f"not done within {self.limits.case_s:g} s") from None
            raise ModelTimeout(f"no answer within {timeout_s:.1f} s", model=self.name) from None

    def _replay(self, entry: Mapping[str, Any] | None, place: str, heard: Heard, call: ChatCall) -> ChatAnswer:
        if entry is None:
            raise TapeMiss(place, is_stale=place in self.tape.cases)
        if "error" in entry:
            error = _read_error(entry["error"])
            heard.errors.append(error)
            heard.states.append(TapeState.REPLAYED)
            raise error
        number = next((n for m in call.messages for n in FENCE.findall(m.content)), MASK)
        return _told(heard, _read_answer(entry["answer"], number), TapeState.REPLAYED)


def _told(heard: Heard, answer: ChatAnswer, state: TapeState) -> ChatAnswer:
    heard.answers.append(answer)
    heard.texts.extend(answer.texts)
    heard.states.append(state)
    return answer


def key_of(model: str, call: ChatCall, repeat: int) -> str:
    """Name of a question on tape; the same on every machine and in every run."""
    question: dict[str, Any] = {"model": model, "repeat": repeat, **{field.name: getattr(call, field.name) for field in fields(call)}}
    question["messages"] = [{"role": message.role, "content": FENCE.sub(MASK, message.content)} for message in call.messages]
    return hashlib.sha256(json.dumps(question, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _answer_entry(answer: ChatAnswer, fences: frozenset[str]) -> dict[str, Any]:
    entry = {**asdict(answer), "usage": answer.usage.model_dump()}
    for number in fences:
        entry["texts"] = [text.replace(number, MASK) for text in entry["texts"]]
    return entry


def _read_answer(entry: Mapping[str, Any], fence: str) -> ChatAnswer:
    return ChatAnswer(
        texts=tuple(text.replace(MASK, fence) for text in entry["texts"]),
        model_answered=entry["model_answered"],
        usage=Usage.model_validate(entry["usage"]),
        duration_s=entry["duration_s"],
        repairs=tuple(entry["repairs"]),
        failures=tuple(Failure(**failure) for failure in entry["failures"]),
    )


def _error_entry(exc: ModelError) -> dict[str, Any]:
    message = str(exc).removeprefix(f"{exc.model}: ")
    return {"class": type(exc).__name__, "message": message, "model": exc.model, "reason": exc.reason}


def _read_error(entry: Mapping[str, Any]) -> ModelError:
    cls: type[ModelError] = getattr(errors, entry["class"])
    error = cls(entry["message"], model=entry["model"])
    error.reason = entry["reason"]
    return error
