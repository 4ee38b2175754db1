"""The one narrow seam to language models: `ChatModel`, what is asked of it and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from drafter.domain import Usage


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatCall:
    """One question to a model. Equal calls are one entry of a replay tape."""

    messages: tuple[Message, ...]
    """When the last one is an assistant's, it is the opening of the answer: every text of the answer then begins with it."""
    max_tokens: int
    temperature: float
    seed: int | None = None
    stop: tuple[str, ...] = ()
    candidates: int = 1
    """How many answers to the same question; at most the model's slots."""
    schema: dict[str, Any] | None = field(default=None, hash=False)
    """JSON schema that the answer must meet; None for plain text."""
    grammar: str | None = None
    """GBNF grammar, for models that can be bound by one; others ignore it. With an opening it binds what follows the opening."""

    @property
    def opening(self) -> str:
        """Words the answer must begin with; empty when the model is free."""
        last = self.messages[-1] if self.messages else None
        return last.content if last is not None and last.role == "assistant" else ""


@dataclass(frozen=True, slots=True)
class Failure:
    """One model, or one try, that did not answer before another did."""

    model: str
    reason: str
    """Code of the error, e.g. `model_timeout`."""
    detail: str


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What a model said."""

    texts: tuple[str, ...]
    """At least one and at most as many as asked for; never empty strings. With a schema, each is JSON that meets it."""
    model_answered: str
    """As the provider names it, which may differ from what was asked."""
    usage: Usage
    duration_s: float
    repairs: tuple[str, ...] = ()
    """What had to be mended before the answer could be read, e.g. `code fence removed`."""
    failures: tuple[Failure, ...] = ()
    """Tries and models that failed before this one answered, in order."""


class ChatModel(Protocol):
    """A model that can be asked.

    Raises (from `complete`): a subclass of `ModelError`, never anything else, except `CancelledError`, which frees all that the call held.
    """

    @property
    def name(self) -> str:
        """As the caller named it, e.g. `embedded` or `openai/gpt-5-mini`."""

    @property
    def profile(self) -> Literal["small", "large"]:
        """`small` writes one sentence inside vetted parts; `large` writes the parts of a whole reply."""

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        """Answer, in time or not at all. Makes one try: whether another is worth it, the caller decides."""

    async def aclose(self) -> None:
        """Frees connections and processes; the model cannot be asked any more."""


class AroundModel:
    """A `ChatModel` around another one: under its name, in its profile, and at its end when that ends."""

    inner: ChatModel

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def profile(self) -> Literal["small", "large"]:
        return self.inner.profile

    async def aclose(self) -> None:
        await self.inner.aclose()
