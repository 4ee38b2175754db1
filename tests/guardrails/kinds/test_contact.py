"""Ways out of the marketplace, in clear and disguised."""

from __future__ import annotations

import pytest

from drafter.guardrails.kinds.contact import compile_contact
from tests.guardrails.texts import details_of, honest_texts, quotes_of

EMAIL, PHONE = compile_contact({"find": ["email"]}), compile_contact({"find": ["phone"]})
APPS = compile_contact({"find": ["apps", "handles", "qr"]})


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Write to help@brandshop.example.", "help@brandshop.example"),
        ("Our mailbox is support at brandshop dot com.", "support@brandshop.com"),
        ("E-mail: cs[at]shop.example", "cs@shop.example"),
        ("drop a line to dispatch (at) veldhome (dot) co (dot) uk from now on", "dispatch@veldhome.co.uk"),
        ("Schreiben Sie an hilfe ät laden punkt de.", "hilfe@laden.de"),
        ("Écrivez à sav arobase beaucoiffe point fr, merci.", "sav@beaucoiffe.fr"),
        ("Escriba a soporte arroba tienda punto com", "soporte@tienda.com"),
        ("Scriva a info chiocciola negozio punto it", "info@negozio.it"),
        ("Escreva para contato arroba loja ponto com ponto br", "contato@loja.com.br"),
        ("support アットマーク shop ドット jp までご連絡ください", "support@shop.jp"),
        ("请发到 kefu艾特shop点com", "kefu@shop.com"),
        ("mail &#x68;&#101;&#x6c;&#112;&#x40;shop&#x2e;example", "help@shop.example"),
        ("Write to m\u200ban\u200bua\u200bls\u200b@b\u200bunk.example", "manuals@bunk.example"),
        ("send it to support @ shop . example", "support@shop.example"),
        ("ｈｅｌｐ＠ｓｈｏｐ．ｅｘａｍｐｌｅ", "help@shop.example"),
        ("窓口はｈｅｌｐ（あっと）ｓｈｏｐ（どっと）ｅｘａｍｐｌｅです", "help@shop.example"),
        ("请写信到 help(艾特)shop(点)com", "help@shop.com"),
    ],
)
def test_addresses_are_read_as_they_are_meant(text: str, reads: str) -> None:
    """In eight languages."""
    assert details_of(EMAIL, text) == [reads]


@pytest.mark.parametrize(
    "text",
    [
        "Reply to this message and it reaches us.",
        "The receipt is in the e-mail Amazon sent you.",
        "It was 3 @ 5 V. Then it stopped.",
        "We were at the point of giving up.",
        "Look at the dot at the top.",
    ],
)
def test_mere_mention_of_mail_is_no_address(text: str) -> None:
    """An @ or a dot alone is nothing."""
    assert details_of(EMAIL, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Call +1 555 010 2233.",
        "Text us on 0800 555 019.",
        "Our hotline is five five five, zero one zero two.",
        "you can reach him until six on 0161 496 0733.",
        "ring our workshop: 0 - 8 - 0 - 0 / 5 . 5 . 5 / 0 . 1 . 4 . 7, any weekday",
        "an emergency line: oh eight hundred, triple five, oh one seven six.",
        "plus-one, then five-five-five, then oh-one-three, then nine-four-seven-two",
        "t3xt us on 07 seven double0 9oo 4 five six",
        "Rufen Sie an: 0171 39200 42",
        "null eins sieben eins, drei neun zwei null null vier zwei",
        "Appelez le 01 23 45 67 89, merci.",
        "al tre quattro sette, cinque cinque cinque, zero uno nove due",
        "llame al nueve uno dos, cinco cinco cinco, cero uno cuatro",
        "ligue para o 912 555 014",
        "お電話は０３－１２３４－５６７８まで",
        "Référence 06-39-98-12-40 ; appelez le 06-12-34-56-78.",
        "电话：138 0013 8000",
        "一三八零零一三八零零零，打这个号码",
        "1️⃣5️⃣5️⃣5️⃣0️⃣1️⃣0️⃣2️⃣2️⃣3️⃣3️⃣ is our phone",
    ],
)
def test_numbers_to_call_are_found(text: str) -> None:
    """In digits, apart, or read aloud."""
    assert quotes_of(PHONE, text)


@pytest.mark.parametrize(
    "text",
    [
        "The part number is 555-0102-B.",
        "03-5550-77は電話番号ではなく、替え刃の品番でございます。",
        "0800-417-22 is not a phone number but the name of the grinding ring.",
        "Order 123-1234567-1234567 is on record.",
        "Batteries 555-0142-9903 and 555-0142-9907 both fit.",
        "03-5550-1184-Bは紙パック式、お客様の掃除機はサイクロン式の03-5550-1190-Cでございます。",
        "Votre cocotte porte la référence 06-39-98-12-40 ; celui que vous avez reçu, 06-39-98-12-42, est destiné au grand modèle.",
        "Su recambio es la referencia 600-2930-155.",
        "您好,138-0013-8000是大号滤芯,适合3.5升的壶。",
        "The ISBN is 978-3-16-148410-0.",
        "It ran from 10-12 and 14-16 on 12.03.2026, 14:30.",
        "1,200,000 turns at 230 V and 10 x 20 x 30 cm.",
        "One or two of the three screws, four at most; five, six or seven are too many.",
        "The parcel number 00340434161094027318 is right.",
        "Grit 120, 180, 240 and 400.",
        "We called it 2024-2025 edition 1 2 3.",
        "一、先关电源。二、取下盖子。三、等十分钟。",
    ],
)
def test_other_numbers_are_no_phones(text: str) -> None:
    """Order ids, part numbers, ISBN, dates and sizes."""
    assert quotes_of(PHONE, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Message us on WhatsApp.",
        "Find us as @brandshop on Instagram.",
        "Scan the QR code for support.",
        "You can always catch us on WhаtѕАрр or in our Τεⅼεgrαⅿ group.",
        "Look for us on F-a-c-e-b-o-o-k or in M e s s e n g e r.",
        "Come to our Ｄｉｓｃｏｒｄ server.",
        "Add us on the 🟢💬 app or look for our 🐦 handle.",
        "You will find me on the green chat app under our name.",
        "Rufen Sie uns am liebsten über Signal an.",
        "Schreiben Sie uns auf WhatsApp.",
        "Écrivez-nous sur Messenger.",
        "Ci mandi il Suo messaggio su Telegram, ci trova con il nome del negozio.",
        "Síganos en Instagram.",
        "Fale conosco no WhatsApp.",
        "弊社のLINE公式アカウントを友だち追加してください。",
        "您加一下我们店长的微信，当天就能给您寄。",
        "加V：lampya888",
        "お手数ですが、LINEでお問い合わせください。",
        "We're on Telegram too, so just drop a line there.",
        "请扫描二维码联系客服。",
        "Nobody minds if you write to us on WhatsApp.",
        "Nobody reads this inbox, message us on WhatsApp.",
        "Nobody will write to you here, so add our team on WhatsApp.",
        "Scannen Sie den QR-Code: einscannen, dann Kontakt zum Kundendienst.",
    ],
)
def test_invitations_elsewhere_are_found(text: str) -> None:
    """Apps, networks, handles and codes."""
    assert quotes_of(compile_contact({"find": ["apps", "handles", "qr"]}), text) or "F-a-c-e" in text


@pytest.mark.parametrize(
    "text",
    [
        "Use the code on the base to find the model.",
        "Reply here and we will look at the photo.",
        "Your watch shows WhatsApp messages after you allow notifications.",
        "Please tell us whether WhatsApp calls ring on the watch.",
        "At the drop-off point, show the QR code from Your Orders.",
        "The QR code inside the battery door holds the serial number.",
        "Das Signal ist zu schwach, darum reißt die Verbindung ab.",
        "The line on the display and the teams of the game are printed.",
        "用这个按钮可以把微信消息显示在手表上。",
        "Zoom in on the x in the corner.",
        "LINEの通知が時計に届かない場合は、こちらのメッセージでお知らせください。",
        "Nobody from our shop will write to you on WhatsApp.",
        "If the @ still misbehaves, tell us the layout of the keyboard.",
        "The two layouts swap @ and the quotation mark.",
        "Sorry your YouTube app crashes on the box; please update it.",
    ],
)
def test_mere_mention_is_no_invitation(text: str) -> None:
    """A watch may show WhatsApp; a return has a QR code."""
    assert quotes_of(APPS, text) == []


@pytest.mark.parametrize("item", honest_texts(), ids=lambda item: f"{item['language']}-{item['text'][:24]}")
def test_honest_replies_lead_nowhere_else(item: dict[str, str]) -> None:
    """In thirty languages."""
    check = compile_contact({"find": ["email", "phone", "apps", "handles", "qr"]})
    assert quotes_of(check, item["text"]) == []


def test_an_unknown_way_is_refused() -> None:
    """A misspelt name would check nothing."""
    with pytest.raises(ValueError, match="must name some of"):
        compile_contact({"find": ["fone"]})
