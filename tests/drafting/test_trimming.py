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
    assert templates.plan(request, judge(request, (issue, body[:6]), language=language), language).remedy == remedy


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
