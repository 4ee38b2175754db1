"""Kind `markup`: HTML and Markdown where plain text is due; `2 * 3`, `< 3 seconds` and `A_B` are plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit, TextCheck
from drafter.guardrails.folding import TAG_NAMES

_SIGNS = frozenset("<*_~`[#&>|")
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
    patterns = [_ENTITY, _INLINE, _HEADER] + ([_LIST] if spec.get("lists", True) else [])

    def check(document: Document) -> Iterator[Hit]:
        if document.chars.isdisjoint(_SIGNS) and "\n" not in document.chars:
            return
        text = document.text
        for match in _TAG.finditer(text):
            if match.group(1) is None or match.group(1).lower() in TAG_NAMES:
                yield Hit(*match.span(), view="raw")
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield Hit(*match.span(), view="raw")

    return check
