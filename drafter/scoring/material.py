"""What every scorer looks at, read once per draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from drafter.domain import Draft, DraftRequest, Span, Triage
from drafter.scoring.lexicon import Lexicon
from drafter.scoring.words import SPACELESS, Runs, Word, base_language, content_words, fold, words_of

PUBLIC_CHANNELS = frozenset({"feedback_reply"})

SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*[\"”»」’]*")
_QUOTED = re.compile(r"[“„«「][^“”„«»「」]*[”“»」]")


@dataclass(frozen=True, slots=True)
class Material:
    """A draft and its review as words."""

    draft: Draft
    request: DraftRequest
    triage: Triage
    language: str
    lexicon: Lexicon | None
    """None when the draft's language has no word list."""
    same_language: bool
    """False when review and draft are in different languages: then no words can be shared."""
    words: tuple[Word, ...]
    content: tuple[Word, ...]
    review_words: tuple[Word, ...]
    review_content: frozenset[str]
    """Stems."""
    shared: frozenset[str]
    """Content stems that the draft shares with the review."""
    sentences: tuple[str, ...]
    """Of the draft, folded."""
    sentence_stems: tuple[frozenset[str], ...]
    places: tuple[Span, ...]
    """Of the sentences, in the draft."""
    quotes: tuple[Span, ...]
    """What stands in quotation marks: somebody else's words."""
    history: tuple[Runs, ...]
    """Earlier replies of this sender to others."""

    def near(self, i: int) -> frozenset[str]:
        """Stems of a sentence and of the one before it."""
        return self.sentence_stems[i] | (self.sentence_stems[i - 1] if i else frozenset())

    def is_quoted(self, at: int) -> bool:
        """True inside quotation marks."""
        return any(span.start <= at < span.end for span in self.quotes)

    @property
    def is_public(self) -> bool:
        """True when everyone can read the reply."""
        return self.request.channel in PUBLIC_CHANNELS


def read_material(
    draft: Draft, request: DraftRequest, triage: Triage, lexicons: Mapping[str, Lexicon], history: tuple[Runs, ...]
) -> Material:
    """Everything that scorers need, computed once."""
    language = base_language(draft.language)
    lexicon = lexicons.get(language)
    stop = lexicon.stop if lexicon else frozenset()
    words = words_of(draft.text, language)
    content = content_words(words, stop)
    review_words = words_of(request.review.text, language)
    review_content = frozenset(w.stem for w in content_words(review_words, stop))
    pieces = [(m.start(), m.end()) for m in SENTENCE.finditer(draft.text) if m.group().strip()]
    return Material(
        draft=draft,
        request=request,
        triage=triage,
        language=language,
        lexicon=lexicon,
        same_language=base_language(triage.language) in {language, "und"},
        words=tuple(words),
        content=tuple(content),
        review_words=tuple(review_words),
        review_content=review_content,
        shared=frozenset(w.stem for w in content) & review_content,
        sentences=tuple(fold(draft.text[start:end]).strip() for start, end in pieces),
        sentence_stems=tuple(frozenset(w.stem for w in content if start <= w.start < end) for start, end in pieces),
        places=tuple(Span(start=start, end=end) for start, end in pieces),
        quotes=tuple(Span(start=m.start(), end=m.end()) for m in _QUOTED.finditer(draft.text)),
        history=history,
    )


def word_count(material: Material) -> float:
    """Length of the draft in words; two characters of Chinese or Japanese count as one."""
    if material.language in SPACELESS:
        return sum(not c.isspace() for c in material.draft.text) / 2
    return float(len(material.words))
