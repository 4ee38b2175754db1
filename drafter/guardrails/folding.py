"""Undoes what is done to single characters: entities, markup inside words, invisibles, styled letters, stacked marks, bidi runs.

Every step keeps the map to the raw text, so that a finding quotes what was written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from drafter.guardrails import letters
from drafter.guardrails.letters import styled_letter

_ENTITY_OR_TAG = re.compile(
    r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,24};)|</?([A-Za-z][A-Za-z0-9]{0,9})\b[^<>]{0,300}>|<!--[^<>]{0,300}-->"
)
_TAGS = (
    "a abbr acronym b big blockquote body br button center code dd del div dl dt em embed figure font footer form h1 h2 h3 h4 h5 h6 "
    "head header hr html i iframe img input ins kbd label li link main mark meta nav object ol p pre q s samp script section select "
    "small span strike strong style sub sup svg table tbody td textarea tfoot th thead title tr tt u ul var video wbr"
)
TAG_NAMES = frozenset(_TAGS.split())
"""Names of HTML tags: `<NAME>` is none, and `<support@shop.example>` neither."""
_LINE_TAGS = "blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p section table tbody td th tr ul"
_BREAKING_TAGS = frozenset(_LINE_TAGS.split())
_MARKUP_IN_WORD = re.compile(r"(?<=[^\W\d_])[*_~`]{2,6}(?=[^\W\d_@])|(?<=@)[*_~`]{2,6}(?=[^\W\d_])|(?<=[^\W\d_])[*_~`]{2,6}(?=\.[a-z])")
_OVERRIDE, _POP = "\u202e", "\u202c\u2069"
_JOINERS = "\u200c\u200d"
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_COUNTRIES = (
    "AE AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE EG ES EU FI FR GB GR HK HR HU ID IE IL IN IS IT JP KR LT LU LV MA MT MX MY "
    "NL NO NZ PE PH PL PT RO RS RU SA SE SG SI SK TH TN TR TW UA US VN ZA"
)
_REGIONS = frozenset(_COUNTRIES.split())


@dataclass(slots=True)
class Folding:
    """A text under repair: four lists with one entry per character that is left."""

    chars: list[str]
    """What each reads, in lower case; empty for a character that is taken out."""
    starts: list[int]
    """Raw range that each stands for."""
    ends: list[int]
    tricks: list[str]
    """How each was disguised; empty for a plain one."""

    @property
    def text(self) -> str:
        """What is left, as one string."""
        return "".join(self.chars)

    def drop(self, index: int, trick: str) -> None:
        """Takes a character out, and notes the trick on the letter before it."""
        self.chars[index] = ""
        if index and trick:
            self.tricks[index - 1] = self.tricks[index - 1] or trick

    def replace(self, index: int, char: str, trick: str) -> None:
        """Reads a character as another."""
        self.chars[index] = char
        self.tricks[index] = self.tricks[index] or trick

    def compact(self) -> None:
        """Forgets characters that were taken out, and gives `⑩` an entry for each digit it reads."""
        widest = max(map(len, self.chars), default=1)
        if widest == 1:
            chars = self.chars
            self.starts = list(compress(self.starts, chars))
            self.ends = list(compress(self.ends, chars))
            self.tricks = list(compress(self.tricks, chars))
            self.chars = list(filter(None, chars))
            return
        rows = zip(self.chars, self.starts, self.ends, self.tricks, strict=True)
        kept = [(char, start, end, trick) for reads, start, end, trick in rows for char in reads]
        self.chars = [row[0] for row in kept]
        self.starts = [row[1] for row in kept]
        self.ends = [row[2] for row in kept]
        self.tricks = [row[3] for row in kept]


def plain_folding(folded: str) -> Folding:
    """A folding in which nothing was folded yet; `folded` is the lower-cased text, as long as the raw one."""
    count = len(folded)
    return Folding(list(folded), list(range(count)), list(range(1, count + 1)), [""] * count)


def needs_folding(text: str, chars: frozenset[str]) -> bool:
    """True when some character, entity or mark could be a disguise; a superset test that is fast on clean text."""
    if ("&" in chars and _ENTITY_OR_TAG.search(text)) or ("<" in chars and ">" in chars):
        return True
    if (not chars.isdisjoint("*_~`")) and _MARKUP_IN_WORD.search(text):
        return True
    return not text.isascii() and letters.is_odd("".join(chars)) is not None


def fold_characters(text: str) -> Folding:
    """The text with disguised characters read as what they stand for, in lower case."""
    folding = _decode_entities(text)
    _reverse_overrides(folding)
    _fold_letters(folding, is_cjk=bool(_IS_CJK(text)))
    folding.compact()
    _drop_markup_in_words(folding)
    return folding


_IS_CJK = re.compile("[\u3041-\u30ff\u4e00-\u9fff]").search


def _decode_entities(text: str) -> Folding:
    """One entry per character, entities decoded, tags inside words taken out and other tags read as blanks."""
    out = Folding([], [], [], [])
    done = 0
    for match in _ENTITY_OR_TAG.finditer(text):
        last = text[match.start() - 1] if match.start() > done else (out.chars[-1] if out.chars else "")
        reads, trick = _read_entity_or_tag(match, text, is_after_letter=last.isalpha())
        if reads is None:
            continue
        _copy(out, text, done, match.start())
        done = match.end()
        if not reads and out.chars and trick:
            out.tricks[-1] = trick
        for char in reads:
            out.chars.append(char)
            out.starts.append(match.start())
            out.ends.append(match.end())
            out.tricks.append(trick)
    _copy(out, text, done, len(text))
    return out


def _copy(out: Folding, text: str, start: int, end: int) -> None:
    """Appends text[start:end] unchanged."""
    out.chars.extend(text[start:end])
    out.starts.extend(range(start, end))
    out.ends.extend(range(start + 1, end + 1))
    out.tricks.extend([""] * (end - start))


_LETTER_BEHIND_TAGS = re.compile(r"(?:</?[A-Za-z][^<>]{0,60}>){0,6}[^\W\d_]").match


def _read_entity_or_tag(match: re.Match[str], text: str, *, is_after_letter: bool) -> tuple[str | None, str]:
    """What an entity or a tag reads, and the trick it is; None when it is neither."""
    name = match.group(1)
    start, end = match.span()
    in_word = is_after_letter and _LETTER_BEHIND_TAGS(text, end) is not None
    if text[start] == "&":
        reads = html.unescape(match.group() if match.group().endswith(";") else match.group() + ";")
        if reads.startswith("&") and len(reads) > 1:
            return None, ""
        reads = "".join(char for char in reads if char in "\n\t" or unicodedata.category(char)[0] != "C")
        return reads, ("html_entities" if reads.isalnum() or reads in ("@", ".", ":", "/") else "")
    if name is None:
        return ("", "markup_inside") if in_word else (" ", "")
    if name.lower() not in TAG_NAMES:
        return None, ""
    if name.lower() in _BREAKING_TAGS:
        return "\n", ""
    return ("", "markup_inside") if in_word else (" ", "")


def _reverse_overrides(folding: Folding) -> None:
    """Reads runs behind a right-to-left override backwards, as they are shown."""
    start = 0
    while True:
        try:
            start = folding.chars.index(_OVERRIDE, start)
        except ValueError:
            return
        end = start + 1
        while end < len(folding.chars) and folding.chars[end] not in _POP and folding.chars[end] not in ("\n", _OVERRIDE):
            end += 1
        if end == start + 1:
            start = end
            continue
        backwards = slice(end - 1, start, -1)
        folding.chars[start + 1 : end] = folding.chars[backwards]
        folding.starts[start + 1 : end] = folding.starts[backwards]
        folding.ends[start + 1 : end] = folding.ends[backwards]
        for index in range(start + 1, end):
            if folding.chars[index].isalnum():
                folding.tricks[index] = "bidi"
        start = end


def _fold_letters(folding: Folding, *, is_cjk: bool) -> None:
    """Reads styled letters, drops invisibles beside Latin letters, and takes stacked marks off."""
    chars = folding.chars
    if all(char < "\u0080" or _role_of(char) == _PLAIN for char in set(chars)):
        folding.chars = [char.lower() for char in chars]
        return
    flags = _flag_positions("".join(chars))
    previous = -1
    for index, char in enumerate(chars):
        role = _PLAIN if char < "\u0080" or index in flags else _role_of(char)
        if role == _PLAIN:
            chars[index] = char.lower()
        elif role == _IGNORABLE:
            _drop_ignorable(folding, index, previous)
        elif role == _MARK or role in _VOICED:
            chars[index] = role if role in _VOICED else char
            _merge_mark(folding, index, previous)
        else:
            folding.replace(index, role, "" if (is_cjk and "\uff00" <= char <= "\uffef") or not role.isalpha() else _style_of(char))
        if chars[index]:
            previous = index


_PLAIN, _IGNORABLE, _MARK = "", "\0", "\1"
_VOICED = ("\u3099", "\u309a")
"""What the half-width marks of `ﾚﾋﾞｭｰ` read; they belong to the letter before."""


@lru_cache(maxsize=8192)
def _role_of(char: str) -> str:
    """What to do with a character: nothing, drop it, merge it, or read it as the string given back."""
    if letters.is_ignorable(char):
        return _IGNORABLE
    if letters.is_combining(char):
        return _MARK
    if not letters.is_odd(char) or letters.is_foreign(char):
        return _PLAIN
    return styled_letter(char)


def _style_of(char: str) -> str:
    """Name of the trick that writes Latin letters with `char`; the dotless i and the like are no trick."""
    if "\uff00" <= char <= "\uffef":
        return "fullwidth"
    return "" if char in "\u0130\u0131\u017f\u2139\u2160\u2161\u2162\u2163\u2164\u2169\u00b5" else "styled"


def _drop_ignorable(folding: Folding, index: int, previous: int) -> None:
    """Takes an invisible character out, unless a script or an emoji that is not Latin uses it to join.

    Args:
        folding: The text.
        index: Where the character stands.
        previous: The last character before it that is left; -1 when there is none.
    """
    chars = folding.chars
    before = _is_plain(chars[previous]) if previous >= 0 else False
    if not before and chars[index] not in _JOINERS:
        chars[index] = ""
        return
    behind, last = index + 1, min(len(chars), index + _MAX_INVISIBLES)
    while behind < last and _role_of(chars[behind]) == _IGNORABLE:
        behind += 1
    after = _is_plain(chars[behind]) if behind < len(chars) else False
    if chars[index] in _JOINERS and not (before or after):
        return
    chars[index] = ""
    if before and after:
        folding.tricks[previous] = folding.tricks[previous] or "zero_width"


_MAX_INVISIBLES = 12


@lru_cache(maxsize=4096)
def _is_plain(char: str) -> bool:
    """True for Latin letters, digits, and the signs of addresses and links."""
    return bool(char) and (char in "@.:/-_" or char.isdigit() or letters.is_latin(char) is not None or bool(_IS_CJK(char)))


def _merge_mark(folding: Folding, index: int, previous: int) -> None:
    """Joins a mark with its letter when the two are one letter of some alphabet; else takes it off a Latin letter.

    Args:
        folding: The text.
        index: Where the mark stands.
        previous: The last character before it that is left; -1 when there is none.
    """
    chars = folding.chars
    if previous < 0 or letters.is_ignorable(chars[previous]):
        return
    base, mark = chars[previous], chars[index]
    joined = unicodedata.normalize("NFC", base + mark)
    if len(joined) == 1 and folding.tricks[previous] != "stacked_marks":
        chars[previous] = joined
    elif letters.is_latin(base) and base.isalpha():
        # An accented letter of one character is spelled so; only what is piled on it is a disguise.
        is_spelled = not base.isascii() and folding.ends[previous] - folding.starts[previous] == 1
        chars[previous] = base if is_spelled else _base_of(base)
        folding.tricks[previous] = "stacked_marks"
    elif base.isalpha() and not letters.is_foreign(base):
        return
    chars[index] = ""
    folding.ends[previous] = max(folding.ends[previous], folding.ends[index])


@lru_cache(maxsize=1024)
def _base_of(char: str) -> str:
    """A letter without its marks."""
    return unicodedata.normalize("NFD", char)[0]


def _flag_positions(text: str) -> frozenset[int]:
    """Where real flags stand: pairs of flag letters that name a country spell no word."""
    return frozenset(
        index
        for match in _FLAGS.finditer(text)
        if all("".join(styled_letter(c) for c in match.group()[i : i + 2]).upper() in _REGIONS for i in range(0, len(match.group()), 2))
        for index in range(*match.span())
    )


def _drop_markup_in_words(folding: Folding) -> None:
    """Joins words that Markdown marks cut: `re**view**`."""
    text = folding.text
    for match in _MARKUP_IN_WORD.finditer(text):
        for index in range(match.start(), match.end()):
            folding.drop(index, "")
        folding.tricks[match.start() - 1] = folding.tricks[match.start() - 1] or "markup_inside"
    folding.compact()
