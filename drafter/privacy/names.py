"""Names of people in a review: by what stands before or after them, and by given names.

Words are content: `guardrails/privacy/names.yaml`. A name that is on no list, and that nothing introduces, is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from drafter.content import find_content_root, sections_of

_CAP = r"[A-Z\u00c0-\u00de\u0100-\u017f][\w'\u2019-]*"
_ANY = r"[^\W\d_][\w'\u2019-]*"
_WORD = re.compile(r"[A-Z\u00c0-\u00de\u0130\u015e][^\W\d_]+(?:['\u2019](?!s\b)[^\W\d_]+)*")
_END = re.compile(r"\s*[.!]?\s*\Z")
_LETTERS = re.compile(r"[^\W\d_]+")
_FIELD_START = re.compile(r"(?:^|[\n,;|/.(])\s?\Z").search
_LINE_END = re.compile(r"[ \t]*(?:\n|\Z)")
_MIN_CAPITALS = 4
"""A word in capitals of this length may be a given name: EVA is a foam."""
_MAX_SMALL = 2
"""Words of a name in small letters."""


class Name(NamedTuple):
    """A name and where it stands."""

    start: int
    end: int
    is_own: bool
    """True when the writer says that it is his."""


_Judge = Callable[["re.Match[str]", "_Words"], Name | None]


class Cue(NamedTuple):
    """A phrase that introduces a name, and who says whether one follows."""

    pattern: re.Pattern[str]
    judge: _Judge


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled words of `names.yaml`."""

    given: frozenset[str]
    surnamed: frozenset[str]
    """Given names that are words as well, and names only before another one."""
    titles: frozenset[str]
    particles: frozenset[str]
    cues: Mapping[str, Sequence[Cue]]
    """What introduces a name, by its first word: no pattern is tried where none can begin."""
    sender: re.Pattern[str]
    """A name before its e-mail address or before `wrote:`."""
    more: re.Pattern[str]
    """What may follow a given name: small words, initials, further names."""
    not_names: frozenset[str]
    small_not_names: frozenset[str]


@cache
def _words() -> _Words:
    """Words of `guardrails/privacy/names.yaml`.

    Raises:
        ContentError: a section is missing.
    """
    with sections_of(find_content_root() / "guardrails" / "privacy" / "names.yaml") as raw:
        particles, titles = either(raw["particles"]), either(raw["titles"])
        run = rf"{_CAP}\.?(?:[ \u00a0](?:(?:{particles})[ ]?){{0,2}}{_CAP}\.?){{0,3}}"
        titled = rf"(?:(?i:{titles})\.?\s)?({run})"
        return _Words(
            given=frozenset(raw["first_names"].split()),
            surnamed=frozenset(raw["surnamed"]),
            titles=frozenset(title.casefold().strip(".") for title in raw["titles"]),
            particles=frozenset(raw["particles"]),
            cues=_by_opener(
                (_introduced, [*raw["introductions"], *raw["name_verbs"]], rf"\s?:?\s{{0,3}}{titled}"),
                (_small, raw["name_verbs"], rf"\s{{1,3}}({_ANY}(?: {_ANY}){{0,{_MAX_SMALL}}})"),
                (_said, raw["says_who"], rf"\s({_CAP}(?: (?:(?:{particles}) ){{0,2}}{_CAP}){{1,3}})(?! {_CAP})"),
                (_known_small, raw["says_who"], rf"\s({_ANY}(?: {_ANY})?)"),
                (_filled_in, raw["fields"], rf"\s?[:\uff1a]\s*({_ANY}\.?(?:[ \u00a0]{_ANY}\.?){{0,3}})(?=\s*(?:$|[\n,;|/.)]))"),
                (_signed, raw["farewells"], rf"[,:]?\s{{0,4}}{titled}"),
            ),
            sender=re.compile(rf"({run})(?:\s*<[^<>\s]{{1,64}}@|\s+(?:{either(raw['wrote'])})\s?:)"),
            more=re.compile(rf"[ \u00a0-](?:(?:{particles})[ ]?){{0,2}}({_CAP})\.?"),
            not_names=frozenset(raw["not_names"]),
            small_not_names=frozenset(raw["small_not_names"]),
        )


def either(words: Sequence[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _by_opener(*cues: tuple[_Judge, Sequence[str], str]) -> Mapping[str, Sequence[Cue]]:
    """Patterns of phrases and what follows them, by the first words of the phrases."""
    found: dict[str, list[Cue]] = {}
    for judge, phrases, behind in cues:
        cue = Cue(re.compile(rf"(?i:{either(phrases)}){behind}"), judge)
        for opener in {_LETTERS.findall(phrase)[0].casefold() for phrase in phrases}:
            found.setdefault(opener, []).append(cue)
    return found


def find_names(text: str) -> Iterator[Name]:
    """Names of people in Latin letters, in no order; some may overlap."""
    words = _words()
    for opener in _LETTERS.finditer(text):
        for cue in words.cues.get(opener.group().casefold(), ()):
            match = cue.pattern.match(text, opener.start())
            if match and (name := cue.judge(match, words)) is not None:
                yield name
    if "@" in text or ":" in text:
        yield from (Name(*match.span(1), is_own=False) for match in words.sender.finditer(text))
    yield from _given(text, words)


def is_given(word: str) -> bool:
    """True for a given name that is no word."""
    return word in _words().given


def is_title(word: str) -> bool:
    """True for what stands before a family name: `Ms`, `Herr`, `Dr.`."""
    return word.casefold().strip(".") in _words().titles


def _ends_name(part: str, words: _Words) -> bool:
    """True for a word that is none of a name; what is written in capitals is read as it is in small letters."""
    part = part.strip(".")
    return part in words.not_names or (len(part) > 1 and part.isupper() and part.capitalize() in words.not_names)


def _introduced(match: re.Match[str], words: _Words) -> Name | None:
    """The name behind an introduction, up to the first word that is none."""
    start = end = match.start(1)
    parts = list(re.finditer(r"\S+", match.group(1)))
    for part in parts:
        is_inside = start < end and part is not parts[-1] and part.group() in words.particles
        if _ends_name(part.group(), words) and not is_inside:
            break
        end = start + part.end()
    return Name(start, end, is_own=True) if end > start else None


def _signed(match: re.Match[str], words: _Words) -> Name | None:
    """The name behind a farewell, at the end of the text; on a line of its own also before an address."""
    farewell, _, name = match.group().replace("\n", ",").rpartition(",")
    is_signed = _END.match(match.string, match.end()) or (farewell and " " in name.strip() and _LINE_END.match(match.string, match.end()))
    return _introduced(match, words) if is_signed else None


def _said(match: re.Match[str], words: _Words) -> Name | None:
    """Two words or more with capitals behind `I am`."""
    return None if any(_ends_name(part, words) for part in match.group(1).split()) else Name(*match.span(1), is_own=True)


def _filled_in(match: re.Match[str], _words: _Words) -> Name | None:
    """What stands in a form's field for a name, whatever it is."""
    return Name(*match.span(1), is_own=True) if _FIELD_START(match.string[: match.start()][-2:]) else None


def _small(match: re.Match[str], words: _Words) -> Name | None:
    """A name in small letters behind `my name is`: one that is known, or one or two words that something ends."""
    parts = list(re.finditer(r"\S+", match.group(1)))
    if not parts[0].group()[0].islower():
        return None
    stop = next((i for i, part in enumerate(parts) if part.group() in words.small_not_names), len(parts))
    is_known = parts[0].group().capitalize() in words.given | words.surnamed
    if stop == 0 or not (is_known or stop <= _MAX_SMALL):
        return None
    last = parts[min(stop, _MAX_SMALL) - 1]
    return Name(match.start(1), match.start(1) + last.end(), is_own=True)


def _known_small(match: re.Match[str], words: _Words) -> Name | None:
    """A given name in small letters behind `i am`, and the word behind it unless that is a common one."""
    first, _, second = match.group(1).partition(" ")
    if not first[0].islower() or first.capitalize() not in words.given:
        return None
    end = match.end(1) if second and second[0].islower() and second not in words.small_not_names else match.start(1) + len(first)
    return Name(match.start(1), end, is_own=True)


def _given(text: str, words: _Words) -> Iterator[Name]:
    """Given names with what follows them: `Darren J. Whitlock`, `Anna von der Heide`."""
    at = 0
    for match in _WORD.finditer(text):
        word = match.group()
        is_known = word in words.given or (word.isupper() and len(word) >= _MIN_CAPITALS and word.capitalize() in words.given)
        if match.start() < at or not (is_known or word in words.surnamed):
            continue
        end = match.end()
        for _ in range(3):
            more = words.more.match(text, end)
            if more is None or _ends_name(more.group(1), words):
                break
            end = more.end(1)
        if end == match.end() and not is_known:
            continue
        at = end
        is_signed = not text[end:].strip(" .!\n") and text[: match.start()].rstrip(" ")[-1:] in ("\n", "-", "\u2013", "\u2014", "~")
        yield Name(match.start(), end, is_own=is_signed)
