"""Through which door may this seller write to this buyer, what stands against it, and what must be known first?

Thresholds and windows are dated content (`guardrails/triage/contact.yaml`); what was sent before stands in the request
(`order.contacts`, `order.public_reply`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from drafter.cases.clock import ClockState, MessageClock
from drafter.cases.ledger import THIS_BUYER, THIS_ORDER, UNSURE_OF, ContactLimits, Ledger, kind_of
from drafter.cases.reply import may_post
from drafter.content import read_yaml
from drafter.domain import ContactAdvice, ContactKind, Door, DraftRequest, Issue, OrderFacts, Subject, Triage
from drafter.errors import ContentError

REFUND_ISSUES = frozenset(
    {
        Issue.DAMAGED_IN_TRANSIT, Issue.DEFECTIVE, Issue.WRONG_ITEM, Issue.NOT_AS_DESCRIBED, Issue.QUALITY_OR_DURABILITY,
        Issue.MISSING_PARTS, Issue.LATE_DELIVERY,
    }
)  # fmt: skip
"""Where a courtesy refund or replacement answers the complaint better than a question does."""
NO_DOOR: Mapping[str, str] = {
    "not_seller_of_record": "Only the seller of record of the order may contact its buyer.",
    "no_brand_role": "Contact Customer needs the Brand Representative role.",
    "not_critical": "Contact Customer is for critical reviews, up to {max_rating} stars.",
}
"""Codes of what closes the door from the start, each with its sentence."""
BY_TEMPLATE = (ContactKind.TEMPLATE, ContactKind.UNSURE)
"""What goes through Contact Customer, as far as is known."""
REFUSED: Mapping[str, str] = {
    "buyer_opted_out": "The buyer has opted out of messages that the seller starts.",
    "window_expired": "More than {window_days} days since the order was completed.",
    "notice_repeat": "This order's buyer was told once already that feedback can be updated or removed.",
    "template_repeat": "A Contact Customer template was sent on this order already; wait until the buyer answers.",
    "template_unsure": "This may be the second Contact Customer template on this order. Tell whether the buyer has answered "
    "(order.buyer_replied), or of what kind the message before was (order.contacts).",
    "frequency_cap": "This buyer was sent {messages_per_buyer} messages in {messages_window_days} days already.",
    "frequency_unsure": "This may be one message more than {messages_per_buyer} in {messages_window_days} days. Tell whether the buyer has "
    "answered (order.buyer_replied), or of what kind the messages before were (order.contacts).",
    "reply_live": "The public reply is there already; it cannot be edited.",
    "reply_locked": "The public reply was deleted; there is no second one.",
    "reply_unsure": "The public reply was deleted before the buyer changed the feedback; look whether Amazon lets you post.",
    "reply_gone": "There is no feedback any more to reply to.",
}
"""Codes of what stands against a message that the door would let through, each with its sentence."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers that hold in a store; each stands in `contact.yaml` with its source."""

    contact_customer_max_rating: int
    contact_customer_sure_rating: int
    seller_started_days_after_completion: int
    review_page_days: int
    buyer_message_answer_hours: int
    feedback_notices_per_order: int
    requests_per_order: int
    messages_per_buyer: int
    messages_window_days: int

    @property
    def limits(self) -> ContactLimits:
        """Those that the ledger keeps."""
        return ContactLimits(
            notices_per_order=self.feedback_notices_per_order,
            requests_per_order=self.requests_per_order,
            messages_per_buyer=self.messages_per_buyer,
            window=timedelta(days=self.messages_window_days),
        )

    def say(self, sentence: str) -> str:
        """The sentence with its numbers."""
        return sentence.format(
            max_rating=self.contact_customer_max_rating,
            window_days=self.seller_started_days_after_completion,
            messages_per_buyer=self.messages_per_buyer,
            messages_window_days=self.messages_window_days,
        )


@dataclass(frozen=True, slots=True)
class Store:
    """What holds in one store."""

    languages: tuple[str, ...]
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class ContactRules:
    """`contact.yaml`: dated thresholds, and the languages of each store."""

    usual: Thresholds
    """Where the store is not known, or has no number of its own."""
    stores: Mapping[str, Store]
    """By code (`DE`) and by domain (`amazon.de`), in small letters."""

    def store(self, marketplace: str | None) -> Store | None:
        """The store of that name; None when it is not known."""
        return self.stores.get((marketplace or "").strip().lower().removeprefix("www."))

    def thresholds_of(self, request: DraftRequest) -> Thresholds:
        """The numbers that hold for a request."""
        store = self.store(request.review.marketplace)
        return store.thresholds if store else self.usual


def load_contact_rules(path: Path) -> ContactRules:
    """Rules of `contact.yaml`.

    Raises:
        ContentError: a value is missing or unknown.
    """
    values: Any = read_yaml(path)
    names = {field.name for field in fields(Thresholds)}
    try:
        usual = {key: int(entry["value"]) for key, entry in values["defaults"].items()}
        stores = {}
        for code, entry in values["marketplaces"].items():
            own = {key: int(value["value"]) for key, value in entry.items() if key in names}
            if unknown := set(entry) - names - {"domain", "languages"}:
                raise ValueError(f"{code}: {min(unknown)} is no threshold")
            store = Store(tuple(map(str, entry["languages"])), Thresholds(**{**usual, **own}))
            stores[str(code).lower()] = stores[entry["domain"]] = store
        return ContactRules(usual=Thresholds(**usual), stores=stores)
    except (KeyError, TypeError, ValueError) as exc:
        raise ContentError(path, f"missing or wrong: {exc}", hint="see the README beside it") from exc


def find_stops(request: DraftRequest, rules: ContactRules) -> tuple[str, ...]:
    """Codes of `NO_DOOR` and `REFUSED` that hold for a message on the request's channel, the firmest first."""
    thresholds = rules.thresholds_of(request)
    refusal = _refusal(request, thresholds)
    return (*_closed_doors(request, thresholds), *((refusal,) if refusal else ()))


def may_write(triage: Triage) -> bool:
    """True unless the buyer must not be sent this."""
    return REFUSED.keys().isdisjoint(triage.reasons)


def _closed_doors(request: DraftRequest, thresholds: Thresholds) -> tuple[str, ...]:
    order, rating = request.order, request.review.rating
    kind = kind_of(request.channel, order)
    if kind is ContactKind.MESSAGE and order.seller_of_record is False:
        return ("not_seller_of_record",)
    if kind not in BY_TEMPLATE:
        return ()
    holds = {
        "not_seller_of_record": order.seller_of_record is False,
        "no_brand_role": order.brand_representative is False,
        "not_critical": rating is not None and rating > thresholds.contact_customer_max_rating,
    }
    return tuple(code for code, is_so in holds.items() if is_so)


def _refusal(request: DraftRequest, thresholds: Thresholds) -> str | None:
    """Why the message must not be sent, though there is a door; None when nothing is known against it."""
    order, kind = request.order, kind_of(request.channel, request.order)
    if request.channel == "feedback_reply":
        return f"reply_{order.public_reply}" if order.public_reply and not may_post(order.public_reply) else None
    if kind is None or kind is ContactKind.ANSWER:
        return None
    if order.opted_out and not order.buyer_replied:
        return "buyer_opted_out"
    if kind not in BY_TEMPLATE and is_window_over(request, thresholds):
        return "window_expired"
    contacts = order.contacts or ()
    now = request.asked_at or max((c.sent_at for c in contacts), default=None)
    permission = Ledger.of(thresholds.limits, contacts).may_contact(THIS_ORDER, THIS_BUYER, kind, now=now) if now else None
    return permission.reason if permission and not permission.is_allowed else None


def advise(
    request: DraftRequest, rules: ContactRules, issues: tuple[Issue, ...], wants: tuple[str, ...], stops: tuple[str, ...]
) -> ContactAdvice:
    """The door to this buyer."""
    thresholds = rules.thresholds_of(request)
    if stops:
        return _advise_against(request, thresholds, stops)
    if request.channel == "buyer_message" and request.order.seller_started is not True:
        return _advise_to_answer(request, thresholds)
    if request.review.subject is Subject.SELLER_FEEDBACK:
        return _advise_on_feedback(request)
    return _advise_on_review(request, thresholds, issues, wants)


def _advise_against(request: DraftRequest, thresholds: Thresholds, stops: tuple[str, ...]) -> ContactAdvice:
    """No door; or the public reply, where a message about feedback cannot be sent and the place is free."""
    reason = " ".join(thresholds.say({**NO_DOOR, **REFUSED}[code]) for code in stops)
    missing = _that_would_clear(request) if set(stops) & set(UNSURE_OF.values()) else ()
    is_public_left = request.review.subject is Subject.SELLER_FEEDBACK and request.channel != "feedback_reply"
    if is_public_left and (request.order.public_reply is None or may_post(request.order.public_reply)):
        return ContactAdvice(door=Door.PUBLIC_REPLY, reason=f"{reason} Only the public reply is left.", missing=missing)
    return ContactAdvice(door=Door.NONE, reason=reason, missing=missing)


def _that_would_clear(request: DraftRequest) -> tuple[str, ...]:
    """Facts that say of what kind the message is, and those before it."""
    is_unsure = kind_of(request.channel, request.order) is ContactKind.UNSURE
    return _missing(request, *(("order.buyer_replied",) if is_unsure else ()), "order.contacts")


def _advise_to_answer(request: DraftRequest, thresholds: Thresholds) -> ContactAdvice:
    hours, received_at = thresholds.buyer_message_answer_hours, request.review.received_at
    reason = f"The buyer wrote in this thread; answer there, within {hours} hours."
    try:
        clock = MessageClock(received_at, timedelta(hours=hours)) if received_at else None
        answer_by = clock.due_at if clock else None
    except OverflowError:
        clock = answer_by = None
    if clock and request.asked_at and clock.state(request.asked_at) is ClockState.OVERDUE:
        reason = f"The buyer wrote in this thread more than {hours} hours ago; answer there at once."
    return ContactAdvice(door=Door.THREAD_REPLY, reason=reason, answer_by=answer_by)


def _advise_on_review(request: DraftRequest, thresholds: Thresholds, issues: tuple[Issue, ...], wants: tuple[str, ...]) -> ContactAdvice:
    rating = request.review.rating
    if request.order.buyer_replied:
        return ContactAdvice(
            door=Door.THREAD_REPLY, reason="The buyer answered the Contact Customer message; free text is open in that thread."
        )
    missing = [*_missing(request, "order.seller_of_record", "order.brand_representative"), *(() if rating else ("review.rating",))]
    if (rating or 0) > thresholds.contact_customer_sure_rating or _has_left_page(request, thresholds):
        missing.append("contact_button_shown")
    missing += ["order.buyer_replied", *_missing(request, "order.contacts")]
    may_refund = not request.seller.allowed_remedies or {"full_refund", "replacement"} & set(request.seller.allowed_remedies)
    asks_money = bool({"refund", "replacement"} & set(wants)) or bool(REFUND_ISSUES & set(issues))
    is_refund = asks_money and may_refund and Issue.SAFETY_HAZARD not in issues
    why = "courtesy refund" if is_refund else "customer support"
    reason = f"Contact Customer, reason {why}: a locked template; free text opens when the buyer answers."
    if any(c.kind is ContactKind.TEMPLATE and c.is_same_order for c in request.order.contacts or ()):
        reason = f"{REFUSED['template_repeat']} Free text opens then, in that thread."
    door = Door.CONTACT_TEMPLATE_REFUND if is_refund else Door.CONTACT_TEMPLATE_SUPPORT
    return ContactAdvice(door=door, reason=reason, missing=tuple(missing))


def _advise_on_feedback(request: DraftRequest) -> ContactAdvice:
    if request.channel == "feedback_reply":
        return ContactAdvice(door=Door.PUBLIC_REPLY, reason="One public reply; it cannot be edited, and deleting it locks the place.")
    missing = _missing(request, "order.completed_at", "order.opted_out", "order.contacts")
    return ContactAdvice(
        door=Door.FEEDBACK_CONTACT, reason="Feedback Manager, Contact Customer: one message on this order.", missing=missing
    )


def _missing(request: DraftRequest, *names: str) -> tuple[str, ...]:
    """Those facts of the order that are not known. What was sent before can only be looked up by a key, and what it was may be unknown."""
    return tuple(name for name in names if _is_missing(request.order, name.removeprefix("order.")))


def _is_missing(order: OrderFacts, name: str) -> bool:
    if name != "contacts":
        return getattr(order, name) is None
    if order.contacts is None:
        return order.has_key
    return any(contact.kind is ContactKind.UNSURE for contact in order.contacts)


def _has_left_page(request: DraftRequest, thresholds: Thresholds) -> bool:
    """True when the review is older than Amazon shows it beside its button."""
    received_at, now = request.review.received_at, request.asked_at
    return received_at is not None and now is not None and now - received_at > timedelta(days=thresholds.review_page_days)


def is_window_over(request: DraftRequest, thresholds: Thresholds) -> bool:
    """True when a message started by the seller would come too late; without a clock, the day of the review is taken."""
    moment, completed_at = request.asked_at or request.review.received_at, request.order.completed_at
    days = timedelta(days=thresholds.seller_started_days_after_completion)
    return completed_at is not None and moment is not None and moment - completed_at > days
