from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.cases.ledger import Contact, ContactLimits, Ledger, StopCause, kind_of, with_recalled
from drafter.domain import ContactKind, OrderFacts, PastContact, Recalled
from tests.conftest import make_request

LIMITS = ContactLimits(notices_per_order=1, requests_per_order=1, messages_per_buyer=3, window=timedelta(days=7))
START = datetime(2026, 1, 1, tzinfo=UTC)


def test_answers_are_never_capped():
    """A buyer who writes ten times gets ten answers."""
    ledger = Ledger(LIMITS)
    for hour in range(10):
        ledger = ledger.record(Contact("o", "b", ContactKind.ANSWER, START + timedelta(hours=hour)))
    assert len(ledger.contacts) == 10


@pytest.mark.parametrize("kind", [ContactKind.NOTICE, ContactKind.REQUEST, ContactKind.TEMPLATE])
def test_a_notice_request_or_template_goes_out_once_per_order(kind):
    """The second one on the same order is refused, however much later."""
    ledger = Ledger(LIMITS).record(Contact("o", "b", kind, START))
    assert not ledger.may_contact("o", "b", kind, now=START + timedelta(days=365)).is_allowed
    assert ledger.may_contact("another", "b", kind, now=START + timedelta(days=365)).is_allowed


def test_the_cap_counts_a_buyer_over_all_orders():
    """Three messages in a week are enough, whichever orders they were about."""
    ledger = Ledger(LIMITS)
    for number in range(3):
        ledger = ledger.record(Contact(f"o{number}", "b", ContactKind.MESSAGE, START))
    assert ledger.may_contact("o9", "b", ContactKind.MESSAGE, now=START).reason == "frequency_cap"
    assert ledger.may_contact("o9", "b", ContactKind.MESSAGE, now=START + timedelta(days=8)).is_allowed


def test_opted_out_buyers_still_get_answers():
    """Opting out stops our messages, not the answer to theirs."""
    ledger = Ledger(LIMITS).stop("b", StopCause.OPTED_OUT)
    assert ledger.may_contact("o", "b", ContactKind.ANSWER, now=START).is_allowed
    assert not ledger.may_contact("o", "b", ContactKind.MESSAGE, now=START).is_allowed


def test_an_unasked_contact_cannot_be_recorded():
    """Recording what was not allowed is an error of the caller."""
    ledger = Ledger(LIMITS).stop("b", StopCause.COMPLAINED)
    with pytest.raises(ValueError, match="stopped"):
        ledger.record(Contact("o", "b", ContactKind.MESSAGE, START))


@pytest.mark.parametrize(
    ("channel", "order", "kind"),
    [
        ("feedback_contact", {"resolved": True}, ContactKind.NOTICE),
        ("feedback_contact", {}, ContactKind.MESSAGE),
        ("buyer_message", {}, ContactKind.ANSWER),
        ("buyer_message", {"seller_started": True}, ContactKind.MESSAGE),
        ("review_followup", {"buyer_replied": True}, ContactKind.ANSWER),
        ("review_followup", {"buyer_replied": False}, ContactKind.TEMPLATE),
        ("review_followup", {}, ContactKind.UNSURE),
        ("feedback_reply", {}, None),
        ("removal_request", {}, None),
    ],
)
def test_what_a_message_is_for_follows_from_its_channel(channel, order, kind):
    """Who began, and whether the concern is settled, tell a notice from a message and an answer."""
    assert kind_of(channel, OrderFacts(**order)) is kind


@pytest.mark.parametrize(("before", "own"), [("unsure", "template"), ("template", "unsure"), ("unsure", "unsure")])
def test_what_may_be_a_second_template_is_not_sent(before, own):
    """Unknown is no pass, whichever of the two is not known; the reason says so, and another order has nothing to do with it."""
    ledger = Ledger(LIMITS).record(Contact("o", "b", ContactKind(before), START))
    assert ledger.may_contact("o", "b", ContactKind(own), now=START + timedelta(days=365)).reason == "template_unsure"
    assert ledger.may_contact("another", "b", ContactKind(own), now=START).is_allowed
    assert ledger.may_contact("o", "b", ContactKind.ANSWER, now=START).is_allowed


def test_what_is_not_known_counts_towards_the_cap():
    """Three messages in a week, one of which may be an answer, are enough until somebody says that it was one."""
    kinds = (ContactKind.MESSAGE, ContactKind.MESSAGE, ContactKind.UNSURE)
    ledger = Ledger(LIMITS, tuple(Contact(f"o{n}", "b", kind, START) for n, kind in enumerate(kinds)))
    for kind in set(ContactKind) - {ContactKind.ANSWER}:
        assert ledger.may_contact("o9", "b", kind, now=START).reason == "frequency_unsure"
    assert ledger.may_contact("o9", "b", ContactKind.MESSAGE, now=START + timedelta(days=8)).is_allowed
    full = Ledger(LIMITS, tuple(Contact(f"o{n}", "b", ContactKind.MESSAGE, START) for n in range(3)))
    assert full.may_contact("o9", "b", ContactKind.UNSURE, now=START).reason == "frequency_unsure"
    assert full.may_contact("o9", "b", ContactKind.MESSAGE, now=START).reason == "frequency_cap"


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        ({"kind": "answer", "sent_at": START}, ["answer"]),
        ({"kind": "template", "sent_at": START}, ["template"]),
        ({"kind": "answer", "sent_at": START + timedelta(hours=1)}, ["answer", "unsure"]),
        ({"kind": "answer", "sent_at": START, "is_same_order": False}, ["answer", "unsure"]),
    ],
)
def test_who_tells_what_a_message_was_clears_it(told, kinds):
    """Told with the time of its approval, to the millisecond; another message is another one."""
    request = make_request(order={"order_id": "o", "contacts": [told]})
    unsure = PastContact(kind=ContactKind.UNSURE, sent_at=START + timedelta(microseconds=321))
    known = with_recalled(request, Recalled(contacts=(unsure,), public_reply=None))
    assert [c.kind for c in known.order.contacts] == kinds


def test_what_is_known_of_a_message_is_not_told_away():
    """A template that was approved stays one beside an answer of the same moment."""
    request = make_request(order={"order_id": "o", "contacts": [{"kind": "answer", "sent_at": START}]})
    template = PastContact(kind=ContactKind.TEMPLATE, sent_at=START)
    known = with_recalled(request, Recalled(contacts=(template,), public_reply=None))
    assert [c.kind for c in known.order.contacts] == ["answer", "template"]


@pytest.mark.parametrize(("ahead", "counts"), [(timedelta(hours=14), True), (timedelta(days=1), False), (timedelta(days=9999), False)])
def test_what_lies_ahead_was_not_sent(ahead, counts):
    """A clock may be some hours off; a message of next year would count until then. A notice is one, whatever its date."""
    ledger = Ledger(LIMITS, tuple(Contact("o9", "b", ContactKind.MESSAGE, START + ahead) for _ in range(3)))
    assert ledger.may_contact("o", "b", ContactKind.MESSAGE, now=START).is_allowed is not counts
    noticed = Ledger(LIMITS, (Contact("o", "b", ContactKind.NOTICE, START + ahead),))
    assert not noticed.may_contact("o", "b", ContactKind.NOTICE, now=START).is_allowed


events = st.lists(
    st.tuples(
        st.sampled_from(["contact", "stop"]),
        st.sampled_from(["b1", "b2"]),
        st.sampled_from(["o1", "o2"]),
        st.sampled_from(list(ContactKind)),
        st.integers(0, 60),
    ),
    max_size=25,
)


@given(events)
def test_no_path_contacts_after_a_stop_or_repeats_a_notice(steps):
    """Whatever happens in whatever order: no message of ours follows a stop, and no order gets a second notice, request or template."""
    ledger, stopped = Ledger(LIMITS), set()
    for what, buyer, order, kind, day in steps:
        if what == "stop":
            ledger = ledger.stop(buyer, StopCause.COMPLAINED)
            stopped.add(buyer)
            continue
        now = START + timedelta(days=day)
        if ledger.may_contact(order, buyer, kind, now=now).is_allowed:
            assert buyer not in stopped
            ledger = ledger.record(Contact(order, buyer, kind, now))
    for order in ("o1", "o2"):
        kinds = [c.kind for c in ledger.contacts if c.order_key == order]
        assert kinds.count(ContactKind.NOTICE) <= 1
        assert kinds.count(ContactKind.REQUEST) <= 1
        assert kinds.count(ContactKind.TEMPLATE) + kinds.count(ContactKind.UNSURE) <= 1
