"""`ReplayModel`: keeps a model's answers on tape, or answers from tape without a model.

A tape is a folder of readable JSON files. A file's name is the hash of everything that was asked (messages, parameters, model) and
the number of times that this was asked before in the same run, so that equal questions get the answers that came in their order.
Errors are on tape as well: they are part of how a run went. What looks like a key is struck out before it is written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from drafter import errors
from drafter.domain import Usage
from drafter.errors import ModelError
from drafter.llm.chat import ChatAnswer, ChatCall, ChatModel, Failure
from drafter.llm.keys import strike_keys

FORMAT = 1


class ReplayMiss(Exception):
    """A question is not on tape.

    No `DrafterError` on purpose: those turn into templates, and a run that silently measured templates would be worse than none.
    """

    def __init__(self, path: Path, model: str) -> None:
        super().__init__(f"{path}: '{model}' was never asked this on tape; record it with DRAFTER_REPLAY=record")


class ReplayModel:
    """A `ChatModel` with a tape.

    Args:
        inner: The model that is recorded; None only answers from tape.
        tape: Folder of the tape.
        name: Of the model that is, or was, asked.
        profile: Of that model.
    """

    def __init__(self, inner: ChatModel | None, tape: Path, *, name: str, profile: Literal["small", "large"]) -> None:
        self._inner = inner
        self._tape = tape
        self._name = name
        self._profile: Literal["small", "large"] = profile
        self._asked: Counter[str] = Counter()

    @property
    def name(self) -> str:
        return self._name

    @property
    def profile(self) -> Literal["small", "large"]:
        return self._profile

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        question = _question(self._name, call)
        key = hash_question(question)
        path = self._tape / key[:2] / f"{key}-{self._asked[key]}.json"
        self._asked[key] += 1
        if self._inner is None:
            return self._replay(path)
        try:
            answer = await self._inner.complete(call, timeout_s=timeout_s)
        except ModelError as exc:
            self._write(path, question, {"error": _error_entry(exc)})
            raise
        self._write(path, question, {"answer": _answer_entry(answer)})
        return answer

    async def aclose(self) -> None:
        if self._inner is not None:
            await self._inner.aclose()

    def _replay(self, path: Path) -> ChatAnswer:
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as exc:
            raise ReplayMiss(path, self._name) from exc
        if "error" in entry:
            raise _read_error(entry["error"])
        return _read_answer(entry["answer"])

    def _write(self, path: Path, question: Mapping[str, Any], outcome: Mapping[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"format": FORMAT, "question": question, **outcome}, ensure_ascii=False, indent=2, sort_keys=True)
        # Never half a file: a run that was stopped must leave a tape that can be read.
        unfinished = path.with_suffix(f".{os.getpid()}.tmp")
        unfinished.write_text(strike_keys(text) + "\n", encoding="utf-8")
        unfinished.replace(path)


def hash_question(question: Mapping[str, Any]) -> str:
    """Name of a question on tape; the same on every machine."""
    return hashlib.sha256(json.dumps(question, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _question(model: str, call: ChatCall) -> dict[str, Any]:
    return {"model": model, **asdict(call)}


def _answer_entry(answer: ChatAnswer) -> dict[str, Any]:
    return {**asdict(answer), "usage": answer.usage.model_dump()}


def _read_answer(entry: Mapping[str, Any]) -> ChatAnswer:
    return ChatAnswer(
        texts=tuple(entry["texts"]),
        model_answered=entry["model_answered"],
        usage=Usage.model_validate(entry["usage"]),
        duration_s=entry["duration_s"],
        repairs=tuple(entry["repairs"]),
        failures=tuple(Failure(**failure) for failure in entry["failures"]),
    )


def _error_entry(exc: ModelError) -> dict[str, Any]:
    return {
        "class": type(exc).__name__,
        "message": str(exc).removeprefix(f"{exc.model}: "),
        "model": exc.model,
        "reason": exc.reason,
        "retry_after_s": exc.retry_after_s,
    }


def _read_error(entry: Mapping[str, Any]) -> ModelError:
    cls: type[ModelError] = getattr(errors, entry["class"])
    error = cls(entry["message"], model=entry["model"], retry_after_s=entry["retry_after_s"])
    error.reason = entry["reason"]
    return error
