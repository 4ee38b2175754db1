"""How unlike a draft is to the sender's earlier replies.

Replies that sound alike lower later ratings (Liu et al. 2021, Tourism Management).
"""

from __future__ import annotations

from drafter.domain import Score
from drafter.scoring.material import Material
from drafter.scoring.words import SPACELESS, words_of

NAME = "roteness"
VERSION = 1

WORDS_IN_A_ROW = 5
"""Length of the runs that are compared; shorter ones every language repeats."""
FREE_SHARE = 0.35
"""Of the runs: greeting, the way to answer and the remedy are the same on purpose."""


def score_roteness(material: Material) -> Score:
    """1 up to the share that a frame needs, 0 for the same letter again; None without an earlier reply."""
    earlier = (*material.history, *(read_runs(text, material.language) for text in material.request.order.previous_messages))
    if not earlier:
        return Score(scorer=NAME, version=VERSION, value=None, reason="no earlier reply of this sender")
    runs = read_runs(material.draft.text, material.language)
    if not runs:
        return Score(scorer=NAME, version=VERSION, value=None, reason="too short to compare")
    share = max(len(runs.intersection(others)) / len(runs) for others in earlier)
    value = round(1 - max(0.0, share - FREE_SHARE) / (1 - FREE_SHARE), 4)
    reason = f"{share:.0%} of it stands in an earlier reply; compared with {len(earlier)}"
    return Score(scorer=NAME, version=VERSION, value=value, reason=reason)


def read_runs(text: str, language: str) -> frozenset[int]:
    """Runs of words, each as a number of this process: whoever keeps them keeps no text."""
    size, words = WORDS_IN_A_ROW * (2 if language in SPACELESS else 1), [word.text for word in words_of(text, language)]
    return frozenset(hash(tuple(words[i : i + size])) for i in range(len(words) - size + 1))
