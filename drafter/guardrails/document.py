"""What rules look at: one text, read once, in aligned views.

Offsets are code points of the raw text in every value here, so that `document.text[start:end]` is always the quote, whatever view
a hit was seen in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from drafter.domain import Category, CheckRequest


class Token(NamedTuple):
    """One word as it reads, with where it stands. In Chinese and Japanese a token is one character.

    A tuple because a text has a hundred of them and a dataclass takes five times as long to make.
    """

    norm: str
    """Case-folded, with tampering undone: `rеvіеw` (Cyrillic letters) and `r-e-v-i-e-w` read `review`."""
    start: int
    end: int
    sentence: int
    """Index into `Document.sentences`."""
    clause: int
    """Number of the clause in the text; commas, semicolons, dashes and brackets part clauses."""


class Sentence(NamedTuple):
    """A run of tokens that ends with sentence punctuation or a line break."""

    first: int
    """Index of its first token."""
    last: int
    """One past its last token."""
    start: int
    end: int
    is_question: bool


@dataclass(frozen=True, slots=True)
class Tampering:
    """A word that was disguised, and how."""

    trick: str
    """`homoglyph`, `zero_width`, `bidi`, `spacing`, `leetspeak`, `fullwidth`, `emoji_words`, `html_entities`, `markup_inside` …"""
    start: int
    end: int
    reads: str
    """What it stands for."""


@dataclass(frozen=True, slots=True)
class View:
    """A reading of the text with a map back to the raw one."""

    name: str
    text: str
    offsets: tuple[int, ...] | None
    """Raw offset of each code point of `text`, and one more for the end; None when the view has the raw text's own offsets."""
    ends: tuple[int, ...] | None = None
    """Where the raw text of each code point ends: `&#114;` is six characters that read as one."""

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Raw range that a range of this view stands for."""
        if self.offsets is None:
            return start, end
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], (self.ends[end - 1] if self.ends else self.offsets[end - 1] + 1)


@dataclass(slots=True)
class Document:
    """A text as the rules see it. Built by `reading.read()`; rules change nothing in it."""

    request: CheckRequest
    text: str
    """Raw, as given."""
    folded: View
    """Case-folded, compatibility letters and tampered tokens resolved, entities and invisibles read as what they stand for."""
    make_tokens: Callable[[], list[Token]]
    """Asked for `tokens` once; a clean text seldom needs them."""
    sentences: list[Sentence]
    tampering: list[Tampering]
    chars: frozenset[str]
    """Every character of `text`, once: most checks need one that is not there, and are done."""
    norms: list[str]
    """What each token reads, in order."""
    words: frozenset[str]
    """The same, each once."""
    has_singles: bool
    """False when no three words of one letter stand in a row, in a text in which nothing was folded."""
    memo: dict[str, Any] = field(default_factory=dict)
    """What several rules look for alike, such as links: found once, by name."""

    _tokens: list[Token] | None = None

    @property
    def tokens(self) -> list[Token]:
        """Every word, in order."""
        if self._tokens is None:
            self._tokens = self.make_tokens()
        return self._tokens

    def sentence_of(self, token: int) -> int:
        """Number of the sentence that the token of this number stands in."""
        return bisect_right(self.sentences, token, key=_FIRST) - 1


_FIRST = attrgetter("first")


class Hit(NamedTuple):
    """What a check saw. The engine makes a `Finding` of it."""

    start: int
    end: int
    view: str = "folded"
    detail: str = ""
    """Completes the rule's message, e.g. the remedy that nobody allowed."""
    category: Category | None = None
    """Category of this hit, where a rule's hits differ; None means the rule's own."""
    exception: str = ""
    """Id of the rule's exception that lets this hit pass; it is then reported, not flagged."""


TextCheck = Callable[[Document], Iterable[Hit]]
"""A rule of a kind that needs nothing but the text and its request."""
