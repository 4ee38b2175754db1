"""Word lookup for a set of languages: what each word of a text carries, and which entries of several words to try where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from drafter.guardrails.entries import Entry
from drafter.guardrails.runs import Node, grow_tree
from drafter.guardrails.steps import Test

MEMO_WORDS = 20_000
"""Words remembered per set of languages; beyond that the memo starts afresh, so that hostile input cannot fill the memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """What one word can start: the concepts it carries by itself, and the entries of several words that it anchors."""

    mask: int = 0
    bits: tuple[int, ...] = ()
    """The concepts of `mask`, one by one."""
    is_anchor: bool = False
    """True when any entry of several words is to be tried where this word stands."""
    anchored: tuple[Entry, ...] = ()
    """Entries to try wherever this word stands."""
    followed: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """Entries to try only where the given word comes next."""
    preceded: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """Entries to try only where the given word stands right before."""
    paired: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """Entries to try only where the given word stands in the same sentence."""
    partners: frozenset[str] = frozenset()
    """The words of `paired`."""
    near: frozenset[str] = frozenset()
    """Words of which the sentence needs one for anything but `anchored` to be worth a look."""
    runs: Mapping[str, Node] = field(default_factory=dict)
    """What the runs lead to that begin with this word, by the word behind it."""


NOTHING = Word()
"""Of a word that no entry needs."""


class Memo(dict[str, Word]):
    """What is known of the words met so far; an unknown one is looked up."""

    def __init__(self, look_up: Callable[[str], Word]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, norm: str) -> Word:
        """What `norm` carries and anchors."""
        if len(self) >= MEMO_WORDS:
            self.clear()
        found = self[norm] = self._look_up(norm)
        return found


class Table:
    """Word lookup for one set of active languages."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._exact: dict[str, list[Entry]] = {}
        self._prefixes: dict[str, list[Entry]] = {}
        self._parts: list[tuple[Test, Entry]] = []
        runs: list[Entry] = []
        for entry in entries:
            if entry.is_run:
                runs.append(entry)
                continue
            for step in entry.anchors:
                if step.kind == "word":
                    self._exact.setdefault(step.text, []).append(entry)
                elif step.kind == "prefix":
                    self._prefixes.setdefault(step.text, []).append(entry)
                else:
                    self._parts.append((step.test, entry))
        self._runs = grow_tree(runs)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self.memo = Memo(self._look_up)
        """Words by their norm."""

    def _look_up(self, norm: str) -> Word:
        entries = list(self._exact.get(norm, ()))
        for length in self._lengths:
            if length > len(norm):
                break
            entries += self._prefixes.get(norm[:length], ())
        entries += [entry for test, entry in self._parts if test(norm)]
        begun = self._runs.get(norm)
        runs = begun.grown().nodes if begun else {}
        if not entries:
            return Word(runs=runs) if runs else NOTHING
        mask = 0
        anchored: dict[Entry, None] = {}
        followed: dict[str, dict[Entry, None]] = {}
        preceded: dict[str, dict[Entry, None]] = {}
        paired: dict[str, dict[Entry, None]] = {}
        for entry in entries:
            if entry.is_single:
                mask |= entry.bit
                continue
            entry.prepare()
            words, index = entry.next_words, followed
            if not words:
                words, index = entry.previous_words, preceded
            if not words and entry.partners:
                words, index = entry.partners[0], paired
            for word in words:
                index.setdefault(word, {})[entry] = None
            if not words:
                anchored[entry] = None
        bits = tuple(1 << i for i in range(mask.bit_length()) if mask >> i & 1)
        is_anchor = bool(anchored or followed or preceded or paired)
        near = frozenset((*followed, *preceded, *paired))
        indexes = (_frozen(followed), _frozen(preceded), _frozen(paired))
        return Word(mask, bits, is_anchor, tuple(anchored), *indexes, frozenset(paired), near, runs)


def _frozen(index: Mapping[str, Mapping[Entry, None]]) -> dict[str, tuple[Entry, ...]]:
    return {word: tuple(found) for word, found in index.items()}
