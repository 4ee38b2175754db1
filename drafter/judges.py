"""Everything that judges without a model, built on first need: what `drafter rules` and `drafter triage` wait for, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from drafter.content import find_content_root
from drafter.domain import DraftRequest, Triage
from drafter.intake import ChannelFact, Received, receive_draft_request
from drafter.settings import Settings, load_settings

if TYPE_CHECKING:
    from drafter.guardrails.engine import Guardrail
    from drafter.prompts.library import Library
    from drafter.triage import Triager


@dataclass(frozen=True)
class Judges:
    """The rules and the triage of one content root, and the door to them."""

    settings: Settings

    @cached_property
    def root(self) -> Path:
        """Where the content lies."""
        return find_content_root(self.settings.content_dir)

    @cached_property
    def guardrail(self) -> Guardrail:
        """The rules."""
        from drafter.guardrails.engine import Guardrail

        return Guardrail.load(self.root, cache_dir=self.settings.cache_dir)

    @cached_property
    def triager(self) -> Triager:
        """The triage."""
        from drafter.triage import Triager

        return Triager.load(self.root)

    @cached_property
    def library(self) -> Library:
        """The prompts that requests may name and drafts are written with; a service lets them follow the files."""
        from drafter.prompts.library import load_library

        return load_library(self.root)

    def receive(self, value: object) -> Received[DraftRequest]:
        """A request for a draft, from a full request or a bare review. What it names is there, whether or not a model is asked.

        Raises:
            RequestError: something is wrong, missing or unknown; names the field.
        """
        received = receive_draft_request(value, self.channels)
        if received.request.options.prompt is not None:
            self.library.get("reply", received.request.options.prompt)
        return received

    @cached_property
    def channels(self) -> Mapping[str, ChannelFact]:
        """What the door must know of each channel."""
        from drafter.guardrails.channels import load_channels

        return {c.id: ChannelFact(c.id, c.subject, c.may_draft) for c in load_channels(self.root).values()}

    def triage(self, request: DraftRequest) -> Triage:
        """What triage says, with the checked removal packet where Amazon may be asked."""
        from drafter.triage.packet import with_packet

        return with_packet(request, self.triager.triage(request), lambda asked: self.guardrail.check(asked))


def build_judges(settings: Settings | None = None) -> Judges:
    """What judges without a model, by the environment's settings."""
    return Judges(settings or load_settings())
