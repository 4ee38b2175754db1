"""How unlike a draft is to the sender's earlier replies.

Replies that sound alike lower later ratings (Liu et al. 2021, Tourism Management).
"""

from __future__ import annotations

from functools import lru_cache

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
    if not material.history:
        return Score(scorer=NAME, version=VERSION, value=None, reason="no earlier reply of this sender")
    runs = _runs(material.draft.text, material.language)
    if not runs:
        return Score(scorer=NAME, version=VERSION, value=None, reason="too short to compare")
    share = max(len(runs & _runs(text, material.language)) / len(runs) for text in material.history)
    value = round(1 - max(0.0, share - FREE_SHARE) / (1 - FREE_SHARE), 4)
    reason = f"{share:.0%} of it stands in an earlier reply; compared with {len(material.history)}"
    return Score(scorer=NAME, version=VERSION, value=value, reason=reason)


@lru_cache(maxsize=512)
def _runs(text: str, language: str) -> frozenset[tuple[str, ...]]:
    """Runs of words. The earlier replies of a sender are asked for with each new one."""
    size, words = WORDS_IN_A_ROW * (2 if language in SPACELESS else 1), [word.text for word in words_of(text, language)]
    return frozenset(tuple(words[i : i + size]) for i in range(len(words) - size + 1))
