from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from drafter.cases.urgency import score_urgency
from drafter.domain import Subject

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def urgency(**changes):
    """Urgency of a two-star review with some things changed."""
    values = {"is_safety": False, "is_legal": False, "subject": Subject.PRODUCT_REVIEW, "rating": 2}
    return score_urgency(**(values | changes))


def test_safety_comes_before_everything():
    """A burn goes first, whatever its stars."""
    assert urgency(is_safety=True, rating=5) == 1.0


def test_each_reason_raises_it():
    """Fewer stars, seller feedback, age, votes and a legal threat each move an item up."""
    plain = urgency()
    old = urgency(received_at=NOW - timedelta(days=6), now=NOW)
    assert plain < urgency(rating=1)
    assert plain < urgency(subject=Subject.SELLER_FEEDBACK)
    assert plain < old
    assert plain < urgency(helpful_votes=12)
    assert plain < urgency(is_legal=True)


@given(
    st.booleans(), st.booleans(), st.sampled_from(Subject), st.none() | st.integers(1, 5), st.integers(-50, 500), st.integers(-3, 10_000)
)
def test_it_stays_between_nought_and_one(is_safety, is_legal, subject, rating, age_days, votes):
    """Whatever is put in."""
    score = score_urgency(
        is_safety=is_safety,
        is_legal=is_legal,
        subject=subject,
        rating=rating,
        received_at=NOW - timedelta(days=age_days),
        now=NOW,
        helpful_votes=votes,
    )
    assert 0 <= score <= 1
