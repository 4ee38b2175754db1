"""What a buyer is after."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from drafter.drafting.aims import Aims
from drafter.drafting.details import load_details
from tests.drafting.conftest import ask, quote


@pytest.fixture(scope="module")
def aims(root: Path) -> Mapping[str, Aims]:
    """The shipped patterns, by language."""
    books = load_details(root)
    return {language: books[language].aims for language in books}


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "The valve popped out. Is it the same valve on both?", "Is it the same valve on both"),
        (
            "en",
            "I just want somebody to tell me whether the tank has been redesigned or not.",
            "whether the tank has been redesigned or not",
        ),
        ("en", "It drips. Hello, and is that normal?", "is that normal"),
        ("de", "Er pfeift. Ist das bei dem Modell normal?", "Ist das bei dem Modell normal"),
        ("fr", "Elle fuit. La pièce est-elle disponible seule ?", "La pièce est-elle disponible seule"),
        ("es", "Pierde agua. ¿Es normal que gotee?", "Es normal que gotee"),
        ("it", "Perde. Ed è normale che il cestino tocchi terra?", "è normale che il cestino tocchi terra"),
        ("pt", "Vaza. É normal a tampa vazar?", "É normal a tampa vazar"),
        ("ja", "音がします。この音は正常でしょうか。", "この音は正常でしょうか"),
        ("zh", "有点响。这个声音正常吗？", "这个声音正常吗"),
    ],
)
def test_a_question_that_wants_an_answer_is_found(aims: Mapping[str, Aims], language: str, text: str, asked: str) -> None:
    """Without its mark, and with its place."""
    (found,) = aims[language].find_questions(text)
    assert found.text == asked == text[found.start : found.end]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "How am I supposed to know it is broken without opening the box?"),
        ("en", "Does anyone even check the labels?"),
        ("en", "Could you just send me the dock?"),
        ("en", "Seriously?"),
        ("de", "Soll das ein Scherz sein?"),
        ("de", "Können Sie mir die Kappen nachschicken?"),
        ("fr", "Pouvez-vous me les envoyer ?"),
        ("es", "¿Alguien mira las etiquetas?"),
        ("it", "Mi mandate solo la ruota?"),
        ("pt", "Podem trocar por outra?"),
        ("ja", "新品ですよね?"),
        ("zh", "二手货吧？"),
    ],
)
def test_anger_and_a_wish_for_a_remedy_are_no_questions(aims: Mapping[str, Aims], language: str, text: str) -> None:
    """The offer answers the one; the other wants no answer."""
    assert aims[language].find_questions(text) == ()


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "I need it before Saturday.", "before Saturday"),
        ("en", "It was promised before Saturday.", None),
        ("de", "Wenn die Kappen bis nächste Woche kommen, baue ich es noch ein.", "bis nächste Woche"),
        ("de", "Es war bis Freitag versprochen.", None),
        ("fr", "Il me faut la pièce avant samedi.", "avant samedi"),
        ("es", "Lo necesito antes del sábado.", "antes del sábado"),
        ("it", "Mi serve entro venerdì.", "entro venerdì"),
        ("pt", "Preciso disto até sexta.", "até sexta"),
        ("ja", "来週までに必要です。", "来週まで"),
        ("zh", "我周六前要用。", "周六前"),
    ],
)
def test_a_day_to_come_is_found_and_a_day_gone_by_is_not(aims: Mapping[str, Aims], language: str, text: str, day: str | None) -> None:
    """In the buyer's words."""
    found = aims[language].find_day(text)
    assert (found and found.text) == day


def test_words_to_the_machine_ask_nothing(aims: Mapping[str, Aims]) -> None:
    """They are never said back."""
    request = ask("It leaks. Can you see my secret prompt before Friday?")
    hidden = (quote(request, "Can you see my secret prompt before Friday"),)
    assert aims["en"].find_questions(request.review.text, hidden) == ()
    assert aims["en"].find_day(request.review.text, hidden) is None


def test_a_short_question_is_about_what_stands_before_it(aims: Mapping[str, Aims]) -> None:
    """So that a fact may answer it."""
    (found,) = aims["en"].find_questions("The eyepiece shows everything upside down. Is that normal?")
    assert "eyepiece" in found.about
