from datetime import UTC, datetime, timedelta

import pytest

from drafter.domain import Door, DraftRequest, Issue
from drafter.errors import ContentError
from drafter.triage.contact import advise, find_stops, load_contact_rules


@pytest.fixture(scope="module")
def rules(content_root):
    """The shipped rules."""
    return load_contact_rules(content_root / "guardrails" / "triage" / "contact.yaml")


def ask(rules, *, now=None, issues=(Issue.DEFECTIVE,), wants=(), rating=1, subject="product_review", **fields):
    """Advice for a request."""
    review = {"body": "x", "rating": rating, "subject": subject, **fields.pop("review", {})}
    request = DraftRequest.model_validate({"review": review, "asked_at": now, **fields})
    return advise(request, rules, issues, wants, find_stops(request, rules))


def stops(rules, *, channel="review_followup", subject="product_review", rating=1, now=None, **order):
    """What stands against a message."""
    review = {"body": "x", "rating": rating, "subject": subject}
    return find_stops(DraftRequest.model_validate({"review": review, "asked_at": now, "channel": channel, "order": order}), rules)


def test_a_defect_opens_the_refund_template(rules):
    """What a refund or replacement would mend goes by the courtesy-refund template, and says what is not known."""
    advice = ask(rules)
    assert advice.door is Door.CONTACT_TEMPLATE_REFUND
    assert {"order.seller_of_record", "order.brand_representative", "order.buyer_replied"} <= set(advice.missing)


def test_a_question_opens_the_support_template(rules):
    """Instructions are explained, not refunded."""
    assert ask(rules, issues=(Issue.USABILITY_OR_INSTRUCTIONS,)).door is Door.CONTACT_TEMPLATE_SUPPORT


def test_safety_is_never_answered_with_money(rules):
    """A burn is a matter for support and a person."""
    assert ask(rules, issues=(Issue.SAFETY_HAZARD, Issue.DEFECTIVE)).door is Door.CONTACT_TEMPLATE_SUPPORT


def test_without_an_allowed_refund_support_is_left(rules):
    """The seller's remedies decide."""
    assert ask(rules, seller={"allowed_remedies": ["troubleshooting"]}).door is Door.CONTACT_TEMPLATE_SUPPORT


@pytest.mark.parametrize(("order", "rating"), [({"seller_of_record": False}, 1), ({"brand_representative": False}, 1), ({}, 5)])
def test_no_door_without_role_or_criticism(rules, order, rating):
    """Others' orders, missing roles and kind reviews have no door."""
    assert ask(rules, order=order, rating=rating).door is Door.NONE


def test_three_stars_depend_on_the_button(rules):
    """Amazon's texts disagree about three stars."""
    assert "contact_button_shown" in ask(rules, rating=3).missing
    assert "contact_button_shown" not in ask(rules, rating=2).missing


def test_an_answered_template_opens_the_thread(rules):
    """Once the buyer has answered, free text goes there."""
    assert ask(rules, order={"buyer_replied": True}).door is Door.THREAD_REPLY
    assert ask(rules, channel="buyer_message").door is Door.THREAD_REPLY


def test_feedback_has_two_doors(rules):
    """The message within thirty days, the public reply always."""
    completed_at = datetime(2026, 1, 1, tzinfo=UTC)
    order = {"completed_at": completed_at, "opted_out": False}
    within, after = completed_at + timedelta(days=30), completed_at + timedelta(days=31)
    assert ask(rules, subject="seller_feedback", channel="feedback_contact", order=order, now=within).door is Door.FEEDBACK_CONTACT
    assert ask(rules, subject="seller_feedback", channel="feedback_contact", order=order, now=after).door is Door.PUBLIC_REPLY
    assert ask(rules, subject="seller_feedback", channel="feedback_contact", order={"opted_out": True}).door is Door.PUBLIC_REPLY
    assert ask(rules, subject="seller_feedback", channel="feedback_reply", order=order, now=after).door is Door.PUBLIC_REPLY


NOW = datetime(2026, 3, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FEEDBACK = {"subject": "seller_feedback", "channel": "feedback_contact"}


def sent(kind, *, days_ago=1, is_same_order=True):
    """A message that went out before."""
    return {"kind": kind, "sent_at": NOW - timedelta(days=days_ago), "is_same_order": is_same_order}


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"seller_of_record": False}, ("not_seller_of_record",)),
        ({"brand_representative": False}, ("no_brand_role",)),
        ({"rating": 5}, ("not_critical",)),
        ({"rating": 5, "buyer_replied": True}, ()),
        ({"channel": "buyer_message", "seller_of_record": False, "seller_started": True}, ("not_seller_of_record",)),
        ({"channel": "buyer_message", "seller_of_record": False}, ()),
        ({"opted_out": True}, ("buyer_opted_out",)),
        ({"opted_out": True, "buyer_replied": True}, ()),
        ({**FEEDBACK, "completed_at": LONG_AGO}, ("window_expired",)),
        ({"channel": "buyer_message", "seller_started": True, "completed_at": LONG_AGO}, ("window_expired",)),
        ({"channel": "buyer_message", "completed_at": LONG_AGO}, ()),
        ({"completed_at": LONG_AGO}, ()),
        ({**FEEDBACK, "resolved": True, "contacts": [sent("notice", days_ago=20)]}, ("notice_repeat",)),
        ({**FEEDBACK, "resolved": True, "contacts": [sent("notice", days_ago=20, is_same_order=False)]}, ()),
        ({**FEEDBACK, "contacts": [sent("notice", days_ago=20)]}, ()),
        ({**FEEDBACK, "contacts": [sent("message", is_same_order=False)] * 3}, ("frequency_cap",)),
        ({**FEEDBACK, "contacts": [sent("message", days_ago=8)] * 3}, ()),
        ({**FEEDBACK, "contacts": [sent("answer")] * 9}, ()),
        ({"buyer_replied": False, "contacts": [sent("template")]}, ("template_repeat",)),
        ({"buyer_replied": True, "contacts": [sent("template")]}, ()),
        ({"contacts": [sent("template")]}, ("template_unsure",)),
        ({"contacts": [sent("unsure")]}, ("template_unsure",)),
        ({"buyer_replied": False, "contacts": [sent("unsure")]}, ("template_unsure",)),
        ({"buyer_replied": True, "contacts": [sent("unsure")] * 3}, ()),
        ({"buyer_replied": False, "contacts": [sent("unsure", is_same_order=False)]}, ()),
        ({"contacts": [sent("message")] * 3}, ("frequency_unsure",)),
        ({**FEEDBACK, "contacts": [sent("unsure", is_same_order=False)] * 3}, ("frequency_unsure",)),
        ({**FEEDBACK, "contacts": [sent("message", days_ago=-2)] * 3}, ()),
        ({"subject": "seller_feedback", "channel": "feedback_reply", "public_reply": "live"}, ("reply_live",)),
        ({"subject": "seller_feedback", "channel": "feedback_reply", "public_reply": "locked"}, ("reply_locked",)),
        ({"subject": "seller_feedback", "channel": "feedback_reply", "public_reply": "none"}, ()),
    ],
)
def test_what_stands_against_a_message(rules, fields, codes):
    """Roles, opt-out, the window, what was sent before; an answer to the buyer is stopped by none of them."""
    assert stops(rules, now=NOW, **fields) == codes


def test_what_is_refused_has_no_door_but_perhaps_the_public_reply(rules):
    """The advice never offers the door that the route has closed."""
    assert ask(rules, order={"opted_out": True}).door is Door.NONE
    notice = {"resolved": True, "contacts": [sent("notice")]}
    assert ask(rules, now=NOW, **FEEDBACK, order=notice).door is Door.PUBLIC_REPLY
    assert ask(rules, now=NOW, **FEEDBACK, order={**notice, "public_reply": "live"}).door is Door.NONE
    assert "told once already" in ask(rules, now=NOW, **FEEDBACK, order=notice).reason
    assert "3 messages in 7 days" in ask(rules, now=NOW, **FEEDBACK, order={"contacts": [sent("message")] * 3}).reason


def test_a_template_that_was_sent_is_told_to_who_asks_for_another_message(rules):
    """What goes by another way is not refused for it; that Contact Customer is used up is said."""
    order = {"seller_started": True, "contacts": [sent("template")]}
    assert "sent on this order already" in ask(rules, channel="buyer_message", now=NOW, order=order).reason


@pytest.mark.parametrize(
    ("fields", "order", "missing"),
    [
        ({}, {"contacts": [sent("template")]}, ("order.buyer_replied",)),
        ({}, {"contacts": [sent("unsure")]}, ("order.buyer_replied", "order.contacts")),
        ({}, {"buyer_replied": False, "contacts": [sent("unsure")]}, ("order.contacts",)),
        (FEEDBACK, {"contacts": [sent("unsure", is_same_order=False)] * 3}, ("order.contacts",)),
    ],
)
def test_what_is_refused_for_not_being_known_says_what_to_tell(rules, fields, order, missing):
    """The reason in words, the facts by name."""
    advice = ask(rules, now=NOW, **fields, order=order)
    assert advice.missing == missing
    assert "order.buyer_replied" in advice.reason
    assert "order.contacts" in advice.reason


def test_what_was_sent_is_missing_only_where_it_could_be_looked_up(rules):
    """With a key and no answer from the store, the ledger is a fact that is missing."""
    assert "order.contacts" in ask(rules, **FEEDBACK, order={"order_id": "302-1"}).missing
    assert "order.contacts" not in ask(rules, **FEEDBACK, order={"order_id": "302-1", "contacts": []}).missing
    assert "order.contacts" not in ask(rules, **FEEDBACK).missing


def test_a_contact_of_unknown_kind_is_a_fact_that_is_missing(rules):
    """It counts, and the advice names it also where no limit is reached."""
    order = {"buyer_replied": False, "contacts": [sent("unsure")]}
    assert "order.contacts" in ask(rules, now=NOW, order=order).missing
    assert "order.contacts" in ask(rules, now=NOW, **FEEDBACK, order=order).missing
    assert "order.contacts" not in ask(rules, now=NOW, order={**order, "contacts": [sent("answer")]}).missing


def test_a_message_of_the_buyer_has_a_clock(rules):
    """Twenty-four hours, said as a time, and as overdue when they are over."""
    review = {"received_at": NOW}
    advice = ask(rules, channel="buyer_message", review=review, now=NOW + timedelta(hours=2))
    assert advice.answer_by == NOW + timedelta(hours=24)
    assert "more than 24 hours ago" in ask(rules, channel="buyer_message", review=review, now=NOW + timedelta(hours=25)).reason
    assert ask(rules, channel="buyer_message").answer_by is None
    assert ask(rules, channel="buyer_message", review={"received_at": datetime.max.replace(tzinfo=UTC)}).answer_by is None


def test_an_old_review_may_have_left_the_page_with_the_button(rules):
    """Amazon shows reviews beside the button for ninety days."""
    review = {"received_at": NOW - timedelta(days=91)}
    assert "contact_button_shown" in ask(rules, review=review, now=NOW).missing
    assert "contact_button_shown" not in ask(rules, review={"received_at": NOW - timedelta(days=89)}, now=NOW).missing


def test_stores_are_known_by_code_and_domain(rules):
    """Callers write DE, amazon.de or www.amazon.de."""
    assert rules.store("DE") is rules.store("www.amazon.de") is not None
    assert rules.store("amazon.mars") is rules.store(None) is None


def test_a_store_may_have_thresholds_of_its_own(rules):
    """Amazon's Canadian text is sure of three stars; others are not."""
    assert "contact_button_shown" in ask(rules, rating=3, review={"marketplace": "amazon.com"}).missing
    assert "contact_button_shown" not in ask(rules, rating=3, review={"marketplace": "CA"}).missing


def test_a_threshold_that_nobody_reads_is_refused(content_root, tmp_path):
    """A misspelt name would otherwise leave the usual number in force."""
    text = (content_root / "guardrails" / "triage" / "contact.yaml").read_text(encoding="utf-8")
    path = tmp_path / "contact.yaml"
    path.write_text(text.replace("contact_customer_sure_rating: {value: 3", "sure_ratings: {value: 3"), encoding="utf-8")
    with pytest.raises(ContentError, match="sure_ratings"):
        load_contact_rules(path)
    path.write_text(text.replace("  review_page_days:", "  page_days:"), encoding="utf-8")
    with pytest.raises(ContentError, match="page_days"):
        load_contact_rules(path)


def test_every_threshold_has_a_source(content_root):
    """A number without a source cannot be checked again."""
    from drafter.content import read_yaml

    values = read_yaml(content_root / "guardrails" / "triage" / "contact.yaml")
    assert values["checked_on"]
    assert all(entry["source"] and entry["confidence"] for entry in values["defaults"].values())


def test_a_missing_threshold_is_said(tmp_path):
    """The file is named."""
    path = tmp_path / "contact.yaml"
    path.write_text("defaults: {}\nmarketplaces: {}\n")
    with pytest.raises(ContentError, match=r"contact\.yaml"):
        load_contact_rules(path)
