"""Kind `word_list`: fixed strings, searched in the folded text, that stand between word edges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit


def compile_word_list(spec: Mapping[str, Any]) -> Callable[[Document], Iterable[Hit]]:
    """A check for `spec["words"]`; each is found in any case, and never inside a longer word."""
    words = tuple(str(word).casefold() for word in spec["words"])

    def check(document: Document) -> Iterator[Hit]:
        text = document.folded.text
        for word in words:
            at = text.find(word)
            while at >= 0:
                end = at + len(word)
                if _is_edge(text, at, -1) and _is_edge(text, end - 1, 1):
                    yield Hit(*document.folded.to_raw(at, end))
                at = text.find(word, end)

    return check


def _is_edge(text: str, at: int, way: int) -> bool:
    """True when a word does not go on past `at`."""
    beyond = at + way
    return not text[at].isalnum() or not 0 <= beyond < len(text) or not text[beyond].isalnum()
