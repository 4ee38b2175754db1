"""`signs_of`: what a text shows besides its concepts, found in one look, so that rules of form need not each look for themselves.

Most replies are words and full stops. That no address, number, tag or slot can be in such a text is told by its characters, by a few
short searches, and by one look for the words that give an address, an app or a machine away. A sign too many costs time and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from drafter.guardrails.addresses import is_tied, spoken_words
from drafter.guardrails.contact_words import contact_words
from drafter.guardrails.document import Document, Hit, TextCheck
from drafter.guardrails.kinds.links import opt_out_hints
from drafter.guardrails.kinds.placeholder import trace_words
from drafter.guardrails.phones import is_said, may_be_written, said_words
from drafter.guardrails.scene import Scene

ALWAYS, ODD, ADDRESS, APP, NUMBER, MACHINE, WAY_OUT = (1 << n for n in range(7))
"""What every text shows; anything but plain words; words of an address, of apps and codes, of a number, of a machine, of a way out."""
SHIFT = 7
"""Above the signs stand the concepts, so that one number tells whether a rule has anything to look at."""

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWYZ0123456789 .,;!?')-\n")
"""No X, which crosses out; no colon, no quotation mark, no bracket that opens, no blank but one: each can begin something."""
_INSIDE = re.compile(r"\.[a-z0-9]").search
_CAPITALS = re.compile("[A-Z]{3}").search
_LINES = re.compile(r"\n *(?:-|\n *\n)").search


@dataclass(frozen=True, slots=True)
class FormCheck:
    """A check of the text alone, which finds nothing where none of its signs shows."""

    check: TextCheck
    signs: int

    def __call__(self, scene: Scene) -> Iterable[Hit]:
        return self.check(scene.document)


def signs_of(document: Document) -> int:
    """All signs that a text shows."""
    signs = ALWAYS if _is_plain(document) else ALWAYS | ODD
    words, known = _words()
    for word in known & document.words:
        signs |= words[word]
    return signs & ~NUMBER if signs & NUMBER and not is_said(document) else signs


def _is_plain(document: Document) -> bool:
    """True for a text in which nothing was folded and that is made of words."""
    chars, text = document.chars, document.text
    if not chars <= _PLAIN or document.folded.offsets is not None or document.has_singles:
        return False
    folded = document.folded.text
    if _INSIDE(folded) or _CAPITALS(text) or "xxx" in text or may_be_written(document):
        return False
    return not (("\n" in chars and _LINES(text)) or ("'" in chars and is_tied(folded)))


@cache
def _words() -> tuple[Mapping[str, int], frozenset[str]]:
    """Words that are signs, with what they are signs of; and the words alone."""
    words = contact_words()
    found: dict[str, int] = {}
    sorts: Iterable[tuple[int, Iterable[str]]] = (
        (ADDRESS, (*spoken_words()[0], "www")),
        (APP, (*words.apps.words, *words.everyday_apps, *words.app_words.words, *words.qr.words)),
        (NUMBER, said_words()),
        (MACHINE, trace_words()),
        (WAY_OUT, opt_out_hints()),
    )
    for sign, some in sorts:
        for word in some:
            found[word] = found.get(word, 0) | sign
    return found, frozenset(found)
