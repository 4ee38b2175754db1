"""Quotes cut to the words that complain."""

from __future__ import annotations

import pytest

from drafter.domain import Issue
from drafter.drafting.templates import Templates
from tests.drafting.test_portions import first


@pytest.mark.parametrize(
    ("language", "body", "seen", "lead"),
    [
        ("fr", "Bonjour, pas moyen de fermer le couvercle.", "fermer le couvercle", "Bonjour, pas"),
        ("it", "Invece nessun modo di chiudere il coperchio.", "chiudere il coperchio", "Invece"),
        ("pt", "Fora isso, nada de tampa que feche.", "tampa que feche", "Fora isso"),
        ("ja", "こんにちは、ふたが閉まらず水が漏れます。", "水が漏れます", "こんにちは"),
        ("zh", "你好，支架少了两根长杆。", "少了两根长杆", "你好，支"),
    ],
)
def test_a_quote_begins_with_neither_greeting_nor_tie(templates: Templates, language: str, body: str, seen: str, lead: str) -> None:
    """It begins with what happened."""
    text = first(templates, body, (Issue.DEFECTIVE, seen), language=language, product={})
    assert lead not in text.split("\n\n", 1)[1]


def test_a_quotation_in_a_quote_is_whole(templates: Templates) -> None:
    """Its closing mark belongs to it."""
    body = "Beworben wird er mit 'flüsterleise, 28 dB'. Das stimmt nie."
    text = first(templates, body, (Issue.NOT_AS_DESCRIBED, "Beworben wird er mit"), language="de", product={})
    assert text.count("'") % 2 == 0
