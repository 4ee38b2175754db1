"""Data leave as placeholders, the same for the same piece, and come back only where they may."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.domain import DraftRequest
from drafter.drafting.sanitise import sanitise
from drafter.llm.chat import ChatCall, Message
from drafter.privacy.mask import NOTE, Mask, mask_request, says_buyer_key
from tests.conftest import make_request
from tests.privacy.snippets import PLAIN_SNIPPETS, TELLING_SNIPPETS

BODY = "My name is Anna Long, 14 Elm Row. The lid of Derek's kettle leaks; Anna is sad, the wait was long. Mail a.long@postbox.example."


def mask(body: str = BODY, **fields: object) -> Mask:
    """The mask of a review."""
    return mask_request(make_request(body, **fields))


def test_a_piece_has_one_placeholder_wherever_it_stands() -> None:
    """Whole or in part, in other letters, over a line break; a word that is also a family name stays."""
    hidden = mask().hide("Anna Long and ANNA\nLONG and anna: derek's lid, so long. 14  Elm Row!")
    assert hidden == "[NAME_1] and [NAME_1] and [NAME_1]: [NAME_2]'s lid, so long. [ADDRESS_1]!"


def test_what_was_masked_is_counted_by_kind() -> None:
    """Each piece once."""
    assert {kind.value: n for kind, n in mask().counts.items()} == {"name": 2, "address": 1, "email": 1}


def test_nothing_is_changed_where_nothing_is_masked() -> None:
    """A question without data leaves as it is; what we say ourselves is never touched."""
    call = ChatCall((Message("system", "Anna Long"), Message("user", "The lid leaks.")), max_tokens=9, temperature=0.0)
    assert mask().hide_call(call) is call


def test_a_model_that_meets_placeholders_is_told_so() -> None:
    """In the last question; a grammar that repeats the data is masked alike."""
    messages = (Message("system", "s"), Message("user", "Anna Long writes."), Message("assistant", "We are sorry, Anna Long"))
    hidden = mask().hide_call(ChatCall(messages, max_tokens=9, temperature=0.0, grammar='root ::= "Anna Long"'))
    assert [m.content for m in hidden.messages] == ["s", f"[NAME_1] writes.\n\n{NOTE}", "We are sorry, [NAME_1]"]
    assert hidden.grammar == 'root ::= "[NAME_1]"'


def test_an_earlier_greeting_says_who_the_buyer_is() -> None:
    """So that his name is known in the review as well."""
    known = mask("Zlatomira here. It leaks.", order={"previous_messages": ["Dear Zlatomira Vuković, we are sorry."]})
    assert known.hide("Zlatomira here.") == "[NAME_1] here."
    assert known.show("Sorry, [NAME_1].", may_name_buyer=True) == "Sorry, Zlatomira."


def test_the_sellers_facts_are_masked_too() -> None:
    """An order number or a telephone in them is as private as in a review; the request's own keys never leave."""
    known = mask("It leaks.", seller={"facts": ["Order 302-1234567-7654321 was refunded."]}, order={"buyer_key": "b-7f3a"})
    assert known.hide("302-1234567-7654321 of b-7f3a") == "[ORDER_ID_1] of [ORDER_ID_2]"


@pytest.mark.parametrize(
    ("text", "may_name_buyer", "shown"),
    [
        ("We are sorry.", False, "We are sorry."),
        ("We are sorry, [NAME_1].", True, "We are sorry, Anna."),
        ("We are sorry, NAME_1.", True, "We are sorry, Anna."),
        ("We are sorry, [NAME_1].", False, None),
        ("We are sorry about [NAME_2].", True, None),
        ("We will come to [ADDRESS_1].", True, None),
        ("We will write to EMAIL_1.", True, None),
        ("We are sorry, [NAME_9].", True, None),
    ],
)
def test_only_the_buyers_first_name_comes_back(text: str, may_name_buyer: bool, shown: str | None) -> None:
    """Where the channel allows it; never another's name, never an address."""
    assert mask().show(text, may_name_buyer=may_name_buyer) == shown


def hidden_call(said: str, known: Mask) -> str:
    """What of these words leaves."""
    return (
        known.hide_call(ChatCall((Message("user", said),), max_tokens=9, temperature=0.0)).messages[0].content.removesuffix(f"\n\n{NOTE}")
    )


@pytest.mark.parametrize(("text", "secrets"), TELLING_SNIPPETS)
def test_no_way_of_telling_leaves_anything(text: str, secrets: tuple[str, ...]) -> None:
    """Neither of the review as it was written nor of what sanitising leaves of it."""
    cut = sanitise(text, (), max_chars=6_000)
    left = f"{hidden_call(text, mask(text))}\n{hidden_call(cut, mask(text))}".casefold()
    assert [secret for secret in secrets if secret.casefold() in left] == []


@pytest.mark.parametrize("text", PLAIN_SNIPPETS)
def test_what_tells_nothing_leaves_as_it_is(text: str) -> None:
    """No word of such a review is taken out."""
    assert hidden_call(text, mask(text)) == text


@pytest.mark.parametrize(("product", "name"), [("American mug", "Eric"), ("Elevator shoes", "Eva"), ("Italian kettle", "Ian")])
def test_a_name_inside_a_word_of_the_product_is_masked(product: str, name: str) -> None:
    """Only whole words are the seller's."""
    text = f"It broke. Thanks, {name}"
    assert mask(text, product={"title": product}).hide(text) == "It broke. Thanks, [NAME_1]"


@pytest.mark.parametrize(
    ("greeting", "hidden", "shown"),
    [
        ("Dear Ms Whitlock, we", "Dear [NAME_1], we", "Sorry, Ms Whitlock."),
        ("Dear Ms Anna Whitlock, we", "Dear [NAME_1], we", "Sorry, Anna."),
        ("Liebe Frau Brinkmann, wir", "Liebe [NAME_1], wir", "Sorry, Frau Brinkmann."),
        ("Chère Madame Lacombe, nous", "Chère [NAME_1], nous", "Sorry, Madame Lacombe."),
        ("Estimada Sra. Zabaleta, le", "Estimada [NAME_1], le", "Sorry, Sra. Zabaleta."),
        ("Gentile Signora Brambilla, ci", "Gentile [NAME_1], ci", "Sorry, Signora Brambilla."),
        ("Prezado Sr. Figueiredo, o", "Prezado [NAME_1], o", "Sorry, Sr. Figueiredo."),
        ("田中様、申し訳", "[NAME_1]様、申し訳", "Sorry, 田中."),
        ("王秀兰女士，您好", "[NAME_1]女士，您好", "Sorry, 王秀兰."),
    ],
)
def test_a_title_is_no_first_name(greeting: str, hidden: str, shown: str) -> None:
    """It is shown with the family name, where no first name is known, and it is masked nowhere by itself."""
    known = mask("It leaks.", order={"previous_messages": [greeting]})
    assert known.hide(greeting) == hidden
    assert known.show("Sorry, [NAME_1].", may_name_buyer=True) == shown
    assert known.hide("Ms Frau Madame Sra. Signora") == "Ms Frau Madame Sra. Signora"


def test_letters_that_only_look_alike_break_nothing() -> None:
    """A dotless i is an i where case is not minded, and none where it is folded."""
    assert mask("Mail ınfo@x.de or Info@x.de.").hide("ınfo@x.de, Info@x.de") == "[EMAIL_1], [EMAIL_1]"


def test_what_was_written_since_is_masked_when_it_leaves() -> None:
    """An address that is in no field of the request is seen in the question itself, and counted."""
    known = mask("It leaks.")
    assert hidden_call("It leaks. Write to anna.schmidt@gmail.com.", known) == "It leaks. Write to [EMAIL_1]."
    assert sum(known.counts.values()) == 1


def test_a_name_in_small_letters_is_shown_with_a_capital() -> None:
    """As a greeting needs it; a word that is no given name is masked with a capital only."""
    known = mask("my name is anna long, the lid leaks")
    assert known.hide("Anna waited so long, Mrs Long.") == "[NAME_1] waited so long, Mrs [NAME_1]."
    assert known.show("Sorry, [NAME_1].", may_name_buyer=True) == "Sorry, Anna."


KEY = "b-7f3a"


@pytest.mark.parametrize(
    "words",
    [
        f"I am {KEY}, it leaks.",
        f"It leaks.\n{KEY} it is.",
        f"It leaks.\t{KEY} it is.",
        f"I am {KEY.upper()}.",
        f"\u6211\u7684\u7f16\u53f7{KEY}\u6ca1\u6709\u7528",
        f"I am {KEY.replace('-', '&#45;')}.",
    ],
)
def test_a_buyer_key_is_seen_wherever_the_mask_finds_it(words: str) -> None:
    """Beside line ends, tabs and signs without words, in any letters, and where an entity stands for one of its characters."""
    assert says_buyer_key(make_request(words, order={"buyer_key": KEY}))


@pytest.mark.parametrize(
    "fields",
    [
        {"order": {"buyer_key": KEY, "previous_messages": [f"Hello {KEY}."]}},
        {"order": {"buyer_key": KEY}, "product": {"title": f"Mug {KEY}"}},
        {"order": {"buyer_key": KEY}, "seller": {"facts": [f"{KEY} has a spare lid."]}},
        {"order": {"buyer_key": KEY}, "seller": {"allowed_remedies": [f"a lid for {KEY}"]}},
        {"order": {"buyer_key": KEY}, "seller": {"signature": KEY}},
    ],
)
def test_a_buyer_key_is_looked_for_in_all_that_a_model_may_read(fields: dict[str, Any]) -> None:
    """Not in the review alone."""
    assert says_buyer_key(DraftRequest.model_validate({"review": {"body": "It leaks."}, **fields}))


@pytest.mark.parametrize("words", ["It leaks.", f"It leaks, x{KEY}.", f"Mug_{KEY}_blue leaks."])
def test_a_buyer_key_that_the_mask_would_not_find_is_not_seen(words: str) -> None:
    """Part of a longer word is no key, and no other field holds words."""
    assert not says_buyer_key(make_request(words, order={"buyer_key": KEY, "order_id": KEY}))
    assert not says_buyer_key(make_request(words))
