"""Who has been written to about which order, and whether one more message is allowed.

The ledger holds keys, times and kinds, no names and no text. It is a value: recording a contact gives back a new ledger.
Limits are content (`guardrails/triage/contact.yaml`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from drafter.domain import ContactKind, DraftRequest, OrderFacts, PastContact, Recalled, ReplyState

UNCAPPED = (ContactKind.ANSWER, ContactKind.UNSURE)
"""What no limit stands against, and what counts towards none."""

CLOCKS_DIFFER = timedelta(days=1)
"""How far ahead a time may lie: a local one that was taken for UTC is up to 14 hours off. What is said to be sent later than that
counts towards no limit of days: it would for as long as its date is away. What may be sent once stays sent once."""

THIS_ORDER, THIS_BUYER = "this order", "this buyer"


class StopCause(StrEnum):
    """Why a buyer is not to be written to any more."""

    OPTED_OUT = "opted_out"
    COMPLAINED = "complained"
    OFFERED_TRADE = "offered_trade"
    """The buyer offered to change a review for money."""


@dataclass(frozen=True, slots=True)
class ContactLimits:
    """How much contact is too much."""

    notices_per_order: int
    requests_per_order: int
    messages_per_buyer: int
    """Messages that the seller started, to one buyer over all orders, within `window`."""
    window: timedelta


@dataclass(frozen=True, slots=True)
class Contact:
    """One message that was sent."""

    order_key: str
    buyer_key: str
    kind: ContactKind
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Permission:
    """May this message be sent? `reason` is a code."""

    is_allowed: bool
    reason: str


def kind_of(channel: str, order: OrderFacts) -> ContactKind | None:
    """What a message on this channel is for; None for what goes to nobody's inbox."""
    if channel == "feedback_contact":
        return ContactKind.NOTICE if order.resolved else ContactKind.MESSAGE
    if channel == "buyer_message":
        return ContactKind.MESSAGE if order.seller_started else ContactKind.ANSWER
    if channel == "review_followup":
        return ContactKind.UNSURE if order.buyer_replied is None else ContactKind.ANSWER if order.buyer_replied else ContactKind.TEMPLATE
    return None


def with_recalled(request: DraftRequest, recalled: Recalled | None, *, is_last_door: bool = False) -> DraftRequest:
    """The request with what its order and its buyer were sent by approved drafts; contacts that it names itself are not counted twice.

    Args:
        request: As it was asked.
        recalled: What the store says; None: nothing is known.
        is_last_door: A public reply that was approved counts, though the caller saw none when he asked.
    """
    if recalled is None:
        return request
    order = request.order
    is_told = order.public_reply is not None and not (is_last_door and order.public_reply is ReplyState.NONE and recalled.public_reply)
    known = {
        "contacts": tuple(dict.fromkeys((*(order.contacts or ()), *recalled.contacts))),
        "public_reply": order.public_reply if is_told else recalled.public_reply,
    }
    return request.model_copy(update={"order": order.model_copy(update=known)})


@dataclass(frozen=True, slots=True)
class Ledger:
    """Contacts and stops so far."""

    limits: ContactLimits
    contacts: tuple[Contact, ...] = ()
    stops: frozenset[tuple[str, StopCause]] = frozenset()

    @classmethod
    def of(cls, limits: ContactLimits, contacts: Sequence[PastContact]) -> Ledger:
        """What one buyer was sent, seen from one order, whose keys are `THIS_ORDER` and `THIS_BUYER`."""
        return cls(limits, tuple(Contact(THIS_ORDER if c.is_same_order else "", THIS_BUYER, c.kind, c.sent_at) for c in contacts))

    def may_contact(self, order_key: str, buyer_key: str, kind: ContactKind, *, now: datetime) -> Permission:
        """Whether one more message of this kind would be within the limits."""
        causes = {cause for key, cause in self.stops if key == buyer_key}
        if causes and not (kind is ContactKind.ANSWER and causes <= {StopCause.OPTED_OUT}):
            return Permission(False, f"stopped:{min(causes)}")
        if kind in UNCAPPED:
            return Permission(True, kind.value)
        on_order = [c.kind for c in self.contacts if c.order_key == order_key]
        if kind is ContactKind.NOTICE and on_order.count(kind) >= self.limits.notices_per_order:
            return Permission(False, "notice_repeat")
        if kind is ContactKind.REQUEST and on_order.count(kind) >= self.limits.requests_per_order:
            return Permission(False, "request_repeat")
        if kind is ContactKind.TEMPLATE and kind in on_order:
            return Permission(False, "template_repeat")
        recent = [
            c
            for c in self.contacts
            if c.buyer_key == buyer_key and c.kind not in UNCAPPED and -CLOCKS_DIFFER < now - c.sent_at < self.limits.window
        ]
        if len(recent) >= self.limits.messages_per_buyer:
            return Permission(False, "frequency_cap")
        return Permission(True, "within_limits")

    def record(self, contact: Contact) -> Ledger:
        """The ledger with one more contact.

        Raises:
            ValueError: the contact was not allowed; a message must be asked for before it is sent.
        """
        permission = self.may_contact(contact.order_key, contact.buyer_key, contact.kind, now=contact.sent_at)
        if not permission.is_allowed:
            raise ValueError(permission.reason)
        return replace(self, contacts=(*self.contacts, contact))

    def stop(self, buyer_key: str, cause: StopCause) -> Ledger:
        """The ledger after which this buyer is left alone. There is no way back: a stop is the buyer's to lift, not ours."""
        return replace(self, stops=self.stops | {(buyer_key, cause)})
