"""How much of a draft belongs to this very review: content words that both share. Stock replies share none, whatever their tone.

Source: Kew and Volk 2022 (ECNLP): 15 % of human and 34 % of model replies share no content word with their review.
"""

from __future__ import annotations

from drafter.domain import Score
from drafter.scoring.material import Material

NAME = "specificity"
VERSION = 1

ENOUGH_SHARED = 4
"""Shared words from which more say nothing more; a review with fewer content words needs all of them."""


def score_specificity(material: Material) -> Score:
    """Share of the words needed to see that this review was read; None when the two texts cannot share words."""
    if not material.same_language:
        return Score(scorer=NAME, version=VERSION, value=None, reason="draft and review are in different languages")
    if not material.review_content:
        return Score(scorer=NAME, version=VERSION, value=None, reason="the review has no content words")
    needed = min(ENOUGH_SHARED, len(material.review_content))
    shared = sorted(material.shared)
    value = min(1.0, len(shared) / needed)
    has = f"{len(shared)} words" if len(shared) > needed else f"{len(shared)} of {needed} needed words"
    reason = f"shares {has} with the review" + (f"; {needed} would do" if len(shared) > needed else "")
    return Score(scorer=NAME, version=VERSION, value=round(value, 4), reason=reason)
