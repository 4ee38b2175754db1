"""Repairs that need no model."""

from __future__ import annotations

import pytest

from drafter.domain import Category, Draft, Finding, Origin, SentenceKind, Severity
from drafter.drafting.mend import mend_by_code
from drafter.drafting.parts import Part, lay_out

K = SentenceKind
PARTS = (
    (Part("Hello,", K.NOTICE),),
    (Part("We are sorry that the lid leaks.", K.RESTATEMENT), Part("How annoying.", K.EMPATHY)),
    (Part("We will replace it.", K.ACTION), Part("See www.shop.example for more.", K.NOTICE), Part("Reply here.", K.NOTICE)),
    (Part("Mia", K.NOTICE),),
)


def draft() -> Draft:
    """A reply of two paragraphs in a frame."""
    layout = lay_out(PARTS, " ")
    return Draft(
        text=layout.text,
        language="en",
        origin=Origin.MODEL,
        content=(),
        prompt=None,
        model_asked="m",
        model_answered="m",
        attempt=1,
        sentences=layout.sentences,
    )


def found(words: str, category: Category = Category.PROMOTION, severity: Severity = Severity.BLOCK) -> Finding:
    """A finding on these words of the draft."""
    start = draft().text.index(words)
    return Finding(
        rule_id="r",
        category=category,
        severity=severity,
        start=start,
        end=start + len(words),
        quote=words,
        message="m",
        source="s",
        suggestion="s",
        view="raw",
    )


@pytest.mark.parametrize(
    ("finding", "before", "text"),
    [
        (
            found("Reply here"),
            "Reply here.",
            "Hello,\n\nWe are sorry that the lid leaks. How annoying.\n\nWe will replace it. See www.shop.example for more.\n\nMia",
        ),
        (
            found("annoying"),
            "How annoying.",
            "Hello,\n\nWe are sorry that the lid leaks.\n\nWe will replace it. See www.shop.example for more. Reply here.\n\nMia",
        ),
        (
            found("www.shop.example", Category.EXTERNAL_LINK),
            " www.shop.example",
            "Hello,\n\nWe are sorry that the lid leaks. How annoying.\n\nWe will replace it. See for more. Reply here.\n\nMia",
        ),
    ],
)
def test_a_missable_sentence_is_dropped_and_a_link_struck_out(finding: Finding, before: str, text: str) -> None:
    """Nothing else changes, the diff says what did, and the proof's places fit the new text."""
    mended = mend_by_code(draft(), [finding])
    assert mended is not None
    assert mended.text == text
    assert [(e.before, e.after) for e in mended.edits] == [(before, "")]
    assert draft().text[mended.edits[0].start :].startswith(before)
    assert "".join(mended.text[s.start : s.end] for s in mended.sentences).replace(" ", "") == "".join(text.split())


@pytest.mark.parametrize("words", ["lid leaks", "will replace", "Hello", "Mia"])
def test_what_carries_the_reply_is_left_to_the_writer(words: str) -> None:
    """The apology, the remedy and the frame cannot simply go."""
    assert mend_by_code(draft(), [found(words)]) is None


def test_one_finding_that_cannot_be_mended_leaves_all_to_the_writer() -> None:
    """A half-mended draft helps nobody."""
    assert mend_by_code(draft(), [found("annoying"), found("will replace")]) is None


def test_two_findings_in_one_sentence_are_one_edit() -> None:
    """A dropped sentence takes all of them along."""
    mended = mend_by_code(draft(), [found("How"), found("annoying")])
    assert mended is not None
    assert len(mended.edits) == 1


def test_notes_and_drafts_without_places_are_not_touched() -> None:
    """Nothing to mend, or nothing to go by."""
    assert mend_by_code(draft(), [found("annoying", severity=Severity.NOTE)]) is None
    assert mend_by_code(draft().model_copy(update={"sentences": ()}), [found("annoying")]) is None
