import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.cases.reply import ReplyEvent, ReplyRefused, advance, may_post
from drafter.domain import ReplyState


def test_a_live_reply_cannot_be_posted_again():
    """One public reply at a time."""
    with pytest.raises(ReplyRefused, match="live"):
        advance(ReplyState.LIVE, ReplyEvent.POSTED)


def test_a_deleted_reply_locks_the_place():
    """After deleting there is no second reply."""
    assert advance(ReplyState.LIVE, ReplyEvent.DELETED) is ReplyState.LOCKED
    assert not may_post(ReplyState.LOCKED)


def test_changed_feedback_frees_a_live_reply_and_asks_a_person_about_a_locked_one():
    """Amazon says what happens to a live reply only."""
    assert advance(ReplyState.LIVE, ReplyEvent.BUYER_CHANGED_FEEDBACK) is ReplyState.NONE
    assert advance(ReplyState.LOCKED, ReplyEvent.BUYER_CHANGED_FEEDBACK) is ReplyState.UNSURE


def test_removed_feedback_is_the_end():
    """There is nothing left to reply to, and no event leads back."""
    for event in ReplyEvent:
        with pytest.raises(ReplyRefused):
            advance(ReplyState.GONE, event)


@given(st.lists(st.sampled_from(list(ReplyEvent)), max_size=40))
def test_no_path_posts_twice(events):
    """Between two posts the buyer changed the feedback, or a person found the place free; never without."""
    state, freed = ReplyState.NONE, True
    for event in events:
        try:
            state = advance(state, event)
        except ReplyRefused:
            continue
        if event is ReplyEvent.POSTED:
            assert freed
            freed = False
        elif event in {ReplyEvent.BUYER_CHANGED_FEEDBACK, ReplyEvent.PERSON_FOUND_IT_FREE}:
            freed = True
