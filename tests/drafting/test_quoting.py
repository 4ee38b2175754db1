"""What is quoted, and what is not."""

from __future__ import annotations

import pytest

from drafter.domain import Issue
from drafter.drafting.templates import Templates
from tests.drafting.conftest import SELLER, ask, judge


def first(templates: Templates, body: str, *issues: tuple[Issue, str], language: str = "en", **fields: object) -> str:
    """Text of the first draft."""
    request = ask(body, **{"title": "", "rating": 1, **fields})
    return next(templates.compose(request, judge(request, *issues, language=language))).text


@pytest.mark.parametrize(
    ("language", "body", "seen", "quote"),
    [
        ("en", "Says 40 minutes a charge. I get 12.", "Says 40 minutes a charge", "“Says 40 minutes a charge. I get 12”"),
        ("de", "Nach 6 Wochen Rolle ab. Mitten im Park.", "Rolle ab", "„Nach 6 Wochen Rolle ab. Mitten im Park“"),
        ("it", "Luce fioca, morta dopo due uscite.", "morta", "«Luce fioca, morta dopo due uscite»"),
        ("pt", "Veio 110V, pedi 220V.", "Veio 110V", "“Veio 110V, pedi 220V”"),
        ("ja", "ふたが閉まりません。水も漏れます。", "ふたが閉まりません", "「ふたが閉まりません。水も漏れます」"),
        ("zh", "盖子合不上，底部还漏水。", "盖子合不上", "“盖子合不上，底部还漏水”"),
    ],
)
def test_what_has_no_clear_words_of_ours_is_quoted_whole(templates: Templates, language: str, body: str, seen: str, quote: str) -> None:
    """With the few words that only go on with it."""
    assert quote in first(templates, body, (Issue.NOT_AS_DESCRIBED, seen), language=language)


def test_one_complaint_after_the_other_is_said_in_our_voice(templates: Templates) -> None:
    """Each once, and none of them between quotation marks."""
    body = "Coating came off the basket after a week, the handle is loose and it takes 35 minutes for fries."
    text = first(templates, body, (Issue.DEFECTIVE, "Coating came off"))
    assert "that the coating came off the basket after a week, and that the handle is loose" in text
    assert text.count("loose") == 1
    assert "“" not in text


@pytest.mark.parametrize(
    "sentence",
    [
        "I don't want my money back.",
        "My bettas don't mind.",
        "My old pan never did that.",
        "A proper sleeve would cost three cents, no more.",
        "Wait for a sale, it is not worth it.",
        "Thanks for nothing.",
        "How am I supposed to know that it is broken?",
    ],
)
def test_wishes_advice_and_other_things_are_not_quoted(templates: Templates, sentence: str) -> None:
    """They are no complaint, though words of one stand in them."""
    text = first(templates, f"The lid leaks. {sentence}", (Issue.DEFECTIVE, "leaks"))
    assert "lid leaks" in text
    assert sentence.rstrip(".?") not in text


def test_what_somebody_gave_as_a_reason_is_not_said_as_a_fact(templates: Templates) -> None:
    """The seal that a return was refused for may never have been broken."""
    text = first(templates, "Return refused because the seal was broken.", (Issue.CUSTOMER_SERVICE, "refused"), (Issue.DEFECTIVE, "broken"))
    assert "that the seal was broken" not in text


def test_a_cry_of_one_word_is_taken_up_when_it_tells_something(templates: Templates) -> None:
    """A verb tells what is wrong; a mere verdict does not."""
    assert "this product hums" in first(templates, "Hums. My fish don't mind.", (Issue.QUALITY_OR_DURABILITY, "Hums"))
    assert "“Bad”" not in first(templates, "Bad.", (Issue.QUALITY_OR_DURABILITY, "Bad"))


def test_a_part_of_the_thing_is_not_the_thing(templates: Templates) -> None:
    """A bell that came broken says nothing of the seat that it is on."""
    text = first(
        templates, "The little bell was broken when it came.", (Issue.DAMAGED_IN_TRANSIT, "broken"), product={"title": "bike seat"}
    )
    assert "seat reached you broken" not in text
    assert "little bell was broken" in text


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "The lid leaks. I don't want my money back."),
        ("de", "Der Deckel tropft. Geld will ich keins."),
        ("fr", "Le couvercle fuit. Je veux un couvercle, pas de l'argent."),
        ("ja", "ふたから水が漏れます。お金よりも新しいふたがほしいです。"),
        ("zh", "盖子漏水。不想退款。"),
    ],
)
def test_no_money_is_offered_to_whom_wants_none(templates: Templates, language: str, body: str) -> None:
    """Another remedy is, where one is allowed."""
    seller = {**SELLER, "allowed_remedies": ["full_refund", "replacement"]}
    request = ask(body, title="", rating=1, seller=seller)
    triage = judge(request, (Issue.DEFECTIVE, body[:6]), language=language)
    assert templates.plan(request, triage, language).offer.remedy == "replacement"


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "The third tank drips as well. Please don't send another."),
        ("de", "Der Tank tropft. Bitte keinen neuen schicken."),
        ("fr", "Le réservoir fuit. N'en envoyez pas d'autre."),
        ("es", "El depósito gotea. No me envíen otro."),
        ("it", "Il serbatoio perde. Non voglio un altro serbatoio."),
        ("pt", "O depósito pinga. Não me enviem outro."),
        ("ja", "タンクから水が漏れます。交換はいりません。"),
        ("zh", "水箱漏水。不要再换了。"),
    ],
)
def test_no_second_one_is_offered_to_whom_wants_none(templates: Templates, language: str, body: str) -> None:
    """He gets the other remedy that is allowed."""
    request = ask(body, title="", rating=1, seller={**SELLER, "allowed_remedies": ["full_refund", "replacement"]})
    triage = judge(request, (Issue.DEFECTIVE, body[:6]), language=language)
    assert templates.plan(request, triage, language).offer.remedy == "full_refund"
