"""Inputs of the reply and repair prompts: everything that a model may rest a sentence on is numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from drafter.domain import Draft, DraftRequest, Finding, Issue, Link, Quote, Remedy, Triage
from drafter.drafting.parts import link_fact, link_issues, link_remedy
from drafter.drafting.plan import Plan
from drafter.drafting.sanitise import cut_spans, sanitise
from drafter.drafting.sentences import Piece, split_sentences
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.words import content_words, stem_words, words_of

MAX_REVIEW_CHARS_LARGE = 6_000
SHORT_REVIEW_CHARS = 400
"""A small model reads a text of this length as a whole."""

LANGUAGE_NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "ja": "Japanese",
    "zh": "Chinese",
}

REMEDY_NAMES = {
    Remedy.FULL_REFUND: "refund this order in full",
    Remedy.PARTIAL_REFUND: "refund part of this order (no amount is agreed)",
    Remedy.REPLACEMENT: "send a replacement (no date is agreed)",
    Remedy.SPARE_PART: "send the missing or faulty part (no date is agreed)",
    Remedy.RETURN_LABEL: "provide a return label",
    Remedy.TROUBLESHOOTING: "go through it with the buyer step by step in this thread",
}


class Mending(Protocol):
    """What a writer is told when its draft must get better."""

    @property
    def draft(self) -> Draft: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    @property
    def reasons(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Numbered:
    """Something that a model may cite."""

    id: str
    text: str
    links: tuple[Link, ...]
    """What a sentence that cites it stands on."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that may be cited in one reply."""

    facts: tuple[Numbered, ...]
    remedies: tuple[Numbered, ...]
    points: tuple[Numbered, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Every number there is."""
        return frozenset(n.id for n in (*self.facts, *self.remedies, *self.points))

    def links_of(self, uses: Sequence[str]) -> tuple[Link, ...]:
        """What these numbers stand for."""
        links = {n.id: n.links for n in (*self.facts, *self.remedies, *self.points)}
        return tuple(dict.fromkeys(link for use in uses for link in links[use]))


def number_evidence(request: DraftRequest, triage: Triage, plan: Plan) -> Evidence:
    """Facts, remedies and complaint points with their numbers; a public reply has no remedies."""
    remedies = () if plan.is_public or request.order.resolved else tuple(r for r in request.seller.allowed_remedies if r != Remedy.NONE)
    named = [REMEDY_NAMES[Remedy(r)] if r in set(Remedy) else r for r in remedies]
    return Evidence(
        facts=_number("F", request.seller.facts, [(link_fact(request, i),) for i in range(len(request.seller.facts))]),
        remedies=_number("R", named, [(link_remedy(request, r),) for r in remedies]),
        points=_number("P", [_issue_name(i) for i in triage.issues], [link_issues(request, triage, [i]) for i in triage.issues]),
    )


def _issue_name(issue: Issue) -> str:
    return issue.value.replace("_", " ")


def prompt_inputs(request: DraftRequest, plan: Plan, evidence: Evidence, *, review: str, opening: str) -> dict[str, Any]:
    """Values for every input that the reply prompt declares."""
    return {
        "language": LANGUAGE_NAMES.get(plan.language, plan.language),
        "tone": request.seller.tone.value,
        "is_public": plan.is_public,
        "product": one_line(request.product.title),
        "facts": [{"id": f.id, "text": f.text} for f in evidence.facts],
        "remedies": [{"id": r.id, "text": r.text} for r in evidence.remedies],
        "points": [{"id": p.id, "issue": p.text} for p in evidence.points],
        "opening": opening,
        "review": review,
    }


def mend_inputs(mend: Mending, reasons: Mapping[str, str]) -> dict[str, Any]:
    """Values for the inputs that only the repair prompt has."""
    findings = [{"quote": one_line(f.quote)[:200], "message": f.message, "suggestion": f.suggestion} for f in mend.findings]
    findings += [{"quote": "", "message": reasons[r], "suggestion": ""} for r in mend.reasons if r in reasons]
    return {"previous": mend.draft.text, "findings": findings}


def name_unanswered(evidence: Evidence, triage: Triage, text: str, lexicon: Lexicon) -> list[dict[str, str]]:
    """A finding for each complaint point that the text takes up neither in the buyer's words nor in words for its issue.

    Points are named by number and issue: the buyer's own words stand in the prompt inside the fence alone.
    """
    said = stem_words(text, lexicon.language)
    found = []
    for point, issue in zip(evidence.points, triage.issues, strict=True):
        quotes = " ".join(link.quote for link in point.links)
        stems = {w.stem for w in content_words(words_of(quotes, lexicon.language), lexicon.stop)} | lexicon.issues.get(issue, frozenset())
        if not stems & said:
            found.append(
                {"quote": "", "message": f"Complaint point {point.id} ({point.text}) is not taken up.", "suggestion": "Take it up."}
            )
    return found


def clean_review(request: DraftRequest, triage: Triage, *, max_chars: int) -> str:
    """The buyer's text without markup, links, contact data and what addresses the machine."""
    return sanitise(request.review.text, triage.injection_spans, max_chars=max_chars)


def focus_review(request: DraftRequest, triage: Triage, *, max_chars: int) -> str:
    """The buyer's text, cleaned; of a long one the title and the sentences around what triage found.

    A small model that reads much praise and many asides writes about praise and asides; one that reads too little invents.
    """
    text = request.review.text
    places = [span.start for span in triage.issue_spans if span.issue is not Issue.OTHER]
    sentences = split_sentences(text)
    hits = [i for i, s in enumerate(sentences) if any(s.start <= place < s.end for place in places)]
    if not hits or len(text) <= SHORT_REVIEW_CHARS:
        return clean_review(request, triage, max_chars=max_chars)
    near = {0} | {j for i in hits for j in (i - 1, i, i + 1)}
    kept = [s for i, s in enumerate(sentences) if i in near]
    pieces = [cut_spans(s.text, _inside(triage.injection_spans, s)) for s in kept]
    return sanitise("\n".join(pieces), (), max_chars=max_chars)


def _inside(spans: Sequence[Quote], piece: Piece) -> list[Quote]:
    """The parts of spans that lie in a piece, with their places in it."""
    cut = [(max(q.start, piece.start) - piece.start, min(q.end, piece.end) - piece.start, q) for q in spans]
    return [q.model_copy(update={"start": start, "end": end}) for start, end, q in cut if start < end]


def one_line(text: str) -> str:
    """Text without line breaks and braces, fit for the middle of a prompt."""
    return " ".join(text.replace("{", "(").replace("}", ")").split())


def _number(letter: str, texts: Sequence[str], links: Sequence[tuple[Link, ...]]) -> tuple[Numbered, ...]:
    return tuple(Numbered(f"{letter}{i}", one_line(text), link) for i, (text, link) in enumerate(zip(texts, links, strict=True), start=1))
