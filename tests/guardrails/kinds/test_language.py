"""The language a text must have, and foreign passages in it."""

from __future__ import annotations

import pytest

from drafter.guardrails.kinds.language import compile_language
from tests.guardrails.texts import details_of, honest_texts, quotes_of

MISMATCH, MIXED = compile_language({"find": ["mismatch"]}), compile_language({"find": ["mixed"]})
COVERED = ("en", "de", "fr", "es", "it", "pt", "ja", "zh")
LONG = [item for item in honest_texts() if item["language"] in COVERED and len(item["text"]) > 60]
PLAIN = [item for item in LONG if not item["text"].startswith(("The family", "S.r.l"))]


@pytest.mark.parametrize("item", honest_texts(), ids=lambda item: f"{item['language']}-{item['text'][:24]}")
def test_honest_replies_are_in_their_own_language(item: dict[str, str]) -> None:
    """Neither a mismatch nor a mixture, in thirty languages."""
    assert details_of(MISMATCH, item["text"], language=item["language"]) == []
    assert details_of(MIXED, item["text"], language=item["language"]) == []


def test_honest_replies_are_no_mixture_where_no_language_is_told() -> None:
    """A request without a language is read in the one that the text shows."""
    assert [item["text"] for item in honest_texts() if details_of(MIXED, item["text"])] == []


@pytest.mark.parametrize(
    "text", ["Hallo, your refund ist da.", "Bonjour, we are sorry pour le retard.", "Hola, tu order was refunded hoy."]
)
def test_two_languages_in_one_line_are_a_mixture_where_no_language_is_told(text: str) -> None:
    """Even where each has as many small words as the other."""
    assert details_of(MIXED, text)


@pytest.mark.parametrize("expected", COVERED)
def test_replies_in_another_language_are_found(expected: str) -> None:
    """Nearly every longer text of another language is a mismatch; the few that are not have hardly any words."""
    others = [item for item in PLAIN if item["language"] != expected]
    missed = [item["text"] for item in others if not details_of(MISMATCH, item["text"], language=expected)]
    assert len(missed) <= 0.04 * len(others), missed


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Sorry about the lid, it was our fault and a new one is on its way."),
        ("es-US", "Your refund was sent to the card that you used."),
        ("es-US", "Your refund was sent."),
        ("ja-JP", "您的退款已处理，请注意查收。"),
        ("zh-CN", "ご返金の手続きが完了いたしました。"),
        ("en", "Ciao, grazie per la domanda. Il copripiumino si può lavare fino a 40 gradi."),
        ("en", "Guten Tag, vielen Dank für Ihre Antwort."),
        ("en", "Hartelijk dank voor uw bericht, het spijt ons van de vertraging."),
        ("en", "Przykro nam, że pokrywa dotarła pęknięta, i dziękujemy za zdjęcie."),
        ("en", "Нам очень жаль, что крышка пришла треснутой."),
        ("pt", "Lamentamos mucho que su pedido no saliera a tiempo."),
        ("es", "Lamentamos muito que a sua encomenda não tenha saído a tempo."),
    ],
)
def test_a_text_in_the_wrong_language_is_found(language: str, text: str) -> None:
    """Close relatives and other scripts as well."""
    assert quotes_of(MISMATCH, text, language=language) == [text]


def test_without_an_expected_language_nothing_is_a_mismatch() -> None:
    """The rule needs the fact."""
    assert details_of(MISMATCH, "Guten Tag, vielen Dank für Ihre Antwort.") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Bonjour, we are sorry pour le retard de votre colis, qui est arrivé hier."),
        ("pt", "Lamentamos o envio do produto errado, it was a picking mistake no nosso armazém."),
        ("de", "Es tut uns leid, dass der Deckel kaputt ist. We have sent a new one to you today."),
        ("en", "We are sorry that the lid was cracked. Wir haben Ihnen heute einen neuen geschickt."),
        ("es", "Hola, lamentamos que la tapa llegara rota. Please tell us if you have the photo."),
        ("it", "Ci dispiace per il ritardo, nous avons envoyé une nouvelle pièce ce matin."),
        ("ja", "ご迷惑をおかけしました。We are sorry that the lid was broken. 本日発送しました。"),
        ("zh", "非常抱歉给您带来不便。ご迷惑をおかけしました。今天已寄出。"),
        ("de", "Hallo, your refund ist da."),
        ("es", "Hola, tu order was refunded hoy."),
        ("en", "We are sorry for the delay of your parcel. 我们今天已经寄出新的盖子。"),
        ("en", "We are sorry for the delay. Мы отправили новую крышку сегодня утром."),
    ],
)
def test_foreign_passages_are_found(language: str, text: str) -> None:
    """Sentences and halves of sentences."""
    assert details_of(MIXED, text, language=language)


@pytest.mark.parametrize(
    ("language", "text", "case"),
    [
        ("de", "Hallo, das Modell Easy Clean ist unterwegs.", {}),
        ("fr", "Bonjour, la pièce Soft Touch est la bonne.", {}),
        ("de", "Wählen Sie „Return or replace items“ und dann die Lampe.", {}),
        ("de", "Unser the one and only Becher ist wieder da und kommt morgen.", {"names": ("the one and only",)}),
        ("en", "The crème de la crème of our lids, à la carte, is back in stock.", {}),
        ("en", "The button is marked 電源 and the other one 戻る.", {}),
        ("ja", "USB Type-CケーブルとWi-Fiルーターは別売りです。", {}),
        ("it", "Il software e l'hardware sono a posto, il display no.", {}),
        ("es", "El kit Made for You se envía hoy mismo a su casa.", {}),
    ],
)
def test_names_and_quotations_are_no_passage(language: str, text: str, case: dict[str, tuple[str, ...]]) -> None:
    """Product names, buttons and loan words."""
    assert details_of(MIXED, text, language=language, **case) == []


def test_a_language_without_rules_is_named() -> None:
    """Dutch is read, and known not to be covered."""
    check = compile_language({"find": ["uncovered"]})
    assert details_of(check, "Het spijt ons dat het deksel gebarsten is aangekomen, wij sturen u een nieuwe.") == ["language nl"]
    assert details_of(check, "We are sorry that the lid was cracked.") == []


def test_an_unknown_search_is_refused() -> None:
    """A misspelt name would check nothing."""
    with pytest.raises(ValueError, match="must name some of"):
        compile_language({"find": ["mix"]})
