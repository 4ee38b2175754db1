"""Which of a small model's sentences begins the reply."""

from __future__ import annotations

from drafter.drafting.candidates import choose_sentence, gather_candidates
from drafter.drafting.templates import Templates
from drafter.drafting.truth import Source

LEAD = "We are sorry that"
SOURCE = Source(
    review="Burnt\nI drink tea all day. The beans tasted burnt and the bag was torn. My toes were cold.",
    product="coffee beans",
    heading="Burnt",
    points=("The beans tasted burnt and the bag was torn",),
)


def choose(templates: Templates, *texts: str, not_again: str = "") -> str:
    """The sentence that is left of these, without the lead."""
    lexicon = templates.lexicons["en"]
    said = [f"{LEAD} {text}" for text in texts]
    found = gather_candidates(said, lead=LEAD, source=SOURCE, lexicon=lexicon, not_again=not_again)
    return choose_sentence(found.true, said, lead=LEAD, source=SOURCE, lexicon=lexicon).removeprefix(f"{LEAD} ")


def test_what_the_model_says_most_often_wins(templates: Templates) -> None:
    """Its own agreement is the best sign of what it has understood."""
    assert choose(templates, "your toes were cold.", "the beans tasted burnt.", "the beans tasted burnt to you.") != "your toes were cold."


def test_an_untrue_sentence_is_no_candidate(templates: Templates) -> None:
    """However often it is said."""
    assert choose(templates, "the beans were rancid.", "the beans were rancid.", "the bag was torn.") == "the bag was torn."


def test_the_true_half_of_a_half_true_sentence_is_kept(templates: Templates) -> None:
    """Cut at its joint."""
    assert choose(templates, "the bag was torn and that the beans were rancid.") == "the bag was torn."


def test_a_pronoun_at_the_beginning_is_the_last_choice(templates: Templates) -> None:
    """The first sentence of a reply must say what it is about."""
    assert choose(templates, "they tasted burnt and the bag was torn.", "the beans tasted burnt.") == "the beans tasted burnt."


def test_a_second_clause_about_it_is_rather_left_out(templates: Templates) -> None:
    """Nobody knows what it is."""
    assert choose(templates, "the beans tasted burnt and it was torn.", "the beans tasted burnt.") == "the beans tasted burnt."


def test_how_many_is_said_where_the_buyer_says_it(templates: Templates) -> None:
    """Three leaking boxes are not all of them."""
    source = Source(review="Three of the boxes were leaking.", product="", points=("Three of the boxes were leaking",))
    said = [f"{LEAD} the boxes were leaking.", f"{LEAD} three of the boxes were leaking.", f"{LEAD} the boxes were leaking."]
    chosen = choose_sentence(said, said, lead=LEAD, source=source, lexicon=templates.lexicons["en"])
    assert chosen == f"{LEAD} three of the boxes were leaking."


def test_why_nothing_is_left_holds_no_word_of_the_buyer(templates: Templates) -> None:
    """The reasons go into records and logs."""
    said = (f"{LEAD} the beans were rancid.", f"{LEAD} the bag was torn.")
    found = gather_candidates(said, lead=LEAD, source=SOURCE, lexicon=templates.lexicons["en"], not_again=said[1])
    assert found.true == ()
    assert found.reasons == ("says a word, which the buyer did not", "is the same as before")
