"""Names of people in a review: by what stands before or after them, and by given names.

Words are content: `guardrails/privacy/names.yaml`. A name that is on no list, and that nothing introduces, is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from drafter.content import find_content_root, read_yaml
from drafter.errors import ContentError

_CAP = r"[A-Z\u00c0-\u00de\u0100-\u017f][\w'\u2019-]*"
_HAN = "\u4e00-\u9fff\u3005"
_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc"
_WORD = re.compile(r"[A-Z\u00c0-\u00de\u0130\u015e][^\W\d_]+(?:['\u2019](?!s\b)[^\W\d_]+)*")
_CJK = re.compile(rf"[{_HAN}{_KANA}]").search
_END = re.compile(r"\s*[.!]?\s*\Z")


class Name(NamedTuple):
    """A name and where it stands."""

    start: int
    end: int
    is_own: bool
    """True when the writer says that it is his."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled words of `names.yaml`."""

    given: frozenset[str]
    surnamed: frozenset[str]
    """Given names that are words as well, and names only before another one."""
    own: re.Pattern[str]
    farewell: re.Pattern[str]
    more: re.Pattern[str]
    """What may follow a given name: small words, initials, further names."""
    not_names: frozenset[str]
    ja: re.Pattern[str]
    ja_named: re.Pattern[str]
    zh_named: re.Pattern[str]


@cache
def _words() -> _Words:
    """Words of `guardrails/privacy/names.yaml`.

    Raises:
        ContentError: a section is missing.
    """
    path = find_content_root() / "guardrails" / "privacy" / "names.yaml"
    raw: Any = read_yaml(path)
    try:
        particles, surnames = _either(raw["particles"]), _either(raw["ja_surnames"].split())
        run = rf"{_CAP}\.?(?:[ \u00a0](?:(?:{particles})[ ]?){{0,2}}{_CAP}\.?){{0,3}}"
        return _Words(
            given=frozenset(raw["first_names"].split()),
            surnamed=frozenset(raw["surnamed"]),
            own=re.compile(rf"(?<!\w)(?i:{_either(raw['introductions'])})\s{{0,3}}({run})"),
            farewell=re.compile(rf"(?:^|(?<=[.!?,;\n\s]))(?i:{_either(raw['farewells'])})[,:]?\s{{0,4}}({run})"),
            more=re.compile(rf"[ \u00a0-](?:(?:{particles})[ ]?){{0,2}}({_CAP})\.?"),
            not_names=frozenset(raw["not_names"]),
            ja=re.compile(rf"(?<![{_HAN}])(?:{surnames})[\s\u3000]?[{_HAN}{_KANA}]{{0,4}}?(?={_either(raw['ja_after'])})"),
            ja_named=re.compile(
                rf"(?:{_either(raw['ja_before'])})\s?([{_HAN}{_KANA}]{{1,5}}[\s\u3000]?[{_HAN}{_KANA}]{{1,5}}?)(?=[^{_HAN}{_KANA}]|です|と申|といい|$)"
            ),
            zh_named=re.compile(
                rf"(?:{_either(raw['zh_before'])})\s?(?:[是叫为])?\s?([{raw['zh_surnames']}][{_HAN}]{{0,2}}?)(?=[^{_HAN}]|$|[的是在说先女小])"
                rf"|(?:{_either(raw['zh_people'])})\s?([{raw['zh_surnames']}][{_HAN}]{{2}})"
            ),
        )
    except (KeyError, TypeError, AttributeError) as exc:
        raise ContentError(path, f"section {exc} is missing or has another shape") from exc


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def find_names(text: str) -> Iterator[Name]:
    """Names of people, in no order; some may overlap."""
    words = _words()
    for match in words.own.finditer(text):
        if (name := _trimmed(match, words)) is not None:
            yield name
    for match in words.farewell.finditer(text):
        if _END.match(text, match.end()) and (name := _trimmed(match, words)) is not None:
            yield name
    yield from _given(text, words)
    if _CJK(text):
        yield from _cjk(text, words)


def is_given(word: str) -> bool:
    """True for a given name that is no word."""
    return word in _words().given


def _trimmed(match: re.Match[str], words: _Words) -> Name | None:
    """The name behind an introduction, up to the first word that is none."""
    start = end = match.start(1)
    for part in re.finditer(r"\S+", match.group(1)):
        if part.group().strip(".") in words.not_names:
            break
        end = start + part.end()
    return Name(start, end, is_own=True) if end > start else None


def _given(text: str, words: _Words) -> Iterator[Name]:
    """Given names with what follows them: `Darren J. Whitlock`, `Anna von der Heide`."""
    at = 0
    for match in _WORD.finditer(text):
        is_known = match.group() in words.given
        if match.start() < at or not (is_known or match.group() in words.surnamed):
            continue
        end = match.end()
        for _ in range(3):
            more = words.more.match(text, end)
            if more is None or more.group(1) in words.not_names:
                break
            end = more.end(1)
        if end == match.end() and not is_known:
            continue
        at = end
        is_signed = not text[end:].strip(" .!\n") and text[: match.start()].rstrip(" ")[-1:] in ("\n", "-", "\u2013", "\u2014", "~")
        yield Name(match.start(), end, is_own=is_signed)


def _cjk(text: str, words: _Words) -> Iterator[Name]:
    """Japanese and Chinese names, by family name and what stands around."""
    for match in words.ja.finditer(text):
        yield Name(*match.span(), is_own=text.startswith(("と申", "とい", "と言", "より"), match.end()))
    for match in (*words.ja_named.finditer(text), *words.zh_named.finditer(text)):
        yield Name(*match.span(match.lastindex or 0), is_own=match.group().startswith(("名前", "私は", "我", "本人")))
