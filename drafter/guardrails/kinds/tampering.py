"""Kind `tampering`: words that were disguised, as the reading found them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit, TextCheck

TRICKS = (
    "homoglyph", "zero_width", "bidi", "spacing", "cut", "leetspeak", "fullwidth", "styled", "stacked_marks", "html_entities",
    "markup_inside", "repeated_letters", "emoji_words",
)  # fmt: skip


def compile_tampering(spec: Mapping[str, Any]) -> TextCheck:
    """A check for disguised words.

    Args:
        spec: `tricks`: which ones; all when not given. `least`: how many such words it takes, 1 when not given.

    Raises:
        ValueError: a trick is unknown.
    """
    wanted = frozenset(spec.get("tricks", TRICKS))
    least = int(spec.get("least", 1))
    if unknown := sorted(wanted.difference(TRICKS)):
        raise ValueError(f"unknown trick {unknown[0]!r}; one of {', '.join(TRICKS)}")

    def check(document: Document) -> Iterator[Hit]:
        found = [tampering for tampering in document.tampering if tampering.trick in wanted]
        if len(found) >= least:
            for tampering in found:
                yield Hit(tampering.start, tampering.end, detail=f"reads {tampering.reads!r}")

    return check
