"""`Privacy` and `Envelope`: what one request tells which model, and the record of it.

A model on this machine is told the request as it is. Every other one gets placeholders, and what it got is put on the ledger: its hash,
never its words. An account that keeps its texts here gets no other model at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from drafter.domain import Departure, DraftRequest, PrivacyLedger
from drafter.errors import ModelMalformed, RequestError
from drafter.llm.chat import AroundModel, ChatAnswer, ChatCall, ChatModel
from drafter.llm.embedded import NAME as EMBEDDED
from drafter.privacy.mask import Mask, mask_request

LOCAL_ONLY = "local_only"
"""Reason code: a model was not asked, since the account's texts stay on this machine."""


def is_local(model: ChatModel) -> bool:
    """True for the model that runs on this machine."""
    return model.name == EMBEDDED


@dataclass(frozen=True, slots=True)
class Privacy:
    """What holds for all requests of an account."""

    is_public: Callable[[str], bool]
    """Whether everybody can read what is written in a channel: no name is put back there."""
    endpoint_of: Callable[[str], str]
    """Where a model of that name is asked."""
    is_local_only: bool = False

    def open(self, request: DraftRequest) -> Envelope:
        """The envelope of one request."""
        return Envelope(self, request)


@dataclass
class Envelope:
    """What leaves for one request."""

    privacy: Privacy
    request: DraftRequest
    sent: list[Departure] = field(default_factory=list)
    kept_from: list[str] = field(default_factory=list)
    mask: Mask | None = None
    """Made when a remote model is asked, and not before."""

    def admit(self, models: Sequence[ChatModel]) -> tuple[ChatModel, ...]:
        """The models that may be asked, each told only what it may know.

        Raises:
            RequestError: (`model_not_local`) the request names a model, and this account's texts must not reach it.
        """
        if self.privacy.is_local_only:
            self.kept_from += [model.name for model in models if not is_local(model)]
            if self.kept_from and self.request.options.model is not None:
                message = f"is remote, and this account's texts stay on this machine; use {EMBEDDED} or none, or leave it out"
                raise RequestError(message, code="model_not_local", field="options.model")
        return tuple(model if is_local(model) else _MaskedModel(model, self) for model in models if model.name not in self.kept_from)

    def ledger(self) -> PrivacyLedger:
        """What was masked and what left."""
        masked = {kind.value: n for kind, n in sorted(self.mask.counts.items())} if self.mask else {}
        return PrivacyLedger(masked=masked, sent=tuple(self.sent), kept_from=tuple(self.kept_from))

    def post(self, model: ChatModel, call: ChatCall) -> ChatCall:
        """The question as it may leave; it is on the ledger before it does."""
        self.mask = self.mask or mask_request(self.request)
        hidden = self.mask.hide_call(call)
        said = json.dumps([[message.role, message.content] for message in hidden.messages], ensure_ascii=False)
        digest = hashlib.sha256(said.encode()).hexdigest()
        endpoint = self.privacy.endpoint_of(model.name)
        self.sent.append(Departure(model=model.name, endpoint=endpoint, sha256=digest, chars=len(said)))
        return hidden

    def open_answer(self, model: ChatModel, answer: ChatAnswer) -> ChatAnswer:
        """The answer with the buyer's first name where it may stand.

        Raises:
            ModelMalformed: every text of it shows a placeholder.
        """
        mask, may_name_buyer = self.mask, not self.privacy.is_public(self.request.channel)
        shown = [mask.show(text, may_name_buyer=may_name_buyer) if mask else text for text in answer.texts]
        texts = tuple(text for text in shown if text is not None)
        if not texts:
            raise ModelMalformed("the text shows a placeholder of masked data", model=model.name)
        return replace(answer, texts=texts)


@dataclass(frozen=True, slots=True)
class _MaskedModel(AroundModel):
    """A remote model that never sees what is masked, and whose answers show it only where they may."""

    inner: ChatModel
    envelope: Envelope

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        asked = self.envelope.post(self.inner, call)
        return self.envelope.open_answer(self.inner, await self.inner.complete(asked, timeout_s=timeout_s))
