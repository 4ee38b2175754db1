from datetime import UTC, datetime, timedelta

import pytest

from drafter.cases.clock import ClockState, MessageClock

RECEIVED = datetime(2026, 11, 21, 9, tzinfo=UTC)
"""A Saturday: weekends count."""
DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("hours", "state"), [(1, ClockState.OPEN), (18, ClockState.DUE_SOON), (24, ClockState.DUE_SOON), (25, ClockState.OVERDUE)]
)
def test_an_open_message_ages(hours, state):
    """A message is open, then due soon, then overdue."""
    assert MessageClock(RECEIVED, DAY).state(RECEIVED + timedelta(hours=hours)) is state


def test_answers_are_in_time_or_late_for_ever():
    """When it was answered decides, not when one looks."""
    later = RECEIVED + timedelta(days=90)
    assert MessageClock(RECEIVED, DAY, answered_at=RECEIVED + DAY).state(later) is ClockState.ANSWERED
    assert MessageClock(RECEIVED, DAY, answered_at=RECEIVED + timedelta(hours=30)).state(later) is ClockState.ANSWERED_LATE


def test_no_response_needed_leaves_the_metric():
    """A thank-you needs no answer."""
    assert MessageClock(RECEIVED, DAY, is_not_needed=True).state(RECEIVED + timedelta(days=3)) is ClockState.NOT_NEEDED
