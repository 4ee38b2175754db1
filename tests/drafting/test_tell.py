"""The sentences that say what went wrong."""

from __future__ import annotations

import pytest

from drafter.domain import Issue
from drafter.drafting.templates import Templates
from tests.drafting.conftest import SELLER, ask, judge


def first(templates: Templates, body: str, *issues: tuple[Issue, str], language: str = "en", **fields: object) -> str:
    """Text of the first draft."""
    request = ask(body, title="", **fields)
    return next(templates.compose(request, judge(request, *issues, language=language))).text


@pytest.mark.parametrize(
    ("language", "body", "words"),
    [
        (
            "en",
            "The lid leaks and the handle came off. It also arrived two weeks late.",
            ("lid leaks", "handle came off", "so long to reach"),
        ),
        ("de", "Der Deckel tropft, der Griff wackelt und die Anleitung fehlt.", ("Deckel tropft", "Griff wackelt", "Anleitung")),
        (
            "fr",
            "Le couvercle fuit et la poignée se casse. Aucune réponse.",
            ("le couvercle fuit", "la poignée se casse", "sans vraie réponse"),
        ),
        ("es", "La tapa gotea y el mango se rompió. Nadie contesta.", ("la tapa gotea", "el mango se rompió", "sin una respuesta")),
        (
            "it",
            "Il coperchio perde e il manico si stacca. Nessuna risposta.",
            ("il coperchio perde", "il manico si stacca", "senza una vera risposta"),
        ),
        ("pt", "A tampa vaza e a alça se solta. Ninguém responde.", ("a tampa vaza", "a alça se solta", "resposta")),
        ("ja", "ふたから水が漏れて困りました。返事もありません。", ("「ふたから水が漏れて困りました。返事もありません」",)),
        ("zh", "盖子漏水，客服一直不回。", ("“盖子漏水，客服一直不回”",)),
    ],
)
def test_every_complaint_is_named(templates: Templates, language: str, body: str, words: tuple[str, ...]) -> None:
    """In the buyer's words turned to ours, in our words, or in quotation marks."""
    text = first(templates, body, (Issue.DEFECTIVE, body[:6]), language=language)
    assert all(word.casefold() in text.casefold() for word in words), text


def test_an_issue_without_any_words_of_ours_is_named_by_its_name(templates: Templates) -> None:
    """A complaint that triage saw is never left out."""
    text = first(templates, "The lid leaks. Spoke to a clerk, no use.", (Issue.DEFECTIVE, "leaks"), (Issue.CUSTOMER_SERVICE, "clerk"))
    assert "the lid leaks" in text


def test_a_fact_about_the_complaint_is_a_sentence_of_its_own(templates: Templates) -> None:
    """With a capital, a full stop, and nothing before it."""
    seller = {**SELLER, "facts": ["the lid is closed by turning it until it clicks", "two-year warranty", "the box is made of paper"]}
    text = first(templates, "The lid leaks.", (Issue.DEFECTIVE, "leaks"), seller=seller)
    assert "\n\nThe lid is closed by turning it until it clicks. " in text
    assert "warranty" not in text
    assert "paper" not in text


def test_what_was_put_right_is_not_named(templates: Templates) -> None:
    """Only what still stands."""
    text = first(templates, "The first one leaked but they replaced it. The strap snapped too.", (Issue.DEFECTIVE, "leaked"))
    assert "leaked" not in text
    assert "the strap snapped" in text


@pytest.mark.parametrize(
    ("title", "said"), [("Crown candles, 12 pack", "half of the candles were snapped"), ("Crown candle", "“Half of them were snapped”")]
)
def test_them_is_named_or_left_out(templates: Templates, title: str, said: str) -> None:
    """Where the thing is one, "them" are others, and only the buyer's own words say which."""
    text = first(templates, "Half of them were snapped.", (Issue.DAMAGED_IN_TRANSIT, "snapped"), product={"title": title})
    assert said in text


def test_a_remedy_that_failed_is_not_offered_again(templates: Templates) -> None:
    """Nor a refund to whom it was paid."""
    seller = {**SELLER, "allowed_remedies": ["replacement", "full_refund"]}
    text = first(templates, "The lid leaks. The replacement leaked too.", (Issue.DEFECTIVE, "leaks"), seller=seller)
    assert "refund" in text
    assert "replacement" not in text


@pytest.mark.parametrize(
    ("language", "body", "quote"),
    [
        ("en", "The samples in magazines are less small than this.", "“The samples in magazines are less small than this”"),
        ("de", "Drei Kugelschreiber von fünf schreiben nicht.", "„Drei Kugelschreiber von fünf schreiben nicht“"),
        (
            "fr",
            "Reçu une fois le mauvais tome, puis encore le mauvais tome.",
            "« Reçu une fois le mauvais tome, puis encore le mauvais tome »",
        ),
    ],
)
def test_what_has_no_words_of_ours_is_quoted(templates: Templates, language: str, body: str, quote: str) -> None:
    """The name of an issue that was told from few words may be the wrong one; what the buyer wrote never is."""
    text = first(templates, body, (Issue.NOT_AS_DESCRIBED, body.split()[0]), language=language)
    assert quote in text.replace("\u202f", " ").replace("\u00a0", " ")
