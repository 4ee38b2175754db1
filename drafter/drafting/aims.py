"""What a buyer is after, beside being heard: a part, no money, an answer, something by a certain day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.domain import Quote, Value
from drafter.drafting.patterns import compile_folded
from drafter.drafting.sentences import Piece, split_sentences

NOTHING = "(?!)"
MIN_ASKED_CHARS, MAX_ASKED_CHARS = 6, 120
"""Of a question that is taken up: a shorter one says too little by itself, a longer one is a story."""
MAX_BARE_CHARS = 24
"""Of a question that only points at what was told before it."""
_END = " ?!.\u3002\uff1f\uff01"
_OPENING = re.compile(
    r"[^¿]*¿\s*|(?:(?:and|but|so|or|oh|also|hi|hello|und|oder|aber|hallo|guten tag|et|ou|mais|bonjour|y|o|pero|hola|ed?|ma|salve|mas|"
    r"buongiorno|olá)\b[\s,!]+)+",
    re.IGNORECASE,
)
"""What stands before a question: a greeting, what ties it to another sentence, in Spanish its first mark."""


class AimSpec(Value):
    """How a language tells what the buyer is after: patterns."""

    part: str = NOTHING
    """The buyer wants a part, or misses so small a one that neither money nor another of the whole is called for."""
    no_money: str = NOTHING
    """The buyer wants no money: no refund is offered."""
    keeps: str = NOTHING
    """The buyer wants to keep it: neither its way back nor the whole price is offered."""
    partial: str = NOTHING
    """The buyer would take part of the price."""
    supplied: str = NOTHING
    """The buyer has another one from elsewhere: no second one is offered."""
    mistaken: str = NOTHING
    """The stars were given by mistake."""
    returns: str = NOTHING
    """The buyer wants to send it back."""
    pays: str = NOTHING
    """The buyer should pay for sending it back."""
    swaps: str = NOTHING
    """The buyer wants another size or colour for it."""
    page: str = NOTHING
    """In a sentence: it tells what is written somewhere; beside a question that is no complaint."""
    app: str = NOTHING
    """Software: steps or a newer version mend it, seldom another one of the same thing."""
    asks: str = NOTHING
    """A sentence that wants an answer."""
    rhetorical: str = NOTHING
    """In such a sentence: it wants none."""
    requests: str = NOTHING
    """In such a sentence: it asks for a remedy, which the offer answers."""
    wonders: str = NOTHING
    """A question inside a statement, as the group `asked`."""
    needed_by: str = NOTHING
    """A sentence that names a day to come by which something is needed, as the group `by`."""
    treated: str = NOTHING
    """A doctor has been seen."""
    settles: str = NOTHING
    """In a fact: it tells what was done for this buyer."""
    repaid: str = NOTHING
    """In a fact: the price of the order, and not some fee, was paid back."""
    parcel: str = NOTHING
    """In a fact: it tells of the way of an order."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the buyer wants to know."""

    text: str
    """Without its mark."""
    start: int
    end: int
    about: str
    """The question, and before a short one ("Is that normal?") what it asks about."""


@dataclass(frozen=True, slots=True)
class Aims:
    """An `AimSpec`, compiled."""

    part: re.Pattern[str]
    no_money: re.Pattern[str]
    keeps: re.Pattern[str]
    partial: re.Pattern[str]
    supplied: re.Pattern[str]
    mistaken: re.Pattern[str]
    returns: re.Pattern[str]
    pays: re.Pattern[str]
    swaps: re.Pattern[str]
    page: re.Pattern[str]
    app: re.Pattern[str]
    asks: re.Pattern[str]
    rhetorical: re.Pattern[str]
    requests: re.Pattern[str]
    wonders: re.Pattern[str]
    needed_by: re.Pattern[str]
    treated: re.Pattern[str]
    settles: re.Pattern[str]
    repaid: re.Pattern[str]
    parcel: re.Pattern[str]

    @classmethod
    def of(cls, spec: AimSpec) -> Aims:
        """Patterns of a spec."""
        return cls(**{name: compile_folded(getattr(spec, name)) for name in AimSpec.model_fields})

    def find_questions(self, text: str, hidden: Sequence[Quote] = ()) -> tuple[Question, ...]:
        """The questions that want an answer, in order.

        Args:
            hidden: Words to the machine, which are no buyer's.
        """
        return tuple(piece for piece in self._questions(text) if _is_seen(piece, hidden))

    def asks_for_remedy(self, text: str) -> bool:
        """True where a question is a wish for what may be offered."""
        return any(self.requests.search(sentence.text) for sentence in split_sentences(text))

    def find_day(self, text: str, hidden: Sequence[Quote] = ()) -> Piece | None:
        """The day to come by which the buyer needs something, in the buyer's words."""
        found = ((sentence.start, m) for sentence in split_sentences(text) if (m := self.needed_by.search(sentence.text)))
        days = (Piece(m["by"], start + m.start("by"), start + m.end("by")) for start, m in found)
        return next((piece for piece in days if _is_seen(piece, hidden)), None)

    def _questions(self, text: str) -> Iterator[Question]:
        before = ""
        for sentence in split_sentences(text):
            about, before = f"{before}\n{sentence.text}", sentence.text
            if self.rhetorical.search(sentence.text) or self.requests.search(sentence.text):
                continue
            start, end = 0, len(sentence.text.rstrip(_END))
            if m := self.wonders.search(sentence.text):
                start, end = m.span("asked")
            elif not self.asks.search(sentence.text):
                continue
            elif m := _OPENING.match(sentence.text):
                start = m.end()
            if MIN_ASKED_CHARS <= end - start <= MAX_ASKED_CHARS:
                words = sentence.text[start:end]
                is_short = end - start <= MAX_BARE_CHARS
                yield Question(words, sentence.start + start, sentence.start + end, about if is_short else words)


def _is_seen(piece: Piece | Question, hidden: Sequence[Quote]) -> bool:
    return not any(quote.start < piece.end and piece.start < quote.end for quote in hidden)
