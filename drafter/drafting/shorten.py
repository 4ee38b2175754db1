"""A model's sentence and what is left of it when clauses are cut: the true half of a half-true sentence is worth keeping."""

from __future__ import annotations

import re

from drafter.drafting.truth import judge_of
from drafter.scoring.lexicon import Lexicon

MAX_VARIANTS = 6


def shorten(sentence: str, lead: str, lexicon: Lexicon) -> list[str]:
    """The sentence in our voice, then its beginnings, then its later clauses alone; each begins with the lead and ends with a full stop.

    One that broke off has no end worth keeping.
    """
    is_whole = sentence.endswith(".")
    body = _turn(sentence.removeprefix(lead).strip().rstrip("."), lexicon)
    joints = "|".join(sorted(judge_of(lexicon).joints))
    cuts = list(re.finditer(rf",?\s+(?:{joints})\s+(that\s+)?|,\s+", body))
    beginnings = [body[: cut.start()] for cut in reversed(cuts)]
    alone = [body[cut.end() :] for cut in cuts if cut.group(1)]
    variants = dict.fromkeys([*([body] if is_whole else []), *beginnings, *(alone if is_whole else alone[:-1])])
    return [f"{lead} {variant}." for variant in list(variants)[:MAX_VARIANTS]]


def _turn(body: str, lexicon: Lexicon) -> str:
    """The body with the buyer's own pronouns turned to `you`."""
    turn = judge_of(lexicon).turn
    return re.sub(r"[\w']+", lambda m: turn.get(m.group().lower(), m.group()), body)
