"""Reads a text once, the way a person would: words as they look, whatever they are made of.

Clean text costs next to nothing: the set of its characters proves that no disguise can be there. Only a text that shows one is
folded, and in it only the words that show one, because blind normalisers break Vietnamese, Persian and Greek.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache, partial

from drafter.domain import CheckRequest
from drafter.guardrails.document import Document, Sentence, Tampering, View
from drafter.guardrails.edits import Vocabulary
from drafter.guardrails.folding import Folding, fold_characters, needs_folding, plain_folding
from drafter.guardrails.letters import EMOJI_WORDS
from drafter.guardrails.segmentation import Parts, build_tokens, split_words
from drafter.guardrails.unmasking import find_edits

_MAX_LAYERS = 6
"""Disguises on top of each other that are undone: spaced letters that are leetspeak that repeat letters."""
_DOT_LEADER = "\u2024"
"""Looks like a full stop and is none on any keyboard: `bit․ly`."""


def know_nothing(word: str) -> bool:
    """False: no word matters."""
    return False


def fold_word(word: str) -> str:
    """A word of a lexicon in the form that `Token.norm` has: case-folded, with the straight apostrophe."""
    return word.casefold().replace("\u2019", "'").replace("\u02bc", "'").replace("\uff07", "'")


@lru_cache(maxsize=32_768)
def _norm_of(word: str) -> str:
    """What a word of a folded text reads; emoji that stand for words read as their names."""
    return EMOJI_WORDS.get(word) or fold_word(word)


def read(request: CheckRequest, vocabulary: Vocabulary = know_nothing) -> Document:
    """The text with its words, sentences and the disguises found in it.

    Args:
        request: Its `text` is read; its `language` helps with sentence ends.
        vocabulary: Which words are worth undoing a disguise for; called with words in the form of `Token.norm`.
    """
    text = request.text
    chars = frozenset(text)
    seen = text.replace(_DOT_LEADER, ".") if _DOT_LEADER in chars else text
    folding = fold_characters(seen) if needs_folding(seen, chars) else None
    folded = folding.text if folding else seen.lower()
    parts = split_words(folded, chars)
    for _ in range(_MAX_LAYERS):
        edits = find_edits(folded, parts, chars, partial(_raw_letters, text, folding), vocabulary)
        if not edits:
            break
        folding = folding or plain_folding(folded)
        for index, char, trick in edits:
            if char:
                folding.replace(index, char, trick)
            else:
                folding.drop(index, trick)
        folding.compact()
        folded = folding.text
        parts = split_words(folded, frozenset(folded))
    return _document(request, chars, folding, folded, parts)


def _raw_letters(text: str, folding: Folding | None) -> Sequence[str]:
    """For each character of the folded text the raw one, where one stands for it."""
    if folding is None:
        return text
    rows = zip(folding.chars, folding.starts, folding.ends, folding.tricks, strict=True)
    return [char if trick or end - start != 1 else text[start] for char, start, end, trick in rows]


def _document(request: CheckRequest, chars: frozenset[str], folding: Folding | None, folded: str, parts: Parts) -> Document:
    """Puts words, sentences and disguises together, all in raw offsets."""
    norms = parts.words if folded.isascii() else list(map(_norm_of, parts.words))
    starts, ends = parts.starts, parts.ends
    view = View("folded", folded, None)
    if folding:
        view = View("folded", folded, (*folding.starts, len(request.text)), tuple(folding.ends))
        starts, ends = _raw_spans(folding, parts, is_in_order="\u202e" not in chars)
    make_tokens, sentences = build_tokens(request.text, parts, norms, starts, ends, request.language)
    if "\u202e" in chars:
        sentences = [_unreversed(sentence, starts, ends) for sentence in sentences]
    tampering = _tampering(request.text, folding, parts, norms, starts, ends) if folding else []
    if not folded.isascii():
        pictured = {norm: i for i, norm in reversed([(i, norm) for i, norm in enumerate(norms) if norm[0] == ":"])}
        tampering += [Tampering("emoji_words", starts[i], ends[i], norm) for norm, i in sorted(pictured.items())]
    has_singles = folding is not None or parts.has_singles
    return Document(request, request.text, view, make_tokens, sentences, tampering, chars, norms, frozenset(norms), has_singles)


def _unreversed(sentence: Sentence, starts: list[int], ends: list[int]) -> Sentence:
    """A sentence with words that stand backwards, in the order of the raw text."""
    first, last = min(starts[sentence.first : sentence.last]), max(ends[sentence.first : sentence.last])
    return sentence._replace(start=min(first, sentence.start), end=max(last, sentence.end))


def _raw_spans(folding: Folding, parts: Parts, *, is_in_order: bool) -> tuple[list[int], list[int]]:
    """Where each word begins and ends in the raw text; bidi controls may have put its letters backwards."""
    starts, ends = folding.starts, folding.ends
    if is_in_order:
        return [starts[start] for start in parts.starts], [ends[end - 1] for end in parts.ends]
    spans = list(zip(parts.starts, parts.ends, strict=True))
    return [min(starts[start:end]) for start, end in spans], [max(ends[start:end]) for start, end in spans]


def _tampering(text: str, folding: Folding, parts: Parts, norms: list[str], starts: list[int], ends: list[int]) -> list[Tampering]:
    """One entry for each disguised word of two letters or more."""
    found: dict[int, Tampering] = {}
    done = 0
    for index in [index for index, trick in enumerate(folding.tricks) if trick]:
        if index < done:
            continue
        word = bisect_right(parts.starts, index) - 1
        if word < 0 or index >= parts.ends[word]:
            continue
        if word in found:
            done = parts.ends[word]
            continue
        if folding.tricks[index] in ("spacing", "cut") and len(norms[word]) == 1 and word + 1 < len(norms):
            found[word] = _pulled_apart(found.pop(word - 1, None), norms[word : word + 2], starts[word], ends[word + 1])
        elif len(norms[word]) > 1 and not _is_hyphenated(text[starts[word] : ends[word]], norms[word]):
            found[word] = Tampering(folding.tricks[index], starts[word], ends[word], norms[word])
    return list(found.values())


_SOFT_HYPHEN = "\u00ad"
_LONG_WORD = 7


def _is_hyphenated(raw: str, norm: str) -> bool:
    """True for a long word with one soft hyphen, which typesetting leaves behind; nothing else in it is disguised."""
    return _SOFT_HYPHEN in raw and len(norm) >= _LONG_WORD and raw.replace(_SOFT_HYPHEN, "", 1).lower() == norm


def _pulled_apart(before: Tampering | None, pair: list[str], start: int, end: int) -> Tampering:
    """Chinese or Japanese characters pulled apart, as one entry with those before them."""
    if before is not None and before.end > start:
        return Tampering("spacing", before.start, end, before.reads + pair[1])
    return Tampering("spacing", start, end, "".join(pair))
