"""How a language's details file says which clauses of a buyer may be said in our voice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from drafter.domain import Value
from drafter.drafting.patterns import compile_folded


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


@dataclass(frozen=True, slots=True)
class NucleusPatterns:
    """A `NucleusSpec`, compiled."""

    starts: re.Pattern[str]
    verb: re.Pattern[str]
    refused: re.Pattern[str]
    joint: re.Pattern[str]
    """Between two clauses that each have a subject."""

    @classmethod
    def of(cls, spec: NucleusSpec) -> NucleusPatterns:
        """Patterns of a spec."""
        then = "(?:puis|ensuite|en plus|además|encima|luego|poi|inoltre|depois|além disso)"
        subject = rf"(?={spec.starts}|(?:sie|er|es|il|ils|elles?|ella|questo|este|esta)\b)"
        joint = compile_folded(rf",? (?:und|et|y|e) (?:{then} )?{subject}|, (?:{then} )?{subject}")
        return cls(compile_folded(spec.starts), compile_folded(spec.verb), compile_folded(spec.refused), joint)
