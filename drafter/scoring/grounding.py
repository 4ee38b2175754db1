"""Whether numbers and offers of a draft stand in the request. A quick view of what the guardrail and the proof decide upon."""

from __future__ import annotations

import re

from drafter.domain import Remedy, Score, Span
from drafter.scoring.material import Material

NAME = "grounding"
VERSION = 1

OFFERS = {
    Remedy.FULL_REFUND: (Remedy.FULL_REFUND, Remedy.PARTIAL_REFUND),
    Remedy.REPLACEMENT: (Remedy.REPLACEMENT, Remedy.SPARE_PART),
}
"""Remedies whose words are an offer, and those that allow them."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def score_grounding(material: Material) -> Score:
    """1 when all of them do, halved by each that does not. Words of the buyer, in quotation marks, are no offer."""
    lexicon, request = material.lexicon, material.request
    if lexicon is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason=f"no word list for {material.language}")
    seller, text = request.seller, material.draft.text
    names = (request.product.title, seller.brand, seller.signature)
    given = "\n".join((request.review.text, *names, *seller.facts, *seller.allowed_remedies))
    strange = [m for m in _NUMBER.finditer(text) if m.group() not in given]
    facts = "\n".join((*seller.facts, *seller.allowed_remedies))
    for remedy, allowing in OFFERS.items():
        pattern = lexicon.remedies.get(remedy)
        if pattern is None or set(allowing) & set(seller.allowed_remedies) or pattern.search(facts):
            continue
        strange += [m for m in pattern.finditer(text) if not material.is_quoted(m.start())][:1]
    spans = tuple(Span(start=m.start(), end=m.end()) for m in strange)
    reason = "numbers and offers stand in the request" if not strange else f"{len(strange)} that stand nowhere in the request"
    return Score(scorer=NAME, version=VERSION, value=round(0.5 ** len(strange), 4), reason=reason, spans=spans)
