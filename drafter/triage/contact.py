"""Through which door may this seller write to this buyer, and what must be known first?

Thresholds and windows are dated content (`guardrails/triage/contact.yaml`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from drafter.content import read_yaml
from drafter.domain import ContactAdvice, Door, DraftRequest, Issue, Subject
from drafter.errors import ContentError

REFUND_ISSUES = frozenset(
    {
        Issue.DAMAGED_IN_TRANSIT, Issue.DEFECTIVE, Issue.WRONG_ITEM, Issue.NOT_AS_DESCRIBED, Issue.QUALITY_OR_DURABILITY,
        Issue.MISSING_PARTS, Issue.LATE_DELIVERY,
    }
)  # fmt: skip
"""Where a courtesy refund or replacement answers the complaint better than a question does."""


@dataclass(frozen=True, slots=True)
class ContactRules:
    """`contact.yaml`: dated thresholds, and the languages of each store."""

    max_rating: int
    sure_rating: int
    window_days: int
    store_languages: Mapping[str, tuple[str, ...]]
    """By code (`DE`) and by domain (`amazon.de`)."""

    def languages_of(self, marketplace: str | None) -> tuple[str, ...]:
        """Languages that the store supports; empty when the store is not known."""
        return self.store_languages.get((marketplace or "").strip().lower().removeprefix("www."), ())


def load_contact_rules(path: Path) -> ContactRules:
    """Rules of `contact.yaml`.

    Raises:
        ContentError: a value is missing.
    """
    values: Any = read_yaml(path)
    try:
        defaults = {key: int(entry["value"]) for key, entry in values["defaults"].items()}
        stores = {}
        for code, store in values["marketplaces"].items():
            stores[str(code).lower()] = stores[store["domain"]] = tuple(map(str, store["languages"]))
        return ContactRules(
            max_rating=defaults["contact_customer_max_rating"],
            sure_rating=defaults["contact_customer_sure_rating"],
            window_days=defaults["seller_started_days_after_completion"],
            store_languages=stores,
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise ContentError(path, f"missing or wrong: {exc}", hint="see the README beside it") from exc


def advise(
    request: DraftRequest, rules: ContactRules, issues: tuple[Issue, ...], wants: tuple[str, ...], *, now: datetime | None
) -> ContactAdvice:
    """The door to this buyer."""
    if request.channel == "buyer_message" and request.order.seller_started is not True:
        return ContactAdvice(door=Door.THREAD_REPLY, reason="The buyer wrote in this thread; answer there, within 24 hours.")
    if request.review.subject is Subject.SELLER_FEEDBACK:
        return _advise_on_feedback(request, rules, now)
    return _advise_on_review(request, rules, issues, wants)


def _advise_on_review(request: DraftRequest, rules: ContactRules, issues: tuple[Issue, ...], wants: tuple[str, ...]) -> ContactAdvice:
    order, rating = request.order, request.review.rating
    if order.buyer_replied:
        return ContactAdvice(
            door=Door.THREAD_REPLY, reason="The buyer answered the Contact Customer message; free text is open in that thread."
        )
    if order.seller_of_record is False:
        return ContactAdvice(door=Door.NONE, reason="Only the seller of record of the order may contact the author of a review.")
    if order.brand_representative is False:
        return ContactAdvice(door=Door.NONE, reason="Contact Customer needs the Brand Representative role.")
    if rating is not None and rating > rules.max_rating:
        return ContactAdvice(door=Door.NONE, reason=f"Contact Customer is for critical reviews, up to {rules.max_rating} stars.")
    missing = [
        name
        for name, value in (
            ("order.seller_of_record", order.seller_of_record),
            ("order.brand_representative", order.brand_representative),
            ("review.rating", rating),
        )
        if value is None
    ]
    if rating is not None and rating > rules.sure_rating:
        missing.append("contact_button_shown")
    missing.append("order.buyer_replied")
    may_refund = not request.seller.allowed_remedies or {"full_refund", "replacement"} & set(request.seller.allowed_remedies)
    asks_money = bool({"refund", "replacement"} & set(wants)) or bool(REFUND_ISSUES & set(issues))
    if asks_money and may_refund and Issue.SAFETY_HAZARD not in issues:
        reason = "Contact Customer, reason courtesy refund: a locked template; free text opens when the buyer answers."
        return ContactAdvice(door=Door.CONTACT_TEMPLATE_REFUND, reason=reason, missing=tuple(missing))
    reason = "Contact Customer, reason customer support: a locked template; free text opens when the buyer answers."
    return ContactAdvice(door=Door.CONTACT_TEMPLATE_SUPPORT, reason=reason, missing=tuple(missing))


def _advise_on_feedback(request: DraftRequest, rules: ContactRules, now: datetime | None) -> ContactAdvice:
    order = request.order
    if request.channel == "feedback_reply":
        return ContactAdvice(door=Door.PUBLIC_REPLY, reason="One public reply; it cannot be edited, and deleting it locks the place.")
    if order.opted_out:
        return ContactAdvice(door=Door.PUBLIC_REPLY, reason="The buyer has opted out of seller messages; only the public reply is left.")
    if is_window_over(request, rules, now=now):
        return ContactAdvice(door=Door.PUBLIC_REPLY, reason=f"More than {rules.window_days} days since the order was completed.")
    missing = tuple(
        name for name, value in (("order.completed_at", order.completed_at), ("order.opted_out", order.opted_out)) if value is None
    )
    return ContactAdvice(
        door=Door.FEEDBACK_CONTACT, reason="Feedback Manager, Contact Customer: one message on this order.", missing=missing
    )


def is_window_over(request: DraftRequest, rules: ContactRules, *, now: datetime | None) -> bool:
    """True when a message started by the seller would come too late; without a clock, the day of the review is taken."""
    moment = now or request.review.received_at
    completed_at = request.order.completed_at
    return completed_at is not None and moment is not None and moment > completed_at + timedelta(days=rules.window_days)
