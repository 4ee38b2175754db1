"""Texts and helpers that the guardrail tests share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drafter.domain import CheckRequest
from drafter.guardrails.document import Document, TextCheck
from drafter.guardrails.reading import read

_LISTED = (
    "review reviews delete update change remove refund stars star feedback gift card free discount email positive rating write please "
    "comment customer cambiar reseña bewertung 差评 删除 取り下げ"
)
WORDS = frozenset(_LISTED.split())
"""Stands for the lexicon: the words that a disguise is worth undoing for."""


def honest_texts() -> list[dict[str, str]]:
    """Replies as honest sellers write them, with their language."""
    lines = (Path(__file__).parent / "honest_texts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if not line.startswith("//")]


def read_text(text: str, **case: Any) -> Document:
    """A text as the rules see it."""
    return read(CheckRequest(**{"channel": "buyer_message", "text": text, **case}), WORDS.__contains__)


def quotes_of(check: TextCheck, text: str, **case: Any) -> list[str]:
    """The words that a check points at."""
    return [text[hit.start : hit.end] for hit in check(read_text(text, **case))]


def details_of(check: TextCheck, text: str, **case: Any) -> list[str]:
    """What a check says of each hit."""
    return [hit.detail for hit in check(read_text(text, **case))]


def norms_of(text: str, **case: Any) -> list[str]:
    """What each token of a text reads."""
    return [token.norm for token in read_text(text, **case).tokens]


def ids(texts: Iterable[Any]) -> list[str]:
    """Short test ids."""
    return [str(text)[:40] for text in texts]
