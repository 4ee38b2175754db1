from drafter.domain import DraftRequest
from drafter.triage.packet import SECTIONS, removal_packet
from drafter.triage.removal import _FEEDBACK, _REVIEW


def packet(triager, body, **review):
    """The packet for a text, or None."""
    request = DraftRequest.model_validate({"review": {"body": body, **review}})
    return removal_packet(request, triager.triage(request))


def test_the_packet_names_the_section_and_quotes_the_words(triager):
    """Amazon can judge it without opening the review."""
    text = packet(triager, "Parcel came three weeks late and nobody answered my mails.")
    assert "Seller, order, or shipping feedback" in text
    assert "three weeks late" in text


def test_private_and_obscene_words_are_not_repeated(triager):
    """The place is named instead."""
    text = packet(triager, "Write to karla.meier@post.example for pictures.")
    assert "Private information" in text
    assert "karla" not in text


def test_no_ground_no_packet(triager):
    """Do not report is the usual answer, and a held ground is a person's to report."""
    assert packet(triager, "The lid leaks.") is None
    assert packet(triager, "A scam, nothing else.") is None


def test_delivery_by_amazon_is_struck_not_removed(triager):
    """Amazon leaves such feedback readable."""
    assert "strike it through" in packet(triager, "Arrived four days late.", subject="seller_feedback", fulfilled_by="amazon")


def test_every_ground_that_can_be_eligible_has_a_section():
    """A new ground needs Amazon's own name for it."""
    only_held = {"RC-14", "RC-16", "FB-06"}
    assert set(_REVIEW) | set(_FEEDBACK) == set(SECTIONS) | only_held
