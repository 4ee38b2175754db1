"""Reviews in eight languages whose writers tell too much, each with all that must not leave."""

from __future__ import annotations

from typing import NamedTuple


class Telling(NamedTuple):
    """A review, and what in it names or reaches somebody."""

    title: str
    body: str
    secrets: tuple[str, ...]
    kept: str
    """A word of the complaint, which must arrive."""


TELLING = {
    "en": Telling(
        "Broken, says Jennifer Whitcombe",
        "The lid leaks. My name is Jennifer Whitcombe, I live at 14 Elm Row, Stroud GL5 1AB. Write to jenny.whit@gmail.com or "
        "call 020 7946 0958. Order 302-1234567-7654321, paid with 4111 1111 1111 1111. I spoke to Derek.\n\nRegards,\nJennifer",
        ("Whitcombe", "Jennifer", "Elm Row", "GL5 1AB", "jenny.whit", "gmail", "7946", "302-1234567", "4111 1111", "Derek"),
        "leaks",
    ),
    "de": Telling(
        "Deckel undicht",
        "Der Deckel ist undicht. Ich heiße Annegret Schulze und wohne in der Lindenstraße 12, 50674 Köln. Erreichbar: "
        "a-schulze77@web.de oder 030/1234567. IBAN DE89 3704 0044 0532 0130 00. Herr Kowalke war frech.\nViele Grüße\nAnnegret",
        ("Annegret", "Schulze", "Lindenstraße", "Köln", "schulze77", "web.de", "1234567", "DE89 3704", "Kowalke"),
        "undicht",
    ),
    "fr": Telling(
        "Couvercle cassé",
        "Le couvercle est cassé. Je m'appelle Bérénice Lacombe, 8 rue des Lilas, 69003 Lyon. Mon adresse : bere_lacombe@orange.fr, "
        "téléphone 06 12 34 56 78.\nCordialement,\nBérénice Lacombe",
        ("Bérénice", "Lacombe", "rue des Lilas", "69003", "bere_", "orange.fr", "12 34 56"),
        "couvercle",
    ),
    "es": Telling(
        "La tapa gotea",
        "La tapa gotea mucho. Me llamo Remedios Zabaleta y vivo en la calle Mayor 23, 28013 Madrid. Mi correo es "
        "r.zabaleta@correo.example, mi DNI 12345678Z y mi móvil el 612 345 678.\nUn saludo, Remedios Zabaleta",
        ("Remedios", "Zabaleta", "Mayor 23", "28013", "correo.example", "12345678Z", "345 678"),
        "tapa",
    ),
    "it": Telling(
        "Il coperchio perde",
        "Il coperchio perde acqua. Mi chiamo Ottavio Brambilla, via Garibaldi 7, 20121 Milano. Scrivetemi a ottobra@hotmail.co.uk o "
        "chiamate il 333 123 4567.\nCordiali saluti\nOttavio",
        ("Ottavio", "Brambilla", "Garibaldi", "20121", "ottobra", "hotmail", "123 4567"),
        "coperchio",
    ),
    "pt": Telling(
        "A tampa vaza",
        "A tampa vaza água. Meu nome é Conceição Figueiredo, moro na Rua Augusta 1500, CEP 01310-100. Meu e-mail é "
        "c.figueiredo@correio.example, telefone (11) 91234-5678.\nAtenciosamente,\nConceição Figueiredo",
        ("Conceição", "Figueiredo", "Augusta", "01310-100", "correio.example", "91234"),
        "tampa",
    ),
    "ja": Telling(
        "蓋から水が漏れます",
        "蓋から水が漏れます。田中花子と申します。東京都渋谷区神南1丁目19番地に住んでいます。"
        "連絡先は hanako.t@example.co.jp、電話は090-1234-5678です。担当の佐藤さんは不親切でした。",
        ("田中", "花子", "渋谷区", "hanako", "example.co.jp", "1234-5678", "佐藤"),
        "漏れ",
    ),
    "zh": Telling(
        "盖子漏水",
        "盖子漏水，质量很差。我叫王秀兰，住在浙江省杭州市文三路478号。邮箱 xiulan@youxiang.example，电话13800138000。客服李建国态度很差。",
        ("王秀兰", "文三路", "youxiang", "13800138000", "李建国"),
        "漏水",
    ),
}
