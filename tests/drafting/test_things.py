"""What the bought thing is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.drafting.details import DetailBook, load_details
from drafter.drafting.things import name_in_title, name_thing


@pytest.fixture(scope="module")
def books(root: Path) -> dict[str, DetailBook]:
    """The shipped details."""
    return dict(load_details(root))


@pytest.mark.parametrize(
    ("title", "body", "thing"),
    [
        ("Green tea", "This tea is blah.", "green tea"),
        ("", "I love this dog food but the bag was torn.", "dog food"),
        ("", "The soup and the coffee were cold.", ""),
        ("", "Not for me.", ""),
        ("", "The book had pencil notes.", "book"),
        ("", "It leaked on the table.", ""),
        ("", "Popcorn without any butter.", "popcorn"),
    ],
)
def test_the_thing_is_named_only_when_it_is_plain(books: dict[str, DetailBook], title: str, body: str, thing: str) -> None:
    """Pointed at, or named more than any other."""
    text = f"{title}\n{body}" if title else body
    assert name_thing(text, title, books["en"]) == thing


@pytest.mark.parametrize(
    ("title", "thing"),
    [
        ("BrewNest conical burr coffee grinder", "coffee grinder"),
        ("Rapid Boil Electric Kettle 1.7L", "kettle"),
        ("Foldable Drone with Camera", "drone"),
        ("Gel Pens Black 12 count", "gel pens"),
        ("Honey Nut Swirls", ""),
        ("Kettle Descaler", ""),
    ],
)
def test_a_products_name_gives_the_noun_that_it_describes(books: dict[str, DetailBook], title: str, thing: str) -> None:
    """Not what the thing has, is made of, or is used on."""
    assert name_in_title(title, books["en"]) == thing
