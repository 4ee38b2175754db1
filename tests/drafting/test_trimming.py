"""How much of the buyer's words is quoted."""

from __future__ import annotations

import pytest

from drafter.domain import Issue
from drafter.drafting.templates import Templates
from tests.drafting.conftest import SELLER, ask, judge


def first(templates: Templates, body: str, *issues: tuple[Issue, str], language: str = "en", **seller: object) -> str:
    """Text of the first draft."""
    request = ask(body, title="", rating=1, seller={**SELLER, **seller})
    return next(templates.compose(request, judge(request, *issues, language=language))).text


def test_a_neutral_sentence_beside_a_complaint_is_not_quoted(templates: Templates) -> None:
    """Nobody is sorry for how often it was used."""
    text = first(templates, "Used it 4 times since June. On the fifth no water comes out.", (Issue.DEFECTIVE, "no water comes out"))
    assert "since June" not in text
    assert "no water comes out" in text


def test_an_overlong_sentence_is_quoted_by_halves(templates: Templates) -> None:
    """Each with a subject of its own; what follows from them is left out."""
    body = (
        "Suction mount drops off the windscreen whenever the sun's on it and the clock resets to 2019 every time the engine's off, "
        "which makes it no use as evidence."
    )
    text = first(templates, body, (Issue.DEFECTIVE, "drops off"))
    assert "which makes" not in text
    assert "the clock resets to 2019" in text


def test_few_words_bring_the_sentence_that_they_go_on_with(templates: Templates) -> None:
    """Alone they would say nothing."""
    body = "Pages 30 to 70 are full of yellow highlighter. Not very good."
    assert "full of yellow highlighter" in first(templates, body, (Issue.NOT_AS_DESCRIBED, "Not very good"))


def test_what_the_seller_did_is_not_quoted_as_done_by_somebody_else(templates: Templates) -> None:
    """We are the seller."""
    body = "Die Pfanne hatte eine Delle. Der Verkäufer schrieb nett zurück, hat sich dann aber nicht mehr gemeldet."
    assert "Der Verkäufer" not in first(templates, body, (Issue.DEFECTIVE, "Delle"), language="de")


@pytest.mark.parametrize(
    ("language", "body", "remedies", "remedy"),
    [
        ("zh", "少了两颗螺丝,装不起来。不用退款,补螺丝就行。", ["replacement"], None),
        ("zh", "少了两颗螺丝,装不起来。不用退款,补螺丝就行。", ["replacement", "spare_part"], "spare_part"),
        ("it", "Manca un bullone nella bici.", ["replacement", "full_refund"], None),
        ("en", "The sleeves are too short.", ["replacement", "full_refund"], "full_refund"),
    ],
)
def test_remedies_fit_what_is_wanted(templates: Templates, language: str, body: str, remedies: list[str], remedy: str | None) -> None:
    """A part for a part, and no second one of a wrong size."""
    request = ask(body, title="", rating=1, seller={**SELLER, "allowed_remedies": remedies})
    issue = Issue.SIZE_OR_FIT if language == "en" else Issue.MISSING_PARTS
    assert templates.plan(request, judge(request, (issue, body[:6]), language=language), language).offer.remedy == remedy


def test_a_wait_after_a_fast_delivery_is_none_for_the_parcel(templates: Templates) -> None:
    """What is waited for is something else."""
    body = "Delivery was fast. Still waiting for it to rise, one corner is flat."
    text = first(templates, body, (Issue.LATE_DELIVERY, "Still waiting"), (Issue.DEFECTIVE, "flat"))
    assert "reach you" not in text
    assert "wait so long" not in text


def test_a_promise_is_quoted_with_what_came_of_it(templates: Templates) -> None:
    """What the box says is no complaint alone."""
    body = "The box says 48 hours to full height. It's been 5 days and one corner is still flat."
    text = first(templates, body, (Issue.NOT_AS_DESCRIBED, "The box says 48 hours"))
    assert "full height”" not in text
    assert "one corner is still flat" in text


def test_what_the_buyer_will_do_is_no_complaint(templates: Templates) -> None:
    """Nor is what he tells us not to say."""
    text = first(templates, "Don't tell me it's the wall. The left bracket bent after a week.", (Issue.DEFECTIVE, "bracket bent"))
    assert "wall" not in text
    assert "bracket bent" in text


@pytest.mark.parametrize(
    ("language", "body", "seen", "quote"),
    [
        (
            "en",
            "I bought these for a party. It looked nice but I noticed that over half of them (43 to be exact) were broken and unusable.",
            "broken",
            "“over half of them (43 to be exact) were broken and unusable”",
        ),
        ("es", "Además la funda de lluvia no venía en el paquete.", "no venía", "que la funda de lluvia no venía en el paquete"),
        ("pt", "Tapete bonito, mas solta pelo e chegou com marcas.", "solta pelo", "“solta pelo e chegou com marcas”"),
    ],
)
def test_a_quote_has_a_subject_and_no_loose_ends(templates: Templates, language: str, body: str, seen: str, quote: str) -> None:
    """It begins where its clause does, without the word that tied it; a verb alone is enough where the language drops pronouns."""
    assert quote in first(templates, body, (Issue.NOT_AS_DESCRIBED, seen), language=language)


def test_a_promise_alone_is_not_quoted(templates: Templates) -> None:
    """What was promised is a complaint only with what came of it."""
    assert "USB-C" not in first(templates, "The strap is too short for my bars. The advert says USB-C.", (Issue.SIZE_OR_FIT, "too short"))


def test_how_we_answered_is_named_after_what_was_wrong(templates: Templates) -> None:
    """In our own words: the buyer tells of us as of somebody else."""
    found = ((Issue.DAMAGED_IN_TRANSIT, "soaking wet"), (Issue.CUSTOMER_SERVICE, "nobody answered"))
    text = first(templates, "Box was soaking wet, trivet already rusty. Wrote twice and nobody answered.", *found)
    assert text.index("soaking wet") < text.index("your messages went unanswered")
    assert "nobody answered" not in text
