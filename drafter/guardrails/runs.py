"""Finds entries by the words that stand side by side in them: one walk down a tree of words from each token finds them all.

A Japanese text has a token per character, and each character begins hundreds of entries; three in a row begin a few. The tree grows
where texts walk it, since most of a language's entries never meet a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drafter.guardrails.entries import Entry


class Node:
    """Where a walk stands: the entries whose run begins with the words on the way here."""

    __slots__ = ("_begun", "_depth", "bits", "entries", "is_grown", "near", "nodes")

    def __init__(self, depth: int, begun: Sequence[Entry]) -> None:
        """Stand after `depth` words of the runs of these entries."""
        self._depth = depth
        self._begun = begun
        self.is_grown = False
        self.bits: tuple[int, ...] = ()
        """Concepts that the words up to here carry by themselves."""
        self.entries: tuple[Entry, ...] = ()
        """Entries whose run ends here, and whose other words are yet to be found."""
        self.near: frozenset[str] | None = None
        """Words of which the sentence needs one for `entries` to be worth a look; None when that is not known."""
        self.nodes: dict[str, Node] = {}
        """Where the next word leads."""

    def grown(self) -> Node:
        """This node, ready to be read; costs as much as there are entries, once."""
        if self.is_grown:
            return self
        ended = [entry for entry in self._begun if entry.last - entry.first + 1 == self._depth]
        longer = [entry for entry in self._begun if entry.last - entry.first + 1 > self._depth]
        entries = tuple(entry for entry in ended if not entry.is_whole_run)
        for entry in entries:
            entry.prepare()
        self.bits = tuple(dict.fromkeys(entry.bit for entry in ended if entry.is_whole_run))
        self.entries = entries
        thirds = [entry.third for entry in entries if entry.third is not None]
        self.near = frozenset().union(*thirds) if len(thirds) == len(entries) else None
        self.nodes = _nodes(self._depth, longer)
        self.is_grown = True
        return self


def _nodes(depth: int, entries: Iterable[Entry]) -> dict[str, Node]:
    """For each word that can stand at this place of a run, what begins so."""
    begun: dict[str, list[Entry]] = {}
    for entry in entries:
        step = entry.steps[entry.first + depth]
        for word in (step.text,) if step.kind == "word" else step.words:
            begun.setdefault(word, []).append(entry)
    return {word: Node(depth + 1, found) for word, found in begun.items()}


def grow_tree(entries: Iterable[Entry]) -> dict[str, Node]:
    """For each word, what the runs lead to that begin with it."""
    return _nodes(0, entries)
