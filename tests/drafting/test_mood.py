"""A clause that advises, supposes, wishes or speaks of another thing tells of nothing that happened with what was bought."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.drafting.details import DetailBook, load_details
from tests.drafting.conftest import ask, judge

NOTHING_HAPPENED = {
    "en": (
        "Wait until after Christmas, then it is half price.",
        "Just cut or tear the pack open.",
        "Be careful, the lid could crack.",
        "You should check that no parts are missing.",
        "I hoped it would be tear-resistant and would not rust.",
        "I was afraid it might arrive broken.",
        "My sister bought one and hers leaked from day one.",
        "My old one leaked after a year.",
        "The last one I had stopped working after a week.",
        "If you drop it, or if it gets wet (as happens), and the seam tears, it is gone.",
        "Don't expect it to be too small.",
        "Use scissors so that it won't tear.",
        "It's my fault for not reading the page.",
        "Other brands taste stale and are too sweet.",
        "I would send it back if it were too expensive.",
        "Buy local so you have support.",
        "Crush them up and add some syrup.",
        "It is rust-proof and leak-proof.",
        "Maybe it was used before, who knows.",
        "In case the seller refuses to refund you, write to the bank.",
    ),
    "de": (
        "Wartet lieber bis nach Weihnachten.",
        "Vorsichtig aufschneiden, nicht aufreißen.",
        "Wenn er undicht wäre, würde ich ihn zurückschicken.",
        "Ich hatte gehofft, dass er nicht rostet.",
        "Mein alter Wasserkocher war nach einem Jahr undicht.",
        "Meine Schwester hat einen gekauft, der undicht war.",
        "Kaufen Sie bloß nicht die zu kleine Größe.",
        "Ich dachte, die Farbe wäre anders.",
        "Achtung, nicht fallen lassen, sonst ist er kaputt.",
        "Es war meine Schuld, ich habe falsch gemessen.",
    ),
    "fr": (
        "Attendez après Noël, c'est moitié prix.",
        "Ouvrez le sachet avec des ciseaux pour éviter qu'il soit déchiré.",
        "S'il était trop petit, je le renverrais.",
        "J'espérais qu'il ne serait pas bruyant.",
        "Mon ancien modèle était trop bruyant.",
        "Ma sœur en a acheté un et le sien fuit.",
        "Faites attention, le carton est peut-être déchiré.",
        "C'est de ma faute, j'ai mal mesuré.",
    ),
    "es": (
        "Esperen a después de Navidad.",
        "Hay que abrir la bolsa con tijeras para que no se rompa.",
        "Si fuera demasiado pequeño, lo devolvería.",
        "Esperaba que no fuera tan ruidoso.",
        "Mi antiguo modelo era demasiado pequeño.",
        "Mi hermana tiene uno y el suyo gotea.",
        "Fue mi culpa, medí mal.",
        "Compren otra cosa, quizá llega roto.",
    ),
    "it": (
        "Aspettate dopo Natale.",
        "Tagliate la busta con le forbici.",
        "Se fosse troppo piccolo lo restituirei.",
        "Speravo che non fosse rumoroso.",
        "Il vecchio modello era troppo piccolo.",
        "Mia sorella ne ha uno e il suo perde acqua.",
        "È stata colpa mia, ho misurato male.",
    ),
    "pt": (
        "Esperem para depois do Natal.",
        "Cortem o pacote com tesoura para não ficar rasgado.",
        "Se fosse muito pequeno, eu devolveria.",
        "Esperava que não fosse barulhento.",
        "O meu antigo modelo era muito pequeno.",
        "A minha irmã tem um e o dela vaza.",
        "Foi culpa minha, medi mal.",
    ),
    "ja": (
        "クリスマスの後まで待った方がいいです。",
        "もし割れて届いたら返品します。",
        "袋ははさみで切って開けてください。",
        "友人が買った物は壊れていました。",
        "以前の物は音が小さかったです。",
        "壊れているのではないかと心配でした。",
        "測り間違えた私のせいです。",
    ),
    "zh": (
        "建议大家等过了圣诞之后再买。",
        "如果收到的是破的，我会退货。",
        "直接撕开包装就行。",
        "朋友买的那个坏了。",
        "以前买的那个太小。",
        "本来担心会碎。",
        "是我自己量错了，不怪卖家。",
    ),
}
HAPPENED = {
    "en": {
        "It arrived two days after my son's birthday.": "after_day",
        "The cake missed the wedding.": "after_day",
        "The box had a big rip in it when it came.": "broken",
        "It was smaller than I expected.": "smaller",
        "They told me it was my own fault.": "blamed",
        "The seller would not refund me.": "refused",
        "If you tilt it, it leaks.": "leaks",
        "I hoped for the best, but it stopped working.": "stopped",
        "It could not hold the time and runs slow.": "runs",
        "Most of the cookies were crushed in the box.": "broken",
    },
    "de": {"Kam erst drei Tage nach dem Geburtstag an.": "after_day", "Wenn man ihn kippt, ist er undicht.": "leaks"},
    "fr": {"Le colis est arrivé après l'anniversaire.": "after_day", "Quand on le penche, il fuit.": "leaks"},
    "es": {"Llegó después de Navidad.": "after_day", "Me echan la culpa a mí.": "blamed"},
    "it": {"È arrivato dopo Natale.": "after_day", "Dicono che è colpa mia.": "blamed"},
    "pt": {"Chegou depois do Natal.": "after_day", "Disseram que a culpa era minha.": "blamed"},
    "ja": {"クリスマスの後に届きました。": "after_day", "私のせいだと言われました。": "blamed"},
    "zh": {"生日之后才到货。": "after_day", "客服怪我自己弄坏的。": "blamed"},
}


@pytest.fixture(scope="module")
def books(root: Path) -> dict[str, DetailBook]:
    """The shipped details."""
    return dict(load_details(root))


def found(book: DetailBook, body: str, language: str) -> list[str]:
    """Ids of the details in a review."""
    request = ask(body)
    return [detail.spec.id for detail in book.find(request.review.text, judge(request, language=language))]


@pytest.mark.parametrize("language", NOTHING_HAPPENED)
def test_what_never_happened_is_no_complaint(books: dict[str, DetailBook], language: str) -> None:
    """Neither advice, a wish, a supposition or an expectation, nor another thing, another person, another time."""
    wrong = {body: ids for body in NOTHING_HAPPENED[language] if (ids := found(books[language], body, language))}
    assert wrong == {}


@pytest.mark.parametrize("language", HAPPENED)
def test_what_happened_is_told(books: dict[str, DetailBook], language: str) -> None:
    """Also beside a condition, an expectation that was not met, or a refusal."""
    missed = {body: detail for body, detail in HAPPENED[language].items() if detail not in found(books[language], body, language)}
    assert missed == {}


def test_an_aside_in_brackets_does_not_end_a_supposition(books: dict[str, DetailBook]) -> None:
    """What follows it belongs to the clause before it."""
    mood = books["en"].mood
    text = "If you are out (no sink near) and the lid leaks, you are wet, but the lid leaks."
    told = [clause.text for clause in mood.told_clauses(text, books["en"]._told(text)[0])]
    assert "the lid leaks" in told
    assert len(told) < 4
