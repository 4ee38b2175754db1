from datetime import UTC, datetime, timedelta

import pytest

from drafter.domain import Door, DraftRequest, Issue
from drafter.errors import ContentError
from drafter.triage.contact import advise, load_contact_rules


@pytest.fixture(scope="module")
def rules(content_root):
    """The shipped rules."""
    return load_contact_rules(content_root / "guardrails" / "triage" / "contact.yaml")


def ask(rules, *, now=None, issues=(Issue.DEFECTIVE,), wants=(), rating=1, subject="product_review", **fields):
    """Advice for a request."""
    request = DraftRequest.model_validate({"review": {"body": "x", "rating": rating, "subject": subject}, **fields})
    return advise(request, rules, issues, wants, now=now)


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


def test_stores_are_known_by_code_and_domain(rules):
    """Callers write DE, amazon.de or www.amazon.de."""
    assert rules.languages_of("DE") == rules.languages_of("www.amazon.de") != ()
    assert rules.languages_of("nowhere") == rules.languages_of(None) == ()


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
