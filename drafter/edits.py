"""What a person changed in a draft, and of what kind: what prompt and template authors learn from.

Words are compared, not characters. Each change has one kind, the first that fits:

    policy   words went that a rule had found something in
    fact     a number, or a word of the case (product, brand, fact, remedy), came or went
    length   words only went, or only came, and many of them
    tone     how warm the draft is judged to be is another than before
    style    everything else
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from drafter.domain import MAX_DRAFT_CHARS, DraftRequest, Finding, HumanVerdict, Scorecard, ShortText, Text, Value, Verdict

LONG_CHANGE_WORDS = 8
"""Words in a row that only came, or only went, from which on the change is one of length."""

TONE_SCORER = "empathy"

_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]", re.UNICODE)
_LETTERS = re.compile(r"[^\W\d_]{4,}")


class VerdictRequest(Value):
    """What a person says about a draft."""

    verdict: Literal["approved", "edited", "rejected"]
    final_text: Text | None = Field(default=None, max_length=MAX_DRAFT_CHARS)
    """The text as it will be sent; with `edited` only."""
    reason: ShortText = ""
    """In a sentence; needed with `rejected`."""
    by: ShortText = Field(min_length=1, max_length=100)
    """Who says so: your own id for the person, no name."""


class EditKind(StrEnum):
    """What a change is about."""

    POLICY = "policy"
    FACT = "fact"
    LENGTH = "length"
    TONE = "tone"
    STYLE = "style"


class Change(Value):
    """One stretch of words that a person replaced, removed or added."""

    kind: EditKind
    before: str
    """Empty when words were added."""
    after: str
    """Empty when words were removed."""


class Edit(Value):
    """All that a person changed."""

    distance: float = Field(ge=0, le=1)
    """Share of words that are not the same: 0 for an untouched draft, 1 for another text."""
    kinds: tuple[EditKind, ...]
    """Each kind once."""
    changes: tuple[Change, ...]


class RecordedVerdict(HumanVerdict):
    """A verdict as it is kept: with what it was made on, and what was changed."""

    id: str
    at: AwareDatetime
    key_id: str | None
    """The API key that it came with; None without keys."""
    prompt: str | None
    """Version of the prompt that wrote the draft; None for a template."""
    is_approved: bool
    """True when the final text may be sent: approved or edited by a person, and found clean by the rules at that moment."""
    checked: Verdict | None
    """What the rules said of the final text at that moment; None for a rejection."""
    pack_sha256: str | None
    edit: Edit | None
    """None unless the text was edited."""


def diff_texts(
    before: str,
    after: str,
    *,
    request: DraftRequest,
    findings: Sequence[Finding],
    scores: tuple[Scorecard, Scorecard],
) -> Edit:
    """What changed between two texts.

    Args:
        findings: What the rules saw in `before`.
        scores: Of `before` and of `after`.
    """
    old, new = list(_WORD.finditer(before)), list(_WORD.finditer(after))
    matcher = difflib.SequenceMatcher(None, [w.group() for w in old], [w.group() for w in new], autojunk=False)
    is_warmer = scores[0].value(TONE_SCORER) != scores[1].value(TONE_SCORER)
    case = _case_words(request)
    changes: list[Change] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone, come = _stretch(before, old[i:j]), _stretch(after, new[k:m])
        touched = bool(gone) and any(f.start < old[j - 1].end() and old[i].start() < f.end for f in findings)
        kind = EditKind.POLICY if touched else _kind(gone, come, words=(j - i, m - k), case=case, is_warmer=is_warmer)
        changes.append(Change(kind=kind, before=gone, after=come))
    kinds = tuple(kind for kind in EditKind if any(change.kind is kind for change in changes))
    return Edit(distance=round(1 - matcher.ratio(), 4), kinds=kinds, changes=tuple(changes))


def _kind(gone: str, come: str, *, words: tuple[int, int], case: frozenset[str], is_warmer: bool) -> EditKind:
    if _numbers(gone) != _numbers(come) or _letters(gone) & case != _letters(come) & case:
        return EditKind.FACT
    if min(words) == 0 and max(words) >= LONG_CHANGE_WORDS:
        return EditKind.LENGTH
    return EditKind.TONE if is_warmer else EditKind.STYLE


def _stretch(text: str, words: Sequence[re.Match[str]]) -> str:
    return text[words[0].start() : words[-1].end()] if words else ""


def _numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))


def _letters(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _LETTERS.findall(text))


def _case_words(request: DraftRequest) -> frozenset[str]:
    """Words that only this case could have brought in."""
    seller = request.seller
    remedies = (remedy.replace("_", " ") for remedy in seller.allowed_remedies)
    return _letters(" ".join((request.product.title, seller.brand, *seller.facts, *remedies)))
