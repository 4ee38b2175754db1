"""Kind `language`: a text in another language than it must have, and foreign passages inside a text.

Names given with the request, quotations, and words of the buyer's own text are no foreign passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

from drafter.guardrails.document import Document, Hit, TextCheck
from drafter.guardrails.language_evidence import (
    MODEL_LANGUAGES,
    SCRIPT_OF,
    SCRIPTS,
    count_small_words,
    evident_language,
    likely_language,
    script_shares,
    small_words,
)

COVERED = ("en", "de", "fr", "es", "it", "pt", "ja", "zh")
_ENOUGH = 4
"""Small words of the expected language that settle it without a count of the others."""
_LEAD = 2
"""Small words that another language must have more than the expected one, where both have some."""
_RUN = 6
"""Words within which two small words of another language make a passage."""
_MIN_STRANGE = 2
_LINE = 7
"""Words of a text that is one short sentence."""
_FOREIGN_LETTERS = 5
_QUOTED = re.compile(
    '[\u201c\u201e"\u00ab\u300c\u300e\u2039][^\u201c\u201d\u201e"\u00ab\u00bb\u300c\u300d\u300e\u300f\u2039\u203a\n]{1,200}[\u201d\u201c"\u00bb\u300d\u300f\u203a]'
)
_QUOTED_OR_LINK = re.compile(rf"{_QUOTED.pattern}|https?://\S+|www\.\S+")
_OTHER_RUN = re.compile(
    f"[{''.join(letters for name, letters in SCRIPTS.items())}](?:[^\\W\\d_a-z]"
    f"|[\u3001\u3002\uff0c\u0300-\u036f\u064b-\u0652\u0900-\u0dff\u0e00-\u0e7f\u200c\u200d ]){{{_FOREIGN_LETTERS - 1},400}}"
)


def compile_language(spec: Mapping[str, Any]) -> TextCheck:
    """A check of the language.

    Args:
        spec: `find`: some of `mismatch` (not the language the request asks for), `mixed` (foreign passages), `uncovered` (a language
            that the rules cannot read).

    Raises:
        ValueError: `find` names nothing, or something else.
    """
    wanted = tuple(spec.get("find", ()))
    if not wanted or any(name not in _FINDERS for name in wanted):
        raise ValueError(f"'find' must name some of {', '.join(_FINDERS)}")
    finders = [_FINDERS[name] for name in wanted]
    small_words()  # a wrong word file must fail when the pack is loaded, not at the first check

    def check(document: Document) -> Iterator[Hit]:
        for find in finders:
            yield from find(document)

    return check


@lru_cache(maxsize=256)
def _base(tag: str | None) -> str | None:
    """Language of a BCP 47 tag."""
    return re.split("[-_]", tag.lower(), maxsplit=1)[0] if tag else None


def _find_mismatch(document: Document) -> Iterator[Hit]:
    """The whole text, when it is in another language than the request's."""
    expected = _base(document.request.language)
    if expected is None or _is_settled(document, expected):
        return
    found = _language(document)
    counts = count_small_words(document.norms)
    if found is None and expected in MODEL_LANGUAGES and not counts.get(expected):
        found = likely_language(document.norms)
    elif found in counts and 0 < counts[found] - _LEAD < counts.get(expected, 0):
        return
    if found is not None and found != expected and not _are_close(found, expected):
        yield Hit(0, len(document.text), detail=f"language {found}, not {expected}")


def _is_settled(document: Document, language: str) -> bool:
    """True when small words, or letters, leave no doubt that the text is in this language."""
    key = f"settled in {language}"
    if key not in document.memo:
        document.memo[key] = _settle(document, language)
    return bool(document.memo[key])


def _settle(document: Document, language: str) -> bool:
    words = small_words()
    own = words.by_language.get(language)
    if own is not None:
        hits = own & document.words
        if len(hits) < _ENOUGH:
            return False
        return len(_strange(document, language)) * 4 < len(hits)
    if language in ("ja", "zh"):
        text = _without_names(document)
        kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
        latin = len(_LATIN.findall(text))
        return kana + han > latin and (kana > 0.15 * (kana + han) if language == "ja" else kana < 0.04 * (kana + han) + 1)
    return False


def _strange(document: Document, language: str) -> frozenset[str]:
    """Words of the text that are small words elsewhere and none in this language; found once."""
    key = f"strange to {language}"
    if key not in document.memo:
        document.memo[key] = small_words().strange_to[language] & document.words
    found: frozenset[str] = document.memo[key]
    return found


_KANA, _HAN = re.compile(f"[{SCRIPTS['kana']}]"), re.compile(f"[{SCRIPTS['han']}]")
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]{3,}")


def _are_close(found: str, expected: str) -> bool:
    """True for languages that share their small words or their letters, so that a difference proves nothing."""
    if found == "und":
        return expected not in small_words().by_language and expected not in SCRIPT_OF and expected not in COVERED
    return {found, expected} <= _NORDIC or (expected in SCRIPT_OF and SCRIPT_OF.get(found) == SCRIPT_OF[expected])


_NORDIC = frozenset({"da", "no", "nb", "nn", "sv"})


def _language(document: Document) -> str | None:
    """Language of the document, found once."""
    if "language" not in document.memo:
        document.memo["language"] = evident_language(_without_names(document), document.norms)
    found: str | None = document.memo["language"]
    return found


def _without_names(document: Document) -> str:
    """The text less the product's and the seller's names, whose script says nothing about its language."""
    text = document.text
    for name in document.request.names:
        if name and not name.isascii():
            text = text.replace(name, " ")
    return text if text.strip() else document.text


def _find_uncovered(document: Document) -> Iterator[Hit]:
    """The whole text, when it is in a language without rules."""
    expected = _base(document.request.language) or "en"
    if expected in COVERED and _is_settled(document, expected):
        return
    found = _language(document) or expected
    if found not in COVERED:
        yield Hit(0, len(document.text), detail=f"language {found}")


def _find_mixed(document: Document) -> Iterator[Hit]:
    """Passages in another language than the rest."""
    home = _base(document.request.language)
    if home is None or not _is_settled(document, home):
        home = home if home == "zh" and _has_chinese_sentence(document) else _language(document) or home or _leading(document)
    if home is None:
        return
    yield from _find_other_scripts(document, home)
    words = small_words()
    if home not in words.strange_to:
        strange_words = frozenset(words.languages_of)
        if len(strange_words & document.words) >= _needed(document):
            yield from _find_strange_runs(document, home, strange_words)
    elif len(_strange(document, home)) >= _needed(document):
        yield from _find_strange_runs(document, home, words.strange_to[home])


def _leading(document: Document) -> str | None:
    """Covered language with the most small words, where two are mixed so evenly that none is evident; None below two words."""
    counts = count_small_words(document.norms)
    ranked = sorted((tag for tag in COVERED if counts.get(tag, 0) >= _MIN_STRANGE), key=lambda tag: (-counts[tag], tag))
    return ranked[0] if ranked else None


def _has_chinese_sentence(document: Document) -> bool:
    """True when a sentence of some length has no kana; a Japanese one always has."""
    spans = (document.text[sentence.start : sentence.end] for sentence in document.sentences)
    return any(len(_HAN.findall(span)) >= _FOREIGN_LETTERS and not _KANA.search(span) for span in spans)


def _find_strange_runs(document: Document, home: str, strange_words: frozenset[str]) -> Iterator[Hit]:
    """Stretches in which small words of one other language stand close together."""
    words = small_words()
    own = words.by_language.get(home, frozenset())
    strange = [index for index, norm in enumerate(document.norms) if norm in strange_words and len(norm) > 1]
    if len(strange) > 1 and all(after - index > _RUN for index, after in pairwise(strange)):
        return
    is_exempt = _exempt(document)
    by_language: dict[str, list[int]] = {}
    for index in strange:
        if not is_exempt(index):
            for language in words.languages_of[document.norms[index]]:
                by_language.setdefault(language, []).append(index)
    covered = -1
    for language in sorted(by_language, key=lambda name: (-len(by_language[name]), name)):
        for first, last, count in _runs(by_language[language], document.norms, own - words.by_language[language]):
            if first <= covered or not _is_passage(document, first, last, count, language):
                continue
            covered = last
            yield Hit(document.tokens[first].start, document.tokens[last].end, detail=f"a passage in {language}")


def _needed(document: Document) -> int:
    """Small words of another language that make a passage; in a line that must be in a certain language, one is enough."""
    is_line = len(document.norms) <= _LINE and _base(document.request.language) in small_words().by_language
    return 1 if is_line else _MIN_STRANGE


def _runs(indexes: list[int], norms: list[str], own: frozenset[str]) -> Iterator[tuple[int, int, int]]:
    """Groups of indexes with few words and no word of the text's own language between them: first, last, how many."""
    group = [indexes[0]]
    for index in indexes[1:]:
        if index - group[-1] <= _RUN and own.isdisjoint(norms[group[-1] + 1 : index]):
            group.append(index)
            continue
        yield group[0], group[-1], len(group)
        group = [index]
    yield group[0], group[-1], len(group)


def _is_passage(document: Document, first: int, last: int, count: int, language: str) -> bool:
    """True when a group of small words is a passage: two different ones that only this language has, in four words or more."""
    needed = _needed(document)
    if count < needed or (needed == 1 and language not in COVERED):
        return False
    own = small_words().by_language[language]
    different = own.intersection(document.norms[first : last + 1])
    reach = [norm for norm in document.norms[max(0, first - 1) : last + 3] if norm[0].isalpha()]
    return len(different) >= needed and len(reach) >= 4


def _exempt(document: Document) -> Callable[[int], bool]:
    """Says of a token whether it stands in a name, in a quotation, or capitalised inside a sentence as titles are."""
    names = frozenset(part for name in document.request.names for part in re.findall(r"[^\W_]+(?:'[^\W_]+)?", name.casefold()))
    quotes = [match.span() for match in _QUOTED_OR_LINK.finditer(document.text)]
    loaned = _loaned(document.norms)

    def is_exempt(index: int) -> bool:
        token = document.tokens[index]
        if token.norm in names or index in loaned or any(start <= token.start < end for start, end in quotes):
            return True
        starts_sentence = document.sentences[token.sentence].first == index
        return document.text[token.start].isupper() and not starts_sentence

    return is_exempt


def _loaned(norms: list[str]) -> frozenset[int]:
    """Words that stand in a loan phrase, such as `à la carte`."""
    loans = small_words().loans
    sizes = {len(phrase) for phrase in loans}
    starts = {phrase[0] for phrase in loans}
    return frozenset(
        k
        for first, norm in enumerate(norms)
        if norm in starts
        for size in sizes
        if tuple(norms[first : first + size]) in loans
        for k in range(first, first + size)
    )


def _find_other_scripts(document: Document, home: str) -> Iterator[Hit]:
    """Stretches of letters of another script, outside names and quotations."""
    text = document.folded.text
    if text.isascii() or home not in (*small_words().by_language, "zh", "ja"):
        return
    if home in ("ja", "zh"):
        if home == "zh" and len(_KANA.findall(text)) > 3:
            yield from (Hit(*document.folded.to_raw(*match.span()), detail="a passage in ja") for match in _KANA_RUN.finditer(text))
        yield from _find_latin_words(document)
        return
    if set(script_shares(text)) <= {"latin"}:
        return
    names = " ".join(document.request.names).casefold()
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    for match in _OTHER_RUN.finditer(text):
        if match.group().strip() not in names and not any(start <= match.start() < end for start, end in quotes):
            yield Hit(*document.folded.to_raw(*match.span()), detail="a passage in another script")


def _find_latin_words(document: Document) -> Iterator[Hit]:
    """Everyday words in Latin letters between Chinese or Japanese ones, when there are several; names and units are no such words."""
    if sum(len(word) >= _LATIN_WORD and word.isascii() for word in document.words) < _MIN_LATIN_WORDS:
        return
    is_exempt = _exempt(document)
    words = {
        token.norm: token
        for index, token in enumerate(document.tokens)
        if len(token.norm) >= _LATIN_WORD
        and token.norm.isascii()
        and document.text[token.start : token.end].islower()
        and not is_exempt(index)
    }
    if len(words) >= _MIN_LATIN_WORDS:
        for token in words.values():
            yield Hit(token.start, token.end, detail="a passage in Latin letters")


_LATIN_WORD, _MIN_LATIN_WORDS = 3, 4
_KANA_RUN = re.compile(f"[{SCRIPTS['kana']}]{{2,}}[{SCRIPTS['kana']}{SCRIPTS['han']}]*")

_FINDERS: Mapping[str, Callable[[Document], Iterator[Hit]]] = {
    "mismatch": _find_mismatch,
    "mixed": _find_mixed,
    "uncovered": _find_uncovered,
}
