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

UNSURE_OF = {"template_repeat": "template_unsure", "frequency_cap": "frequency_unsure"}
"""Reasons to reasons that hold only because what is not known counts."""

SAME_MOMENT = timedelta(seconds=1)
"""Some callers keep no microseconds."""

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


def _as_template(contact: Contact) -> Contact:
    return replace(contact, kind=ContactKind.TEMPLATE) if contact.kind is ContactKind.UNSURE else contact


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

    A contact that it names with its kind takes the place of one of unknown kind that was sent in that moment.

    Args:
        request: As it was asked.
        recalled: What the store says; None: nothing is known.
        is_last_door: A public reply that was approved counts, though the caller saw none when he asked.
    """
    if recalled is None:
        return request
    order, told = request.order, request.order.contacts or ()
    untold = (c for c in recalled.contacts if c.kind is not ContactKind.UNSURE or not any(_is_same(c, one) for one in told))
    is_told = order.public_reply is not None and not (is_last_door and order.public_reply is ReplyState.NONE and recalled.public_reply)
    known = {
        "contacts": tuple(dict.fromkeys((*told, *untold))),
        "public_reply": order.public_reply if is_told else recalled.public_reply,
    }
    return request.model_copy(update={"order": order.model_copy(update=known)})


def _is_same(contact: PastContact, told: PastContact) -> bool:
    return contact.is_same_order == told.is_same_order and abs(contact.sent_at - told.sent_at) < SAME_MOMENT


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
        if kind is ContactKind.ANSWER:
            return Permission(True, kind.value)
        known = tuple(c for c in self.contacts if c.kind is not ContactKind.UNSURE)
        reason = None if kind is ContactKind.UNSURE else self._against(known, order_key, buyer_key, kind, now)
        if reason is None:
            # Unknown is no pass: what may have been a template is counted as one, and so is a message that may be one.
            counted = tuple(_as_template(c) for c in self.contacts)
            own = ContactKind.TEMPLATE if kind is ContactKind.UNSURE else kind
            reached = self._against(counted, order_key, buyer_key, own, now)
            reason = UNSURE_OF[reached] if reached else None
        return Permission(reason is None, reason or "within_limits")

    def _against(self, contacts: Sequence[Contact], order_key: str, buyer_key: str, kind: ContactKind, now: datetime) -> str | None:
        """The limit that these contacts reach."""
        on_order = [c.kind for c in contacts if c.order_key == order_key]
        if kind is ContactKind.NOTICE and on_order.count(kind) >= self.limits.notices_per_order:
            return "notice_repeat"
        if kind is ContactKind.REQUEST and on_order.count(kind) >= self.limits.requests_per_order:
            return "request_repeat"
        if kind is ContactKind.TEMPLATE and kind in on_order:
            return "template_repeat"
        capped = [c.sent_at for c in contacts if c.buyer_key == buyer_key and c.kind is not ContactKind.ANSWER]
        recent = [sent_at for sent_at in capped if -CLOCKS_DIFFER < now - sent_at < self.limits.window]
        return "frequency_cap" if len(recent) >= self.limits.messages_per_buyer else None

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
