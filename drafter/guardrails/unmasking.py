"""Finds words that were disguised as words: look-alike letters, leetspeak, spaced or cut words, letters repeated.

A disguise is undone only where it hides a word of the vocabulary, or where scripts are mixed inside one word; so model numbers,
`W A S D` keys, `µm` and Russian stay what they are. Each finder gives back edits of single characters; none touches the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from drafter.guardrails import letters
from drafter.guardrails.edits import LINE_CUTS, MAX_LETTERS, MAX_WORD, SPACERS, Edit, Vocabulary, drop
from drafter.guardrails.leetspeak import LEET_SIGNS, find_signs, read_leet, undo_leet
from drafter.guardrails.segmentation import Parts
from drafter.guardrails.unmasking_cjk import CJK_START, join_cjk, unrepeat_cjk
from drafter.guardrails.vietnamese import is_syllable, is_vietnamese

MARKS = "stacked_marks"
_MAX_PLAIN_WORDS = 20_000

_MODEL = re.compile(r"[a-z]\d{1,3}").fullmatch
"""With a capital these are sockets, sizes and models: `E14`, `A55`."""
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_MAX_RUNS = 7
"""Letters repeated in one word, each of which is tried once and twice."""

_CUTTERS = frozenset(["-", "/", ".", "_", "*", "|", "\u00b7", "\u2022", "~", "+", "\\", "=", "\u2010", "\u2011", "`", "^", "\u2027"])
_RARE_CUTTERS = frozenset(
    [",", ";", ":", "#", "...", "\u2026", "\u2013", "\u2014", "(", "[", "{", "<", ">", "\u2019", '"', "&", "%", "?", "!"]
)
"""Stand between whole words in honest text: `Lid(s)`, `yes...no`. They cut a word only where a piece is none."""
_SHORTEST_TAIL = 3
"""What is left of a word behind a rare cutter; `(s)` and `(en)` are endings that honest text leaves open."""
_HYPHENS = frozenset(["-", "\u2010", "\u2011", *LINE_CUTS])
"""Cuts that honest text makes too: compounds (`e-mail`, `A-to-z`) and words parted at the end of a line."""
_CUTS = _CUTTERS | _RARE_CUTTERS | LINE_CUTS
_MAX_PIECES = 6


def find_edits(
    folded: str, parts: Parts, chars: frozenset[str], read_raw: Callable[[], Sequence[str]], vocabulary: Vocabulary
) -> list[Edit]:
    """Edits that undo one layer of disguise; the caller reads again until none is left.

    Args:
        folded: Lower-cased text.
        parts: Its words.
        chars: Every character of the raw text.
        read_raw: Gives the raw character for each of `folded`; look-alikes differ by case.
        vocabulary: Words worth it.
    """
    edits = _pulled_apart(folded, parts, vocabulary) if parts.has_singles else []
    if not edits and not _CUTS.isdisjoint([parts.seps[k] for k in parts.breaks]):
        edits = _cut(parts, vocabulary)
    if not edits and not chars.isdisjoint(LEET_SIGNS):
        edits = find_signs(folded, vocabulary)
    if edits:
        return edits
    plain = _plain_words(vocabulary)
    if plain.issuperset(parts.words):
        return []
    fresh = [i for i, word in enumerate(parts.words) if word not in plain]
    raw = read_raw()
    edits = _look_alikes(parts, fresh, raw, vocabulary)
    masked = {edit.at for edit in edits}
    known: dict[str, list[Edit]] = {}
    for i in fresh:
        is_model = _MODEL(parts.words[i]) and raw[parts.starts[i]].isupper()
        if not is_model and masked.isdisjoint(range(parts.starts[i], parts.ends[i])):
            found = known.get(parts.words[i])
            if found is None:
                found = known[parts.words[i]] = _unmask_word(parts.words[i], 0, vocabulary)
            edits += [Edit(parts.starts[i] + at, char, trick) for at, char, trick in found]
            if not found and not letters.has_foreign(parts.words[i]):
                plain.add(parts.words[i])
    if len(plain) > _MAX_PLAIN_WORDS:
        plain.clear()
    if any(edit.trick == MARKS for edit in edits) and is_vietnamese(parts.words, vocabulary):
        places = zip(parts.words, parts.starts, parts.ends, strict=True)
        syllables = {at for word, start, end in places if is_syllable(word) for at in range(start, end)}
        return [edit for edit in edits if edit.trick != MARKS or edit.at not in syllables]
    return edits


def _pulled_apart(folded: str, parts: Parts, vocabulary: Vocabulary) -> list[Edit]:
    """Edits for letters that stand alone in a row."""
    edits = _spaced(parts, vocabulary)
    if edits or folded.isascii():
        return edits
    return join_cjk(parts, vocabulary) or unrepeat_cjk(folded, parts, vocabulary)


@lru_cache(maxsize=8)
def _plain_words(vocabulary: Vocabulary) -> set[str]:
    """Words already found to be no disguise under a vocabulary. A memo: it changes the speed, never the result."""
    return set()


def _unmask_word(word: str, start: int, vocabulary: Vocabulary) -> list[Edit]:
    """Edits for a word that is a disguise by itself."""
    if "'" in word or "\u2019" in word:
        return _parted_by_apostrophes(word, start, vocabulary)
    if word.isalpha():
        return ([] if word.isascii() else _odd_accents(word, start, vocabulary)) or _repeated(word, start, vocabulary)
    return undo_leet(word, start, vocabulary)


_APOSTROPHE = re.compile("['\u2019]")


def _parted_by_apostrophes(word: str, start: int, vocabulary: Vocabulary) -> list[Edit]:
    """Takes apostrophes out that cut a known word: `rev'iew`; `we'll` and `l'avis` are none."""
    pieces = _APOSTROPHE.split(word)
    joined = "".join(pieces)
    if len(pieces[-1]) < _SHORTEST_TAIL or not joined.isalpha() or vocabulary(word) or not vocabulary(joined):
        return []
    return [Edit(start + match.start(), "", "cut") for match in _APOSTROPHE.finditer(word)]


def _look_alikes(parts: Parts, candidates: Sequence[int], raw: Sequence[str], vocabulary: Vocabulary) -> list[Edit]:
    """Reads foreign letters as Latin in words that mix scripts, and in words that are foreign only by their letters."""
    found: list[Edit] = []
    foreign = [i for i in candidates if not parts.words[i].isascii() and letters.has_foreign(parts.words[i])]
    if not foreign:
        return found
    is_mostly_latin = 2 * sum(len(parts.words[i]) for i in foreign) < sum(map(len, parts.words)) or 2 * len(foreign) < len(parts.words)
    known: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    for i in foreign:
        start = parts.starts[i]
        word = tuple(raw[start : parts.ends[i]])
        swaps = known.get(word)
        if swaps is None:
            reading = _read_look_alikes(word)
            is_meant = reading and _is_believable(reading, vocabulary, is_mostly_latin=is_mostly_latin)
            meant = reading.text if reading and is_meant else ""
            swaps = known[word] = [(k, char) for k, char in enumerate(meant) if char != word[k].lower()]
        found += [Edit(start + k, char, "homoglyph") for k, char in swaps]
    return found


class _Reading(NamedTuple):
    """A word with its foreign letters read as Latin ones."""

    text: str
    latin: int
    """Latin letters it has in truth."""
    foreign: int
    is_same: bool
    """True when no foreign letter can be told from its Latin twin."""
    is_greek: bool


def _read_look_alikes(raw: Sequence[str]) -> _Reading | None:
    """The Latin reading of a word; None when a letter has no Latin twin."""
    table = letters.look_alikes()
    out: list[str] = []
    latin = foreign = 0
    is_same, is_greek = True, False
    for char in raw:
        if char < "\u0250":
            latin += char.isalpha()
            out.append(char.lower()[0])
            continue
        twin = table.same.get(char)
        if twin is None:
            twin, is_same = table.similar.get(char), False
            if twin is None:
                return None
        is_greek = is_greek or "\u0370" <= char <= "\u03ff"
        foreign += 1
        out.append(twin)
    return _Reading("".join(out), latin, foreign, is_same, is_greek)


def _is_believable(reading: _Reading, vocabulary: Vocabulary, *, is_mostly_latin: bool) -> bool:
    """True when the Latin reading is what is meant: a known word, or twins strewn into a Latin word."""
    if reading.latin and reading.is_same and reading.latin + reading.foreign > 2 and (reading.foreign > 1 or not reading.is_greek):
        return True
    return len(reading.text) > 2 and (reading.latin > 0 or is_mostly_latin) and vocabulary(reading.text)


_HOME_LETTERS = frozenset(
    "\u00e0\u00e2\u00e4\u00e1\u00e3\u00e5\u00e6\u00e7\u00e9\u00e8\u00ea\u00eb\u00ed\u00ec\u00ee\u00ef\u00f1\u00f3\u00f2\u00f4\u00f6\u00f5\u00f8\u0153\u00fa\u00f9\u00fb\u00fc\u00ff\u00df"
)
"""Letters with marks that the eight languages write."""


def _odd_accents(word: str, start: int, vocabulary: Vocabulary) -> list[Edit]:
    """Takes marks off a word that no language writes so, where a known word is below."""
    if len(word) < 3:
        return []
    bare = [unicodedata.normalize("NFD", char)[0] for char in word]
    changed = [k for k, char in enumerate(word) if bare[k] != char and letters.is_latin(char)]
    is_odd = len(changed) > 1 or any(word[k] not in _HOME_LETTERS for k in changed)
    if changed and is_odd and vocabulary("".join(bare)) and not vocabulary(word):
        return [Edit(start + k, bare[k], MARKS) for k in changed]
    return []


def _cut(parts: Parts, vocabulary: Vocabulary) -> list[Edit]:
    """Joins words that a hyphen, a slash, a dot or a line break cuts: `rev/iew`, `re-` `view`."""
    found: list[Edit] = []
    seps, words = parts.seps, parts.words
    cuts = [k for k in parts.breaks if seps[k] in _CUTS and 0 < k < len(words)]
    is_cut = set(cuts)
    vocabulary = cache(vocabulary)
    done = 0
    for k in cuts[:MAX_LETTERS]:
        first = k - 1
        if first < done:
            continue
        last = _end_of_known_word(words, first, is_cut, vocabulary)
        if last is None or (words[last] in _CLITICS and seps[last] in _HYPHENS and vocabulary(words[first])):
            continue
        is_rare = not _RARE_CUTTERS.isdisjoint(seps[first + 1 : last + 1])
        if is_rare and vocabulary(words[first]) and (len(words[last]) < _SHORTEST_TAIL or vocabulary(words[last])):
            continue
        done = last
        between = range(first + 1, last + 1)
        is_hyphenated = last - first < 3 and all(seps[i] in _HYPHENS for i in between)
        trick = "" if is_hyphenated and any(len(word) > 1 for word in words[first : last + 1]) else "cut"
        for i in between:
            found += drop(parts.ends[i - 1], parts.starts[i], trick)
    return found


_CLITICS = frozenset(
    {"nous", "vous", "moi", "toi", "lui", "leur", "les", "le", "la", "en", "y", "je", "tu", "il", "elle", "on", "ce"}
    | {"nos", "vos", "se", "lo", "los", "las", "lhe", "lhes", "me", "te", "o", "a", "os", "as", "na", "no", "nas"}
)
"""Pronouns that French and Portuguese tie to a verb with a hyphen: `laissez-nous`, `procure-nos`."""


def _end_of_known_word(words: list[str], first: int, is_cut: set[int], vocabulary: Vocabulary) -> int | None:
    """Last piece of the longest known word that begins with piece `first`; None when there is none."""
    last = first
    while last + 1 in is_cut and last - first < _MAX_PIECES - 1:
        last += 1
    while last > first:
        joined = "".join(words[first : last + 1])
        if 3 < len(joined) <= MAX_WORD and joined.isalpha() and vocabulary(joined):
            return last
        last -= 1
    return None


def _spaced(parts: Parts, vocabulary: Vocabulary) -> list[Edit]:
    """Joins letters that stand alone in a row: `r e v i e w`, `d-e-l-e-t-e`."""
    found: list[Edit] = []
    seen = 0
    for first, last in _runs_of_singles(parts):
        seen += last - first
        if seen > MAX_LETTERS:
            break
        for a, b in _words_in_run(parts, first, last, vocabulary):
            for k in range(a + 1, b):
                found += drop(parts.ends[k - 1], parts.starts[k], "spacing")
    return found


def _is_spacer(sep: str) -> bool:
    """True for what may stand between spaced letters."""
    return 0 < len(sep) <= 4 and SPACERS.issuperset(sep)


def _runs_of_singles(parts: Parts) -> Iterator[tuple[int, int]]:
    """Half-open runs of at least three one-letter words with only spacers between them."""
    words, seps = parts.words, parts.seps
    # Each word once: in a Chinese text every character is one.
    singles = {word for word in set(words) if len(word) == 1 and (word < CJK_START or not letters.is_cjk(word))}
    first: int | None = None
    last = 0
    for i in [*[i for i, word in enumerate(words) if word in singles], -1]:
        if first is not None and i == last and _is_spacer(seps[i]):
            last = i + 1
            continue
        if first is not None and last - first > 2:
            yield first, last
        first, last = i, i + 1


def _words_in_run(parts: Parts, first: int, last: int, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Words that a run of single letters spells: cut at wide gaps where that makes words, else the longest known words in it."""
    usual = Counter(parts.seps[first + 1 : last]).most_common(1)[0][0]
    edges = [first, *[k for k in range(first + 1, last) if parts.seps[k] != usual], last]
    for a, b in pairwise(edges):
        spelled = _as_latin("".join(parts.words[a:b]))
        if _ENDS_IN_ARTICLE(spelled) and _known_reading(spelled[:-1], vocabulary):
            yield a, b - 1
            continue
        if _known_reading(spelled, vocabulary):
            yield a, b
            continue
        k = a
        while k + 3 < b:
            size = next((n for n in range(min(16, b - k), 3, -1) if vocabulary(spelled[k - a : k - a + n])), 0)
            if size:
                yield k, k + size
            k += size or 1


_ENDS_IN_ARTICLE = re.compile("[aei]r[ao]$").search
"""An infinitive and the article behind it, `a l t e r a r a`: both are spaced letters to the eye."""


def _as_latin(word: str) -> str:
    """A word with foreign letters read as the Latin ones that they pass for."""
    return word if word.isascii() else "".join([letters.look_alikes().same.get(char, char) for char in word])


def _known_reading(word: str, vocabulary: Vocabulary) -> bool:
    """True when a word, or a leet reading of it, is known."""
    return len(word) > 2 and (vocabulary(word) or (not word.isalpha() and read_leet(word, vocabulary) is not None))


def _repeated(word: str, start: int, vocabulary: Vocabulary) -> list[Edit]:
    """Takes out letters repeated for looks, where one or two of them give a known word: `reeeview`, `refuuund`."""
    runs = [(m.start(), m.end()) for m in _REPEATED.finditer(word)]
    # A stem knows any ending: `takeeee` begins like `take`. Three in a row are honest in German (`Schifffahrt`), four nowhere.
    if not runs or len(runs) > _MAX_RUNS or (vocabulary(word) and all(end - start < 4 for start, end in runs)):
        return []
    for kept in product((1, 2), repeat=len(runs)):
        surplus = [k for (a, b), keep in zip(runs, kept, strict=True) for k in range(a + keep, b)]
        gone = set(surplus)
        if len(word) - len(gone) > 3 and vocabulary("".join(char for k, char in enumerate(word) if k not in gone)):
            return [Edit(start + k, "", "repeated_letters") for k in surplus]
    return []
