"""Reads a text once, the way a person would: words as they look, whatever they are made of.

Clean text costs next to nothing: one set of its characters proves that no disguise can be there. Only a text that shows one is
folded, and in it only the tokens that show one, because blind normalisers break Vietnamese, Persian and Greek.
"""

from __future__ import annotations

from collections.abc import Callable

from drafter.domain import CheckRequest
from drafter.guardrails.document import Document, View
from drafter.guardrails.segmentation import build_tokens, split_words

Vocabulary = Callable[[str], bool]
"""True for a folded word, inflected or not, that some rule cares about. A disguise is undone only where it hides such a word."""


def know_nothing(word: str) -> bool:
    """False: no word matters."""
    return False


def fold_word(word: str) -> str:
    """A word of a lexicon in the form that `Token.norm` has: case-folded, with the straight apostrophe."""
    return word.casefold().replace("\u2019", "'").replace("\u02bc", "'")


def read(request: CheckRequest, vocabulary: Vocabulary = know_nothing) -> Document:
    """The text with its tokens, sentences and the disguises found in it.

    Args:
        request: Its `text` is read; its `language` helps with sentence ends.
        vocabulary: Which words are worth undoing a disguise for; called with the form of `Token.norm`.
    """
    text = request.text
    chars = frozenset(text)
    folded = text.lower() if "\u0130" not in chars else text.replace("\u0130", "i").lower()
    parts = split_words(folded, chars)
    norms = parts.words if folded.isascii() else [fold_word(word) for word in parts.words]
    tokens, sentences = build_tokens(text, parts.seps, norms, parts.starts, parts.ends, request.language)
    return Document(request, text, View("folded", folded, None), tokens, sentences, [], chars)
