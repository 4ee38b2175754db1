import pytest

from drafter.domain import DraftRequest, GuardrailReport, Verdict
from drafter.guardrails.engine import Guardrail
from drafter.triage.packet import SECTIONS, removal_packet, with_packet
from drafter.triage.removal import _FEEDBACK, _REVIEW


@pytest.fixture(scope="module")
def guardrail(content_root):
    """The shipped rules."""
    return Guardrail.load(content_root, cache_dir=None)


@pytest.fixture
def packet(triager, guardrail):
    """Makes the packet for a text, or None."""

    def make(body, **review):
        request = DraftRequest.model_validate({"review": {"body": body, **review}})
        return with_packet(request, triager.triage(request), guardrail.check).removal_packet

    return make


def test_the_packet_names_the_section_and_quotes_the_words(packet):
    """Amazon can judge it without opening the review."""
    made = packet("Parcel came three weeks late and nobody answered my mails.")
    text = made.text
    assert (made.ground, made.verdict) == ("RC-01", "pass")
    assert "Seller, order, or shipping feedback" in text
    assert "three weeks late" in text


def test_private_and_obscene_words_are_not_repeated(packet):
    """The place is named instead."""
    text = packet("Write to karla.meier@post.example for pictures.").text
    assert "Private information" in text
    assert "karla" not in text


def test_no_ground_no_packet(packet):
    """Do not report is the usual answer, and a held ground is a person's to report."""
    assert packet("The lid leaks.") is None
    assert packet("A scam, nothing else.") is None


def test_delivery_by_amazon_is_struck_not_removed(packet):
    """Amazon leaves such feedback readable."""
    assert "strike it through" in packet("Arrived four days late.", subject="seller_feedback", fulfilled_by="amazon").text


def test_words_that_the_rules_forbid_are_not_quoted(triager):
    """The place is named when the guardrail blocks the quote; when it blocks that too, there is a verdict and no text."""
    request = DraftRequest.model_validate({"review": {"body": "Buy at www.shop.example instead."}})
    triage = triager.triage(request)
    quoted = removal_packet(request, triage, forbid("shop.example"))
    assert quoted.verdict is Verdict.PASS
    assert "we do not repeat them" in quoted.text
    refused = removal_packet(request, triage, forbid("section"))
    assert (refused.text, refused.verdict) == (None, Verdict.BLOCK)


def forbid(words):
    """A guardrail that blocks texts with these words."""

    def check(asked):
        verdict = Verdict.BLOCK if words in asked.text else Verdict.PASS
        return GuardrailReport(
            channel=asked.channel, verdict=verdict, findings=(), results=(), pack_sha256="", engine_version="", text_sha256=""
        )

    return check


def test_every_ground_that_can_be_eligible_has_a_section():
    """A new ground needs Amazon's own name for it."""
    only_held = {"RC-14", "RC-16", "FB-06"}
    assert set(_REVIEW) | set(_FEEDBACK) == set(SECTIONS) | only_held
