"""Kind `length`: a text that is longer than its place allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from drafter.guardrails.document import Document, Hit, Sentence, TextCheck

_FEW_WORDS = 4
"""A line with fewer words and no full stop is a greeting or a signature, not a sentence."""


def compile_length(spec: Mapping[str, Any]) -> TextCheck:
    """A check for too many characters or sentences.

    Args:
        spec: `max_chars`, `max_sentences`: a number, or a mapping from channel to number; channels not named have no limit.
    """
    max_chars, max_sentences = _limits(spec.get("max_chars")), _limits(spec.get("max_sentences"))

    def check(document: Document) -> Iterator[Hit]:
        text, channel = document.text, document.request.channel
        limit = max_chars(channel)
        if limit is not None and len(text) > limit:
            yield Hit(limit, len(text), view="raw", detail=f"{len(text)} characters, {limit} allowed")
        limit = max_sentences(channel)
        if limit is not None:
            counted = [sentence for sentence in document.sentences if _is_counted(document, sentence)]
            if len(counted) > limit:
                yield Hit(counted[limit].start, len(text), view="raw", detail=f"{len(counted)} sentences, {limit} allowed")

    return check


def _limits(limit: int | Mapping[str, int] | None) -> Callable[[str], int | None]:
    """Gives the limit that holds in a channel; None when there is none."""
    return limit.get if isinstance(limit, Mapping) else lambda channel: limit


def _is_counted(document: Document, sentence: Sentence) -> bool:
    """True for sentences; greetings and signatures on lines of their own do not count."""
    return sentence.last - sentence.first >= _FEW_WORDS or document.text[sentence.end - 1] in ".!?\u3002\uff01\uff1f"
