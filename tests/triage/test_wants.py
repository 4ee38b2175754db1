"""What the buyer asks for, in every language: money back, another one, an answer, or nothing."""

import pytest

from drafter.domain import DraftRequest

ASKS = {
    "en": {
        ("refund",): ["I'd like my money back.", "Please refund me.", "When will I be reimbursed?", "I expect a full refund."],
        ("replacement",): ["Please send me a new one.", "I need a replacement lid.", "Could you swap it for one that works?"],
        ("answer",): ["Please get back to me.", "Can anyone tell me how to reset it?", "I would like an explanation."],
        (): ["The lid leaks.", "Came two weeks late.", "I threw it away."],
    },
    "de": {
        ("refund",): ["Ich möchte mein Geld zurück.", "Bitte erstatten Sie den Kaufpreis."],
        ("replacement",): ["Bitte schicken Sie mir Ersatz.", "Ich hätte gern einen Umtausch."],
        ("answer",): ["Bitte melden Sie sich.", "Wie stellt man die Uhr um? Bitte um Antwort."],
        (): ["Der Deckel ist undicht.", "Kam zwei Wochen zu spät."],
    },
    "fr": {
        ("refund",): ["Je veux être remboursé.", "Rendez-moi mon argent."],
        ("replacement",): ["Merci de m'envoyer un nouveau couvercle.", "Je demande un échange."],
        ("answer",): ["Merci de me répondre.", "Pouvez-vous m'expliquer comment le régler ?"],
        (): ["Le couvercle fuit.", "Arrivé deux semaines en retard."],
    },
    "es": {
        ("refund",): ["Quiero que me devuelvan el dinero.", "Solicito el reembolso."],
        ("replacement",): ["Envíenme otra nueva, por favor.", "Quiero que me lo cambien por uno que funcione."],
        ("answer",): ["Por favor, contéstenme.", "¿Alguien me puede explicar cómo se ajusta?"],
        (): ["La tapa gotea.", "Llegó dos semanas tarde."],
    },
    "it": {
        ("refund",): ["Rivoglio i miei soldi.", "Chiedo il rimborso."],
        ("replacement",): ["Mandatemene uno nuovo, per favore.", "Vorrei la sostituzione."],
        ("answer",): ["Per favore rispondetemi.", "Qualcuno mi sa dire come si regola?"],
        (): ["Il coperchio perde.", "Arrivato due settimane in ritardo."],
    },
    "pt": {
        ("refund",): ["Quero o meu dinheiro de volta.", "Peço o reembolso."],
        ("replacement",): ["Enviem-me outra nova, por favor.", "Quero a troca."],
        ("answer",): ["Por favor, respondam.", "Alguém me pode explicar como se regula?"],
        (): ["A tampa verte.", "Chegou duas semanas atrasado."],
    },
    "ja": {
        ("refund",): ["返金してください。", "お金を返してほしいです。"],
        ("replacement",): ["交換してください。", "代わりの品を送ってください。"],
        ("answer",): ["返信をください。", "使い方を教えてください。"],
        (): ["ふたから漏れます。", "二週間遅れて届きました。"],
    },
    "zh": {
        ("refund",): ["请给我退款。", "把钱退给我。"],
        ("replacement",): ["请给我换一个新的。", "麻烦补发一个盖子。"],
        ("answer",): ["请回复我。", "请告诉我怎么调。"],
        (): ["盖子漏水。", "晚了两个星期才到。"],
    },
}


@pytest.mark.parametrize(("asked", "text"), [(asked, text) for kinds in ASKS.values() for asked, texts in kinds.items() for text in texts])
def test_what_is_asked_for_is_named(triager, asked, text):
    """A reply must answer the wish, and must not invent one."""
    request = DraftRequest.model_validate({"channel": "review_followup", "review": {"subject": "product_review", "body": text}})
    assert triager.triage(request).wants == asked
