"""Repairs that need no model: a sentence that can be missed is dropped, a link is struck out. What was done is kept as a diff.

Smallest change first, and only where it is mechanical: whatever carries the reply (the first restatement, the remedy, the one question, the
frame) is left to the writer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from drafter.domain import Category, Draft, Edit, Finding, Sentence, SentenceKind, Severity

MENDED = frozenset({Severity.BLOCK, Severity.WARN})
MISSABLE = frozenset({SentenceKind.EMPATHY, SentenceKind.CLAIM, SentenceKind.NOTICE, SentenceKind.RESTATEMENT})
LEAST_SENTENCES = 2
"""Besides greeting and signature; a shorter reply is no reply."""

_LINK = re.compile(r"\s*\(?(?:https?://|www\.)[^\s)]+\)?", re.IGNORECASE)


def mend_by_code(draft: Draft, findings: Sequence[Finding]) -> Draft | None:
    """The draft without what was found in it; None when that would take more than dropping sentences or links."""
    wanted = [finding for finding in findings if finding.severity in MENDED]
    if not wanted or not draft.sentences:
        return None
    edits: list[Edit] = []
    for finding in wanted:
        sentence = next((s for s in draft.sentences if s.start <= finding.start and finding.end <= s.end), None)
        edit = _edit(draft, finding, sentence) if sentence else None
        if edit is None:
            return None
        edits.append(edit)
    return _apply(draft, _distinct(edits))


def _edit(draft: Draft, finding: Finding, sentence: Sentence) -> Edit | None:
    """The least change that answers a finding."""
    words = draft.text[sentence.start : sentence.end]
    if finding.category is Category.EXTERNAL_LINK and (link := _LINK.search(words)) and _LINK.sub("", words).strip(" .!"):
        start = sentence.start + link.start()
        return Edit(rule_id=finding.rule_id, start=start, before=link.group(), after="")
    if not _can_be_missed(draft, sentence):
        return None
    return Edit(rule_id=finding.rule_id, start=sentence.start, before=words, after="")


def _can_be_missed(draft: Draft, sentence: Sentence) -> bool:
    """True for a sentence that is neither frame nor what the reply is there for."""
    first, last = draft.sentences[0], draft.sentences[-1]
    is_frame = sentence.kind is SentenceKind.NOTICE and sentence in {first, last}
    told = [s for s in draft.sentences if s.kind is SentenceKind.RESTATEMENT]
    return sentence.kind in MISSABLE and not is_frame and (not told or sentence != told[0])


def _distinct(edits: Sequence[Edit]) -> list[Edit]:
    """Edits by place, each place once; a dropped sentence takes what is in it along."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, -len(e.before))):
        if not kept or edit.start >= kept[-1].start + len(kept[-1].before):
            kept.append(edit)
    return kept


def _apply(draft: Draft, edits: Sequence[Edit]) -> Draft | None:
    """The draft after the edits, with its sentences in their new places; None when too little is left."""
    dropped = {(e.start, e.start + len(e.before)) for e in edits}
    rest = [s for s in draft.sentences if (s.start, s.end) not in dropped]
    if len(rest) < LEAST_SENTENCES or not any(s.kind in {SentenceKind.RESTATEMENT, SentenceKind.ACTION} for s in rest):
        return None
    text, sentences, end = "", list[Sentence](), 0
    for sentence in rest:
        words = draft.text[sentence.start : sentence.end]
        for edit in reversed([e for e in edits if sentence.start <= e.start < sentence.end]):
            at = edit.start - sentence.start
            words = words[:at] + edit.after + words[at + len(edit.before) :]
        between = draft.text[end : sentence.start] if sentences else ""
        text += ("\n\n" if "\n\n" in between else " " if between.strip() or " " in between else "") if sentences else ""
        sentences.append(sentence.model_copy(update={"start": len(text), "end": len(text) + len(words)}))
        text += words
        end = sentence.end
    return draft.model_copy(update={"text": text, "sentences": tuple(sentences), "edits": (*draft.edits, *edits)})
