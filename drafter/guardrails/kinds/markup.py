"""Kind `markup`: HTML and Markdown where plain text is due; `2 * 3`, `< 3 seconds` and `A_B` are plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from drafter.guardrails.document import Document, Hit, TextCheck
from drafter.guardrails.folding import TAG_NAMES

_INLINE_SIGNS = frozenset("*_~`[")
_HEADER_SIGNS = frozenset("#|>")
_UNDERLINE_SIGNS = frozenset("=-")
_BULLETS = frozenset("*+-")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,9})\b[^<>]{0,300}>|<!--|<!DOCTYPE", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,24});")
_INLINE = re.compile(
    r"(?<![*\w])\*\*(?=[^\s*])[^*\n]{1,200}\*\*"
    r"|\w\*\*[^\s*][^*\n]{0,200}\*\*|\*\*[^\s*][^*\n]{0,60}_\*\*"
    r"|(?<![\w_])__[^\W_][^\n_]{0,200}__"
    r"|~~[^\s~][^~\n]{0,200}~~"
    r"|(?<![\w*])\*[^\W_](?:[^*\n]{0,200}[^\W_.!?])?[.!?]?\*(?![\w*])"
    r"|(?<![\w_])_[^\W_](?:[^_\n]{0,200}[^\W_.!?])?[.!?]?_(?![\w_])"
    r"|`[^`\n]{1,200}`|```"
    r"|!?\[[^\[\]\n]{1,200}\]\([^()\s]{1,300}\)"
    r"|\[/?(?:b|i|u|s|url|img|color|size|center|list|quote)(?:=[^\[\]\n]{1,100})?\]",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^ {0,3}#{1,6} +\S[^\n]{0,200}|^[^\n]{1,120}\n(?:={3,}|-{3,}) *$|^ {0,3}\|[^\n]{1,200}\| *$|^ {0,3}>+ ?\S",
    re.MULTILINE,
)
_LIST = re.compile(r"(?:^[ \t]{0,8}([*+-])[ \t]+\S[^\n]*\n+){1,50}[ \t]{0,8}[*+-][ \t]+\S", re.MULTILINE)


def compile_markup(spec: Mapping[str, Any]) -> TextCheck:
    """A check for HTML and Markdown.

    Args:
        spec: `lists: false` lets lists with dashes or stars pass.
    """
    finds_lists = spec.get("lists", True)

    def check(document: Document) -> Iterator[Hit]:
        for pattern in _possible(document.chars, finds_lists=finds_lists):
            yield from (Hit(*match.span(), view="raw") for match in pattern.finditer(document.text) if _is_markup(match))

    return check


def _possible(chars: AbstractSet[str], *, finds_lists: bool) -> Iterator[re.Pattern[str]]:
    """The patterns whose signs a text has; most texts have none."""
    if "<" in chars:
        yield _TAG
    if "&" in chars:
        yield _ENTITY
    if not chars.isdisjoint(_INLINE_SIGNS):
        yield _INLINE
    has_lines = "\n" in chars
    if not chars.isdisjoint(_HEADER_SIGNS) or (has_lines and not chars.isdisjoint(_UNDERLINE_SIGNS)):
        yield _HEADER
    if finds_lists and has_lines and not chars.isdisjoint(_BULLETS):
        yield _LIST


def _is_markup(match: re.Match[str]) -> bool:
    """False for a tag that HTML does not have: `<your name>`."""
    return match.re is not _TAG or match.group(1) is None or match.group(1).lower() in TAG_NAMES
