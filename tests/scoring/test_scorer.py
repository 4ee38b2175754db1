"""All scorers together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.domain import DraftRequest
from drafter.scoring import SCORERS, DraftScorer
from tests.scoring.conftest import REPLIES, REVIEW, draft_of, triage_for

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "ja", "zh", "nl")


def test_every_scorer_is_on_the_card_once(scorer: DraftScorer) -> None:
    """In the order of the registry, each with its reason and version."""
    card = scorer(draft_of(REPLIES["good"]), DraftRequest.model_validate({"review": {"body": REVIEW}}), triage_for(REVIEW))
    assert [s.scorer for s in card.scores] == list(SCORERS)
    assert all(s.reason and s.version >= 1 for s in card.scores)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=300).filter(str.strip), st.text(min_size=1, max_size=300).filter(str.strip), st.sampled_from(LANGUAGES))
def test_any_two_texts_can_be_scored(scorer: DraftScorer, draft: str, review: str, language: str) -> None:
    """Values stay in [0, 1] or are None; the same input gives the same card."""
    body = review.encode("utf-8", "replace").decode()
    text = "x" + draft.encode("utf-8", "replace").decode()
    request = DraftRequest.model_validate({"review": {"body": body}})
    card = scorer(draft_of(text, language), request, triage_for(body, language=language))
    assert all(s.value is None or 0 <= s.value <= 1 for s in card.scores)
    assert card == scorer(draft_of(text, language), request, triage_for(body, language=language))


@pytest.mark.parametrize("bad", ["stock", "stuffed", "parrot", "curt"])
def test_each_bad_reply_is_below_the_good_one_somewhere(scorer: DraftScorer, bad: str) -> None:
    """No scorer alone tells all of them; together they do, and none of them beats the good reply everywhere."""
    request, triage = DraftRequest.model_validate({"review": {"body": REVIEW}}), triage_for(REVIEW)
    good, worse = (scorer(draft_of(REPLIES[name]), request, triage) for name in ("good", bad))
    pairs = [(g.value, w.value) for g, w in zip(good.scores, worse.scores, strict=True) if g.value is not None and w.value is not None]
    assert any(w < g - 0.3 for g, w in pairs)
