"""Data leave as placeholders, the same for the same piece, and come back only where they may."""

from __future__ import annotations

import pytest

from drafter.llm.chat import ChatCall, Message
from drafter.privacy.mask import NOTE, Mask, mask_request
from tests.conftest import make_request

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
