"""The parts of a thing about which a review complains, where nothing plainer can be said of the clause: its battery, its lid, its app.

A part is only named beside a word that complains, or where triage saw a fault of an unhappy buyer: which fault it is, stays unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from drafter.domain import Review, Triage
from drafter.drafting.details import Detail, DetailBook
from drafter.drafting.literals import Lowered
from drafter.drafting.points import complains, is_kept_out
from drafter.drafting.sentences import Piece, split_clauses, split_parts, split_sentences
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.words import stem_words

MAX_RATING = 3
"""Up to which a buyer is believed to complain wherever triage saw something."""
MIN_SEEN_WORDS = 3
"""A bare noun tells nothing by itself."""
MAX_WHOLE_WORDS = 8
"""Of a clause whose parts are about one thing."""
_LIKEWISE = re.compile(r"\b(?:too|as well|also|auch|ebenso|aussi|également|también|anche|também)$", re.IGNORECASE)


def find_aspects(review: Review, triage: Triage, lexicon: Lexicon, book: DetailBook, *, thing: str) -> tuple[Detail, ...]:
    """Parts that the review complains of, in its order, each once; never the thing itself."""
    found: dict[str, Detail] = {}
    if thing in book.foods if thing else book.is_about_food(review.text):
        return ()
    parts = list(_sore_parts(review, triage, lexicon, book))
    text = Lowered.of("\n".join(part.text for part in parts))
    for spec in book.file.details if parts else ():
        if not spec.is_aspect:
            continue
        patterns = [(word, gated.pattern) for word, gated in book.patterns[spec.id] if gated.search(text)]
        for part in parts if patterns else ():
            for word, pattern in patterns:
                m = pattern.search(part.text)
                before = part.text[: m.start()] if m else ""
                if not m or word in found or book.elsewhere.search(before) or not book.pointed.search(before):
                    continue
                if _is_cleared(part.text, m, book, thing):
                    continue
                if not (thing and re.search(rf"\b{re.escape(m.group())}$", thing, re.IGNORECASE)):
                    place = (part.start + m.start(), part.start + m.end())
                    found[word] = Detail(spec, (word,), MappingProxyType({}), ((part.start, part.end),), (place,), 1)
    return tuple(sorted(found.values(), key=lambda detail: detail.places))


def _is_cleared(text: str, part: re.Match[str], book: DetailBook, thing: str) -> bool:
    """True where the part is not to blame, or belongs to something other than the thing."""
    for stretch in book.cleared.finditer(text):
        owner = next((name for name in stretch.groupdict().values() if name), "")
        is_ours = owner and thing and thing.casefold().endswith(owner.casefold())
        if stretch.start() < part.end() and part.start() < stretch.end() and not is_ours:
            return True
    return False


def _sore_parts(review: Review, triage: Triage, lexicon: Lexicon, book: DetailBook) -> Iterator[Piece]:
    """Parts of the review in which something is complained of."""
    text, is_unhappy = review.text, review.rating is None or review.rating <= MAX_RATING
    for sentence in split_sentences(text):
        if book.solved.search(sentence.text):
            continue
        whole = split_clauses(text, sentence)
        for clause in book.mood.told_clauses(text, sentence, with_others=False):
            if clause not in whole:  # "A sleeve would cost three cents": what stands before a supposition is no complaint.
                continue
            parts = [clause] if len(clause.text.split()) <= MAX_WHOLE_WORDS else split_parts(clause)
            for part in parts:
                is_seen = is_unhappy and any(s.start < part.end and part.start < s.end for s in triage.issue_spans)
                is_seen = is_seen and len(part.text.split()) >= MIN_SEEN_WORDS
                is_sore = complains(part.text, lexicon)
                if (
                    is_kept_out(part, triage)
                    or not (is_seen or is_sore)
                    or book.faultless.search(part.text)
                    or book.wishes.search(part.text)
                    or book.asides.is_background(clause.text, lexicon)
                ):
                    continue
                # "The foam is great and the strap too": such a one shares the praise beside it.
                is_alike = not is_sore or _LIKEWISE.search(part.text)
                if not any(_has_praise(p.text, lexicon) for p in (parts if is_alike else [part])):
                    yield part


def _has_praise(text: str, lexicon: Lexicon) -> bool:
    return not lexicon.praise.isdisjoint(stem_words(text, lexicon.language))
