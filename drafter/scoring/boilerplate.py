"""How free a draft is of phrases that fit any letter."""

from __future__ import annotations

from drafter.domain import Score
from drafter.scoring.material import Material
from drafter.scoring.words import fold

NAME = "boilerplate"
VERSION = 1


def score_boilerplate(material: Material) -> Score:
    """1 without stock phrases, halved by each."""
    if material.lexicon is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason=f"no word list for {material.language}")
    text = " ".join(fold(material.draft.text).split())
    hits = [phrase for phrase in material.lexicon.stock if phrase in text]
    reason = "no stock phrase" if not hits else "stock phrases: " + "; ".join(hits[:4])
    spans = tuple(place for s, place in zip(material.sentences, material.places, strict=True) if any(hit in s for hit in hits))
    return Score(scorer=NAME, version=VERSION, value=0.5 ** len(hits), reason=reason, spans=spans)
