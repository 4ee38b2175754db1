"""What one sentence holds: the concepts of its words, and of the entries of several words, each with its places.

Nothing outside a sentence bears on this, so that it is worked out once for a sentence that comes again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drafter.guardrails.entries import MAX_GAP, MAX_STEPS, Entry
from drafter.guardrails.runs import Node
from drafter.guardrails.table import NOTHING, Table, Word

Place = tuple[int, int]
"""Tokens [first, last] that carry a concept."""
Places = dict[int, list[Place]]
"""Concept bit to places."""
REACH = MAX_STEPS * (MAX_GAP + 1)
"""No entry holds words that are further apart."""
STRETCH = 240
"""Words of a long sentence that are looked at together; many small numbers divide it, so that what repeats does so here."""
Held = tuple[int, tuple[tuple[int, list[Place]], ...]]
"""All concepts of a sentence, and for each of them where it stands, counted from the sentence's first token, in order."""


def find_held(norms: Sequence[str], table: Table) -> Held:
    """The concepts of one sentence and where they stand: each word by itself, and the entries of several words that it anchors."""
    if len(norms) <= STRETCH:
        mask, places = _find(norms, table, 0, len(norms))
    else:
        mask, places = _find_by_stretches(tuple(norms), table)
    return mask, tuple((bit, sorted(at)) for bit, at in places.items())


def _find_by_stretches(norms: tuple[str, ...], table: Table) -> tuple[int, Places]:
    """The same of a sentence that never ends, as hostile texts have: a stretch that comes again is looked at once."""
    known: dict[tuple[int, tuple[str, ...]], tuple[int, Places]] = {}
    places: Places = {}
    mask = 0
    for first in range(0, len(norms), STRETCH):
        begin, last = max(first - REACH, 0), min(first + STRETCH, len(norms))
        # All that an entry can reach, and where in it the stretch begins; its end follows from the length.
        key = first - begin, norms[begin : last + REACH]
        found = known.get(key)
        if found is None:
            found = known[key] = _find(key[1], table, first - begin, last - begin)
        mask |= found[0]
        for bit, at in found[1].items():
            places.setdefault(bit, []).extend([(start + begin, end + begin) for start, end in at])
    return mask, places


def _find(norms: Sequence[str], table: Table, first: int, last: int) -> tuple[int, Places]:
    """Concepts of these words, and of the entries that words [first, last) anchor."""
    places: Places = {}
    about = Surroundings(norms)
    words = about.words
    mask = 0
    known = map(table.memo.__getitem__, norms[first:last])
    for i, (word, after) in enumerate(zip(known, [*norms[first + 1 : last + 1], ""], strict=False), first):
        if word is NOTHING:
            continue
        if word.mask:
            mask |= word.mask
            for bit in word.bits:
                places.setdefault(bit, []).append((i, i))
        if word.is_anchor and (word.anchored or not words.isdisjoint(word.near)):
            mask |= _read_entries(places, word, i, about)
        run = word.runs.get(after)
        if run is not None:
            mask |= _read_runs(places, run, i, about)
    return mask, places


class Surroundings:
    """The sentence that a word stands in, as entries of several words look at it."""

    __slots__ = ("_is_there", "_joined", "_near", "norms", "words")

    def __init__(self, norms: Sequence[str]) -> None:
        self.norms = norms
        self.words = frozenset(norms)
        self._joined = ""
        self._is_there: dict[str, bool] = {}
        """Which letters were looked for in the sentence; each once, or a long sentence would be read over and over."""
        self._near: dict[int, tuple[Entry, ...]] = {}

    def possible(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Those of a word's entries whose other words are in the sentence; worked out once for each time the word stands there."""
        known = self._near.get(id(entries))
        if known is None:
            known = self._near[id(entries)] = tuple(filter(self._is_possible, entries))
        return known

    def partnered(self, word: Word) -> tuple[Entry, ...]:
        """The same of entries that need a partner anywhere in the sentence."""
        known = self._near.get(id(word))
        if known is None:
            found = [word.paired[partner] for partner in word.partners & self.words]
            entries = found[0] if len(found) == 1 else dict.fromkeys(entry for some in found for entry in some)
            known = self._near[id(word)] = tuple(filter(self._is_possible, entries))
        return known

    def _is_possible(self, entry: Entry) -> bool:
        return (not entry.needle or self._holds(entry.needle)) and (entry.third is None or not entry.third.isdisjoint(self.words))

    def _holds(self, needle: str) -> bool:
        """True when these letters stand in the sentence, its words written together."""
        holds = self._is_there.get(needle)
        if holds is None:
            self._joined = self._joined or "".join(self.norms)
            holds = self._is_there[needle] = needle in self._joined
        return holds


def _read_runs(places: Places, node: Node | None, i: int, about: Surroundings) -> int:
    """Note the entries whose run begins at token `i`, where `node` is what it leads to with the next token; their concepts."""
    mask = 0
    norms = about.norms
    at, last = i + 1, len(norms)
    while node is not None:
        if not node.is_grown:
            node.grown()
        for bit in node.bits:
            mask |= bit
            places.setdefault(bit, []).append((i, at))
        if node.entries and (node.near is None or not about.words.isdisjoint(node.near)):
            mask |= _match(places, about.possible(node.entries), i, about)
        at += 1
        if at == last:
            break
        node = node.nodes.get(norms[at])
    return mask


def _read_entries(places: Places, word: Word, i: int, about: Surroundings) -> int:
    """Note the entries that token `i` anchors and that stand there; their concepts."""
    mask = 0
    norms = about.norms
    if word.anchored:
        mask |= _match(places, about.possible(word.anchored), i, about)
    if word.followed and i + 1 < len(norms):
        entries = word.followed.get(norms[i + 1])
        if entries:
            mask |= _match(places, about.possible(entries), i, about)
    if word.preceded and i:
        entries = word.preceded.get(norms[i - 1])
        if entries:
            mask |= _match(places, about.possible(entries), i, about)
    if not about.words.isdisjoint(word.partners):
        mask |= _match(places, about.partnered(word), i, about)
    return mask


def _match(places: Places, entries: Iterable[Entry], i: int, about: Surroundings) -> int:
    """Note those of these entries that stand at token `i`; their concepts."""
    mask = 0
    for entry in entries:
        place = entry.reach(about.norms, i)
        if place is not None:
            mask |= entry.bit
            places.setdefault(entry.bit, []).append(place)
    return mask
