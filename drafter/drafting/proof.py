"""Does each sentence of a draft stand on something? Checked from request, triage and draft alone: no model, no clock, no chance.

What a writer says of its own draft is not believed: links must lie where they say, sentences must cover the whole text, and the words of
a sentence must be borne out by what it is linked to. A deed or a promise needs its proof in any sentence, also in one that only feels.
What is not proven becomes a finding, like one of the guardrail's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from drafter.domain import (
    Category,
    Draft,
    DraftRequest,
    Finding,
    Link,
    LinkTo,
    ProofReport,
    Remedy,
    Sentence,
    SentenceKind,
    Severity,
    Triage,
)
from drafter.drafting.details import DetailBook, load_details
from drafter.scoring.lexicon import Lexicon, load_lexicons
from drafter.scoring.words import base_language, content_words, fold, words_of

VERSION = 2

NEEDS: Mapping[SentenceKind, frozenset[LinkTo]] = {
    SentenceKind.RESTATEMENT: frozenset({LinkTo.REVIEW}),
    SentenceKind.CLAIM: frozenset({LinkTo.FACT, LinkTo.ORDER}),
    SentenceKind.ACTION: frozenset({LinkTo.REMEDY, LinkTo.FACT}),
}
"""What a kind of sentence may stand on; the other kinds say nothing that could be untrue."""

DEEDS: Mapping[str, str] = {
    "done.send": "that something was sent",
    "done.refund": "that money was paid back",
    "done.change": "that something was changed",
    "promise.swear": "a promise",
    "promise.reckless": "a promise",
    "promise.date": "a date",
    "promise.double": "a promise",
}
"""Concepts of the guardrail that no kind of sentence may bring by itself: "How annoying, and we have already refunded you"."""

OFFERS = (Remedy.FULL_REFUND, Remedy.REPLACEMENT)
"""Remedies whose words, outside an action, would be an offer; the words of others ("step", "piece") are everyone's."""

_QUOTED = re.compile(r"[“„«「]\s*(.+?)\s*[”“»」]", re.DOTALL)
_MARKS = re.compile(r"[\"'“”„«»「」‘’]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


ConceptsIn = Callable[[str, str], frozenset[str]]
"""Text and language -> names of the guardrail's concepts in it."""
DeedsIn = Callable[[str, str], Set[str]]


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks proofs with the word lists it was given."""

    lexicons: Mapping[str, Lexicon]
    details: Mapping[str, DetailBook]
    concepts_in: ConceptsIn

    @classmethod
    def load(cls, content_root: Path, *, concepts_in: ConceptsIn) -> Verifier:
        """Verifier with the word lists of `prompts/words/`.

        Raises:
            ContentError: a word list is wrong.
        """
        return cls(load_lexicons(content_root), load_details(content_root), concepts_in)

    def __call__(self, draft: Draft, request: DraftRequest, triage: Triage) -> ProofReport:
        """Everything in the draft that stands on nothing, by position."""
        lexicon = self.lexicons.get(base_language(draft.language))
        case = _Case(draft, request, triage, lexicon, self.details.get(base_language(draft.language)), self._deeds_in(draft))
        needed = [s for s in draft.sentences if s.kind in NEEDS]
        findings = sorted({*_find_gaps(draft), *(f for s in draft.sentences for f in _judge(case, s))}, key=lambda f: (f.start, f.rule_id))
        open_places = {(f.start, f.end) for f in findings}
        linked = sum((s.start, s.end) not in open_places for s in needed)
        return ProofReport(version=VERSION, findings=tuple(findings), linked=linked, needed=len(needed))

    def _deeds_in(self, draft: Draft) -> DeedsIn:
        """How deeds are found in this draft; a draft that speaks of none, as most, is read once and not sentence by sentence."""
        if DEEDS.keys().isdisjoint(self.concepts_in(draft.text, draft.language)):
            return lambda _text, _language: frozenset()
        return lambda text, language: DEEDS.keys() & self.concepts_in(text, language)


@dataclass(frozen=True, slots=True)
class _Case:
    draft: Draft
    request: DraftRequest
    triage: Triage
    lexicon: Lexicon | None
    details: DetailBook | None
    deeds_in: DeedsIn
    """Text and language -> the deeds that it speaks of."""

    def words(self, sentence: Sentence) -> str:
        """The sentence's text."""
        return self.draft.text[sentence.start : sentence.end]


def _find_gaps(draft: Draft) -> Iterator[Finding]:
    """Stretches of the text that no sentence stands for: what is not listed is not proven."""
    at = 0
    for sentence in (*draft.sentences, None):
        start, end = (sentence.start, sentence.end) if sentence else (len(draft.text), len(draft.text))
        if start < at or end < start or end > len(draft.text):
            yield _finding(draft, "unread-text", 0, len(draft.text), "The places of the sentences do not fit the text.")
            return
        if draft.text[at:start].strip():
            yield _finding(draft, "unread-text", at, start, "No sentence of the proof stands for these words.")
        at = end


def _judge(case: _Case, sentence: Sentence) -> Iterator[Finding]:
    """Findings of one sentence: broken links first, then what they do not bear out."""
    sound = [link for link in sentence.links if _is_sound(link, case.request)]
    if len(sound) < len(sentence.links):
        yield _of(case, sentence, "broken-link", "What it is linked to does not stand where the link says.")
    needs = NEEDS.get(sentence.kind)
    fitting = [link for link in sound if needs is None or link.to in needs]
    rule = f"unproven-{sentence.kind}" if needs else "unproven-claim"
    if needs and not fitting:
        known = " or ".join(sorted(to.value for to in needs))
        yield _of(case, sentence, rule, f"A {sentence.kind} must stand on a {known}; this one stands on nothing.")
        return
    words = case.words(sentence)
    if strange := _strange_numbers(case, words, sound):
        yield _of(case, sentence, rule, f"It brings a number that it is not linked to: {strange[0]}.")
    if sentence.kind is not SentenceKind.NOTICE and _misquotes(case.request, words):
        yield _of(case, sentence, rule, "It quotes words that the buyer did not write.")
    if sentence.kind is SentenceKind.ACTION and not _names_remedy(case, words, fitting):
        yield _of(case, sentence, rule, "It does not say what it is linked to.")
    if sentence.kind is SentenceKind.CLAIM and not _says_fact(case, words, fitting):
        yield _of(case, sentence, rule, "It says more than the fact it is linked to.")
    if sentence.kind is SentenceKind.RESTATEMENT and not _takes_up(case, words, fitting):
        yield _of(case, sentence, rule, "It shares no word with the words of the review that it is linked to.")
    if sentence.kind is not SentenceKind.ACTION and _offers_unlinked(case, words, sound):
        yield _of(case, sentence, "unproven-action", "It offers something that no sentence of the draft is linked to.")
    if needs and rule == "unproven-restatement":
        rule = "unproven-claim"
    for deed in dict.fromkeys(DEEDS[name] for name in _unlinked_deeds(case, words, sound)):
        yield _of(case, sentence, rule, f"It says {deed}, and nothing that it is linked to says so.")


def _is_sound(link: Link, request: DraftRequest) -> bool:
    """True when a link's words stand where it says."""
    if link.to is LinkTo.REVIEW:
        start, end = link.start, link.end
        return start is not None and end is not None and 0 <= start < end and request.review.text[start:end] == link.quote
    if link.to is LinkTo.ORDER:
        return link.quote == "resolved" and request.order.resolved
    texts = request.seller.facts if link.to is LinkTo.FACT else request.seller.allowed_remedies
    return link.number is not None and 0 <= link.number < len(texts) and texts[link.number] == link.quote != Remedy.NONE


def _strange_numbers(case: _Case, words: str, links: list[Link]) -> list[str]:
    """Numbers that neither the links nor the request's own names hold."""
    seller = case.request.seller
    known = set(_NUMBER.findall(" ".join([*(link.quote for link in links), case.request.product.title, seller.brand, seller.signature])))
    return [number for number in _NUMBER.findall(words) if number not in known]


def _misquotes(request: DraftRequest, words: str) -> bool:
    """True for words in quotation marks that are neither the buyer's nor a name."""
    given = _unquoted(f"{request.review.text}\n{request.product.title}\n{request.seller.brand}\n" + "\n".join(request.seller.facts))
    return any(_unquoted(quote) not in given for quote in _QUOTED.findall(words))


def _unquoted(text: str) -> str:
    """Text for comparing, without any quotation mark, whose shape a quote may change."""
    return " ".join(_MARKS.sub(" ", fold(text)).split())


def _names_remedy(case: _Case, words: str, links: list[Link]) -> bool:
    """True when the sentence speaks of a remedy it is linked to; the seller's own remedies and facts are compared by their words."""
    if case.lexicon is None:
        return True
    for link in links:
        pattern = case.lexicon.remedies.get(Remedy(link.quote)) if link.quote in set(Remedy) else None
        if pattern.search(words) if pattern else _shared(case, words, link.quote):
            return True
    return False


def _says_fact(case: _Case, words: str, links: list[Link]) -> bool:
    """True when the sentence and a fact share a word, or it stands on the order."""
    return any(
        link.to is LinkTo.ORDER or fold(link.quote.strip(". \u3002")) in fold(words) or _shared(case, words, link.quote) for link in links
    )


def _takes_up(case: _Case, words: str, links: list[Link]) -> bool:
    """True when the sentence has a word of the review it is linked to, or our words for what is said or was seen by triage there."""
    if case.details and any(case.details.says(words, link.quote) for link in links):
        return True
    if case.lexicon is None or any(_shared(case, words, link.quote) for link in links):
        return True
    places = {(link.start, link.end) for link in links}
    review = case.request.review.text
    spans = [span for span in case.triage.issue_spans if review[span.start : span.end] == span.quote]
    issues = {span.issue for span in spans if (span.start, span.end) in places}
    said = {w.stem for w in words_of(words, case.lexicon.language)}
    return any(said & case.lexicon.issues.get(issue, frozenset()) for issue in issues)


def _offers_unlinked(case: _Case, words: str, links: list[Link]) -> bool:
    """True for words of a remedy that no sentence of the draft is linked to, and that its own links do not speak of."""
    if case.lexicon is None:
        return False
    linked = {link.quote for sentence in case.draft.sentences for link in sentence.links}
    plain, known = _QUOTED.sub("", words), " ".join(link.quote for link in links)
    patterns = [case.lexicon.remedies.get(remedy) for remedy in OFFERS if remedy not in linked]
    return any(pattern.search(plain) and not pattern.search(known) for pattern in patterns if pattern)


def _unlinked_deeds(case: _Case, words: str, links: list[Link]) -> list[str]:
    """What the sentence says that was done or is promised, where neither the links nor words in quotation marks say the same."""
    deeds = case.deeds_in(_QUOTED.sub("", words), case.draft.language)
    if not deeds or any(link.to is LinkTo.ORDER for link in links):
        return []
    known = frozenset[str]().union(*(case.deeds_in(link.quote, base_language(case.triage.language)) for link in links))
    return sorted(deeds - known)


def _shared(case: _Case, left: str, right: str) -> bool:
    """True when two texts share a content word; without a word list nothing can be said, and links must do."""
    if case.lexicon is None:
        return True
    code, stop = case.lexicon.language, case.lexicon.stop
    stems = [{w.stem for w in content_words(words_of(text, code), stop)} for text in (left, right)]
    return bool(stems[0] & stems[1])


def _of(case: _Case, sentence: Sentence, rule_id: str, message: str) -> Finding:
    return _finding(case.draft, rule_id, sentence.start, sentence.end, message)


def _finding(draft: Draft, rule_id: str, start: int, end: int, message: str) -> Finding:
    return Finding(
        rule_id=rule_id,
        category=Category.UNGROUNDED_CLAIM,
        severity=Severity.WARN if rule_id == "unproven-restatement" else Severity.BLOCK,
        start=start,
        end=end,
        quote=draft.text[start:end],
        message=message,
        source="house: proof",
        suggestion="Say only what the review, a fact or an allowed remedy says.",
        view="raw",
    )
