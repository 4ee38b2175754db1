"""What a rule is given: the text as read, the concepts in it, and the case it belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from drafter.domain import Category, CheckRequest
from drafter.guardrails.channels import Channel
from drafter.guardrails.document import Document, Hit
from drafter.guardrails.lexicon import Scan

_QUOTED = re.compile(
    r"“([^”]{3,400})”|\"([^\"]{3,400})\"|«([^»]{3,400})»|„([^“”]{3,400})[“”]|「([^」]{3,400})」|『([^』]{3,400})』|‘([^’]{3,400})’"
)
_OPENERS = '“"«„「『‘'
_LETTERS = re.compile(r"[^\W_]+")

_START = attrgetter("start")

Check = Callable[["Scene"], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Citing:
    """Concepts that tell whether a quotation is the buyer's word, or ours in the buyer's words."""

    says: int
    """`you write`, `we are sorry about`: these give the words to the buyer."""
    ours: int
    """To ask, to set a condition, to give: a sentence with one of these outside the quotation marks speaks for us with what is inside."""
    opinions: int
    """What was published, and to change it: a quotation that has one, and asks or gives as well, is a bargain whoever first said it."""
    trades: int
    """`in return`: in a text with one of these every word counts."""


@dataclass(slots=True)
class Scene:
    """One text under check."""

    document: Document
    scan: Scan
    citing: Citing
    channel: Channel
    is_seller_started: bool
    """Told by the request, or evident from the text."""
    read_other: Callable[[str], Scan]
    """Another text of this case, with its concepts."""
    known: int = 0
    """Concepts that the facts of the request stand for, such as an order fulfilled by Amazon."""
    flagged: list[tuple[int, int]] = field(default_factory=list)
    """Raw ranges that rules before this one have flagged."""
    blocked: list[tuple[int, int]] = field(default_factory=list)
    """Those of them that rules which block have flagged."""
    told: set[Category] = field(default_factory=set)
    """Categories under which they were reported."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What a kind worked out once for all its rules, by the kind's name."""
    _quotes: list[tuple[int, int]] | None = None
    _cited: list[tuple[int, int]] | None = None
    _case_mask: int | None = None
    _earlier: list[Scene] | None = None

    @property
    def request(self) -> CheckRequest:
        """The case as the caller gave it."""
        return self.document.request

    def case_mask(self) -> int:
        """Concepts of the text and of what the buyer wrote, together."""
        if self._case_mask is None:
            self._case_mask = self.scan.mask | self.known
            for mask in self.read_other(self.request.review).sentence_masks if self.request.review else ():
                self._case_mask |= mask
        return self._case_mask

    def earlier(self) -> list[Scene]:
        """Our earlier messages to this buyer, each as the rules would see it."""
        if self._earlier is None:
            scans = map(self.read_other, self.request.previous_messages or ())
            self._earlier = [
                Scene(s.document, s, self.citing, self.channel, self.is_seller_started, self.read_other, self.known) for s in scans
            ]
        return self._earlier

    @property
    def quotes(self) -> list[tuple[int, int]]:
        """Tokens [first, last) that stand in quotation marks, and in the buyer's text; worked out once."""
        if self._quotes is None:
            is_quoting = self.request.review and not self.document.chars.isdisjoint(_OPENERS)
            self._quotes = list(self._find_quotes()) if is_quoting else []
        return self._quotes

    @property
    def cited(self) -> list[tuple[int, int]]:
        """Those of `quotes` that their sentence gives to the buyer; others may be what we ask or promise, put between quotation marks."""
        if self._cited is None:
            is_trading = self.quotes and self._stands_outside(self.citing.trades, 0, len(self.document.norms))
            self._cited = [] if is_trading else [quote for quote in self.quotes if self._is_cited(*quote)]
        return self._cited

    def _is_cited(self, first: int, last: int) -> bool:
        document, scan, citing = self.document, self.scan, self.citing
        if scan.places_of(citing.opinions, first, last) and scan.places_of(citing.ours, first, last):
            return False
        begin = document.sentences[document.sentence_of(first)].first
        end = document.sentences[document.sentence_of(last - 1)].last
        return self._stands_outside(citing.says, begin, end) and not self._stands_outside(citing.ours, begin, end)

    def _stands_outside(self, concepts: int, first: int, last: int) -> bool:
        """True when one of these concepts stands in tokens [first, last), but in no quotation."""
        places = self.scan.places_of(concepts, first, last)
        return any(not any(a <= place[0] < b for a, b in self.quotes) for place in places)

    def _find_quotes(self) -> Iterable[tuple[int, int]]:
        tokens = self.document.tokens
        for start, end in _buyer_quotes(self.document.text, self.request.review):
            first = bisect_left(tokens, start, key=_START)
            last = bisect_left(tokens, end, lo=first, key=_START)
            if first < last:
                yield first, last

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Raw range of tokens [first, last]."""
        tokens = self.document.tokens
        return tokens[first].start, tokens[last].end


def _buyer_quotes(text: str, review: str | None) -> Iterable[tuple[int, int]]:
    if not review:
        return
    said = " ".join(_LETTERS.findall(review.casefold()))
    for match in _QUOTED.finditer(text):
        group = match.lastindex or 0
        words = " ".join(_LETTERS.findall(match.group(group).casefold()))
        if words and words in said:
            yield match.span(group)
