"""How much closer a draft is to this review than to reviews of other things. A stock reply has none, whatever its words."""

from __future__ import annotations

from math import sqrt

from drafter.domain import Score
from drafter.scoring.material import Material

NAME = "lift"
VERSION = 1

FULL_LIFT = 0.25
"""Cosine above that to other reviews from which more is an echo; a reply that quotes a clause of a three-sentence review has about that."""


def score_lift(material: Material) -> Score:
    """Closeness to this review less the mean closeness to others, as a share of `FULL_LIFT`; None across languages."""
    if material.lexicon is None or not material.lexicon.others:
        return Score(scorer=NAME, version=VERSION, value=None, reason=f"no other reviews in {material.language}")
    if not material.same_language or not material.review_content:
        return Score(scorer=NAME, version=VERSION, value=None, reason="draft and review cannot share words")
    said = frozenset(w.stem for w in material.content)
    own = _closeness(said, material.review_content)
    others = [_closeness(said, other) for other in material.lexicon.others]
    lift = own - sum(others) / len(others)
    value = round(min(1.0, max(0.0, lift / FULL_LIFT)), 4)
    return Score(scorer=NAME, version=VERSION, value=value, reason=f"{own:.2f} to this review, {own - lift:.2f} to others")


def _closeness(left: frozenset[str], right: frozenset[str]) -> float:
    """Cosine of two sets."""
    return len(left & right) / sqrt(len(left) * len(right)) if left and right else 0.0
