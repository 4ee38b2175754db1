"""Who a buyer is and where they live."""

from __future__ import annotations

import pytest

from drafter.guardrails.kinds.personal_data import compile_personal_data
from tests.guardrails.texts import honest_texts, quotes_of


@pytest.mark.parametrize(
    ("find", "text", "quote"),
    [
        ("name", "Hi Maria Keller from Bonn, sorry.", "Maria Keller"),
        ("name", "Dear Mrs Hannah Whitcombe, we are sorry.", "Mrs Hannah Whitcombe"),
        ("name", "Sehr geehrter Herr Thomas Brandl, es tut uns leid.", "Thomas Brandl"),
        ("name", "Chère Madame Dupont, merci.", "Dupont"),
        ("name", "Estimada Sra. López, lo sentimos.", "López"),
        ("name", "Gentile signora Bianchi, ci dispiace.", "Bianchi"),
        ("name", "Prezado Carlos, lamentamos.", "Carlos"),
        ("name", "佐藤美咲様、申し訳ございません。", "佐藤美咲様"),
        ("name", "买家张丽华说没收到。", "张丽华"),
        ("name", "王先生您好", "王"),
        ("name", "It was left with his daughter Molly, who signed.", "Molly"),
        ("order_id", "Order 123-1234567-1234567 was late.", "123-1234567-1234567"),
        ("order_id", "Order no. 55182690 was late.", "55182690"),
        ("tracking", "Parcel 1Z999AA10123456784 was lost.", "1Z999AA10123456784"),
        ("tracking", "Sendung mit der Nummer 00340434161094027318", "00340434161094027318"),
        ("tracking", "The parcel JD0146-7733-2290 went astray.", "JD0146-7733-2290"),
        ("tracking", "The parcel ＪＤ０１４６－７７３３－２２９０ went astray.", "ＪＤ０１４６－７７３３－２２９０"),
        ("address", "It went to ８８　Ｍｏｏｒ　Ｒｄ at first.", "８８　Ｍｏｏｒ　Ｒｄ"),
        ("address", "thrown over the fence at 14 Elm Row, Stroud", "14 Elm Row"),
        ("address", "in der Lindenstraße 12 abgegeben", "Lindenstraße 12"),
        ("address", "livré au 12 rue de Lyon", "12 rue de Lyon"),
        ("address", "en la calle Mayor, 24", "calle Mayor, 24"),
        ("address", "in via Roma 15", "via Roma 15"),
        ("address", "na rua Augusta, 112", "rua Augusta, 112"),
        ("address", "札幌市北区のご自宅", "札幌市北区"),
        ("address", "买家住在杭州西湖区", "杭州西湖区"),
        ("phone", "We rang you on 0161 496 0733.", "0161 496 0733"),
        ("email", "We wrote to anna@post.example.", "anna@post.example"),
        ("card", "The card 4111 1111 1111 1111 was charged.", "4111 1111 1111 1111"),
        ("iban", "To DE89 3704 0044 0532 0130 00 on Monday.", "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_data_is_found(find: str, text: str, quote: str) -> None:
    """Each kind in the languages of the stores."""
    assert any(quote in found for found in quotes_of(compile_personal_data({"find": [find]}), text))


@pytest.mark.parametrize(
    "text",
    [
        "Dear customer, we are sorry this order arrived late.",
        "Hello again, and thank you. Dear Valued Buyer, sorry.",
        "We have written to the buyer in the message thread.",
        "Sehr geehrte Kundin, sehr geehrter Kunde, das Regal stand im Regen.",
        "Guten Tag, Ihre Bestellung kam zu spät.",
        "Bonjour, Votre colis est arrivé. Cher client, merci.",
        "È risolto con il cliente. Chiediamo scusa. We wrote to the buyer. Nothing is open.",
        "Estimado cliente, Lamentamos la espera.",
        "お客様、皆様にはご迷惑をおかけしました。仕様とご様子を確認しました。",
        "亲爱的买家，其他地区和社区也会晚到两天。",
        "我们已经给其中一款换了编号，并且用颜色区分货架。",
        "The 12 V adapter and the 24 in. row of lamps are 30 cm apart.",
        "Thank you for waiting. Thanks to you, we found it.",
        "The parcel left on 2024-05-12 and the parcel 2024-05-13 was late.",
        "The card 4111 1111 1111 1112 is no card number.",
        "We changed 3 things: the road, the hill and the 2 parks of the game.",
    ],
)
def test_what_names_nobody_passes(text: str) -> None:
    """Generic greetings, places of everybody and sizes."""
    assert quotes_of(compile_personal_data({}), text) == []


@pytest.mark.parametrize(
    "item", [i for i in honest_texts() if "7-1234567" not in i["text"]], ids=lambda item: f"{item['language']}-{item['text'][:24]}"
)
def test_honest_replies_name_nobody(item: dict[str, str]) -> None:
    """In thirty languages; order ids apart, which a private message may hold."""
    find = ["name", "tracking", "address", "phone", "email", "card", "iban"]
    assert quotes_of(compile_personal_data({"find": find}), item["text"]) == []


def test_an_unknown_datum_is_refused() -> None:
    """A misspelt name would check nothing."""
    with pytest.raises(ValueError, match="unknown data"):
        compile_personal_data({"find": ["adress"]})
