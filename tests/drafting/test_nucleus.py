"""The part of a buyer's clause that tells a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.drafting.details import DetailBook, load_details
from drafter.drafting.nucleus import find_nuclei


def clauses(point: str, book: DetailBook, *, is_seen: bool = False, is_told: bool = False, taken: str = "") -> list[str]:
    """What of a point can be said."""
    seen = [(0, len(point))] if is_seen else []
    at = point.find(taken)
    return [n.clause for n in find_nuclei(point, book, seen=seen, taken=[(at, at + len(taken))] if taken else [], is_told=is_told)]


@pytest.fixture(scope="module")
def books(root: Path) -> dict[str, DetailBook]:
    """The shipped details."""
    return dict(load_details(root))


@pytest.mark.parametrize(
    ("point", "clause"),
    [
        ("the motor whirs but the burrs don't turn", "the motor whirs but the burrs don't turn"),
        (
            "Ordered a UK 8 and the toe box is so short my toes were curled like a fist after a mile",
            "the toe box is so short your toes were curled like a fist after a mile",
        ),
        ("My lid leaks all over the table", "your lid leaks all over the table"),
        ("The wheel came off on the second tin", "the wheel came off on the second tin"),
    ],
)
def test_a_fault_is_said_in_our_voice(books: dict[str, DetailBook], point: str, clause: str) -> None:
    """The longest part that is short enough and plain."""
    assert clauses(point, books["en"]) == [clause]


@pytest.mark.parametrize(
    "point",
    [
        "I had it with honey",
        "there are many whole leaves, but also quite a few small bits of leaf",
        "I went to about 4 different stores all with no success",
        "The dealbreaker here is this soda has caused horrible diarrhea",
        "my dog is nine years old and not as active as before",
        "I was hoping for the donut and did not get one",
        "It actually comes out al dente",
        "The coat didn't shrink",
    ],
)
def test_stories_judgements_and_praise_are_left_alone(books: dict[str, DetailBook], point: str) -> None:
    """They may be true, but nobody is sorry for them."""
    assert clauses(point, books["en"]) == []


def test_a_point_that_nothing_marks_needs_a_plain_word(books: dict[str, DetailBook]) -> None:
    """A "not" alone does not make a fault of what the buyer merely tells."""
    assert clauses("The strap is not green", books["en"], is_told=True) == []
    assert clauses("The strap snapped at once", books["en"], is_told=True) == ["the strap snapped at once"]


def test_a_point_may_tell_of_several_faults(books: dict[str, DetailBook]) -> None:
    """Each with its own subject; what our own words say already is left out."""
    point = "Der Motor läuft nicht mehr an, der Deckel klemmt und die Anleitung fehlt"
    assert clauses(point, books["de"], is_seen=True, taken="die Anleitung fehlt") == ["der Motor läuft nicht mehr an", "der Deckel klemmt"]
    assert clauses("The zip broke, the lining tore", books["en"], taken="The zip broke") == ["the lining tore"]


@pytest.mark.parametrize(
    ("language", "point", "clause"),
    [
        ("de", "Der Deckel tropft mir in die Tasche", "der Deckel tropft Ihnen in die Tasche"),
        ("fr", "Le couvercle fuit dans mon sac", "le couvercle fuit dans votre sac"),
        ("es", "La tapa gotea dentro de mi bolso", "la tapa gotea dentro de su bolso"),
        ("it", "Il coperchio perde acqua nella mia borsa", "il coperchio perde acqua nella sua borsa"),
        ("pt", "A tampa vaza dentro da minha bolsa", "a tampa vaza dentro da sua bolsa"),
        ("fr", "Je suis très déçue de cette coque", None),
        ("es", "Compré la tapa y me gusta", None),
    ],
)
def test_other_languages_exchange_a_few_words(books: dict[str, DetailBook], language: str, point: str, clause: str | None) -> None:
    """Where triage saw the fault and the buyer is not its subject."""
    assert clauses(point, books[language], is_seen=True) == ([clause] if clause else [])
    assert clauses(point, books[language]) == []


@pytest.mark.parametrize(
    ("language", "point", "said"),
    [
        ("en", "The kettle is not dented or crushed, it just never boils", ["it just never boils"]),
        ("en", "It did not leave a residue, but the brush broke", ["the brush broke"]),
        ("en", "The straps are not the problem", []),
        ("en", "The app works, but the cup leaks", ["the cup leaks"]),
        ("en", "The bag did not rip but the zip jams", ["the zip jams"]),
        ("en", "It doesn't stop leaking", ["it doesn't stop leaking"]),
        ("en", "The glue does not stick", ["the glue does not stick"]),
        ("de", "Die Riemen sind nicht das Problem", []),
        ("de", "Der Kocher ist nicht verbeult", []),
        ("de", "Der Deckel schließt nicht", ["der Deckel schließt nicht"]),
        ("fr", "Le couvercle n'est pas cassé", []),
        ("es", "La tapa no está rota", []),
        ("it", "Il coperchio non è rotto", []),
        ("pt", "A tampa não está quebrada", []),
    ],
)
def test_a_denied_fault_and_the_praising_half_are_not_said(
    books: dict[str, DetailBook], language: str, point: str, said: list[str]
) -> None:
    """Only what is at fault is."""
    assert clauses(point, books[language], is_seen=True) == said
