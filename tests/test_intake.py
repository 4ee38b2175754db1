"""The door is friendly where the meaning is plain, and says in one sentence what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.domain import Remedy, Subject
from drafter.errors import RequestError
from drafter.intake import MAX_BODY_BYTES, ChannelFact, parse_json, receive_check_request, receive_draft_request

CHANNELS = {
    name: ChannelFact(name, subject)
    for name, subject in [
        ("review_followup", Subject.PRODUCT_REVIEW),
        ("feedback_contact", Subject.SELLER_FEEDBACK),
        ("feedback_reply", Subject.SELLER_FEEDBACK),
    ]
}


def test_only_the_reviews_text_is_required() -> None:
    """The least request is a body."""
    received = receive_draft_request({"review": {"body": "It broke."}}, CHANNELS)
    assert received.request.channel == "review_followup"
    assert received.warnings == ()


def test_a_bare_review_is_a_request() -> None:
    """A line of a review export can be drafted as it is."""
    line = {
        "id": "ff-1",
        "subject": "product_review",
        "rating": 1,
        "title": "No",
        "body": "It broke.",
        "asin": "B0",
        "received_at": 1351123200,
    }
    request = receive_draft_request(line, CHANNELS).request
    assert (request.id, request.review.rating, request.product.asin) == ("ff-1", 1, "B0")
    assert request.review.received_at is not None
    assert request.review.received_at.year == 2012


def test_fields_at_the_top_find_their_place() -> None:
    """`resolved`, `language` and `stars` mean what they say, wherever they stand."""
    value = {"review": {"stars": 2, "body": "Late."}, "channel": "feedback_contact", "resolved": True, "language": "de"}
    request = receive_draft_request(value, CHANNELS).request
    assert request.review.rating == 2
    assert request.order.resolved is True
    assert request.options.language == "de"
    assert request.review.subject is Subject.SELLER_FEEDBACK


@pytest.mark.parametrize(("asked", "kept"), [("en_US", "en-US"), ("nl", "nl"), ("und", None), ("", ""), (None, None)])
def test_a_language_is_asked_for_by_its_tag(asked: str | None, kept: str | None) -> None:
    """Also one that is not covered: the answer says that. One of no language in particular is no wish."""
    assert receive_draft_request({"body": "x", "options": {"language": asked}}, CHANNELS).request.options.language == kept


def test_feedback_without_a_channel_goes_to_the_buyer() -> None:
    """The subject chooses the channel when the caller does not."""
    assert receive_draft_request({"subject": "seller_feedback", "body": "Late."}, CHANNELS).request.channel == "feedback_contact"


def test_an_unknown_field_is_named_with_its_likely_name() -> None:
    """A typo is not lost silently."""
    received = receive_draft_request({"review": {"body": "x", "ratng": 3}}, CHANNELS)
    assert received.warnings == ('review."ratng" is no known field and was ignored; did you mean rating?',)


@pytest.mark.parametrize(
    ("words", "hint"),
    [("refund", "did you mean full_refund? known are"), ("free unicorn", "known are full_refund, partial_refund, replacement")],
)
def test_a_remedy_that_no_template_offers_is_named(words: str, hint: str) -> None:
    """A mistyped name would be dropped without a word; those that are known are listed."""
    received = receive_draft_request({"body": "x", "seller": {"allowed_remedies": ["replacement", words]}}, CHANNELS)
    (warning,) = received.warnings
    assert warning.startswith(f'seller.allowed_remedies.1: "{words}" is no known remedy')
    assert hint in warning
    assert received.request.seller.allowed_remedies == ("replacement", words)


def test_every_known_remedy_passes_however_it_is_written() -> None:
    """`Full refund` is as good as `full_refund`, and becomes it."""
    for form in (str, str.title, lambda name: name.replace("_", " "), lambda name: name.replace("_", "-").upper()):
        received = receive_draft_request({"body": "x", "seller": {"allowed_remedies": [form(name.value) for name in Remedy]}}, CHANNELS)
        assert (received.warnings, received.request.seller.allowed_remedies) == ((), tuple(Remedy))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([], "a JSON object is needed, not a list"),
        ({}, 'review: is required; {"body": "…"} alone is enough'),
        ({"review": {}}, "review.body: is required"),
        ({"body": ""}, "review.body: is empty"),
        ({"body": "  "}, "review.body: is empty; send what the buyer wrote"),
        ({"body": "x", "rating": 7}, "review.rating: 7 is more than 5"),
        ({"body": "x", "rating": 0}, "review.rating: 0 is less than 1"),
        ({"body": "x" * 20_001}, "review.body: is longer than 20000 characters"),
        ({"body": "x", "channel": "fax"}, 'channel: "fax" is no channel; use one of feedback_contact, feedback_reply, review_followup'),
        ({"body": "x", "seller": 3}, "seller: must be an object, not a number"),
        ({"review": {"body": None}}, "review.body: must be a text"),
        (
            {"body": "x", "language": "klingon"},
            'options.language: "klingon" is no language tag; send one such as en, de or pt-BR, '
            "or leave it out for the review's own language",
        ),
        (
            {"body": "x", "order_id": "Nora Smith"},
            "order.order_id: may hold letters, digits and . _ : - only, no spaces, and begins with a letter or a digit",
        ),
        ({"body": "x", "seller": {"tone": "Loud"}}, "seller.tone: \"Loud\" is none of 'warm', 'plain' or 'formal'"),
        ({"body": "x", "deadline_s": 0}, "options.deadline_s: 0 is not more than 0"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(value: Any, sentence: str) -> None:
    """Each error names its field and what it takes."""
    with pytest.raises(RequestError) as caught:
        receive_draft_request(value, CHANNELS)
    assert str(caught.value) == sentence


def test_a_channel_for_checks_only_takes_no_draft() -> None:
    """A text to Amazon is no reply to a buyer."""
    channels = {**CHANNELS, "removal_request": ChannelFact("removal_request", Subject.PRODUCT_REVIEW, may_draft=False)}
    with pytest.raises(RequestError, match="nothing is drafted for removal_request"):
        receive_draft_request({"body": "It broke.", "channel": "removal_request"}, channels)
    assert receive_check_request({"channel": "removal_request", "text": "RC-05."}, channels).request.channel == "removal_request"


def test_an_error_never_repeats_the_buyers_text() -> None:
    """Error messages go to logs; what buyers write does not."""
    with pytest.raises(RequestError) as caught:
        receive_draft_request({"review": {"body": "my secret story", "rating": 9}}, CHANNELS)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"\xff\xfe", "not_utf8"), (b"{", "not_json"), (b"x" * (MAX_BODY_BYTES + 1), "too_large"), (b"[" * 100_000, "not_json")],
)
def test_bytes_that_are_no_request_are_refused(raw: bytes, code: str) -> None:
    """Broken, oversized or hostile bytes get a code, never a crash."""
    with pytest.raises(RequestError) as caught:
        parse_json(raw)
    assert caught.value.code == code


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["review", "body", "rating", "channel", "order", "options", "seller", "text", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(json_values)
def test_no_json_value_can_crash_the_door(value: Any) -> None:
    """Whatever is sent, the answer is a request or a RequestError."""
    for receive in (receive_draft_request, receive_check_request):
        try:
            receive(json.loads(json.dumps(value)), CHANNELS)
        except RequestError as exc:
            assert str(exc)


def test_a_check_takes_a_review_as_text_or_object() -> None:
    """Both forms of the buyer's words are understood."""
    value = {"channel": "review_followup", "text": "Sorry.", "review": {"title": "Bad", "body": "It broke."}}
    assert receive_check_request(value, CHANNELS).request.review == "Bad\nIt broke."
    assert receive_check_request({**value, "review": "It broke."}, CHANNELS).request.review == "It broke."
