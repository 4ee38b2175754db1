"""Phrases of a lexicon: a small grammar, compiled into tables that a text is looked up in, not searched with.

    broken            this word                      (late|delayed)   either
    break*            words that begin so            very?            may be left out
    *karton           words that end so              ..  ..5          up to 3 (5) words between
    {part}            a word of this concept

In Chinese and Japanese a word is a run of characters, blanks between slots mean "within six characters", `..` within fourteen.
There are no regular expressions in a lexicon: whatever it says, a text is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from drafter.triage.reading import Reading, fold

DEFAULT_GAP = 3
CHARACTER_GAP = 6
WIDE_CHARACTER_GAP = 14
MAX_FORMS = 400
"""Ways to read one entry; more is a mistake of its author."""

_GROUP = re.compile(r"\(([^()]*)\)(\?)?|(\S+)\?(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say something: slots of alternatives, and how many units may stand before each."""

    name: str
    slots: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]

    @property
    def is_solid(self) -> bool:
        """True when nothing may stand between its words."""
        return not any(self.gaps)


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase seen in a reading: units [first, last)."""

    name: str
    first: int
    last: int
    is_solid: bool = True
    """False when other words may stand inside it."""


def compile_phrase(source: str, name: str, *, characters: bool = False, elides: bool = False) -> list[Phrase]:
    """All forms of one lexicon entry.

    Args:
        characters: The language is written without spaces.
        elides: Words are parted at apostrophes.

    Raises:
        ValueError: the entry is empty, stands for any word, or has too many forms.
    """
    phrases = []
    if not characters:
        source = source.replace("-", " ").replace("’", "'")
    if elides:
        source = source.replace("'", " ")
    for form in _expand(source.strip()):
        slots: list[frozenset[str]] = []
        gaps: list[int] = []
        gap = 0
        for part in form.split():
            if part.startswith(".."):
                gap = int(part[2:] or (WIDE_CHARACTER_GAP if characters else DEFAULT_GAP))
                continue
            slots.append(frozenset(_fold_slot(word) for word in part.split("|")))
            gaps.append(gap if not characters or gap or not slots[1:] else CHARACTER_GAP)
            gap = 0
        if not slots or any("*" in slot for slot in slots):
            raise ValueError(f"'{source}' has no word")
        phrases.append(Phrase(name, tuple(slots), tuple(gaps)))
    return phrases


def _fold_slot(word: str) -> str:
    return word if word.startswith("{") else fold(word)


def _expand(source: str) -> list[str]:
    """Forms without brackets; a bracket of single words that is a slot of its own stays one slot, written `a|b`."""
    pending, done = [source], []
    while pending:
        form = pending.pop()
        found = _GROUP.search(form)
        if found is None:
            done.append(form)
            continue
        head, tail = form[: found.start()], form[found.end() :]
        if found[3] is not None:
            pending += [head + found[3] + tail, head + tail]
            continue
        stands_alone = (not head or head[-1].isspace()) and (not tail or tail[0].isspace())
        alternatives = found[1].split("|")
        if stands_alone:
            single = [word for word in alternatives if " " not in word]
            alternatives = [word for word in alternatives if " " in word] + (["|".join(single)] if single else [])
        pending += [head + alternative + tail for alternative in alternatives]
        if found[2]:
            pending.append(head + tail)
        if len(pending) + len(done) > MAX_FORMS:
            raise ValueError(f"'{source}' has more than {MAX_FORMS} forms")
    return done


NO_KEYS: frozenset[str] = frozenset()


@dataclass(slots=True)
class Vocabulary:
    """The words that any phrase asks for; turns a word into the keys it answers to."""

    exact: set[str] = field(default_factory=set)
    prefixes: dict[int, set[str]] = field(default_factory=dict)
    suffixes: dict[int, set[str]] = field(default_factory=dict)
    concepts: dict[str, list[str]] = field(default_factory=dict)
    """Key -> concepts that this one word carries by itself."""
    memo: dict[str, frozenset[str]] = field(default_factory=dict)

    def learn(self, phrases: Iterable[Phrase]) -> None:
        """Knows the words of these phrases from now on."""
        for phrase in phrases:
            for key in (key for slot in phrase.slots for key in slot):
                if key.startswith("{"):
                    continue
                if key.endswith("*"):
                    self.prefixes.setdefault(len(key) - 1, set()).add(key[:-1])
                elif key.startswith("*"):
                    self.suffixes.setdefault(len(key) - 1, set()).add(key[1:])
                else:
                    self.exact.add(key)

    def keys(self, norm: str) -> frozenset[str]:
        """Everything that `norm` answers to, concepts among it."""
        found = self.memo.get(norm)
        if found is None:
            if len(self.memo) > 20_000:
                self.memo.clear()
            found = self.memo[norm] = self._look_up(norm)
        return found

    def _look_up(self, norm: str) -> frozenset[str]:
        keys = {norm} if norm in self.exact else set()
        keys |= {norm[:n] + "*" for n, known in self.prefixes.items() if norm[:n] in known}
        keys |= {"*" + norm[-n:] for n, known in self.suffixes.items() if norm[-n:] in known}
        return frozenset(keys | {f"{{{concept}}}" for key in keys for concept in self.concepts.get(key, ())})


class WordTable:
    """Finds phrases in a text of words. Phrases whose first two words stand together are found by both at once."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        starts: dict[str, tuple[list[Phrase], dict[str, list[Phrase]]]] = {}
        for phrase in phrases:
            for key in phrase.slots[0]:
                loose, pairs = starts.setdefault(key, ([], {}))
                if len(phrase.slots) > 1 and not phrase.gaps[1]:
                    for second in phrase.slots[1]:
                        pairs.setdefault(second, []).append(phrase)
                else:
                    loose.append(phrase)
        self._starts = starts
        self._memo: dict[frozenset[str], list[tuple[list[Phrase], dict[str, list[Phrase]]]]] = {}
        """Keys of a word -> what may start with it: most words start nothing, and that is worth knowing at once."""

    def find(self, reading: Reading, keys: Sequence[frozenset[str]]) -> list[Mention]:
        """All phrases of the table in the text; `keys` are those of its units."""
        sentences, memo = reading.sentences, self._memo
        mentions: list[Mention] = []
        for first, own in enumerate(keys):
            begun = memo.get(own)
            if begun is None:
                begun = self._look_up(own)
            if not begun:
                continue
            nexts = keys[first + 1] if first + 1 < len(keys) and sentences[first + 1] == sentences[first] else NO_KEYS
            for loose, pairs in begun:
                candidates = [(phrase, 1) for phrase in loose]
                if pairs and not nexts.isdisjoint(pairs):
                    candidates += [(phrase, 2) for second in nexts if second in pairs for phrase in pairs[second]]
                for phrase, known in candidates:
                    last = _follow(phrase, first, known, sentences, keys)
                    if last:
                        mentions.append(Mention(phrase.name, first, last, phrase.is_solid))
        return mentions

    def _look_up(self, own: frozenset[str]) -> list[tuple[list[Phrase], dict[str, list[Phrase]]]]:
        if len(self._memo) > 20_000:
            self._memo.clear()
        begun = self._memo[own] = [self._starts[key] for key in own if key in self._starts]
        return begun


def _follow(phrase: Phrase, first: int, known: int, sentences: Sequence[int], keys: Sequence[frozenset[str]]) -> int:
    """One past the phrase's last unit when its first `known` slots stand at `first`; 0 when the rest does not follow."""
    at, own, slots, gaps, end = first + known, sentences[first], phrase.slots, phrase.gaps, len(keys)
    for place in range(known, len(slots)):
        slot, last = slots[place], at + gaps[place] + 1
        for unit in range(at, last if last < end else end):
            if sentences[unit] != own:
                return 0
            if not slot.isdisjoint(keys[unit]):
                at = unit + 1
                break
        else:
            return 0
    return at


class CharacterTable:
    """Finds phrases in a text of characters."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._by_first: dict[str, list[tuple[str, Phrase]]] = {}
        for phrase in phrases:
            for literal in phrase.slots[0]:
                self._by_first.setdefault(literal[0], []).append((literal, phrase))

    def find(self, reading: Reading) -> list[Mention]:
        """All phrases of the table in the text."""
        text, units = _joined(reading)
        ends = _sentence_ends([reading.sentences[unit] for unit in units])
        mentions = []
        for first, character in enumerate(text):
            for literal, phrase in self._by_first.get(character, ()):
                if text.startswith(literal, first):
                    last = self._follow(phrase, first + len(literal), text, ends[first])
                    if last:
                        mentions.append(Mention(phrase.name, units[first], units[last - 1] + 1, phrase.is_solid))
        return mentions

    @staticmethod
    def _follow(phrase: Phrase, at: int, text: str, end: int) -> int:
        for slot, gap in zip(phrase.slots[1:], phrase.gaps[1:], strict=True):
            places = [(place, word) for word in slot if (place := text.find(word, at, min(at + gap + len(word), end))) >= 0]
            if not places:
                return 0
            place, word = min(places)
            at = place + len(word)
        return at if at <= end else 0


def _joined(reading: Reading) -> tuple[str, list[int]]:
    """All characters and the unit of each, with a line break where a clause ends: no word runs over a comma."""
    characters: list[str] = []
    units: list[int] = []
    for unit, norm in enumerate(reading.norms):
        own = f"\n{norm}" if unit and reading.clauses[unit] != reading.clauses[unit - 1] else norm
        characters.append(own)
        units += [unit] * len(own)  # `ß` folds to two characters, a lone accent to none
    return "".join(characters), units


def keep_longest(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions that do not lie inside a longer one: `came off` is no arrival, and `説明書` no description. In order of place."""
    kept = []
    reach = 0
    longest: set[tuple[int, int]] = set()
    for mention in sorted(mentions, key=lambda m: (m.first, -m.last)):
        if mention.last > reach or (mention.first, mention.last) in longest:
            kept.append(mention)
        if mention.is_solid and mention.last - mention.first > 1 and mention.last > reach:
            reach = mention.last
            longest = {(mention.first, mention.last)}
    return kept


def _sentence_ends(sentences: Sequence[int]) -> list[int]:
    """For each place, one past the last place of its sentence."""
    ends = [len(sentences)] * len(sentences)
    for unit in range(len(sentences) - 2, -1, -1):
        ends[unit] = ends[unit + 1] if sentences[unit] == sentences[unit + 1] else unit + 1
    return ends
