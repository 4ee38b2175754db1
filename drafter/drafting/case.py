"""What every part of a reply is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drafter.domain import DraftRequest, Issue, Link, SentenceKind, Triage
from drafter.drafting.parts import Part, link_issues
from drafter.drafting.phrasebook import Voice
from drafter.drafting.plan import Plan
from drafter.scoring.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Case:
    """What every part is made from."""

    plan: Plan
    voice: Voice
    request: DraftRequest
    triage: Triage
    lexicon: Lexicon | None
    """None where a language has no words of its own."""

    def say(self, slot: str, variants: tuple[str, ...], kind: SentenceKind, links: Sequence[Link] = (), **values: str) -> Part:
        """A part in the request's voice."""
        return Part(self.voice.say(slot, variants, **values), kind, tuple(links))

    def links_to(self, *issues: Issue) -> tuple[Link, ...]:
        """Where the review speaks of these issues."""
        return link_issues(self.request, self.triage, issues)
