"""What names or reaches a person is seen, and what only looks like it is left alone."""

from __future__ import annotations

import pytest

from drafter.privacy.entities import Kind, find_entities
from tests.privacy.buyers import TELLING, Telling


def pieces(text: str, *, own: tuple[str, ...] = (), has_names: bool = True) -> list[tuple[str, str]]:
    """Kind and text of all that is found."""
    return [(one.kind.value, one.text) for one in find_entities(text, own=own, has_names=has_names)]


@pytest.mark.parametrize("telling", TELLING.values(), ids=TELLING)
def test_every_secret_lies_in_a_piece(telling: Telling) -> None:
    """In each language: names, addresses, telephones, e-mails, numbers."""
    found = " | ".join(text for _, text in pieces(f"{telling.title}\n{telling.body}"))
    assert [secret for secret in telling.secrets if secret not in found] == []
    assert telling.kept not in found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mark Johnson was rude.", [("name", "Mark Johnson")]),
        ("Ask for Rolf down by the harbour.", [("name", "Rolf")]),
        ("Mr. Fenwick-Jones was rude.", [("name", "Fenwick-Jones")]),
        ("Anna&nbsp;Schmidt never got it.<br>Sad.", [("name", "Anna\xa0Schmidt")]),
        ("Leaks.\n— Anna K.", [("name", "Anna K")]),
        ("Write to anna at gmail dot com.", [("email", "anna at gmail dot com")]),
        ("There I am: @leaky.kettle.", [("email", "@leaky.kettle")]),
        ("Look at www.kettle-fans.example.", [("link", "www.kettle-fans.example")]),
        ("PLZ 50674, bitte.", [("address", "PLZ 50674")]),
        ("Write to anna.schmidt@gmail.com.", [("email", "anna.schmidt@gmail.com")]),
        ("Anna <b>Schmidt</b> here.", [("name", "Anna Schmidt")]),
        ("Solène Le Goff <solene@free.fr> a écrit", [("name", "Solène Le Goff"), ("email", "solene@free.fr")]),
        ("我叫王小明，漏水。", [("name", "王小明")]),
        ("〒150-0002 東京都渋谷区渋谷2-21-1", [("address", "〒150-0002 東京都渋谷区渋谷2-21-1")]),
        ("At 1234 NW 5th Street, Portland", [("address", "1234 NW 5th Street, Portland")]),
        ("To PO Box 1234, Austin, TX 78701.", [("address", "PO Box 1234, Austin, TX 78701")]),
        ("Ich wohne in Am Alten Markt 5, 50667 Köln.", [("address", "Am Alten Markt 5, 50667 Köln")]),
        ("CPF: 123.456.789-09", [("identity", "123.456.789-09")]),
        ("Familienname: 姓名：王秀兰", [("name", "王秀兰")]),
    ],
)
def test_how_people_write_them(text: str, found: list[tuple[str, str]]) -> None:
    """Signed, asked for, read aloud, in markup."""
    assert pieces(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "It came in May, by August it was broken.",
        "Thanks\nLate again.",
        "Rose gold, my foot: it is pink. Mark my words.",
        "Bought on 12.03.2026 for 1 299,00 EUR, holds 1.7 litres, 10.000.000 times better.",
        "The Allen key is missing, and Amazon Prime took 14 days.",
        "我是高中生，质量很差。我是老客户。",
        "お客様のレビューです。皆さん、買わないで。",
    ],
)
def test_what_is_no_name_stays(text: str) -> None:
    """Months, words that are names elsewhere, dates, prices, buyers in general."""
    assert pieces(text) == []


def test_the_sellers_own_names_are_no_buyers() -> None:
    """The product and the brand may be spoken of; in a seller's fact no word is a name, but an address is one."""
    assert pieces("The Victor Henley kettle leaks.", own=("Victor Henley kettle 0.8 l",)) == []
    assert pieces("Derek answers at help@henley.example.", has_names=False) == [("email", "help@henley.example")]


def test_every_kind_can_be_found() -> None:
    """No kind is a promise only."""
    found = {kind for telling in TELLING.values() for kind, _ in pieces(telling.body)}
    assert set(Kind) - found <= {Kind.LINK, Kind.TRACKING}
