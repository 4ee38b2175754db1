"""What of a review is no complaint, though it may be said with words of one: circumstances, and feelings that name no cause.

Whom a thing was for, what the buyer did with it, how disappointed he is: quoted with an apology, each reads as if nobody had read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drafter.domain import Value
from drafter.drafting.patterns import compile_folded
from drafter.drafting.points import complains, untie
from drafter.drafting.sentences import Piece, split_clauses
from drafter.scoring.lexicon import Lexicon

NOTHING = "(?!)"
_WORD = re.compile(r"\w")
TO_THE_WRITER = re.compile(
    r"\b(?:(?:write|make|phrase|end|start|begin|sign) (?:the|your|this|every) (?:reply|answer|response|message)|"
    r"(?:call|name|insult|tell) the (?:buyer|customer)|stay in character|in every line|you are \w+, an? |"
    r"schreiben? (?:sie )?(?:die|deine|ihre|eine) antwort|"
    r"nennen? (?:sie )?den (?:käufer|kunden)|(?:écri[sv]\w*|rédige\w*) (?:la|ta|votre) réponse|appelle[sz]? (?:l'acheteur|le client)|"
    r"escrib\w+ la respuesta|llam\w+ al (?:comprador|cliente)|scriv\w+ la risposta|chiam\w+ (?:l'acquirente|il cliente)|"
    r"escrev\w+ a resposta|cham\w+ o (?:comprador|cliente))\b|返信を?書|购买者叫|把买家称|回复(?:要|请)用",
    re.IGNORECASE,
)
"""What a review says to whoever answers it: an order is no complaint, and is never said back."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_OF_IT = re.compile(r"(?:they|it|its|these|now it|still)\b", re.IGNORECASE)
"""First words of a part about the thing: "I washed it and they still leave fluff"."""
_AND = re.compile(r"\s+(?:and|but|und|aber|et|mais|y|pero|e|ma|mas)\s+")
"""What comes with "so" comes of the circumstance."""


class AsideSpec(Value):
    """How a language tells what is no complaint: patterns."""

    circumstances: str = NOTHING
    """In a clause: the buyer's own doings and plans, the people about him, that it was a present."""
    feelings: str = NOTHING
    """Disappointment and verdicts, with the words that strengthen them; what is left of a clause without them must name what is wrong."""
    pleased: str = NOTHING
    """That something is as it should be: "fits fine", "works well"."""
    other_waits: str = NOTHING
    """In a clause that tells of a wait: it was for an answer, a refund or an exchange, not for the parcel."""


def without_orders(text: str) -> str:
    """The text, less the sentences that tell its reader what to write."""
    return " ".join(sentence for sentence in _SENTENCE_END.split(text) if not TO_THE_WRITER.search(sentence))


@dataclass(frozen=True, slots=True)
class Asides:
    """An `AsideSpec`, compiled."""

    circumstances: re.Pattern[str]
    feelings: re.Pattern[str]
    pleased: re.Pattern[str]
    other_waits: re.Pattern[str]

    @classmethod
    def of(cls, spec: AsideSpec) -> Asides:
        """Patterns of a spec."""
        texts = (spec.circumstances, spec.feelings, spec.pleased, spec.other_waits)
        return cls(*map(compile_folded, texts))

    def is_background(self, text: str, lexicon: Lexicon | None) -> bool:
        """True for words that tell of the buyer or of others, and in no other part complain."""
        parts = _parts(text)
        marked = [self.circumstances.search(part) for part in parts]
        return bool(parts and marked[0]) and not any(
            lexicon is None or _OF_IT.match(part) or complains(part, lexicon) for part, mark in zip(parts, marked, strict=True) if not mark
        )

    def is_mere_feeling(self, text: str, lexicon: Lexicon | None) -> bool:
        """True for words that say how the buyer feels, or what he makes of it, and not why."""
        rest, found = self.feelings.subn(" ", text)
        return found > 0 and (not _WORD.search(rest) or (lexicon is not None and not complains(rest, lexicon)))

    def is_pleased(self, text: str, lexicon: Lexicon | None) -> bool:
        """True for words that find something as it should be, and complain of nothing beside it."""
        rest, found = self.pleased.subn(" ", text)
        return found > 0 and lexicon is not None and not complains(rest, lexicon)


def _parts(text: str) -> list[str]:
    """Clauses, cut at their conjunctions, without what ties them to one another."""
    clauses = split_clauses(text, Piece(text, 0, len(text)))
    return [part for clause in clauses for part in _AND.split(untie(clause).text)]
