"""Words to concepts: one pass over a text's tokens tells which concepts occur, and where.

A language file names, for each concept of `guardrails/concepts.yaml`, the words that carry it. All files are compiled into one table per
set of active languages; a token then costs one lookup in a memo. Entries of several words are tried only where their rarest word
stands. Only languages that the text itself shows (and the one it should have) are active, so that homographs of others stay silent.
There are no regular expressions here: whatever a language file says, a text is read in linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from itertools import chain, repeat

from drafter.guardrails.document import Document
from drafter.guardrails.entries import Entry
from drafter.guardrails.held import Held, Place, Places, find_held
from drafter.guardrails.memo import SentenceMemo
from drafter.guardrails.table import Table
from drafter.guardrails.uncollected import uncollected

MONEY = "amount.money"
PERCENT = "amount.percent"
"""Concepts that signs carry as well as words."""
MIN_EVIDENCE = 2
MIN_OWN_WORDS = 3
RIVAL_SHARE = 0.7
"""A language is active with this share of the strongest one's words, or with words that no other language has."""
_VOTE = 20
"""Bits of a count; a text has fewer words."""
_ALONE = 1 << _VOTE
MONEY_SIGNS = "$€£¥￥₹"
PERCENT_SIGNS = "%％"
_AMOUNT = re.compile(f"[{MONEY_SIGNS}{PERCENT_SIGNS}]")
SHORTEST_STEM = 3
LONG_WORD, SHORTEST_STEM_OF_LONG = 8, 5
"""A long word is not known by a stem of few letters: `part*` knows no `partsexample`, which is a web address without its dot."""
UNMARKED_WORDS = 8
"""Texts shorter than this may lack any function word and still be readable."""
_HIRAGANA, _KATAKANA, _HAN = re.compile("[\u3041-\u3096]"), re.compile("[\u30a1-\u30fa]"), re.compile("[\u3400-\u9fff]")
SOME_KANA = 0.08
"""With this share of hiragana a text is Japanese. A Chinese one may quote a product's name in katakana, so some of these say little."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language file. Its entries are compiled when a text first shows the language, since most runs meet one or two."""

    tag: str
    name: str
    function_words: frozenset[str]
    """Frequent small words that show that a text is in this language."""
    mask: int
    """Concepts that have words in this language."""
    read_vocabulary: Callable[[], frozenset[str]]
    """Every word of its entries, with the star where it is a stem."""
    compile: Callable[[], tuple[Entry, ...]]
    """All entries of all concepts."""


@dataclass(slots=True)
class Scan:
    """Which concepts a document holds, and where. Built once; every frame reads it."""

    document: Document
    languages: tuple[str, ...]
    """Languages whose words were looked for."""
    is_covered: bool
    """False when the text is in none of the languages that have a file, or should be in none."""
    mask: int = 0
    sentence_masks: list[int] = field(default_factory=list)
    places: Places = field(default_factory=dict)
    """In order."""
    _merged: Places = field(default_factory=dict)
    """Places of several concepts, which many frames ask for alike."""

    def places_of(self, mask: int, first: int, last: int) -> list[Place]:
        """Places of any concept of `mask` that begin in tokens [first, last), in order."""
        wanted = mask & self.mask
        places = self._merged.get(wanted)
        if places is None:
            places = self._merged[wanted] = self._merge(wanted)
        return places[bisect_left(places, (first, -1)) : bisect_left(places, (last, -1))]

    def _merge(self, wanted: int) -> list[Place]:
        """All places of any of these concepts, in order."""
        lists = []
        while wanted:
            bit = wanted & -wanted
            wanted ^= bit
            lists.append(self.places[bit])
        return lists[0] if len(lists) == 1 else sorted(chain.from_iterable(lists))


class Lexicon:
    """All languages' words."""

    def __init__(self, concepts: Sequence[str], languages: Sequence[Language], shields: Mapping[int, int]) -> None:
        """Make ready; `shields` maps the bit of an `except` list to the bit of the concept that it shields."""
        self.concepts = tuple(concepts)
        self.languages = {language.tag: language for language in languages}
        self._money = 1 << self.concepts.index(MONEY) if MONEY in self.concepts else 0
        self._percent = 1 << self.concepts.index(PERCENT) if PERCENT in self.concepts else 0
        self._shields = dict(shields)
        self._shield_mask = sum(shields)
        self._sharers: dict[str, tuple[str, ...]] = {}
        """Small words, with the languages that share each."""
        for language in languages:
            for word in language.function_words:
                self._sharers[word] = (*self._sharers.get(word, ()), language.tag)
        self._voters = tuple(self.languages)
        self._votes = {
            word: sum(map(self._vote, tags)) + _ALONE * (len(tags) == 1) * self._vote(tags[0]) for word, tags in self._sharers.items()
        }
        """What each small word adds to the count of its languages, and to the count of words that a language has alone."""
        self._entries: Callable[[str], tuple[Entry, ...]] = lru_cache(maxsize=None)(self._compile)
        self._held: Callable[[frozenset[str]], SentenceMemo[Held]] = lru_cache(maxsize=64)(self._build)

    def _vote(self, tag: str) -> int:
        return 1 << 2 * _VOTE * self._voters.index(tag)

    @cached_property
    def _known(self) -> frozenset[str]:
        """Words of all languages; few texts show something that may hide one."""
        return frozenset().union(*(language.read_vocabulary() for language in self.languages.values()))

    @uncollected()
    def compile_all(self) -> None:
        """Compile every language now rather than when a text first needs it.

        Raises:
            ContentError: an entry cannot be read; names file and line.
        """
        for tag in self.languages:
            self._entries(tag)
        self.vocabulary("")

    def _compile(self, tag: str) -> tuple[Entry, ...]:
        return self.languages[tag].compile()

    @uncollected()
    def _build(self, tags: frozenset[str]) -> SentenceMemo[Held]:
        entries = (entry for tag in sorted(tags | {"any"}) if tag in self.languages for entry in self._entries(tag))
        return SentenceMemo(partial(find_held, table=Table(entries)))

    def vocabulary(self, word: str) -> bool:
        """True when a language file knows this case-folded word: as a word, by its stem, or as part of an entry."""
        known = self._known
        if word in known or word in self._sharers:
            return True
        shortest = SHORTEST_STEM if len(word) < LONG_WORD else SHORTEST_STEM_OF_LONG
        return any(f"{word[:length]}*" in known for length in range(shortest, len(word) + 1))

    def evidenced(self, norms: Sequence[str]) -> tuple[str, ...]:
        """Languages that the function words of a text show, strongest first."""
        # A text has a hundred words; one number for each word says all languages that have it, and all are summed in one go.
        counted = sum(map(self._votes.get, norms, repeat(0)))
        if not counted:
            return ()
        total, own = {}, {}
        for tag in self._voters:
            count, alone = counted & _ALONE - 1, counted >> _VOTE & _ALONE - 1
            counted >>= 2 * _VOTE
            if count:
                total[tag], own[tag] = count, alone
        bar = max(total.values()) * RIVAL_SHARE
        active = [t for t, n in total.items() if n >= MIN_EVIDENCE and (n >= bar or own[t] >= MIN_OWN_WORDS)] or list(total)
        return tuple(sorted(active, key=lambda tag: (-total[tag], tag)))

    def _shown(self, document: Document) -> tuple[str, ...]:
        """Languages that the small words of a text show, and its script: kana are Japanese, Han without kana is Chinese."""
        tags = self.evidenced(document.norms)
        if max(document.chars, default="") < "\u3041":
            return tags
        text = document.folded.text
        hiragana, katakana, han = (len(letters.findall(text)) for letters in (_HIRAGANA, _KATAKANA, _HAN))
        least = SOME_KANA * (hiragana + katakana + han)
        if 2 * (hiragana + katakana + han) <= len(document.norms):
            return tags
        if hiragana + katakana <= least:
            return tuple(dict.fromkeys(("zh", *tags)))
        if hiragana <= least and katakana <= han:
            return tuple(dict.fromkeys(("ja", "zh", *tags)))
        return tuple(tag for tag in dict.fromkeys(("ja", *tags)) if tag != "zh" or self._has_chinese_sentence(document))

    def _has_chinese_sentence(self, document: Document) -> bool:
        """True when small words of Chinese stand in a sentence without kana."""
        for sentence in document.sentences:
            norms = document.norms[sentence.first : sentence.last]
            is_chinese = any("zh" in self._sharers.get(norm, ()) for norm in norms)
            if is_chinese and not any("\u3041" <= norm[0] <= "\u30fa" for norm in norms):
                return True
        return False

    def scan(self, document: Document, expected: str | None) -> Scan:
        """Concepts of a document, looked for in the languages it shows and in the one it should have."""
        tags = tuple(tag for tag in self._shown(document) if tag in self.languages)
        # Languages that are not covered share small words with one that is.
        is_read = expected is None or expected in self.languages
        is_covered = is_read and (bool(tags) or len(document.norms) < UNMARKED_WORDS)
        active = set(tags)
        if expected in self.languages:
            active.add(expected)
        if not active:
            active.update(self.languages)
        scan = Scan(document, tuple(sorted(active)), is_covered)
        scan.sentence_masks = [0] * len(document.sentences)
        self._read(scan, self._held(frozenset(active)))
        if not document.chars.isdisjoint(MONEY_SIGNS + PERCENT_SIGNS):
            self._read_signs(scan)
        if scan.mask & self._shield_mask:
            self._shield(scan)
        return scan

    @staticmethod
    def _read(scan: Scan, held: SentenceMemo[Held]) -> None:
        """Fill in places and masks, sentence by sentence."""
        norms = scan.document.norms
        places = scan.places
        for number, sentence in enumerate(scan.document.sentences):
            first = sentence.first
            mask, found = held[tuple(norms[first : sentence.last])]
            scan.sentence_masks[number] = mask
            scan.mask |= mask
            for bit, at in found:
                here = [(first + start, first + end) for start, end in at] if first else at.copy()
                if bit in places:
                    places[bit] += here
                else:
                    places[bit] = here

    def _read_signs(self, scan: Scan) -> None:
        """Sums and percentages that are written with a sign, which is no word: `$15`, `15 €`, `20%`."""
        tokens = scan.document.tokens
        starts = [token.start for token in tokens]
        for match in _AMOUNT.finditer(scan.document.text):
            after = bisect_right(starts, match.start())
            for i in (after, after - 1):
                if 0 <= i < len(tokens) and tokens[i].norm[:1].isdigit() and abs(tokens[i].start - match.end()) <= len(tokens[i].norm) + 2:
                    bit = self._percent if match[0] in PERCENT_SIGNS else self._money
                    scan.mask |= bit
                    scan.sentence_masks[tokens[i].sentence] |= bit
                    insort(scan.places.setdefault(bit, []), (i, i))
                    break

    def _shield(self, scan: Scan) -> None:
        """Take back places of a concept that overlap an entry of its `except` list."""
        present = scan.mask & self._shield_mask
        while present:
            bit = present & -present
            present ^= bit
            concept = self._shields[bit]
            if not scan.mask & concept:
                continue
            covered = {i for first, last in scan.places[bit] for i in range(first, last + 1)}
            kept = [place for place in scan.places[concept] if covered.isdisjoint(range(place[0], place[1] + 1))]
            scan.places[concept] = kept
            self._forget(scan, concept, kept)

    @staticmethod
    def _forget(scan: Scan, concept: int, kept: list[Place]) -> None:
        """Correct the masks after places of `concept` were taken back."""
        scan.sentence_masks = [mask & ~concept for mask in scan.sentence_masks]
        for first, _ in kept:
            scan.sentence_masks[scan.document.sentence_of(first)] |= concept
        if not kept:
            scan.mask &= ~concept
            del scan.places[concept]
