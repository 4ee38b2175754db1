"""May this text be reported to Amazon, on which ground, and with which words? Precision first: silence is the usual answer.

Purity is judged by what the text says, not by its subject: one statement about the product ends the grounds that demand a comment
about something else, and the reverse for feedback that must be about the product alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from drafter.domain import DraftRequest, Fulfilment, GroundVerdict, Issue, IssueSpan, Quote, RemovalGround, Subject
from drafter.triage.evidence import Evidence, Range
from drafter.triage.kinds import Kinds
from drafter.triage.language import UNKNOWN, tell_tongues
from drafter.triage.private_data import PrivateDatum, find_links, find_private_data

SERVICE_ISSUES = frozenset({Issue.LATE_DELIVERY, Issue.CUSTOMER_SERVICE, Issue.PACKAGING})
"""What RC-01 means by seller, ordering, packaging and shipping."""
UNPACKED = frozenset({Issue.LATE_DELIVERY, Issue.CUSTOMER_SERVICE})
"""Beside one of these, the condition on arrival belongs to the delivery; alone, or with the packing, it is unsettled what came to harm."""
DELIVERY_ISSUES = frozenset({Issue.LATE_DELIVERY, Issue.DAMAGED_IN_TRANSIT, Issue.PACKAGING})
PRODUCT_ISSUES = frozenset(
    {
        Issue.DEFECTIVE, Issue.QUALITY_OR_DURABILITY, Issue.SIZE_OR_FIT, Issue.COMPATIBILITY, Issue.USABILITY_OR_INSTRUCTIONS,
        Issue.NOT_AS_DESCRIBED, Issue.SAFETY_HAZARD,
    }
)  # fmt: skip
ASIDE = frozenset({Issue.OTHER, Issue.DAMAGED_IN_TRANSIT, Issue.PRICE_OR_VALUE})
"""Suspected beside another matter, they do not make a text impure: faint traces of them are in every complaint."""
THINGLESS = frozenset({Issue.NOT_AS_DESCRIBED, Issue.USABILITY_OR_INSTRUCTIONS, Issue.WRONG_ITEM})
"""Where neither a thing nor a fault is named, what was promised, explained or mistaken is the seller's doing."""
SHORT = 250
"""Characters up to which a text that is only about the seller is taken at its word; in longer ones what is merely suspected counts too."""
MIN_REPEATS = 5
"""Words from which sameness is repetition and not emphasis."""
MAX_MASHED = 40
MIN_FOREIGN_WORDS = 2
MIN_FOREIGN_SHARE = 0.45
"""Different small words of other languages that make a text mixed, at least and beside those of the first."""
MIN_SWITCHES = 3
"""A foreign phrase in passing makes two: to it and back."""

_ELIGIBLE, _HOLD, _NOT = GroundVerdict.ELIGIBLE, GroundVerdict.HOLD, GroundVerdict.NOT_ELIGIBLE
_WORDS = re.compile(r"[^\W\d_]+")
_FULL_NAME = re.compile(
    r"\b(?!(?:The|I|My|Amazon|Great|Thank)\b)[A-ZÄÖÜÉÁ][\w'-]{1,40} (?:(?:van|von|de|da|del|di|dos) )?[A-ZÄÖÜÉÁ][\w'-]{1,40}\b"
)


@dataclass(frozen=True, slots=True)
class Case:
    """What the grounds look at."""

    request: DraftRequest
    text: str
    language: str
    store_languages: tuple[str, ...]
    """Languages of the request's store; empty when it is not known."""
    spans: tuple[IssueSpan, ...]
    issues: frozenset[Issue]
    stated: frozenset[Issue]
    """Those of `issues` that are said outright, not only weighed from hints."""
    said: frozenset[Issue]
    """Those that some words say, whether or not the rest of the text outweighs them."""
    guessed: frozenset[Issue]
    """Those of `issues` that only weigh more than others; no ground rests on them."""
    suspected: frozenset[Issue]
    """`issues` and those that may be meant besides."""
    product_praise: tuple[Quote, ...]
    injection: tuple[Quote, ...]
    evidence: Evidence
    kinds: Kinds
    """Kinds of things that the text speaks of."""
    title_kinds: frozenset[str]
    """Those that the product's title names."""
    is_only_service: bool
    """True when every sentence is about the seller, the order or the delivery, or says nothing."""
    strays_to_product: bool
    """True when a sentence that is about none of these has words of the product."""
    judges_thing: bool
    """True when a thing and a fault stand near each other."""
    names_service: bool
    """True when the parcel, a delay or what the seller did is named."""
    names_no_thing: bool
    """True when neither a thing nor a fault is named."""
    clause_on_product: bool
    """True when a clause that is about none of these names the product or a part of it."""
    is_only_delivery: bool
    names_product: bool
    """True when words of the product, or of a fault that it may have had before, stand in the text."""
    goes_beyond_product: bool
    """True when words about the seller, the order or the delivery stand in the text."""

    @property
    def beside_delivery(self) -> frozenset[Issue]:
        """What it complains of; in a text with words of the delivery alone, no mere guess counts."""
        return self.issues - {Issue.OTHER} - (self.guessed if self.is_only_delivery else frozenset())

    def whole(self) -> list[Range]:
        """The words that are not meant for a machine."""
        end = min((q.start for q in self.injection if q.start), default=len(self.text))
        return [(0, len(self.text[:end].rstrip()))]


Found = tuple[GroundVerdict, Sequence[Range], str]


OFF_TOPIC = ("code", "rival", "paid_review", "impersonation", "danger_use", "cure")
"""Groups of words that show a text to be about something else than a complaint."""


def is_off_topic(text: str, evidence: Evidence) -> bool:
    """True when the text advertises, poses, was paid for, or leads away from Amazon."""
    return any(evidence.of(group) for group in OFF_TOPIC) or bool(find_links(text)) or bool(evidence.together("swear_insult", "reviewer"))


def find_grounds(case: Case) -> tuple[RemovalGround, ...]:
    """Every ground that the text gives words for, with its verdict."""
    is_feedback = case.request.review.subject is Subject.SELLER_FEEDBACK
    grounds = []
    for ground, judge in (_FEEDBACK if is_feedback else _REVIEW).items():
        found = judge(case)
        if found and found[1]:
            verdict, ranges, reason = found
            start, end = ranges[0]
            grounds.append(RemovalGround(ground=ground, verdict=verdict, start=start, end=end, quote=case.text[start:end], reason=reason))
    return tuple(grounds)


def _service(case: Case) -> Found | None:
    if case.evidence.of("paid_review"):
        return None
    service = [(s.start, s.end) for s in case.spans if s.issue in SERVICE_ISSUES]
    is_damage = case.issues <= {Issue.DAMAGED_IN_TRANSIT, *SERVICE_ISSUES} and Issue.DAMAGED_IN_TRANSIT in case.issues
    is_beside = case.is_only_service and case.stated & UNPACKED and not case.names_product
    if is_damage and not is_beside:
        if case.product_praise:
            return None
        return _HOLD, case.whole(), "It speaks of the condition on arrival only; whether that is the product or the delivery is unsettled."
    is_plain = case.is_only_service and len(case.text) <= SHORT
    is_said = case.is_only_service and case.issues <= case.guessed and case.said and case.said <= SERVICE_ISSUES
    is_likely = case.is_only_service and case.names_service and case.names_no_thing and case.issues <= SERVICE_ISSUES
    is_sure = service and not case.issues <= case.guessed
    if not (is_sure or is_said or (service and is_likely and not case.evidence.of("price_elsewhere"))):
        return None
    service = service or case.whole()
    if is_damage:
        return _ELIGIBLE, case.whole(), "Every statement is about the seller, the order or the delivery, and the condition on arrival."
    aside = ASIDE | THINGLESS if case.names_no_thing else ASIDE
    is_judged = case.issues - SERVICE_ISSUES - aside or case.product_praise
    if is_judged and (not is_plain or case.stated - SERVICE_ISSUES - aside or case.product_praise):
        return _NOT, service, "It also judges the product, and one such statement ends this ground."
    if _may_judge_product(case, aside, is_plain=is_plain):
        return _HOLD, service, "It may judge the product too; a person decides."
    return (
        _ELIGIBLE,
        case.whole(),
        "Every statement is about the seller, the order, the packaging or the delivery; none is about the product.",
    )


def _may_judge_product(case: Case, aside: frozenset[Issue], *, is_plain: bool) -> bool:
    """True when some words of a text about the seller or the delivery may be about the product."""
    doubts = (case.said if is_plain else case.suspected) - SERVICE_ISSUES - aside
    is_beside_product = case.clause_on_product and case.issues - SERVICE_ISSUES - aside
    is_named = case.is_only_service or case.stated & SERVICE_ISSUES
    return bool(doubts or case.judges_thing or case.strays_to_product or is_beside_product or not is_named)


def _price(case: Case) -> Found | None:
    places = case.evidence.of("price_elsewhere")
    if case.stated - {Issue.PRICE_OR_VALUE, Issue.OTHER} or case.product_praise:
        return (_NOT, places, "It also judges the product, and one such statement ends this ground.") if places else None
    return _ELIGIBLE, places, "It is about price or stock at another shop, and nothing else."


def _foreign(case: Case) -> Found | None:
    if case.language != "und" and case.store_languages and case.language not in case.store_languages:
        return _ELIGIBLE, [(0, len(case.text))], "The store does not support the language of the review."
    if case.language in {"ja", "zh"} or case.injection:
        return None
    tongues = list(tell_tongues(case.text).values())
    if not tongues:
        return None
    first = max(map(tongues.count, tongues))
    is_shared = len(tongues) - first >= max(MIN_FOREIGN_WORDS, MIN_FOREIGN_SHARE * first)
    if is_shared and sum(a != b for a, b in pairwise(tongues)) >= MIN_SWITCHES:
        return _ELIGIBLE, [(0, len(case.text))], f"It mixes languages: {', '.join(sorted(set(tongues)))}."
    return None


def _gibberish(case: Case) -> Found | None:
    text = case.text
    words = [word.lower() for word in _WORDS.findall(text)]
    is_repeated = len(words) >= MIN_REPEATS and Counter(words).most_common(1)[0][1] >= 0.75 * len(words)
    is_mashed = 2 <= len(words) <= MAX_MASHED and case.language not in {"ja", "zh"} and sum(map(_is_mash, words)) >= 0.6 * len(words)
    squeezed = re.sub(r"\s", "", text)
    is_symbols = len(squeezed) >= 5 and not words and not any(c.isdigit() for c in text)
    is_run = len(squeezed) >= 8 and len(set(squeezed.lower())) <= 2
    is_chant = case.language in {"ja", "zh"} and len(squeezed) >= 8 and len(set(squeezed)) <= len(squeezed) // 4
    if is_repeated or is_mashed or is_symbols or is_run or is_chant:
        return _ELIGIBLE, [(0, len(text))], "It is repetition, gibberish or symbols, and says nothing."
    return None


def _is_mash(word: str) -> bool:
    """True for keyboard mashing: no vowel, or consonants in a run that no language has."""
    if len(word) < 4 or not word.isascii():
        return False
    return not re.search("[aeiouy]", word) or bool(
        re.search("[bcdfghjklmnpqrstvwxz]{5}", word) and not re.search("sch|tsch|ngst|chts", word)
    )


def _private(case: Case) -> Found | None:
    found = _data(case)
    if found:
        kinds = ", ".join(sorted({d.kind.replace("_", " ") for d in found}))
        return _ELIGIBLE, [(d.start, d.end) for d in found], f"It shows private data: {kinds}."
    return None


def _data(case: Case) -> list[PrivateDatum]:
    return [
        datum
        for datum in find_private_data(case.text, near_phone_words=case.evidence.of("hotline"), near_plate_words=case.evidence.of("plate"))
        if not any(q.start <= datum.start < q.end for q in case.injection)
    ]


def _profane(case: Case) -> Found | None:
    places = case.evidence.of("profanity")
    if places:
        return _ELIGIBLE, places, "It holds obscene words."
    insults = case.evidence.together("swear_insult", "reviewer")
    if insults:
        return _ELIGIBLE, insults, "It insults other reviewers."
    scam = [p for p in case.evidence.of("scam") if not _is_inside(p, case.injection)]
    return _HOLD, scam, "Scam or fraud wording may be libel; a person decides."


def _hate(case: Case) -> Found | None:
    return _ELIGIBLE, case.evidence.together("group", "exclude"), "It turns on people for what they are."


def _link(case: Case) -> Found | None:
    links = [link for link in find_links(case.text) if not _is_inside(link, case.injection)]
    return _ELIGIBLE, links, "It leads to a page outside Amazon, or carries an affiliate tag."


def _advertising(case: Case) -> Found | None:
    places = case.evidence.of("rival") + case.evidence.of("code")
    places = [p for p in places if not _is_inside(p, case.injection)]
    if places and case.said - {Issue.OTHER, Issue.PRICE_OR_VALUE, Issue.CUSTOMER_SERVICE}:
        return _NOT, places, "It also judges the product, and one such statement ends this ground."
    return _ELIGIBLE, places, "It advertises another shop, or its author works for a competitor."


def _paid(case: Case) -> Found | None:
    if case.evidence.of("paid_by_us"):
        return None
    places = case.evidence.of("paid_review")
    if places and case.stated - {Issue.OTHER, Issue.CUSTOMER_SERVICE, Issue.PRICE_OR_VALUE}:
        return _NOT, places, "It also judges the product, and one such statement ends this ground."
    return _ELIGIBLE, places, "Its author says that it was written for money or goods."


def _posing(case: Case) -> Found | None:
    return _ELIGIBLE, case.evidence.of("impersonation"), "Its author poses as the brand, the maker or Amazon."


def _dangerous(case: Case) -> Found | None:
    places = case.evidence.of("danger_use")
    if places and case.stated - {Issue.OTHER, Issue.SAFETY_HAZARD}:
        return _NOT, places, "It also judges the product, and one such statement ends this ground."
    return _ELIGIBLE, places, "It recommends a dangerous or illegal use."


def _cure(case: Case) -> Found | None:
    return _HOLD, case.evidence.of("cure"), "It claims a cure of a serious illness; a person decides."


def _other_product(case: Case) -> Found | None:
    """Never more than a hold: what a listing showed when the review was written, only Amazon knows."""
    is_known = bool(case.title_kinds) and not case.kinds.spoken_of & case.title_kinds
    others = [place for kind, place in case.kinds.named.items() if is_known and kind not in case.title_kinds]
    if others:
        return _HOLD, others, "It seems to review another kind of product than the listing's; a person decides."
    title = case.request.product.title.lower()
    if any(word in title for word in ("book", "novel", "film", "dvd", "buch", "roman", "livre", "libro", "livro", "本", "书")):
        return None
    places = case.evidence.of("book")
    if len(places) >= 2 and not case.issues - {Issue.OTHER, *case.guessed, Issue.QUALITY_OR_DURABILITY}:
        return _HOLD, places, "It seems to review a book or film, not this product; a person decides."
    return None


def _feedback_profane(case: Case) -> Found | None:
    places = case.evidence.of("profanity")
    if places:
        return _ELIGIBLE, places, "It holds obscene words."
    return _HOLD, case.evidence.together("group", "exclude"), "It turns on people for what they are; a person decides."


def _feedback_data(case: Case) -> Found | None:
    data = [(d.start, d.end) for d in _data(case) if d.kind in {"email", "phone"}]
    names = [
        match.span()
        for match in _FULL_NAME.finditer(case.text)
        if any(0 <= match.start() - end <= 4 for _, end in case.evidence.of("name_intro")) and not _is_inside(match.span(), case.injection)
    ]
    return _ELIGIBLE, data + names, "It names or shows how to reach a person at the seller."


def _feedback_product(case: Case) -> Found | None:
    product = [(s.start, s.end) for s in case.spans if s.issue in PRODUCT_ISSUES]
    if not product or case.issues <= case.guessed:
        return None
    if case.issues - PRODUCT_ISSUES - {Issue.OTHER}:
        return _NOT, product, "It is not the whole comment: it also speaks of the seller, the order or the delivery."
    if case.evidence.together("group", "exclude"):
        return _NOT, product, "It turns on people, not on the product."
    is_unread = case.language == UNKNOWN
    if is_unread or case.goes_beyond_product or case.evidence.of("seller_side") or case.suspected - PRODUCT_ISSUES - ASIDE:
        return _HOLD, product, "It seems to be about the product, but has words about the order too; a person decides."
    return _ELIGIBLE, case.whole(), "The whole comment is about the product."


def _feedback_delivery(case: Case) -> Found | None:
    delivery = [(s.start, s.end) for s in case.spans if s.issue in DELIVERY_ISSUES] or _said_delivery(case)
    if not delivery or case.request.review.fulfilled_by is not Fulfilment.AMAZON:
        return None
    is_short = len(case.text) <= SHORT and not case.strays_to_product and not case.suspected - DELIVERY_ISSUES - ASIDE
    if case.beside_delivery - DELIVERY_ISSUES or case.product_praise or not (case.is_only_delivery or is_short):
        return _NOT, delivery, "It is not the whole comment: it also speaks of the product or the seller."
    if case.clause_on_product or case.said - DELIVERY_ISSUES - ASIDE:
        return _HOLD, delivery, "It seems to be about the delivery, but has words of the product too; a person decides."
    if Issue.PACKAGING in case.issues:
        return _HOLD, delivery, "It speaks of how it was packed too, which may be the seller's part; a person decides."
    return _ELIGIBLE, case.whole(), "Amazon fulfilled the order and the whole comment is about the delivery."


def _feedback_shipping(case: Case) -> Found | None:
    order = case.request.order
    delivery = [(s.start, s.end) for s in case.spans if s.issue is Issue.LATE_DELIVERY] or _said_delivery(case)
    if not delivery or not order.bought_shipping or case.request.review.fulfilled_by is Fulfilment.AMAZON:
        return None
    if order.shipped_on_time is not True:
        return _NOT, delivery, "The order was not shipped on time, or that is not known."
    if case.beside_delivery - {Issue.LATE_DELIVERY}:
        return _NOT, delivery, "It is not the whole comment: it also speaks of something else than delay or loss."
    return _ELIGIBLE, case.whole(), "The label was bought with Buy Shipping, shipped on time, and the whole comment is about delay or loss."


def _said_delivery(case: Case) -> list[Range]:
    """The whole text, when its words say that it came late or never though the weights lean elsewhere."""
    return case.whole() if case.is_only_delivery and case.said == {Issue.LATE_DELIVERY} else []


def _feedback_promotion(case: Case) -> Found | None:
    places = [p for p in find_links(case.text) + case.evidence.of("code") if not _is_inside(p, case.injection)]
    return _HOLD, places, "It promotes another shop; Amazon's text on this is not settled."


def _is_inside(place: Range, quotes: Sequence[Quote]) -> bool:
    return any(q.start <= place[0] and place[1] <= q.end for q in quotes)


_REVIEW: dict[str, Callable[[Case], Found | None]] = {
    "RC-01": _service, "RC-02": _price, "RC-03": _foreign, "RC-04": _gibberish, "RC-05": _private, "RC-06": _profane, "RC-07": _hate,
    "RC-09": _link, "RC-10": _advertising, "RC-11": _paid, "RC-12": _posing, "RC-13": _dangerous, "RC-14": _cure, "RC-16": _other_product,
}  # fmt: skip
"""RC-08 (pictures) and RC-15 (several reviews) cannot be judged from one text."""
_FEEDBACK: dict[str, Callable[[Case], Found | None]] = {
    "FB-01": _feedback_profane, "FB-02": _feedback_data, "FB-03": _feedback_product, "FB-04": _feedback_delivery,
    "FB-05": _feedback_shipping, "FB-06": _feedback_promotion,
}  # fmt: skip
