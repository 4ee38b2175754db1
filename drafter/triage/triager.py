"""Review -> Triage: what is wrong, is anybody in danger, may Amazon be asked to remove it, and by which door may we write."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from drafter.cases.ledger import CLOCKS_DIFFER
from drafter.cases.urgency import score_urgency
from drafter.content import PerLanguage
from drafter.domain import DraftRequest, Issue, IssueSpan, Quote, Route, Triage
from drafter.errors import ContentError
from drafter.triage.contact import NO_DOOR, REFUSED, ContactRules, advise, find_stops, load_contact_rules
from drafter.triage.evidence import Evidence, EvidenceFinder, load_evidence_finder
from drafter.triage.frames import CHARACTERS_PER_WORD, Complaint, Frames, load_frames
from drafter.triage.injection import InjectionFinder, load_injection_finder, without
from drafter.triage.kinds import NO_KINDS, KindFinder, load_kind_finder
from drafter.triage.language import UNKNOWN, detect
from drafter.triage.lexicon import Lexicon, Seen, load_lexicon
from drafter.triage.machine import load_machine_weights
from drafter.triage.purity import (
    BEYOND_PRODUCT,
    DELIVERY,
    FAULTS,
    NAMES_SERVICE,
    PRODUCT,
    SERVICE,
    THINGS,
    has_clause_on_product,
    is_only_about,
    joins_thing_and_fault,
    mentions_any,
    strays_to_product,
)
from drafter.triage.removal import Case, find_grounds, is_off_topic
from drafter.triage.scorer import GUESSED, LEARNT, Weights, load_weights, weigh

SERVICE_CONCEPTS = frozenset({"parcel", "box", "seller", "contact", "arrive", "answer", "want_answer", "return"})
"""Praise beside one of these is about the service, not the product."""
WANTS = {"want_refund": "refund", "want_replacement": "replacement", "want_answer": "answer"}
SERVICE_OR_PRICE = frozenset({Issue.CUSTOMER_SERVICE, Issue.LATE_DELIVERY, Issue.PRICE_OR_VALUE, Issue.OTHER})
UNSAID = frozenset({LEARNT, GUESSED})
"""How complaints are found that no frame and no phrase says."""
LONGEST_CLAUSE = 16
"""Words of a clause that may still be quoted whole."""
CONTENT = 3
"""Stars from which a text complains of nothing unless words say so: nothing is guessed."""
GRAVE = frozenset({"safety_hazard", "legal_threat", "counterfeit_claim"})
"""What a person must see, whether or not its writer may be answered."""
HUMAN_REASONS = GRAVE | {"language_not_supported", "language_unknown"}


@dataclass(frozen=True, slots=True)
class _Sight:
    """What is found in a review, before anything is judged."""

    text: str
    language: str
    injection: tuple[Quote, ...]
    seen: Seen
    evidence: Evidence
    said: Sequence[Complaint]
    """By frames and phrases."""
    complaints: Sequence[Complaint]
    """All that count, learnt and guessed ones among them."""
    suspected: frozenset[Issue]
    spans: tuple[IssueSpan, ...]


@dataclass(frozen=True, slots=True)
class Triager:
    """Judges reviews. Deterministic: same request, same content, same answer on every machine."""

    lexicons: Mapping[str, Lexicon]
    frames: Frames
    weights: Weights
    injection: InjectionFinder
    evidence: EvidenceFinder
    kinds: KindFinder
    contact: ContactRules

    @classmethod
    def load(cls, content_root: Path) -> Triager:
        """Triager of the content under `guardrails/triage/`.

        Raises:
            ContentError: a file is missing or wrong.
        """
        folder = content_root / "guardrails" / "triage"
        lexicons = PerLanguage(folder.glob("??.yaml"), load_lexicon)
        if not lexicons:
            raise ContentError(folder, "no language file here", hint="add en.yaml")
        return cls(
            lexicons=lexicons,
            frames=load_frames(folder / "frames.yaml"),
            weights=load_weights(folder / "weights.json"),
            injection=load_injection_finder(folder / "injection.yaml", machine=load_machine_weights(folder / "machine.json")),
            evidence=load_evidence_finder(folder / "removal.yaml"),
            kinds=load_kind_finder(folder / "kinds.yaml"),
            contact=load_contact_rules(folder / "contact.yaml"),
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that can be triaged."""
        return tuple(sorted(self.lexicons))

    def triage(self, request: DraftRequest) -> Triage:
        """Everything that is judged of a review before a word is drafted. Time is `asked_at`: the answer needs no clock."""
        sight = self._look_at(request)
        seen, text, spans = sight.seen, sight.text, sight.spans
        issues = tuple(dict.fromkeys(span.issue for span in spans))
        praise, product_praise = _praise(seen, text)
        wants = tuple(dict.fromkeys(WANTS[m.name] for m in seen.mentions if m.name in WANTS))
        safety_spans = tuple(Quote(start=s.start, end=s.end, quote=s.quote) for s in spans if s.issue is Issue.SAFETY_HAZARD)
        stops = find_stops(request, self.contact)
        reasons = (*stops, *self._reasons(request, seen, sight.language, issues, bool(sight.injection), is_stopped=bool(stops)))
        return Triage(
            language=sight.language,
            issues=issues,
            issue_spans=spans,
            praise_spans=praise,
            wants=wants,
            safety=bool(safety_spans),
            safety_spans=safety_spans,
            injection=bool(sight.injection),
            injection_spans=sight.injection,
            removal_grounds=find_grounds(self._case(request, sight, product_praise)),
            contact=advise(request, self.contact, issues, wants, stops),
            route=_route(reasons),
            reasons=reasons,
            urgency=score_urgency(
                is_safety=bool(safety_spans),
                is_legal="legal_threat" in reasons,
                subject=request.review.subject,
                rating=request.review.rating,
                received_at=request.review.received_at,
                now=request.asked_at,
                helpful_votes=request.review.helpful_votes or 0,
            ),
        )

    def warnings(self, request: DraftRequest) -> tuple[str, ...]:
        """What the caller should know of the request: a store that nothing is known of, a contact that cannot have been made yet."""
        return (*self._warn_of_store(request), *_warn_of_contacts(request))

    def _warn_of_store(self, request: DraftRequest) -> Iterator[str]:
        name = request.review.marketplace
        if name and not self.contact.store(name):
            yield f"review.marketplace: {json.dumps(name, ensure_ascii=False)} is no store that is known; the usual thresholds hold"

    def _look_at(self, request: DraftRequest) -> _Sight:
        text = request.review.text
        language = detect(text, count_known=self._count_known)
        injection = self.injection.find(text)
        seen = self._see(without(text, injection), language)
        evidence = self.evidence.find(text, language)
        said = self.frames.complaints(seen)
        weighed = weigh(self.weights, seen, said)
        stars = request.review.rating or 0
        is_aside = any(c.via in UNSAID for c in weighed.complaints) and is_off_topic(text, evidence)
        complaints = [c for c in weighed.complaints if not is_aside or c.via not in UNSAID]
        complaints = [c for c in complaints if stars < CONTENT or not (c.via == GUESSED or (c.via == LEARNT and c.issue == Issue.OTHER))]
        spans = _issue_spans(complaints, seen, text) or _price_elsewhere(evidence, text)
        spans = _with_hush_money(spans, evidence, text)
        return _Sight(
            text=text,
            language=language,
            injection=injection,
            seen=seen,
            evidence=evidence,
            said=said,
            complaints=complaints,
            suspected=weighed.suspected,
            spans=spans or (() if stars >= CONTENT else _unspecific(seen, text)),
        )

    def _case(self, request: DraftRequest, sight: _Sight, product_praise: tuple[Quote, ...]) -> Case:
        """What is known when it is asked whether Amazon would remove the review."""
        seen, store = sight.seen, self.contact.store(request.review.marketplace)
        title_kinds = self.kinds.find(request.product.title).spoken_of if request.product.title else NO_KINDS.spoken_of
        return Case(
            request=request,
            text=sight.text,
            language=sight.language,
            store_languages=store.languages if store else (),
            spans=sight.spans,
            issues=frozenset(span.issue for span in sight.spans),
            product_praise=product_praise,
            injection=sight.injection,
            stated=frozenset(Issue(c.issue) for c in sight.complaints if c.via not in UNSAID),
            said=frozenset(Issue(c.issue) for c in sight.said),
            guessed=frozenset(Issue(c.issue) for c in sight.complaints if c.via == GUESSED),
            suspected=sight.suspected,
            evidence=sight.evidence,
            kinds=self.kinds.find(sight.text) if title_kinds else NO_KINDS,
            title_kinds=title_kinds,
            is_only_service=is_only_about(seen, SERVICE),
            strays_to_product=strays_to_product(seen, SERVICE),
            clause_on_product=has_clause_on_product(seen, SERVICE),
            judges_thing=joins_thing_and_fault(seen),
            names_service=mentions_any(seen, NAMES_SERVICE),
            names_no_thing=not mentions_any(seen, THINGS | FAULTS),
            is_only_delivery=is_only_about(seen, DELIVERY),
            names_product=mentions_any(seen, PRODUCT),
            goes_beyond_product=mentions_any(seen, BEYOND_PRODUCT),
        )

    def _count_known(self, text: str) -> dict[str, int]:
        return {language: lexicon.count_known(text) for language, lexicon in self.lexicons.items()}

    def _see(self, text: str, language: str) -> Seen:
        """What the language's lexicon sees; for an unknown language, the lexicon that sees most."""
        lexicon = self.lexicons.get(language)
        if lexicon:
            return lexicon.see(text)
        if language != UNKNOWN:
            return self.lexicons["en"].see("")
        return max((lexicon.see(text) for lexicon in self.lexicons.values()), key=lambda seen: len(seen.mentions))

    def _reasons(
        self, request: DraftRequest, seen: Seen, language: str, issues: tuple[Issue, ...], has_injection: bool, *, is_stopped: bool
    ) -> tuple[str, ...]:
        """Codes beside those of the door, the ones that decide the route first."""
        reasons = []
        if Issue.SAFETY_HAZARD in issues:
            reasons.append("safety_hazard")
        if any(m.name == "legal_threat" and not seen.is_negated(m) for m in seen.mentions):
            reasons.append("legal_threat")
        if Issue.COUNTERFEIT_SUSPICION in issues:
            reasons.append("counterfeit_claim")
        if language == UNKNOWN and not (request.options.language or request.review.marketplace):
            reasons.append("language_unknown")
        elif not {language, _reply_language(request) or language} - {UNKNOWN} <= self.lexicons.keys():
            reasons.append("language_not_supported")
        if not HUMAN_REASONS & set(reasons) and not is_stopped:
            reasons.append("draftable")
        if has_injection:
            reasons.append("injection_ignored")
        return tuple(reasons)


def _warn_of_contacts(request: DraftRequest) -> Iterator[str]:
    """A sentence for the first of the caller's contacts that lies ahead."""
    for number, contact in enumerate(request.order.contacts or ()):
        if request.asked_at and contact.sent_at - request.asked_at >= CLOCKS_DIFFER:
            yield f"order.contacts.{number}.sent_at: lies after the time asked for; it counts towards no limit of days"
            return


def _reply_language(request: DraftRequest) -> str | None:
    """The language that the reply must have; None for the review's own."""
    return request.options.language.partition("-")[0].lower() if request.options.language else None


def _route(reasons: tuple[str, ...]) -> Route:
    """Who may not be written to is not, but what he says of danger goes to a person all the same."""
    if REFUSED.keys() & set(reasons):
        return Route.HUMAN_ONLY if GRAVE & set(reasons) else Route.NO_REPLY
    if HUMAN_REASONS & set(reasons):
        return Route.HUMAN_ONLY
    return Route.NO_REPLY if NO_DOOR.keys() & set(reasons) else Route.DRAFT


def _issue_spans(complaints: Sequence[Complaint], seen: Seen, text: str) -> tuple[IssueSpan, ...]:
    """Spans of the complaints, the widest where several lie within each other; `other` only where nothing else is said."""
    if any(c.issue != Issue.OTHER for c in complaints):
        complaints = [c for c in complaints if c.issue != Issue.OTHER]
    kept = []
    reach: dict[str, int] = {}
    for complaint in sorted(complaints, key=lambda c: (c.first, -c.last)):
        if complaint.last > reach.get(complaint.issue, 0):
            kept.append(complaint)
            reach[complaint.issue] = complaint.last
    reading = seen.reading
    places = {(c.issue, *_clause_around(c, seen)) for c in kept}
    spans = {(issue, reading.starts[first], reading.ends[last - 1]) for issue, first, last in places}
    return tuple(
        IssueSpan(issue=Issue(issue), start=start, end=end, quote=text[start:end])
        for issue, start, end in sorted(spans, key=lambda span: (span[1], span[2], span[0]))
    )


def _clause_around(complaint: Complaint, seen: Seen) -> tuple[int, int]:
    """Units of the clause that complains; of the complaint alone where its clause runs on."""
    clauses = seen.reading.clauses
    first = bisect_left(clauses, clauses[complaint.first])
    last = bisect_right(clauses, clauses[complaint.last - 1])
    most = LONGEST_CLAUSE * (CHARACTERS_PER_WORD if seen.reading.is_characters else 1)
    return (first, last) if last - first <= most else (complaint.first, complaint.last)


def _price_elsewhere(evidence: Evidence, text: str) -> tuple[IssueSpan, ...]:
    """A shop that sells it for less is a complaint about the price."""
    return tuple(
        IssueSpan(issue=Issue.PRICE_OR_VALUE, start=start, end=end, quote=text[start:end])
        for start, end in evidence.of("price_elsewhere")[:1]
    )


def _with_hush_money(spans: tuple[IssueSpan, ...], evidence: Evidence, text: str) -> tuple[IssueSpan, ...]:
    """Pay for silence is a complaint of its own, and none about how the buyer was answered or about the price."""
    for start, end in evidence.of("hush_money")[:1]:
        others = [s for s in spans if s.issue not in SERVICE_OR_PRICE or s.end <= start or end <= s.start]
        spans = tuple(sorted([*others, IssueSpan(issue=Issue.OTHER, start=start, end=end, quote=text[start:end])], key=lambda s: s.start))
    return spans


def _unspecific(seen: Seen, text: str) -> tuple[IssueSpan, ...]:
    """The whole text as `other` when nothing is named in it; nothing when it only praises."""
    only_praises = not seen.negations and any(m.name == "praise" for m in seen.mentions)
    return () if only_praises else (IssueSpan(issue=Issue.OTHER, start=0, end=len(text), quote=text),)


def _praise(seen: Seen, text: str) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """Words of praise, and those among them that are about the product."""
    reading = seen.reading
    service = {reading.clauses[m.first] for m in seen.mentions if m.name in SERVICE_CONCEPTS}
    unknown = {reading.sentences[m.first] for m in seen.mentions if m.name == "unknown"}
    products = [m for m in seen.mentions if m.name == "product_word"]
    everything, product = [], []
    for mention in seen.mentions:
        if mention.name != "praise" or seen.is_negated(mention):
            continue
        start, end = reading.starts[mention.first], reading.ends[mention.last - 1]
        quote = Quote(start=start, end=end, quote=text[start:end])
        everything.append(quote)
        is_beside_product = any(-1 <= p.first - mention.last <= 1 or 0 <= mention.first - p.last <= 2 for p in products)
        if reading.sentences[mention.first] in unknown:
            continue
        if is_beside_product or reading.clauses[mention.first] not in service:
            product.append(quote)
    return tuple(everything), tuple(product)
