"""Kind `layout`: form that overrides the reader's own: rows of empty lines, styling tags, an `[Important]` tag."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit, TextCheck

_LINE = r"(?:\r\n|(?<!\r)\n|\r(?!\n)|[\v\f\x85\u2028\u2029]|<br\s{0,2}/?>)"
_EMPTY_LINES = re.compile(rf"{_LINE}(?:[ \t\u00a0\u3000\u200b]{{0,40}}{_LINE}){{2,}}", re.IGNORECASE)
_STYLING = re.compile(
    r"</?(?:center|font|big|marquee|blink)\b[^<>]{0,200}>|<[A-Za-z][^<>]{0,200}\b(?:style|align|color|bgcolor)\s{0,3}=[^<>]{0,200}>",
    re.IGNORECASE,
)
_IMPORTANT = re.compile(
    r"[\[\uff3b\u3010\u3014{\u2045\u27e6](?:[\s*_!:\-]{0,6})(?:important|importante|wichtig|dringend|urgent[e]?|\u91cd\u8981|\u91cd\u8981\u901a\u77e5)"
    r"(?:[^\]\uff3d\u3011\u3015}\u2046\u27e7\n]{0,40})[\]\uff3d\u3011\u3015}\u2046\u27e7]"
)
_FINDERS = ("empty_lines", "styling", "important_tag")


def compile_layout(spec: Mapping[str, Any]) -> TextCheck:
    """A check for layout that overrides the reader's.

    Args:
        spec: `find`: some of `empty_lines` (more than two line breaks in a row), `styling` (tags), `important_tag`.

    Raises:
        ValueError: `find` names something else.
    """
    wanted = tuple(spec.get("find", ("empty_lines", "styling")))
    if unknown := [name for name in wanted if name not in _FINDERS]:
        raise ValueError(f"unknown layout {unknown[0]!r}; one of {', '.join(_FINDERS)}")

    def check(document: Document) -> Iterator[Hit]:
        chars, text = document.chars, document.text
        if "empty_lines" in wanted and not chars.isdisjoint(_BREAKS):
            yield from (Hit(*match.span(), view="raw") for match in _EMPTY_LINES.finditer(text))
        if "styling" in wanted and "<" in chars:
            yield from (Hit(*match.span(), view="raw") for match in _STYLING.finditer(text))
        if "important_tag" in wanted and not chars.isdisjoint(_BRACKETS):
            folded = document.folded
            yield from (Hit(*folded.to_raw(*match.span())) for match in _IMPORTANT.finditer(folded.text))

    return check


_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029<")
_BRACKETS = frozenset("[\uff3b\u3010\u3014{\u2045\u27e6")
