"""Kind `tampering`: words that were disguised, as the reading found them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit, Tampering, TextCheck
from drafter.guardrails.language_evidence import count_small_words

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
        found = [tampering for tampering in document.tampering if tampering.trick in wanted and not _is_at_home(document, tampering)]
        if len(found) >= least:
            for tampering in found:
                yield Hit(tampering.start, tampering.end, detail=f"reads {tampering.reads!r}")

    return check


_MARKED = {
    "fr": frozenset("éèêëàâùûçîïôœ"),
    "pt": frozenset("áâãàçéêíóôõú"),
    "es": frozenset("áéíóúñü"),
    "it": frozenset("àèéìíòóù"),
    "de": frozenset("äöüß"),
}
"""Letters with marks, by the language that writes them."""
_ENOUGH = 4
"""Small words that show a language."""


def _is_at_home(document: Document, tampering: Tampering) -> bool:
    """True for a word such as `présenté`: another reading of it exists, but its marks are those of the text's language."""
    if tampering.trick != "stacked_marks":
        return False
    marked = {char for char in document.text[tampering.start : tampering.end].lower() if not char.isascii()}
    counts = count_small_words(document.norms)
    return any(counts.get(language, 0) >= _ENOUGH and marked <= letters for language, letters in _MARKED.items())
