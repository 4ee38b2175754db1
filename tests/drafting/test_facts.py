"""Facts of the seller that answer a review."""

from __future__ import annotations

import pytest

from drafter.domain import Issue
from drafter.drafting.facts import can_be_read
from drafter.drafting.templates import Templates
from tests.drafting.conftest import SELLER, ask, judge


def chosen(templates: Templates, body: str, *facts: str, language: str = "en", **fields: object) -> tuple[str, ...]:
    """Facts in the plan."""
    request = ask(body, seller={**SELLER, "facts": list(facts)}, **fields)
    return templates.plan(request, judge(request, (Issue.DEFECTIVE, body.rstrip(".?")), language=language), language).facts


def test_a_fact_that_takes_up_the_complaint_is_said(templates: Templates) -> None:
    """By a word that they share."""
    assert chosen(templates, "The lid leaks.", "the lid is closed by turning it", "boxes are made of paper") == (
        "the lid is closed by turning it",
    )


@pytest.mark.parametrize(
    ("language", "body", "fact"),
    [
        ("en", "The cord is not long.", "the cord is 38 inches as stated in the listing"),
        ("de", "Das Kabel ist nicht lang.", "das Kabel ist laut Produktseite einen Meter lang"),
        ("fr", "Le câble n'est pas long.", "la longueur du câble est indiquée sur la page"),
        ("es", "El cable no es largo.", "el cable mide un metro según la ficha"),
        ("it", "Il cavo non è lungo.", "la lunghezza del cavo è indicata nella pagina"),
        ("pt", "O cabo não é longo.", "o comprimento do cabo está indicado na página"),
        ("ja", "コードが短くて困ります。", "コードの長さは商品ページに記載しています"),
        ("zh", "线太短，不好用。", "线长在页面上已标注"),
    ],
)
def test_a_fact_that_defends_is_left_out(templates: Templates, language: str, body: str, fact: str) -> None:
    """Beside an apology it says that the buyer should have known."""
    assert chosen(templates, body, fact, language=language) == ()


@pytest.mark.parametrize("fact", ["the parcel was lost by the carrier", "the express fee was refunded on 6 November"])
def test_a_fact_about_this_order_needs_no_word_of_the_review(templates: Templates, fact: str) -> None:
    """Where the buyer waits for it, and what was done for it."""
    request = ask("Three weeks and nothing came.", seller={**SELLER, "facts": [fact]})
    assert templates.plan(request, judge(request, (Issue.LATE_DELIVERY, "nothing came")), "en").facts == (fact,)


def test_a_question_may_be_answered_by_any_fact(templates: Templates) -> None:
    """Also by one that says what the page says, and with a word of the product's name."""
    fact = "the blade is changed as stated in the listing"
    assert chosen(templates, "How do I change the blade?", fact, channel="buyer_message", product={"title": "Blade grinder"}) == (fact,)


@pytest.mark.parametrize(
    ("language", "fact", "is_said"),
    [
        ("en", "Fee charged automatically", False),
        ("en", "two-year warranty counted from delivery", False),
        ("en", "The fee was charged by mistake", True),
        ("en", "stock count was wrong", True),
        ("en", "order missed the 2 pm cut-off by own fault", False),
        ("de", "Frist ist 30 Tage", False),
        ("de", "Die Frist beträgt 30 Tage", True),
        ("ja", "返信担当が不在だった", False),
        ("ja", "取り違えがございました", True),
        ("zh", "单个杯子有现货", False),
        ("zh", "我们可以补发单个杯子", True),
    ],
)
def test_only_whole_polite_sentences_are_said(language: str, fact: str, is_said: bool) -> None:
    """A note that a seller wrote for himself is no sentence for a buyer."""
    assert can_be_read(fact, language) is is_said


def test_a_fact_noted_without_its_article_gets_one(templates: Templates) -> None:
    """As a sentence of the reply."""
    request = ask("The lid leaks.", channel="feedback_reply", seller={**SELLER, "facts": ["stock count was wrong"]})
    triage = judge(request, (Issue.DEFECTIVE, "leaks"))
    assert "The stock count was wrong." in next(templates.compose(request, triage)).text
