"""What a reply offers: the allowed remedy that fits this buyer best, and where two fit as well, the choice between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drafter.domain import DraftRequest, Issue, Remedy
from drafter.drafting.details import Detail, DetailBook
from drafter.drafting.facts import takes_up
from drafter.drafting.points import complains
from drafter.drafting.sentences import split_clauses, split_sentences
from drafter.scoring.lexicon import Lexicon

REMEDY_ORDER: dict[Issue, tuple[Remedy, ...]] = {
    Issue.DAMAGED_IN_TRANSIT: (Remedy.REPLACEMENT, Remedy.FULL_REFUND, Remedy.SPARE_PART),
    Issue.DEFECTIVE: (Remedy.REPLACEMENT, Remedy.FULL_REFUND, Remedy.SPARE_PART, Remedy.TROUBLESHOOTING),
    Issue.WRONG_ITEM: (Remedy.REPLACEMENT, Remedy.FULL_REFUND, Remedy.RETURN_LABEL),
    Issue.MISSING_PARTS: (Remedy.SPARE_PART, Remedy.REPLACEMENT, Remedy.PARTIAL_REFUND),
    Issue.NOT_AS_DESCRIBED: (Remedy.FULL_REFUND, Remedy.RETURN_LABEL, Remedy.REPLACEMENT),
    Issue.SIZE_OR_FIT: (Remedy.RETURN_LABEL, Remedy.FULL_REFUND, Remedy.REPLACEMENT),
    Issue.COMPATIBILITY: (Remedy.RETURN_LABEL, Remedy.FULL_REFUND, Remedy.TROUBLESHOOTING),
    Issue.LATE_DELIVERY: (Remedy.PARTIAL_REFUND, Remedy.FULL_REFUND),
    Issue.PACKAGING: (Remedy.PARTIAL_REFUND, Remedy.FULL_REFUND, Remedy.REPLACEMENT),
    Issue.QUALITY_OR_DURABILITY: (
        Remedy.FULL_REFUND,
        Remedy.REPLACEMENT,
        Remedy.PARTIAL_REFUND,
        Remedy.TROUBLESHOOTING,
        Remedy.SPARE_PART,
    ),
    Issue.USABILITY_OR_INSTRUCTIONS: (Remedy.TROUBLESHOOTING, Remedy.RETURN_LABEL, Remedy.FULL_REFUND, Remedy.SPARE_PART),
    Issue.PRICE_OR_VALUE: (Remedy.RETURN_LABEL, Remedy.PARTIAL_REFUND, Remedy.FULL_REFUND),
    Issue.COUNTERFEIT_SUSPICION: (Remedy.FULL_REFUND, Remedy.RETURN_LABEL),
    Issue.CUSTOMER_SERVICE: (),
    Issue.OTHER: (Remedy.FULL_REFUND, Remedy.RETURN_LABEL, Remedy.PARTIAL_REFUND, Remedy.REPLACEMENT),
}
"""Best remedy first. Service complaints take the order of the next issue. A seller's own remedies are not put into words by code."""

NOT_MENDED_BY_ANOTHER = frozenset(
    {Issue.COMPATIBILITY, Issue.PRICE_OR_VALUE, Issue.USABILITY_OR_INSTRUCTIONS, Issue.LATE_DELIVERY, Issue.CUSTOMER_SERVICE}
)
"""Issues that a second one of the same would have as well, or would not take back."""
DISLIKED = frozenset({"taste", "texture", "pet", "price", "contents"})
"""Themes of which the same is true."""
EATEN = frozenset({"taste", "texture", "pet", "fresh"})
"""Themes after which nobody sends back what is left."""
EITHER = frozenset({Remedy.REPLACEMENT, Remedy.FULL_REFUND})
"""Remedies between which the buyer may choose, where both fit."""
MENDED_EITHER_WAY = frozenset(
    {
        Issue.DEFECTIVE,
        Issue.DAMAGED_IN_TRANSIT,
        Issue.WRONG_ITEM,
        Issue.MISSING_PARTS,
        Issue.QUALITY_OR_DURABILITY,
        Issue.PACKAGING,
        Issue.OTHER,
    }
)
"""Main issues after which they do."""
LOST = frozenset({"never_came", "nothing_came", "wrong_house", "address"})
"""Details that say that nothing came, or to nobody: another one, or the money."""
SENT_BACK = frozenset({Remedy.FULL_REFUND, Remedy.RETURN_LABEL})
"""What goes together where the thing itself is as it should be, and not what the buyer needs."""
ASKED_ISSUES = frozenset({Issue.USABILITY_OR_INSTRUCTIONS, Issue.COMPATIBILITY, Issue.OTHER})
"""Issues about which a buyer may simply ask."""
MENDED_BY_STEPS = frozenset(
    {Issue.DEFECTIVE, Issue.USABILITY_OR_INSTRUCTIONS, Issue.COMPATIBILITY, Issue.QUALITY_OR_DURABILITY, Issue.OTHER}
)
"""Main issues of which some are mended by showing how."""
NEEDS_STEPS = frozenset({Issue.USABILITY_OR_INSTRUCTIONS, Issue.COMPATIBILITY})
"""Issues that a part does not mend."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered; nothing where nothing allowed fits."""

    remedy: Remedy | None = None
    other: Remedy | None = None
    """A second remedy: the buyer chooses, or gets both where one alone would leave something unmended."""
    is_for_part: bool = False
    """True when a replacement is offered for the one part that the buyer wants."""

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """All that is offered, best first."""
        return tuple(remedy for remedy in (self.remedy, self.other) if remedy)


def make_offer(
    request: DraftRequest,
    wants: Sequence[str],
    issues: Sequence[Issue],
    details: Sequence[Detail],
    book: DetailBook | None,
    noted_in: DetailBook | None,
    lexicon: Lexicon | None,
) -> Offer:
    """The best of the allowed remedies for this buyer.

    Args:
        wants: What the buyer asks for, as triage saw it.
        book: Of the review, where its words may be taken up.
        noted_in: Of the language in which sellers mostly note their facts.
        lexicon: Of the review.
    """
    text = request.review.text
    is_part_wanted = book is not None and book.aims.part.search(text) is not None
    allowed = _fitting(request, issues, details, book, is_part_wanted=is_part_wanted)
    if is_part_wanted and Remedy.SPARE_PART not in allowed:
        is_sent = any(known and known.offers_part.search(fact) for fact in request.seller.facts for known in (book, noted_in))
        return Offer(Remedy.REPLACEMENT, is_for_part=True) if Remedy.REPLACEMENT in allowed and is_sent else Offer()
    wants = (*wants, "replacement") if book and book.aims.swaps.search(text) else wants
    wants_money = "refund" in wants and not {Remedy.FULL_REFUND, Remedy.PARTIAL_REFUND}.isdisjoint(allowed)
    if not wants_money and book:
        if Remedy.SPARE_PART in allowed and any(book.offers_part.search(f) and takes_up(f, text, lexicon) for f in request.seller.facts):
            return Offer(Remedy.SPARE_PART, _second(Remedy.SPARE_PART, issues, allowed, wants, is_liked=True))
        if Remedy.TROUBLESHOOTING in allowed and "replacement" not in wants and _would_make_it_work(text, issues[0], book, lexicon):
            return Offer(Remedy.TROUBLESHOOTING)
    is_liked = not details or _is_liked(details[0], issues[0])
    if any(detail.spec.id in LOST for detail in details) and set(allowed) >= EITHER and not {"refund", "replacement"} & set(wants):
        return Offer(Remedy.REPLACEMENT, Remedy.FULL_REFUND)
    if Remedy.PARTIAL_REFUND in allowed and book and book.aims.partial.search(text):
        return Offer(Remedy.PARTIAL_REFUND)
    remedy = choose_remedy(issues, allowed, wants, is_liked=is_liked)
    goes_back = book is not None and (book.aims.pays.search(text) or book.aims.returns.search(text)) is not None
    if remedy is Remedy.FULL_REFUND and Remedy.RETURN_LABEL in allowed and goes_back:
        return Offer(remedy, Remedy.RETURN_LABEL)
    return Offer(remedy, _second(remedy, issues, allowed, wants, is_liked=is_liked))


def _would_make_it_work(text: str, issue: Issue, book: DetailBook, lexicon: Lexicon | None) -> bool:
    """True for a buyer who asks about a thing that is whole, or complains of its software."""
    if issue in ASKED_ISSUES and book.aims.find_questions(text):
        return True
    clauses = [clause.text for sentence in split_sentences(text) for clause in split_clauses(text, sentence)]
    is_of_app = lexicon is not None and any(book.aims.app.search(clause) and complains(clause, lexicon) for clause in clauses)
    return issue in MENDED_BY_STEPS and is_of_app


def choose_remedy(issues: Sequence[Issue], allowed: Sequence[str], wants: Sequence[str], *, is_liked: bool = True) -> Remedy | None:
    """The one allowed remedy that fits best; what the buyer asks for comes first. `full refund` is as good as `full_refund`.

    Args:
        is_liked: False when another one of the same would be disliked as well.
    """
    open_to = {remedy for name in allowed if (remedy := Remedy.named(name))} - {Remedy.NONE}
    wanted = [Remedy.FULL_REFUND, Remedy.PARTIAL_REFUND] if "refund" in wants else []
    wanted += [Remedy.REPLACEMENT] if "replacement" in wants else []
    fitting = [remedy for issue in issues for remedy in REMEDY_ORDER.get(issue, ())]
    if "replacement" not in wants and (not is_liked or issues[0] in NOT_MENDED_BY_ANOTHER):
        open_to -= {Remedy.REPLACEMENT}
    return next((r for r in (*wanted, *fitting, *REMEDY_ORDER[Issue.OTHER]) if r in open_to), None)


def _second(
    remedy: Remedy | None, issues: Sequence[Issue], allowed: Sequence[str], wants: Sequence[str], *, is_liked: bool
) -> Remedy | None:
    """What is offered beside it: the other of two that fit as well, or steps for what a part does not mend."""
    open_to = {named for name in allowed if (named := Remedy.named(name))}
    if remedy is Remedy.SPARE_PART and Remedy.TROUBLESHOOTING in open_to and not NEEDS_STEPS.isdisjoint(issues):
        return Remedy.TROUBLESHOOTING
    if remedy is Remedy.RETURN_LABEL and Remedy.FULL_REFUND in open_to:
        return Remedy.FULL_REFUND
    is_open = not {"refund", "replacement"} & set(wants) and is_liked and issues[0] in MENDED_EITHER_WAY
    if remedy in EITHER and is_open and open_to >= EITHER:
        return next(iter(EITHER - {remedy}))
    return None


def _is_liked(detail: Detail, issue: Issue) -> bool:
    """False for a complaint that another one of the same would bring about as well: a matter of taste, or no fault that is named."""
    is_vague = detail.spec.is_faint and detail.spec.issue is Issue.OTHER and issue in {Issue.OTHER, Issue.QUALITY_OR_DURABILITY}
    return detail.spec.theme not in DISLIKED and not is_vague


def _fitting(
    request: DraftRequest, issues: Sequence[Issue], details: Sequence[Detail], book: DetailBook | None, *, is_part_wanted: bool
) -> tuple[str, ...]:
    """The allowed remedies that suit: no second one where one failed, no money where none is wanted, no way back for what was eaten.

    Who wants only a part is offered one; who wants to keep it, neither its way back nor the whole price; a second one of a wrong size
    would be as wrong.
    """
    allowed, unfit = request.seller.allowed_remedies, set[str]()
    if is_part_wanted:
        part = tuple(remedy for remedy in allowed if remedy in {Remedy.SPARE_PART, Remedy.TROUBLESHOOTING})
        return part if Remedy.SPARE_PART in part else tuple(remedy for remedy in allowed if remedy == Remedy.REPLACEMENT)
    text = request.review.text
    is_money_wanted = not (book and book.aims.no_money.search(text))
    is_swapped = book is not None and book.aims.swaps.search(text) is not None
    is_of_size = Issue.SIZE_OR_FIT in issues and Issue.WRONG_ITEM not in issues
    if is_of_size and is_money_wanted and not SENT_BACK.isdisjoint(allowed) and not is_swapped:
        unfit.add(Remedy.REPLACEMENT)
    if book and (book.replaced.search(text) or book.aims.supplied.search(text)):
        unfit.add(Remedy.REPLACEMENT)
    if not is_money_wanted:
        unfit |= {Remedy.FULL_REFUND, Remedy.PARTIAL_REFUND}
    if book and book.aims.keeps.search(text):
        unfit |= {Remedy.FULL_REFUND, Remedy.RETURN_LABEL}
    if details and details[0].spec.theme in EATEN and len(allowed) > 1:
        unfit.add(Remedy.RETURN_LABEL)
    return tuple(remedy for remedy in allowed if remedy not in unfit)
