"""Slots nobody filled, and what a model leaves around a text."""

from __future__ import annotations

import pytest

from drafter.guardrails.kinds.placeholder import compile_placeholder
from tests.guardrails.texts import honest_texts, quotes_of

CHECK = compile_placeholder({})


@pytest.mark.parametrize(
    "text",
    [
        "Hello {{buyer_first_name}}, thank you.",
        "Hello {name},",
        "Dear [Name], sorry.",
        "Dear [BUYER NAME], [INSERT RESOLUTION HERE].",
        "Hi FIRSTNAME, your parcel is late.",
        "Hello <NAME>, sorry. <order number> is late.",
        "Your order %ORDER% left.",
        "Dear %s, sorry.",
        "Hi $CUSTOMER_NAME, sorry.",
        "Hi ${name}, sorry.",
        "Dear *|FNAME|*, sorry.",
        "Dear ____, sorry.",
        "[your name]",
        "It leaves on [date].",
        "The reason was [REASON - ask warehouse].",
        "It is XXX cm long.",
        "Screws of XX mm x XX mm.",
        "TODO: check the VESA table.",
        "Lorem ipsum dolor",
        "Hola [NOMBRE_CLIENTE], el [FECHA].",
        "Bonjour «Nom du client», merci.",
        "Guten Tag [Kundenname], danke.",
        "Gentile [nome], grazie.",
        "Olá [nome do cliente], obrigado.",
        "【お客様名】様、申し訳ございません。",
        "○○様、申し訳ございません。",
        "【买家昵称】您好,预计发货日期:XXXX年XX月XX日。",
        "您好 [姓名]，抱歉。",
        "As an AI language model, I cannot feel.",
        "Here is the reply: We are sorry.",
        "Sure, here's a polite response to the customer:\nSorry.",
        "Draft: We are sorry.",
        "Als KI kann ich das nicht sagen.",
        "Hier ist ein Entwurf: Guten Tag",
        "En tant qu'IA, je ne peux pas.",
        "Voici une réponse possible : Bonjour",
        "Como modelo de lenguaje, no puedo.",
        "Aquí tiene la respuesta: Hola",
        "In quanto modello linguistico non posso.",
        "Ecco la risposta: Buongiorno",
        "Como uma inteligência artificial, não posso.",
        "AIとしてお答えします。",
        "以下は返信案です。",
        "作为一个人工智能助手，我很抱歉。",
        "以下是回复草稿：您好",
        '{"reply": "We are sorry"}',
        "```\nSorry\n```",
        "<draft>Sorry</draft>",
        "We are sorry. <|im_end|>",
        "Let me know if you'd like me to revise the tone.",
    ],
)
def test_traces_are_found(text: str) -> None:
    """Slots, template syntax, scaffolding and machine talk, in eight languages."""
    assert quotes_of(CHECK, text)


@pytest.mark.parametrize(
    "text",
    [
        "Hold [Fn] + [M] for three seconds.",
        "[Important] Regarding your parcel",
        "He wrote [sic] that it was fine.",
        "Press [MENU], then [ENTER], then [0].",
        "【重要】ご確認ください",
        "【注文番号】249-5520183-6640917のご注文について",
        "Ouvrez « Vos commandes » et choisissez « Problème avec la commande ».",
        "Insert the battery here and enter the code there.",
        "Love from all of us, xxx",
        "Size XXL and XL; the XX century",
        "el siglo XX y TODO el pedido",
        "二〇〇五年の製品です。",
        "Your model X2 is an older model; let us know the request you have.",
        "It costs $5 or 5 % more, i.e. 100%.",
        "The 50 % sign",
        "The reply of the carrier: it was the snow.",
        "a < b and b > c in the name of fun",
        "(^_^) __init__ is a word",
        "We ask for your patience: the order is large.",
        "Order [123-1234567-1234567] is late.",
        "«Die Brücke» ist der Name der Lampe.",
    ],
)
def test_honest_brackets_pass(text: str) -> None:
    """Keys, labels, quotations, sizes and kisses."""
    assert quotes_of(CHECK, text) == []


@pytest.mark.parametrize("item", honest_texts(), ids=lambda item: f"{item['language']}-{item['text'][:24]}")
def test_honest_replies_hold_no_slot(item: dict[str, str]) -> None:
    """In thirty languages."""
    assert quotes_of(CHECK, item["text"]) == []
