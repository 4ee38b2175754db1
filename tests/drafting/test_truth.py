"""Is a sentence true to the review?"""

from __future__ import annotations

import pytest

from drafter.domain import Issue, Quote
from drafter.drafting.templates import Templates
from drafter.drafting.truth import Source, find_untruth

LEAD = "We are so sorry that"
REVIEW = (
    "Leaky and slow\nThe lid leaks on my bag after 2 days. It is not hot enough. My old Borealis pot was quick. "
    "The handle must be made for dolls. I love the colour. Delivery took ten days and was fine otherwise."
)


def untruth(templates: Templates, sentence: str, **fields: object) -> str | None:
    """What is wrong with a sentence about the leaking kettle."""
    source = Source(review=REVIEW, product="enamel kettle", complaints=("took ten days",), **fields)  # type: ignore[arg-type]
    return find_untruth(f"{LEAD} {sentence}", LEAD, source, templates.lexicons["en"])


@pytest.mark.parametrize(
    "sentence",
    [
        "the lid leaks on your bag after 2 days.",
        "your kettle is not hot enough.",
        "the delivery took ten days.",
        "the lid leaks and that your kettle is not hot enough.",
    ],
)
def test_a_true_sentence_passes(templates: Templates, sentence: str) -> None:
    """Every word of it is the buyer's, the product's or a small one."""
    assert untruth(templates, sentence) is None


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("the spout leaks on your bag.", "says 'spout'"),
        ("the lid leaks on my bag.", "wrong person"),
        ("the lid leaks on your bag after 3 days.", "number of its own"),
        ("your kettle is hot enough.", "turns"),
        ("the lid does not leak on your bag.", "nothing is wrong"),
        ("the bag took ten days.", "used apart"),
        ("the lid was 2 days.", "used apart"),
        ("the lid leaks on two of your bags.", "number of its own"),
        ("the delivery took ten days and you leaked on your bag.", "lets the buyer"),
        ("the handle was made for your dolls.", "turns"),
        ("the lid leaks on your bag and we will refund you.", "wrong person"),
        ("the lid leaks on your bag, so a gift card is coming.", "money"),
        ("the delivery was fine otherwise.", "what is good"),
        ("the lid on your bag after 2 days.", "no verb"),
        ("the lid leaks on your bag after the.", "breaks off"),
        ("the lid leaks on your bag", "finished"),
        ("the lid leaks. Bag leaks.", "finished"),
        ("it did.", "words"),
        ("your Borealis pot was for dolls.", "apart"),
        ("the lid was on your bag.", "nothing that is wrong"),
    ],
)
def test_an_untrue_or_broken_sentence_is_named(templates: Templates, sentence: str, why: str) -> None:
    """Inventions, inversions, mixtures, promises and broken grammar each have their reason."""
    assert why in (untruth(templates, sentence) or "")


def test_words_of_a_found_issue_may_be_used(templates: Templates) -> None:
    """Triage has already read that it came late."""
    sentence = "the delivery took ten days and was late."
    assert untruth(templates, sentence) is not None
    assert untruth(templates, sentence, issues=(Issue.LATE_DELIVERY,)) is None


def test_nobody_is_sorry_for_what_the_buyer_liked(templates: Templates) -> None:
    """A sentence made of praise is refused."""
    praise = Quote(start=0, end=1, quote="Delivery took ten days.")
    assert "liked" in (untruth(templates, "the delivery took ten days.", praise=(praise,)) or "")


@pytest.mark.parametrize(
    ("review", "product", "body", "is_true"),
    [
        ("I walked home on one bare foot, the plug pulled out.", "", "one plug pulled out", False),
        ("I walked home on one bare foot, the plug pulled out.", "", "you walked home on one bare foot", False),
        ("Week five: the reverse lever broke off.", "sewing machine", "the sewing machine's reverse lever broke off", True),
        ("I ordered strings. I got cat food.", "guitar strings", "the guitar strings arrived with cat food", False),
        ("I ordered strings. I got cat food.", "guitar strings", "you ordered guitar strings and got cat food instead", True),
        ("The canopy rod that is in all the photos wasn't in the box.", "", "the canopy rod was missing", True),
        ("The canopy rod is great and was in the box.", "", "the canopy rod was missing", False),
        ("The canopy rod wasn't in the box.", "", "the canopy rod was missing from the box", True),
        ("Promised in three days, took twelve.", "camping stove", "the stove took twelve days", True),
        ("Promised in three days, took twelve.", "camping stove", "the stove took three weeks", False),
        ("Promised in three days, took twelve. My trip was without a stove.", "camping stove", "the stove took twelve days", True),
        ("My wife ran over the box that stood in the driveway.", "", "your wife ran over the box", False),
        ("I was finishing up the box, it tasted weak.", "", "you were finishing up the box", False),
        ("I had to wait ten days for the box.", "", "you had to wait ten days for the box", True),
        ("I could not set the days.", "", "you could not set the days", True),
        ("Watery. Like syrup mixed with dish water.", "", "it was mixed with dish water", False),
        ("Watery. It tasted like dish water.", "", "it tasted like dish water", True),
        ("I like the salty taste of it, but it is too dry.", "", "it has a salty taste", True),
        ("Absolutely no hint of watermelon.", "", "it was absolutely no hint of watermelon", False),
        ("It could last for days.", "", "it lasted for days", False),
        ("Not syrup\nThe product has ginger in it and is sweet.", "", "the product has ginger", True),
        ("I am disappointed in this lamp, it flickers at night.", "", "you were disappointed in this lamp", False),
        ("The candle was underwhelming, honestly.", "", "the candle was underwhelming, honestly", False),
    ],
)
def test_numbers_owners_and_other_words(templates: Templates, review: str, product: str, body: str, is_true: bool) -> None:
    """A number stays with what it counted, the product's name may own its parts, and `missing` stands for `wasn't in the box`."""
    source = Source(review, product, complaints=(review,), points=(review,))
    assert (find_untruth(f"{LEAD} {body}.", LEAD, source, templates.lexicons["en"]) is None) == is_true


def test_a_quip_in_the_heading_is_not_taken_at_its_word(templates: Templates) -> None:
    """Nobody wrote the manual but a buyer's joke did."""
    heading = "Manual written by a riddle club"
    source = Source(review=f"{heading}\nThe manual is of no use.", product="timer", heading=heading, complaints=("no use",))
    sentence = f"{LEAD} the manual was written by a riddle club."
    assert find_untruth(sentence, LEAD, source, templates.lexicons["en"]) is not None


@pytest.mark.parametrize(
    ("body", "is_true"),
    [
        ("the watering can won't screw on straight.", False),
        ("the rose won't screw on straight.", True),
        ("the watering can spills on your windowsill.", True),
    ],
)
def test_what_is_wrong_with_a_part_is_not_said_of_the_thing(templates: Templates, body: str, is_true: bool) -> None:
    """It is the rose that won't screw on."""
    source = Source(review="It spills on my windowsill. The rose won't screw on straight.", product="watering can", complaints=("spills",))
    assert (find_untruth(f"{LEAD} {body}", LEAD, source, templates.lexicons["en"]) is None) == is_true
