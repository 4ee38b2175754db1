"""What a buyer writes in one breath, said one thing after the other."""

from __future__ import annotations

import pytest

from drafter.domain import Issue
from drafter.drafting.templates import Templates
from tests.drafting.conftest import ask, judge


def first(templates: Templates, body: str, *issues: tuple[Issue, str], language: str = "en", **fields: object) -> str:
    """Text of the first draft."""
    request = ask(body, title="", **fields)
    return next(templates.compose(request, judge(request, *issues, language=language))).text


@pytest.mark.parametrize(
    ("language", "body", "seen", "said"),
    [
        (
            "en",
            "Coating started peeling off after a week, the handle is loose and the lid rattles.",
            "Coating started peeling",
            ("coating started peeling off after a week", "handle is loose", "lid rattles"),
        ),
        (
            "fr",
            "La roue s'est cassée à la gare et la fermeture s'est ouverte.",
            "cassée",
            ("la roue s'est cassée", "la fermeture s'est ouverte"),
        ),
        ("es", "La tapa gotea y una de las correas se descosió.", "gotea", ("la tapa gotea", "una de las correas se descosió")),
        ("it", "Una gamba è più corta e le viti sono storte.", "corta", ("una gamba è più corta", "le viti sono storte")),
        ("pt", "O copo trincou na base e a tampa não veda.", "trincou", ("o copo trincou na base", "a tampa não veda")),
        ("de", "Außerdem klemmt die linke Schiene. Der Griff wackelt.", "klemmt", ("linke Schiene klemmt", "Griff wackelt")),
    ],
)
def test_each_complaint_is_said_without_quotation_marks(
    templates: Templates, language: str, body: str, seen: str, said: tuple[str, ...]
) -> None:
    """Where each brings a subject of its own."""
    text = first(templates, body, (Issue.DEFECTIVE, seen), language=language, product={})
    assert all(words in text for words in said), text
    assert not set("“«„") & set(text.split("\n\n")[1]), text


@pytest.mark.parametrize(
    ("language", "body", "seen", "granted"),
    [
        ("en", "The scale itself is accurate. The app logs me out every day.", "app logs me out", "accurate"),
        ("fr", "La bouilloire chauffe vite mais le couvercle ferme mal.", "ferme mal", "chauffe vite"),
        ("pt", "O fone é leve mas o lado esquerdo parou de funcionar.", "parou", "leve"),
        ("zh", "台灯亮度可以，但是底座不稳，一碰就晃。", "底座不稳", "亮度可以"),
    ],
)
def test_what_is_granted_is_no_complaint(templates: Templates, language: str, body: str, seen: str, granted: str) -> None:
    """Nobody is sorry for what the buyer says before his "but"."""
    assert granted not in first(templates, body, (Issue.DEFECTIVE, seen), language=language, product={})


def test_what_the_buyer_did_is_left_out_beside_a_complaint(templates: Templates) -> None:
    """Only what happened to the thing is said."""
    text = first(
        templates, "Hung it outside for 9 days and it still smells of rubber.", (Issue.QUALITY_OR_DURABILITY, "still smells of rubber")
    )
    assert "9 days" not in text
    assert "smells of rubber" in text or "smell" in text


def test_what_another_verb_tells_has_the_subject_of_the_first(templates: Templates) -> None:
    """The app loses the connection, not the lamp."""
    text = first(templates, "App wants my address, loses the connection every time.", (Issue.DEFECTIVE, "loses the connection"))
    assert "the app wants your address and loses the connection every time" in text


def test_what_was_ordered_and_what_came_is_said(templates: Templates) -> None:
    """In one clause, for neither says anything alone."""
    text = first(templates, "I ordered the 12 cup version and got the 8 cup one.", (Issue.WRONG_ITEM, "got the 8 cup one"))
    assert "you ordered the 12 cup version and got the 8 cup one" in text


def test_a_german_clause_is_a_sentence_of_its_own(templates: Templates) -> None:
    """It cannot follow "dass" as the buyer wrote it."""
    body = "Nach drei Wochen ist der Griff abgebrochen. Der Kundenservice hat mir nur einen Link geschickt."
    found = ((Issue.DEFECTIVE, "Griff abgebrochen"), (Issue.CUSTOMER_SERVICE, "Kundenservice hat mir nur"))
    text = first(templates, body, *found, language="de", product={})
    assert "dass der Kundenservice hat" not in text
    assert "Kundenservice hat Ihnen nur einen Link geschickt" in text


def test_praise_before_a_but_is_not_said_with_the_complaint(templates: Templates) -> None:
    """Not even where both are one clause."""
    text = first(templates, "Keeps coffee hot for hours but the lid sticks.", (Issue.DEFECTIVE, "the lid sticks"))
    assert "the lid sticks" in text
    assert "hot for hours" not in text
