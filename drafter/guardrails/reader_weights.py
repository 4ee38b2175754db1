"""The second reader's weights as they are kept: one part a line, in order, so that a line is found without reading the others.

    =word TAB weight TAB rarity                of a word, of two neighbours (`=word word`)
    +concept TAB weight TAB rarity             of a concept, of a pair (`+concept&concept`); `-` for what a public channel adds
    ?word TAB weight                           of a word that no taught text holds
    ~runs TAB weight                           of four letters
    @category TAB bias                         of a category; `@category +concept TAB weight` for what speaks for it
    !word TAB category TAB weight …            of what a word says for categories, by their numbers in order

A process meets some hundred of a hundred thousand lines. The head holds the number of the form, the bias and a hash of all lines:
what was merged or edited by hand is refused.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

FORM = "reader-weights-2"
_AFTER = "\t"
"""Stands behind every name."""


class Weights:
    """All lines, found by the names they begin with."""

    def __init__(self, bias: int, lines: Sequence[str]) -> None:
        """Take in lines that are in order."""
        self.bias = bias
        self.lines = lines

    @classmethod
    def of(cls, trained: Mapping[str, Any]) -> Weights:
        """Those that training gives: `bias`, `weights`, `unseen`, `letters` and `kinds`."""
        lines = [f"{name}\t{weight}\t{rarity}" for name, (weight, rarity) in trained["weights"].items()]
        lines += [f"?{word}\t{weight}" for word, weight in trained["unseen"].items()]
        lines += [f"~{run}\t{weight}" for run, weight in trained["letters"].items()]
        words: dict[str, str] = {}
        for number, (category, told) in enumerate(sorted(trained["kinds"].items())):
            lines.append(f"@{category}\t{told['bias']}")
            for name, weight in told["weights"].items():
                if name[0] == "=" and " " not in name:
                    words[name[1:]] = f"{words.get(name[1:], '')}\t{number}\t{weight}"
                else:
                    lines.append(f"@{category} {name}\t{weight}")
        lines += [f"!{word}{told}" for word, told in words.items()]
        return cls(int(trained["bias"]), sorted(lines))

    @classmethod
    def read(cls, text: str) -> Weights:
        """Those of a file's text.

        Raises:
            ValueError: it is no such file, or not as it was written.
        """
        head, _, body = text.partition("\n")
        form, *told = head.split(_AFTER)
        if form != FORM or len(told) != 2:
            raise ValueError(f"it does not begin with {FORM!r}")
        if told[1] != _hash(body):
            raise ValueError("its lines are not those that were written")
        return cls(int(told[0]), body.split("\n"))

    def write(self) -> str:
        """Text of a file that holds them."""
        body = "\n".join(self.lines)
        return f"{FORM}\t{self.bias}\t{_hash(body)}\n{body}"

    def find(self, name: str) -> list[int] | None:
        """Numbers behind a name; None when there is no such line."""
        start = name + _AFTER
        at = bisect_left(self.lines, start)
        if at == len(self.lines) or not self.lines[at].startswith(start):
            return None
        return list(map(int, self.lines[at][len(start) :].split(_AFTER)))

    def begin(self, sign: str) -> Sequence[str]:
        """Lines that begin with this character."""
        return self.lines[bisect_left(self.lines, sign) : bisect_left(self.lines, chr(ord(sign) + 1))]


def rows(lines: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """Name and numbers of each of these lines."""
    for line in lines:
        name, *numbers = line.split(_AFTER)
        yield name, list(map(int, numbers))


def _hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
