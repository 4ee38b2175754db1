"""How soon a person should look at an item: one number for sorting a queue."""

from __future__ import annotations

from datetime import datetime

from drafter.domain import Subject

SAFETY = 1.0
LEGAL = 0.85
RATING = {1: 0.45, 2: 0.35, 3: 0.2, 4: 0.1, 5: 0.05}
UNKNOWN_RATING = 0.35
FEEDBACK = 0.15
"""Seller feedback counts towards the order defect rate and is public at once."""
AGE = 0.3
AGE_FULL_DAYS = 7.0
"""81 of 100 buyers expect an answer within a week (FIELD section 0)."""
HELPFUL = 0.1
HELPFUL_FULL_VOTES = 20


def score_urgency(
    *,
    is_safety: bool,
    is_legal: bool,
    subject: Subject,
    rating: int | None,
    received_at: datetime | None = None,
    now: datetime | None = None,
    helpful_votes: int = 0,
) -> float:
    """Urgency in [0, 1]; a safety report is always 1. Without a clock age does not count."""
    if is_safety:
        return SAFETY
    score = UNKNOWN_RATING if rating is None else RATING[rating]
    score += FEEDBACK if subject is Subject.SELLER_FEEDBACK else 0.0
    if received_at is not None and now is not None:
        age_days = max((now - received_at).total_seconds() / 86_400, 0.0)
        score += AGE * min(age_days / AGE_FULL_DAYS, 1.0)
    score += HELPFUL * min(max(helpful_votes, 0) / HELPFUL_FULL_VOTES, 1.0)
    return round(min(max(score, LEGAL if is_legal else 0.0), 1.0), 3)
