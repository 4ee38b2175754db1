"""A review made safe to work with: markup, links, contact data and text that addresses the machine are cut out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from drafter.domain import Quote

_MARKUP = re.compile(r"<[^<>]{0,200}>")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|org|io|de|co|shop|info)\b/?\S*", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+")
_LONG_NUMBER = re.compile(r"\+?\d[\d\s().-]{6,}\d")
_ROLE = re.compile(r"(?:^|\n)\s*(?:system|assistant|user|instruction)s?\s*:", re.IGNORECASE)
_SPECIAL = re.compile(r"<\|[^|>]{0,40}\|>|\[/?INST\]|```|[{}\[\]<>]")


def cut_spans(text: str, spans: Iterable[Quote]) -> str:
    """Text without the given places; each leaves a line break, so that its neighbours do not run together."""
    for span in sorted(spans, key=lambda s: s.start, reverse=True):
        text = f"{text[: span.start]}\n{text[span.end :]}"
    return text


def sanitise(text: str, injection: Iterable[Quote], *, max_chars: int) -> str:
    """The buyer's words alone, at most `max_chars` characters, ending with a whole sentence where one ends."""
    text = cut_spans(text, injection)
    # An address goes before the link it ends in, or its name would stay.
    for pattern in (_MARKUP, _MAIL, _LINK, _LONG_NUMBER, _ROLE, _SPECIAL):
        text = pattern.sub(" ", html.unescape(text))
    text = re.sub(r"\s*%", " percent", text)
    text = "\n".join(line for raw in text.splitlines() if (line := " ".join(raw.split())))
    if len(text) <= max_chars:
        return text
    cut = max(text.rfind(mark, 0, max_chars) for mark in (". ", "! ", "? ", "\n", "\u3002"))
    return text[: cut + 1].strip() if cut > max_chars // 2 else text[:max_chars].strip()


def has_unsafe_form(text: str) -> bool:
    """True when the text holds markup, a link, an address, a long number or scaffolding."""
    return any(pattern.search(text) for pattern in (_MARKUP, _MAIL, _LINK, _LONG_NUMBER, _SPECIAL))
