"""Parts of a thing that a review complains of."""

from __future__ import annotations

import pytest

from drafter.domain import Issue
from drafter.drafting.templates import Templates
from tests.drafting.conftest import ask, judge


def named(templates: Templates, body: str, *issues: tuple[Issue, str], language: str = "en", title: str = "Aurora kettle") -> list[str]:
    """Words for the parts, in the order of the review."""
    request = ask(body, rating=2, product={"title": title})
    plan = templates.plan(request, judge(request, *issues, language=language), language)
    return [word for detail in plan.aspects for word in detail.words]


@pytest.mark.parametrize(
    ("language", "body", "words"),
    [
        ("en", "The lid is a bad joke and the switch hardly clicks.", ["the lid", "the switch"]),
        ("de", "Der Deckel ist ein schlechter Witz, der Schalter klickt kaum.", ["dem Deckel", "den Tasten"]),
        ("fr", "Le couvercle ne tient pas.", ["le couvercle"]),
        ("es", "La tapa no encaja.", ["la tapa"]),
        ("it", "Il coperchio non si chiude.", ["il coperchio"]),
        ("pt", "A tampa não encaixa.", ["a tampa"]),
    ],
)
def test_a_part_is_named_beside_a_complaint(templates: Templates, language: str, body: str, words: list[str]) -> None:
    """In the form that its phrase needs."""
    assert named(templates, body, language=language) == words


def test_a_part_is_named_where_triage_saw_a_fault(templates: Templates) -> None:
    """Also without any word that complains."""
    assert named(templates, "The app logs me out every morning.", (Issue.DEFECTIVE, "logs me out")) == ["the app"]


@pytest.mark.parametrize(
    "body",
    [
        "The lid is lovely.",
        "Be careful with the lid.",
        "If the lid breaks I will not buy another.",
        "My old one had a bad lid.",
        "It leaks like a bad valve.",
    ],
)
def test_praise_advice_and_other_things_name_no_part(templates: Templates, body: str) -> None:
    """Neither does what something is likened to."""
    assert named(templates, body) == []


def test_food_has_no_parts(templates: Templates) -> None:
    """A jam that is spread has no wheels; wheels may jam."""
    assert named(templates, "The jam is bad and so is the lid.", title="") == []
    assert named(templates, "The wheels jam.", title="Aurora cabinet") == ["the wheels"]


def test_the_thing_itself_is_no_part(templates: Templates) -> None:
    """A filter's filter is the filter."""
    assert named(templates, "The filter is bad.", title="Aurora water filter") == []


def test_a_part_is_said_where_nothing_plainer_is(templates: Templates) -> None:
    """In the buyer's words, and not beside a clause that names it already."""
    request = ask("The lid leaks. The switch is a bad joke.", rating=1, title="")
    text = next(templates.compose(request, judge(request, (Issue.DEFECTIVE, "lid leaks")))).text
    assert "the lid leaks" in text
    assert "“The switch is a bad joke”" in text
    assert "the lid let" not in text


@pytest.mark.parametrize(
    ("language", "body", "words"),
    [
        ("en", "No problem with the lid. The pump is bad.", ["the pump"]),
        ("en", "Nothing wrong with the straps. The seams are bad.", ["the seam"]),
        ("en", "The foam padding is great and the strap too, but the zip is bad.", ["the zip"]),
        ("en", "I never had trouble with the battery but the app is bad.", ["the app"]),
        ("en", "The straps are not the problem, the seams are bad.", ["the seam"]),
        ("de", "Nie Probleme mit dem Deckel. Die Pumpe ist schlecht.", ["der Pumpe"]),
        ("de", "Mit dem Deckel gab es nie Probleme. Die Pumpe ist schlecht.", ["der Pumpe"]),
        ("fr", "Aucun problème avec le couvercle. La pompe ne marche pas.", ["la pompe"]),
        ("es", "Ningún problema con la tapa. La bomba no funciona.", ["la bomba"]),
        ("it", "Nessun problema con il coperchio. La pompa non funziona.", ["la pompa"]),
        ("pt", "Nenhum problema com a tampa. A bomba não funciona.", ["a bomba"]),
    ],
)
def test_a_part_that_is_denied_to_be_at_fault_is_not_named(templates: Templates, language: str, body: str, words: list[str]) -> None:
    """Only the one beside it; one that is praised along with another is none either."""
    seen = (Issue.DEFECTIVE, body[: body.index(" ")])
    assert named(templates, body, seen, language=language) == words


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "It badly damaged the screen of my phone."),
        ("en", "This bad cleaner ruined the paint on my car."),
        ("en", "The charger of my laptop got fried by this bad adapter."),
        ("en", "Bad, I threw it in the bin with the manual."),
        ("de", "Es hat leider den Bildschirm meines Handys beschädigt."),
        ("de", "Schlecht, das Netzteil von meinem Laptop ist kaputt."),
        ("fr", "Il a abîmé l'écran de mon téléphone, nul."),
        ("es", "Dañó la pantalla de mi móvil, muy malo."),
        ("it", "Ha rovinato lo schermo del mio telefono, pessimo."),
        ("pt", "Danificou a tela do meu celular, ruim."),
    ],
)
def test_a_part_of_another_thing_is_not_named(templates: Templates, language: str, body: str) -> None:
    """It has another owner, or something was done to it."""
    assert named(templates, body, (Issue.DEFECTIVE, body), language=language) == []


def test_the_thing_may_be_named_as_the_owner(templates: Templates) -> None:
    """The lid of my kettle is the kettle's."""
    assert named(templates, "The lid of my kettle is bad.") == ["the lid"]
    assert named(templates, "The lid of my pot is bad.") == []
