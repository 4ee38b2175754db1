"""One word of an entry: a word, a stem, any of a set, or a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One word of an entry."""

    kind: str
    """`word`, `prefix`, `suffix`, `infix`, `set` or `number`."""
    text: str
    words: frozenset[str] = frozenset()
    """Exact members of a set."""
    others: tuple[Step, ...] = ()
    """Members of a set that are stems."""

    @property
    def test(self) -> Test:
        """True for the norm of a token that is this step's word."""
        text, words = self.text, self.words
        if self.kind == "word":
            return text.__eq__
        if self.kind == "set":
            tests = [step.test for step in self.others]
            return (lambda norm: norm in words or any(test(norm) for test in tests)) if tests else words.__contains__
        if self.kind == "prefix":
            return lambda norm: norm.startswith(text)
        if self.kind == "number":
            return lambda norm: norm[:1].isdigit()
        return (lambda norm: norm.endswith(text)) if self.kind == "suffix" else (lambda norm: text in norm)

    @property
    def members(self) -> tuple[Step, ...]:
        """The single words that this step can be."""
        if self.kind != "set":
            return (self,)
        return (*(Step("word", word) for word in sorted(self.words)), *self.others)

    @property
    def is_sure(self) -> bool:
        """True when there is an end to the words that this step can be."""
        return self.kind == "word" or (self.kind == "set" and not self.others)

    @property
    def sure_words(self) -> frozenset[str]:
        """The words that this step can be; empty when there is no end to them."""
        return frozenset([self.text]) if self.kind == "word" else frozenset() if self.others else self.words
