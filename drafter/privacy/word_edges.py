"""Pieces of text found in whole words, also beside Chinese and Japanese, which have no words to end in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

_IN_WORD = r"[0-9A-Za-z_\u00c0-\u024f]"
"""No Chinese or Japanese sign; the set is small, since it is compiled for each request."""
_IS_IN_WORD = re.compile(_IN_WORD).match


class Piece(NamedTuple):
    """Words to look for."""

    text: str
    in_any_letters: bool
    """True when `anna` is `Anna`."""


def compile_pieces(pieces: Iterable[Piece]) -> tuple[re.Pattern[str], list[Piece]]:
    """A pattern for these pieces, none of them inside a longer word and the longest first, and the piece of each of its groups."""
    ordered = sorted(pieces, key=lambda piece: -len(piece.text))
    groups = [(edges, "|".join(map(_words, alike))) for edges, alike in groupby(ordered, key=lambda piece: _edges(piece.text))]
    return re.compile("|".join(f"{start}(?:{words}){end}" for (start, end), words in groups)), ordered


def _edges(text: str) -> tuple[str, str]:
    return (f"(?<!{_IN_WORD})" if _IS_IN_WORD(text[0]) else "", f"(?!{_IN_WORD})" if _IS_IN_WORD(text[-1]) else "")


def _words(piece: Piece) -> str:
    """A group for a piece, whatever its blanks are."""
    words = r"\s+".join(map(re.escape, piece.text.split()))
    return f"((?i:{words}))" if piece.in_any_letters else f"({words})"


def says(text: str, name: str) -> bool:
    """True when a text has this name in whole words, in any letters."""
    return name.casefold() in text.casefold() and compile_pieces([Piece(name, True)])[0].search(text) is not None
