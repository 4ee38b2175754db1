"""How a language's details file says which clauses of a buyer may be said in our voice."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from drafter.domain import Value


class NucleusSpec(Value):
    """How a clause of the buyer's that tells a fault is known, and turned by exchanging words."""

    starts: str
    """Subject at the beginning."""
    verb: str
    """What the clause must hold to be one."""
    refused: str = Field(alias="not")
    """What it must not hold: the buyer's own doings, judgements, other people."""
    turn: Mapping[str, str]
    """The buyer's words to ours, e.g. `mon: votre`."""
