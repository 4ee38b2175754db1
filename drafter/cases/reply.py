"""The life of a public reply to seller feedback: it can be posted once, never edited, and deleting it locks the place.

    NONE ──post──▶ LIVE ──delete──▶ LOCKED
      ▲              │                 │
      └─buyer changes feedback─┘       └─buyer changes feedback─▶ UNSURE ──a person says it is free──▶ NONE
    any ──buyer removes feedback──▶ GONE

Amazon's text is clear for a reply that was live when the buyer changed the feedback; for a deleted one it is silent, so that a person
looks first.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from drafter.domain import ReplyState


class ReplyEvent(StrEnum):
    """What happens to the reply or to the feedback under it."""

    POSTED = "posted"
    DELETED = "deleted"
    BUYER_CHANGED_FEEDBACK = "buyer_changed_feedback"
    BUYER_REMOVED_FEEDBACK = "buyer_removed_feedback"
    PERSON_FOUND_IT_FREE = "person_found_it_free"


class ReplyRefused(ValueError):
    """The event cannot happen in this state; nothing was changed."""

    def __init__(self, state: ReplyState, event: ReplyEvent) -> None:
        self.state = state
        self.event = event
        super().__init__(f"a reply that is '{state}' cannot be '{event}'")


_MOVES: Mapping[tuple[ReplyState, ReplyEvent], ReplyState] = {
    (ReplyState.NONE, ReplyEvent.POSTED): ReplyState.LIVE,
    (ReplyState.NONE, ReplyEvent.BUYER_CHANGED_FEEDBACK): ReplyState.NONE,
    (ReplyState.NONE, ReplyEvent.BUYER_REMOVED_FEEDBACK): ReplyState.GONE,
    (ReplyState.LIVE, ReplyEvent.DELETED): ReplyState.LOCKED,
    (ReplyState.LIVE, ReplyEvent.BUYER_CHANGED_FEEDBACK): ReplyState.NONE,
    (ReplyState.LIVE, ReplyEvent.BUYER_REMOVED_FEEDBACK): ReplyState.GONE,
    (ReplyState.LOCKED, ReplyEvent.BUYER_CHANGED_FEEDBACK): ReplyState.UNSURE,
    (ReplyState.LOCKED, ReplyEvent.BUYER_REMOVED_FEEDBACK): ReplyState.GONE,
    (ReplyState.UNSURE, ReplyEvent.PERSON_FOUND_IT_FREE): ReplyState.NONE,
    (ReplyState.UNSURE, ReplyEvent.BUYER_CHANGED_FEEDBACK): ReplyState.UNSURE,
    (ReplyState.UNSURE, ReplyEvent.BUYER_REMOVED_FEEDBACK): ReplyState.GONE,
}


def advance(state: ReplyState, event: ReplyEvent) -> ReplyState:
    """State after the event.

    Raises:
        ReplyRefused: the event is impossible here, e.g. posting while a reply is live or the place is locked.
    """
    try:
        return _MOVES[state, event]
    except KeyError:
        raise ReplyRefused(state, event) from None


def may_post(state: ReplyState) -> bool:
    """True when a reply can be posted now."""
    return (state, ReplyEvent.POSTED) in _MOVES
