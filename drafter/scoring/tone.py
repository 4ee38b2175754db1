"""Whether a reply to a complaint sounds like one: strategies count in pairs, because alone they are mere words.

An apology counts beside a word of this review; an invitation counts when nothing in the draft blames. Joy, blame and excuses cost.
Single politeness words are no measure: "please stop" is not polite, and gratitude without a cause is a stock phrase.
"""

from __future__ import annotations

from drafter.domain import Score, Span
from drafter.scoring.material import Material

NAME = "tone"
VERSION = 1

BASE = 0.4
FOR_APOLOGY = 0.4
FOR_WAY_ON = 0.2
COSTS = {"gush": 0.4, "blame": 0.4, "excuse": 0.2}


def score_tone(material: Material) -> Score:
    """Base and pairs less what jars; each sort of jarring costs once."""
    lexicon = material.lexicon
    if lexicon is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason=f"no word list for {material.language}")
    text = material.draft.text
    hits = {name: [m for m in getattr(lexicon, name).finditer(text) if not material.is_quoted(m.start())] for name in COSTS}
    jarring = [name for name, found in hits.items() if found]
    is_sorry = any(
        any(mark in sentence for mark in lexicon.feel) and material.near(i) & material.review_content
        for i, sentence in enumerate(material.sentences)
    )
    invites = any(mark in s for s in material.sentences for mark in (*lexicon.ask, "?", "\uff1f"))
    value = BASE + FOR_APOLOGY * is_sorry + FOR_WAY_ON * ((invites or material.is_public) and "blame" not in jarring)
    value -= sum(COSTS[name] for name in jarring)
    parts = [*(["apology for the thing"] if is_sorry else ["no apology for the thing"]), *jarring]
    spans = tuple(Span(start=m.start(), end=m.end()) for found in hits.values() for m in found[:3])
    return Score(scorer=NAME, version=VERSION, value=round(min(1.0, max(0.0, value)), 4), reason=", ".join(parts), spans=spans)
