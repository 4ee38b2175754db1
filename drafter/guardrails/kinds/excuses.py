"""What an excuse takes back: `no need to change your review`, `we never pay by bank transfer`, `your words are yours`.

An excuse speaks for its own clause and for those that hang on it, never for whatever else the sentence says: `it is your decision, but
please delete the review` asks all the same. So it is no switch for a rule; it hides words, and a frame that is still met by the rest
is met.
"""

from __future__ import annotations

from dataclasses import dataclass

from drafter.guardrails.document import Token
from drafter.guardrails.held import Place
from drafter.guardrails.lexicon import Scan

BEHIND = 6
"""Words behind `is independent` in which it may say of what."""


@dataclass(frozen=True, slots=True)
class Borders:
    """Concepts that tell how far an excuse reaches."""

    asks: int
    """`please`, `we hope`, `you may`: a clause with one speaks for itself."""
    turns: int
    """`but`: what follows is not excused by what came before."""
    conditions: int
    """`if`."""
    ours: int
    """`we`."""
    acts: int
    """To change, to remove: a clause that begins so is an order."""
    frees: int
    """Excuses that leave something to the buyer; what is left must be an opinion, for a gift may be `yours to keep` too."""
    said: int
    """What can be left to the buyer: opinions, and what is done with them."""
    given: int
    """Remedies and benefits."""
    trades: int
    """`in return`, `you have two ways`: beside one, an excuse holds for its own clause."""

    def hidden(self, scan: Scan, excuses: int, first: int, last: int) -> list[tuple[int, int]]:
        """Token ranges [first, last) that excuses take back."""
        return [self._reach(scan, place) for place in scan.places_of(excuses, first, last) if not self._frees_a_gift(scan, place)]

    def stands_apart(self, scan: Scan, excuses: int, first: int, last: int, sentence: int) -> bool:
        """True when an excuse stands in tokens [first, last), and this sentence neither asks nor sets a condition by itself."""
        span = scan.document.sentences[sentence]
        if scan.sentence_masks[sentence] & (self.asks | self.conditions) or self._orders(scan, span.first, span.last):
            return False
        return any(not self._frees_a_gift(scan, place) for place in scan.places_of(excuses, first, last))

    def _frees_a_gift(self, scan: Scan, place: Place) -> bool:
        """True for `a gift card is yours to keep`."""
        if not scan.places_of(self.frees, place[0], place[0] + 1):
            return False
        first, last = _clause(scan.document.tokens, place)
        given = scan.places_of(self.given, first, place[0])
        if not given:
            return False
        said = scan.places_of(self.said, first, place[0])
        return not (said and said[-1] > given[-1]) and not scan.places_of(self.said, place[0], min(place[1] + BEHIND, last))

    def _reach(self, scan: Scan, place: Place) -> tuple[int, int]:
        tokens = scan.document.tokens
        sentence = scan.document.sentences[tokens[place[0]].sentence]
        first, last = _clause(tokens, place)
        begin, end = self._cut(scan, place, first, last)
        if scan.places_of(self.trades, sentence.first, sentence.last):
            return begin, end
        while end == last < sentence.last:
            last = _clause(tokens, (end, end))[1]
            if self._speaks_for_itself(scan, end, last) and not self._is_list(scan, place, end, last):
                break
            end = last
        while begin == first > sentence.first:
            first = _clause(tokens, (begin - 1, begin - 1))[0]
            if self._speaks_for_itself(scan, first, begin):
                break
            begin = first
        return begin, end

    def _cut(self, scan: Scan, place: Place, first: int, last: int) -> tuple[int, int]:
        """The excuse's part of its clause: up to a `but`, and for what the buyer need not do up to an `if`."""
        before = [turn for turn in scan.places_of(self.turns, first, place[0]) if turn[1] < place[0]]
        begin = before[-1][0] if before else first
        is_ours = bool(scan.places_of(self.ours, begin, place[1] + 1))
        ends = scan.places_of(self.turns if is_ours else self.turns | self.conditions, place[1] + 1, last)
        return begin, ends[0][0] if ends else last

    def _speaks_for_itself(self, scan: Scan, first: int, last: int) -> bool:
        return bool(scan.places_of(self.asks | self.turns | self.conditions | self.ours, first, last)) or self._orders(scan, first, last)

    def _is_list(self, scan: Scan, place: Place, border: int, last: int) -> bool:
        """True for `no need to change, remove or mention`: the clause before the border ends with what need not be done."""
        acts = scan.places_of(self.acts, place[0], border)
        return bool(acts) and acts[-1][1] == border - 1 and not scan.places_of(self.asks | self.turns, border, last)

    def _orders(self, scan: Scan, first: int, last: int) -> bool:
        """True when one of the clauses in tokens [first, last) begins with what shall be done."""
        tokens = scan.document.tokens
        return any(
            place[0] == first or tokens[place[0] - 1].clause != tokens[place[0]].clause for place in scan.places_of(self.acts, first, last)
        )


def is_hidden(place: Place, hidden: list[tuple[int, int]]) -> bool:
    """True when a place lies in one of these ranges, wholly or in part."""
    return any(place[0] < last and first <= place[1] for first, last in hidden)


def _clause(tokens: list[Token], place: Place) -> tuple[int, int]:
    """Token range [first, last) of the clauses that a place lies in."""
    first, last = place[0], place[1] + 1
    while first and _same_clause(tokens[first - 1], tokens[place[0]]):
        first -= 1
    while last < len(tokens) and _same_clause(tokens[last], tokens[place[1]]):
        last += 1
    return first, last


def _same_clause(a: Token, b: Token) -> bool:
    return a.clause == b.clause and a.sentence == b.sentence
