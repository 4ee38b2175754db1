"""What is left of a half-true sentence."""

from __future__ import annotations

from drafter.drafting.shorten import shorten
from drafter.drafting.templates import Templates

LEAD = "We are so sorry that"


def test_clauses_are_cut_from_the_end_and_kept_alone(templates: Templates) -> None:
    """The whole first, then its beginning, then the clause that can stand alone."""
    found = shorten(f"{LEAD} the lid leaks on my bag, and that the box was torn.", LEAD, templates.lexicons["en"])
    assert found == [
        f"{LEAD} the lid leaks on your bag, and that the box was torn.",
        f"{LEAD} the lid leaks on your bag.",
        f"{LEAD} the box was torn.",
    ]


def test_the_circumstances_can_be_done_without(templates: Templates) -> None:
    """They are what a model gets wrong first."""
    found = shorten(f"{LEAD} the burrs stopped after nine days.", LEAD, templates.lexicons["en"])
    assert found == [f"{LEAD} the burrs stopped after nine days.", f"{LEAD} the burrs stopped."]


def test_a_simple_sentence_stays_alone(templates: Templates) -> None:
    """Nothing to cut."""
    assert shorten(f"{LEAD} the lid leaks.", LEAD, templates.lexicons["en"]) == [f"{LEAD} the lid leaks."]


def test_a_sentence_that_broke_off_keeps_only_what_it_finished(templates: Templates) -> None:
    """A model that ran out of tokens stops in the middle of a clause."""
    found = shorten(f"{LEAD} the lid leaks, and that the box was", LEAD, templates.lexicons["en"])
    assert found == [f"{LEAD} the lid leaks."]


def test_what_the_buyer_shouted_is_said_calmly(templates: Templates) -> None:
    """A name keeps its letters."""
    assert shorten(f"{LEAD} the QWERTZ keys NEVER WORKED.", LEAD, templates.lexicons["en"]) == [f"{LEAD} the QWERTZ keys never worked."]
