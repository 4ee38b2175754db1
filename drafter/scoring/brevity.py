"""Whether a draft is neither curt nor long for what it answers."""

from __future__ import annotations

from drafter.domain import Score
from drafter.scoring.material import Material, word_count

NAME = "brevity"
VERSION = 1

BAND_PRIVATE = (20.0, 110.0)
"""Words; human replies to reviews have a median of 63."""
BAND_PUBLIC = (8.0, 65.0)
WORDS_PER_POINT = 15.0
"""Room that each complaint point beyond the second adds."""


def score_brevity(material: Material) -> Score:
    """1 inside the band, falling in proportion outside."""
    least, most = BAND_PUBLIC if material.is_public else BAND_PRIVATE
    most += WORDS_PER_POINT * max(0, len(material.triage.issues) - 2)
    count = word_count(material)
    value = count / least if count < least else min(1.0, most / count)
    return Score(scorer=NAME, version=VERSION, value=round(value, 4), reason=f"{count:.0f} words, band {least:.0f} to {most:.0f}")
