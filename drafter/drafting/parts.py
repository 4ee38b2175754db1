"""Parts of a reply that know what they stand on, laid out as one text with the place of each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drafter.domain import DraftRequest, Issue, Link, LinkTo, Remedy, Sentence, SentenceKind, Triage

RESOLVED = Link(to=LinkTo.ORDER, number=None, start=None, end=None, quote="resolved")
"""What the sentence stands on that says that a concern is settled."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a reply, or two that belong together."""

    text: str
    kind: SentenceKind
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole reply."""

    text: str
    sentences: tuple[Sentence, ...]


def lay_out(paragraphs: Sequence[Sequence[Part]], space: str) -> Layout:
    """Parts as one text: `space` between neighbours, an empty line between paragraphs."""
    text = ""
    sentences: list[Sentence] = []
    for paragraph in paragraphs:
        for i, part in enumerate(paragraph):
            text += space if i else "\n\n" if text else ""
            words = unicodedata.normalize("NFC", part.text)
            sentences.append(Sentence(start=len(text), end=len(text) + len(words), kind=part.kind, links=part.links))
            text += words
    return Layout(text, tuple(sentences))


def link_review(request: DraftRequest, start: int, end: int) -> Link:
    """Words of the review as evidence."""
    return Link(to=LinkTo.REVIEW, number=None, start=start, end=end, quote=request.review.text[start:end])


def link_issues(request: DraftRequest, triage: Triage, issues: Iterable[Issue]) -> tuple[Link, ...]:
    """Where the review speaks of these issues; empty when triage saw no words for them."""
    wanted = frozenset(issues)
    places = dict.fromkeys((span.start, span.end) for span in triage.issue_spans if span.issue in wanted)
    return tuple(link_review(request, start, end) for start, end in places)


def link_fact(request: DraftRequest, number: int) -> Link:
    """One of the seller's facts as evidence."""
    return Link(to=LinkTo.FACT, number=number, start=None, end=None, quote=request.seller.facts[number])


def link_remedy(request: DraftRequest, remedy: Remedy | str) -> Link:
    """An allowed remedy as evidence; it must be one."""
    number = request.seller.allowed_remedies.index(remedy)
    return Link(to=LinkTo.REMEDY, number=number, start=None, end=None, quote=request.seller.allowed_remedies[number])
