"""Kind `placeholder`: slots that nobody filled, and what a model or a template leaves around a text.

Honest brackets (`[Fn] + [M]`, `[sic]`, `【重要】`) hold no slot word and pass. Slot words and machine talk are content:
`guardrails/languages/_placeholders.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from drafter.content import find_content_root, read_yaml
from drafter.errors import ContentError
from drafter.guardrails.document import Document, Hit, TextCheck
from drafter.guardrails.folding import TAG_NAMES

_SLOT = re.compile(
    r"\{\{[^{}\n]{0,80}\}\}?|\{%[^{}\n]{0,80}%\}|<%[^<>\n]{0,80}%>|\$\{[^{}\n]{1,60}\}|#\{[^{}\n]{1,60}\}"
    r"|\*\|[A-Z0-9_:]{2,40}\|\*"
    r"|(?<![\w%])%[A-Za-z][A-Za-z_ ]{1,30}%(?!\w)|%\([A-Za-z_]{1,30}\)[sd]|(?<![\w%])%(?:\d\$)?[sd](?![\w%])"
    r"|(?<![\w$])\$[A-Z][A-Z_]{3,30}\b|@@[A-Za-z_]{2,30}@@|##?[A-Z][A-Z_]{2,30}##?(?!\w)|(?<!\w)__[A-Z][A-Z_]{2,30}__(?!\w)"
    r"|_{3,}(?!\w)"
    r"|<\|[a-z_]{1,30}\|>|\[/?INST\]|<</?SYS>>"
)
_BRACKETED = re.compile(
    r"\[([^\[\]\n]{2,60})\]|<([^<>\n]{2,60})>|\{([^{}\n]{2,60})\}|«\s?([^«»\n]{2,40})\s?»|‹([^‹›\n]{2,40})›|【([^【】\n]{1,30})】|［([^［］\n]{1,40})］"
    r"|〔([^〔〕\n]{1,30})〕|＜([^＜＞\n]{1,30})＞|｛([^｛｝\n]{1,30})｝"
)
_SHOUTED_SLOT = re.compile(r"[A-Z]{2,20}(?:_[A-Z0-9]{1,20}){1,5}")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)?")
_SHOUTED = re.compile(
    r"\b(?:FIRST|LAST|FULL|BUYER|CUSTOMER|CLIENT|USER|SELLER|BRAND|STORE|SHOP|COMPANY|PRODUCT|ITEM|ORDER|AGENT|KUNDEN|TRACKING)"
    r"[_-]?(?:NAME|ID|NUMBER|NO|TITLE|DATE|NUMMER)\b"
    r"|\bINSERT [A-Z][A-Z ]{2,60}|\bTODO\b\s?[:(\-\u2013]|\bFIXME\b|\bTBD\b"
)
_SNAKE = re.compile(
    r"\b(?:first|last|full|buyer|customer|client|user|seller|brand|store|shop|company|product|item|order|agent|tracking)"
    r"_(?:first_)?(?:name|id|number|no|title|date|first|last)\b"
)
_INSERT = re.compile(r"[\[(<{]\s?(?:insert|einf\u00fcgen|ins\u00e9rer|insertar|inserire|inserir)\b[^\])>}\n]{0,60}[\])>}]", re.IGNORECASE)
_HAS_CAPITALS = re.compile("[A-Z]{3}").search
_X = r"(?:X{2,}|\uff38{2,}|[\u25cb\u25ef\u25cf\u25b3\u25b2\u25a1\u25a0\u2715\u00d7\u3007]{2,})"
_CROSSES = re.compile(
    rf"(?<![A-Za-z\d]){_X}\s?(?:mm|cm|m|km|kg|g|ml|l|%|€|\$|£|EUR|USD|days?|hours?|Tage?n?|jours|días|giorni|dias|年|月|日|元|円|号|様|さん|さま|先生|女士|店|番|個|株式会社)"
    r"|(?<![A-Za-z\d])(?:X{3,}|\uff38{2,})(?![A-Za-z\d])|[€$£#]\s?X{2,}"
    r"|[\u25cb\u25ef\u25cf\u25b3\u25b2\u25a1\u25a0]{2,}|(?<![\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d])\u3007{2,}(?![\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d])"
    r"|(?<![A-Za-z])[Xx]{3}-[Xx]{7}-[Xx]{7}|\d{1,3}-[Xx]{5,}|[X]{2}[/.-][X]{2}[/.-][X]{2,4}"
)
_CROSS_SIGNS = frozenset("X\uff38\u25cb\u25ef\u25cf\u25b3\u25b2\u25a1\u25a0\u3007")
_HAS_CROSSES = re.compile("XX|\uff38\uff38|[\u25cb\u25ef\u25cf\u25b3\u25b2\u25a1\u25a0\u3007]{2}|xxx|-XX").search
_SLOT_SIGNS = frozenset("{<%$@#_*[")
_BRACKETS = frozenset("[<{\u00ab\u2039\u3010\uff3b\u3014\uff1c\uff5b")
_SCAFFOLD_SIGNS = frozenset('<"`{[')
_CJK = re.compile("[\u3041-\u30ff\u4e00-\u9fff]").search


@dataclass(frozen=True, slots=True)
class _Traces:
    """The compiled words of `_placeholders.yaml`."""

    slot_words: frozenset[str]
    slot_pieces: tuple[str, ...]
    """Chinese and Japanese slot words, which are found inside longer runs."""
    name_words: frozenset[str]
    name_pieces: tuple[str, ...]
    hints: frozenset[str]
    """Words without one of which no phrase can be there."""
    hint_pieces: tuple[str, ...]
    phrases: re.Pattern[str]
    openings: re.Pattern[str]
    scaffolds: re.Pattern[str]


@cache
def _traces() -> _Traces:
    """Words of `guardrails/languages/_placeholders.yaml`.

    Raises:
        ContentError: a section is missing, or a phrase is no regular expression.
    """
    path = find_content_root() / "guardrails" / "languages" / "_placeholders.yaml"
    raw: Any = read_yaml(path)
    try:
        words = {str(word) for words in raw["slot_words"].values() for word in words}
        talk = raw["model_talk"]
        names = "|".join(raw["scaffold_names"])
        return _Traces(
            slot_words=frozenset(word for word in words if word[0] < "\u3000"),
            slot_pieces=tuple(sorted(word for word in words if word[0] >= "\u3000")),
            name_words=frozenset(raw["name_words"]),
            name_pieces=tuple(raw["name_pieces"]),
            hints=frozenset(talk["hints"]),
            hint_pieces=tuple(talk["hint_pieces"]),
            phrases=_any_of(talk["phrases"]),
            openings=re.compile(rf"[ \t>*_#\"]{{0,6}}(?:{'|'.join(talk['openings'])})"),
            scaffolds=re.compile(
                rf"</?(?:{names})\s?/?>|[\"'](?:{names})[\"']\s?:\s?[\"'\[{{tfn\d]|```|^\s?[\[{{]\s{{0,4}}\"\w{{1,30}}\"\s?:|\"\s?\}}\s?\]?\s?$"
            ),
        )
    except (KeyError, TypeError, AttributeError) as exc:
        raise ContentError(path, f"section {exc} is missing or has another shape") from exc
    except re.error as exc:
        raise ContentError(path, f"no regular expression: {exc}") from exc


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """One pattern for all; only run when a hint is present."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def compile_placeholder(spec: Mapping[str, Any]) -> TextCheck:
    """A check for unfilled slots and traces of a model or a template. `spec` takes nothing."""
    traces = _traces()

    def check(document: Document) -> Iterator[Hit]:
        for pattern in _patterns_for(document, traces):
            yield from (Hit(*match.span(), view="raw") for match in pattern.finditer(document.text))
        if not document.chars.isdisjoint(_BRACKETS):
            yield from _find_brackets(document.text, traces)
        yield from _find_talk(document, traces)

    return check


def _patterns_for(document: Document, traces: _Traces) -> Iterator[re.Pattern[str]]:
    """Patterns that the characters of a text leave possible."""
    text, chars = document.text, document.chars
    if not chars.isdisjoint(_SLOT_SIGNS):
        yield _SLOT
    if not chars.isdisjoint(_SCAFFOLD_SIGNS):
        yield traces.scaffolds
    if _HAS_CAPITALS(text):
        yield _SHOUTED
    if "_" in chars:
        yield _SNAKE
    if not _INSERTS.isdisjoint(document.words):
        yield _INSERT
    if (not chars.isdisjoint(_CROSS_SIGNS) or "xxx" in text) and _HAS_CROSSES(text):
        yield _CROSSES
    if _IPSUM in document.words:
        yield _LOREM


def trace_words() -> frozenset[str]:
    """Words without one of which plain words hold no trace of a machine."""
    return _INSERTS | {_IPSUM} | _traces().hints


_IPSUM = "ipsum"
_INSERTS = frozenset(["insert", "einf\u00fcgen", "ins\u00e9rer", "insertar", "inserire", "inserir"])
_LOREM = re.compile("lorem ipsum", re.IGNORECASE)


def _find_brackets(text: str, traces: _Traces) -> Iterator[Hit]:
    """Brackets whose content is a slot."""
    for match in _BRACKETED.finditer(text):
        content = match.group(match.lastindex or 0).strip()
        opener = match.group()[0]
        if opener in "«‹":
            is_slot = not traces.name_words.isdisjoint(_WORD.findall(content.lower())) and len(content) < 30
        elif opener in "【［〔" and _is_label(text, match):
            is_slot = any(piece in content for piece in traces.name_pieces)
        else:
            is_slot = _is_slot(content, traces, is_angle=opener == "<")
        if is_slot:
            yield Hit(*match.span(), view="raw")


def _is_label(text: str, match: re.Match[str]) -> bool:
    """True for a bracket at the start of a line with its value behind it."""
    return (match.start() == 0 or text[match.start() - 1] == "\n") and text[match.end() : match.end() + 1] not in ("", "\n", "様")


def _is_slot(content: str, traces: _Traces, *, is_angle: bool) -> bool:
    """True when a bracket's content names what belongs there."""
    first = content.split(maxsplit=1)[0].strip("/").lower() if content else ""
    if is_angle and (first in TAG_NAMES or "@" in content or content.startswith(("http", "!"))):
        return False
    if _SHOUTED_SLOT.search(content) or re.fullmatch(r"[Xx_\-]{2,}|\.{4,}|[A-Za-z]+_[A-Za-z_]+", content) is not None:
        return True
    if sum(map(str.isdigit, content)) > 3 or content.endswith((".", "!", "?")):
        return False
    if any(piece in content for piece in traces.slot_pieces):
        return len(content) <= 16
    words = [word.lower() for word in _WORD.findall(content)]
    return 0 < len(words) <= 7 and not traces.slot_words.isdisjoint(words)


def _find_talk(document: Document, traces: _Traces) -> Iterator[Hit]:
    """Words of a machine about itself or its task."""
    folded = document.folded
    text = folded.text.replace("\u2019", "'") if "\u2019" in document.chars else folded.text
    is_cjk = not text.isascii() and _CJK(text) is not None
    if ":" in document.chars or is_cjk:
        at = 0
        while at >= 0:
            match = traces.openings.match(text, at)
            if match:
                yield Hit(*folded.to_raw(*match.span()))
            at = text.find("\n", at) + 1 or -1
    if not traces.hints.isdisjoint(document.words) or (is_cjk and any(piece in text for piece in traces.hint_pieces)):
        yield from (Hit(*folded.to_raw(*match.span())) for match in traces.phrases.finditer(text))
