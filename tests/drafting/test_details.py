"""What buyers complain of, found by its words and said in ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from drafter.domain import CheckRequest, Issue, Remedy
from drafter.drafting.details import MAX_SHOWN_CHARS, DetailBook, load_details
from drafter.drafting.phrasebook import Phrasebook
from drafter.drafting.templates import Templates
from drafter.errors import ContentError
from drafter.guardrails.engine import Guardrail
from tests.drafting.conftest import ask, judge

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "ja", "zh")

COMPLAINTS = {
    "en": {
        "The tea was so bland.": "taste",
        "My cats would not touch it.": "pet",
        "Half of the cookies were crushed when the box arrived.": "broken",
        "It is way too expensive.": "price",
        "The listing is misleading.": "misled",
        "I never received my order.": "never_came",
    },
    "de": {"Die Vase kam völlig zerbrochen an.": "broken", "Leider viel zu klein.": "small", "Keine Antwort seit Tagen.": "no_answer"},
    "fr": {"Le vase est arrivé cassé.": "broken", "Beaucoup trop petit.": "small", "Trois messages sans réponse.": "no_answer"},
    "es": {"El jarrón llegó roto.": "broken", "Demasiado pequeño.": "small", "Nadie contesta.": "no_answer"},
    "it": {"Il vaso è arrivato rotto.": "broken", "Troppo piccolo.": "small", "Nessuno risponde.": "no_answer"},
    "pt": {"O vaso chegou quebrado.": "broken", "Muito pequeno.": "small", "Ninguém responde.": "no_answer"},
    "ja": {"花瓶が割れて届きました。": "broken", "思ったより小さかったです。": "small", "問い合わせても返事がありません。": "no_answer"},
    "zh": {"收到的时候花瓶碎了。": "broken", "尺寸太小。": "small", "客服一直不回。": "no_answer"},
}
FINE = {
    "en": ("The tea is not bland at all.", "If it were too sweet I would say so.", "Other brands taste stale.", "Great price!"),
    "de": ("Gar nicht bitter.", "Wenn es zu klein wäre, würde ich es sagen."),
    "fr": ("Il n'est pas trop petit.",),
    "es": ("No es demasiado pequeño.",),
    "it": ("Non è troppo piccolo.",),
    "pt": ("Não é muito pequeno.",),
    "ja": ("夫のお昼には足りません。",),
    "zh": ("味道不苦。",),
}


@pytest.fixture(scope="module")
def books(root: Path) -> dict[str, DetailBook]:
    """The shipped details."""
    return dict(load_details(root))


def found(book: DetailBook, body: str) -> list[str]:
    """Ids of the details in a review."""
    request = ask(body)
    return [detail.spec.id for detail in book.find(request.review.text, judge(request))]


def test_every_language_has_its_details(books: dict[str, DetailBook]) -> None:
    """The same languages as the templates."""
    assert set(books) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_is_found(books: dict[str, DetailBook], language: str) -> None:
    """By the buyer's own words."""
    for body, detail in COMPLAINTS[language].items():
        assert detail in found(books[language], body), body


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_denied_supposed_or_said_of_others_is_none(books: dict[str, DetailBook], language: str) -> None:
    """Neither what is not so, nor what would be, nor other things."""
    for body in FINE[language]:
        assert found(books[language], body) == [], body


def test_faint_ones_give_way(books: dict[str, DetailBook]) -> None:
    """A general disappointment is only said when nothing clearer is told."""
    assert found(books["en"], "Very disappointed. The tea tasted stale.") == ["taste"]
    assert found(books["en"], "Very disappointed.") == ["unfit"]


def replies(book: DetailBook, phrases: Phrasebook) -> Iterator[str]:
    """Each detail in each frame, with each of the sentences that may follow it."""
    frames = [*phrases.restated, *phrases.restated_mild]
    refund = phrases.remedy[Remedy.FULL_REFUND]
    for i, spec in enumerate(book.file.details):
        for j, meant in enumerate((*book.file.meant[spec.theme], *book.file.meant["occasion"])):
            it = phrases.item["base"].plain
            clause = (
                spec.say.replace("{it}", it)
                .replace("{words}", next(iter(spec.words), ""))
                .replace("{pet}", "cats")
                .replace("{part}", "lid")
            )
            frame = frames[(i + j) % len(frames)].replace("{clause}", clause)
            yield phrases.space.join([frame, meant, refund[(i + j) % len(refund)], phrases.answer[(i + j) % len(phrases.answer)]])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_detail_has_a_finding(books: dict[str, DetailBook], templates: Templates, root: Path, language: str) -> None:
    """Every phrase and every sentence after it pass the rules, whatever the review says; no phrase sounds like another remedy."""
    guardrail = Guardrail.load(root)
    for text in replies(books[language], templates.books[language][0]):
        request = CheckRequest(channel="review_followup", text=text, language=language, review="", facts=(), remedies=(Remedy.FULL_REFUND,))
        report = guardrail.check(request)
        assert not report.findings, (text, [(f.rule_id, f.quote) for f in report.findings])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    theme: pet\n", "    theme: pets\n", "pets"),
        ('    say: "{it} tasted {words}"', '    say: "{it} tasted odd"', "words"),
        ("denied: '(?:", "denied: '(?:(", "no pattern"),
    ],
)
def test_a_wrong_file_is_named(root: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    """A theme without sentences, a phrase without its slot, and a broken pattern are content errors."""
    folder = tmp_path / "prompts" / "details"
    folder.mkdir(parents=True)
    shutil.copy(root / "prompts" / "details" / "en.yaml", folder)
    text = (folder / "en.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "en.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=message) as caught:
        dict(load_details(tmp_path))
    assert caught.value.path.endswith("en.yaml")


@pytest.mark.parametrize(
    ("language", "body", "ids"),
    [
        ("en", "The clock gains ten minutes a day. They refused to refund it.", {"runs", "refused"}),
        ("de", "Als neu verkauft, aber eindeutig gebraucht. Auf meine Mail kam nur ein Textbaustein.", {"used", "canned"}),
        ("zh", "买了六个只收到五个。卖家还说是我自己弄坏的。", {"short", "blamed"}),
    ],
)
def test_every_complaint_is_found(templates: Templates, language: str, body: str, ids: set[str]) -> None:
    """What the goods did and what the seller did, each by itself."""
    request = ask(body, title="")
    found = templates.details[language].find(request.review.text, judge(request, language=language))
    assert ids <= {detail.spec.id for detail in found}


def test_a_wait_that_is_not_minded_is_no_complaint(templates: Templates) -> None:
    """The buyer tells of it and says that it was fine."""
    request = ask("Delivery took two weeks but that was fine.", title="")
    assert not templates.details["en"].find(request.review.text, judge(request))


@pytest.mark.parametrize(
    ("language", "body", "detail"),
    [
        ("en", "The replacement arrived the same day, but the colour is wrong.", "same_again"),
        ("en", "The second one works the same as the first, both fine, but the third is dead.", "same_again"),
        ("en", "The replacement is too big.", "same_again"),
        ("en", "I used duplicate photos on my wall and the frame fell.", "doubled"),
        ("en", "I have two of the same and both are dead.", "doubled"),
        ("en", "I changed the recipe and it still tastes awful.", "recipe"),
        ("en", "The worms in the can were for my fish, but the can leaked.", "foreign"),
        ("en", "The price went up everywhere and that is fine, but the lid broke.", "price_up"),
        ("en", "I cancelled my order because the lid broke.", "cancelled"),
        ("de", "Storniert habe ich selbst, weil die Farbe falsch war.", "cancelled"),
        ("de", "Ich habe die Bestellung storniert.", "cancelled"),
        ("fr", "J'ai annulé ma commande.", "cancelled"),
        ("es", "He cancelado mi pedido.", "cancelled"),
        ("it", "Ho annullato l'ordine.", "cancelled"),
        ("pt", "O pedido foi cancelado por mim.", "cancelled"),
    ],
)
def test_words_that_only_resemble_a_complaint_are_none(books: dict[str, DetailBook], language: str, body: str, detail: str) -> None:
    """The buyer's own doing, another thing, or the same day."""
    assert detail not in found(books[language], body)


@pytest.mark.parametrize(
    ("language", "body", "detail"),
    [
        ("en", "The replacement had the same problem.", "same_again"),
        ("en", "The second one broke too.", "same_again"),
        ("en", "The new one did the same.", "same_again"),
        ("en", "Half of the cards were duplicates.", "doubled"),
        ("en", "They sent me two of the same.", "doubled"),
        ("en", "They have changed the recipe.", "recipe"),
        ("en", "There were bugs in it.", "foreign"),
        ("en", "The price has gone up again.", "price_up"),
        ("en", "The seller cancelled my order.", "cancelled"),
        ("de", "Der Verkäufer hat die Bestellung einfach storniert.", "cancelled"),
        ("de", "Meine Bestellung wurde ohne Grund storniert.", "cancelled"),
        ("fr", "Ma commande a été annulée.", "cancelled"),
        ("fr", "Le vendeur a annulé ma commande.", "cancelled"),
        ("es", "Cancelaron mi pedido.", "cancelled"),
        ("it", "Hanno annullato il mio ordine.", "cancelled"),
        ("pt", "Cancelaram o meu pedido.", "cancelled"),
    ],
)
def test_the_complaint_itself_is_still_found(books: dict[str, DetailBook], language: str, body: str, detail: str) -> None:
    """As it was before the pattern was narrowed."""
    assert detail in found(books[language], body)


def test_a_replacement_that_came_the_same_day_may_be_offered_again(books: dict[str, DetailBook]) -> None:
    """Only one that was no better rules it out."""
    assert not books["en"].replaced.search("The replacement arrived the same day.")
    assert books["en"].replaced.search("The replacement had the same fault. Sad.")
    assert books["en"].replaced.search("The second one broke as well. Sad.")


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "I never had any trouble with leaks."),
        ("de", "Ich hatte nie Probleme mit Rost."),
        ("fr", "Le couvercle n'est pas cassé."),
        ("es", "La tapa no está rota."),
    ],
)
def test_a_denied_fault_is_no_detail(books: dict[str, DetailBook], language: str, body: str) -> None:
    """Wherever the denial stands, before the words or among them."""
    assert found(books[language], body) == []


def test_an_issue_is_not_shown_by_words_that_deny_it(books: dict[str, DetailBook]) -> None:
    """Nor by what stands far behind the beginning of an endless clause."""
    assert books["en"].is_shown(Issue.DAMAGED_IN_TRANSIT, "the kettle came dented")
    assert not books["en"].is_shown(Issue.DAMAGED_IN_TRANSIT, "the kettle is not dented")
    assert not books["en"].is_shown(Issue.DAMAGED_IN_TRANSIT, "my dog " * MAX_SHOWN_CHARS + "dented")
