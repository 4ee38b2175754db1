"""A model's sentence and what is left of it when clauses are cut: the true half of a half-true sentence is worth keeping."""

from __future__ import annotations

import re

from drafter.drafting.truth import judge_of
from drafter.scoring.lexicon import Lexicon

MAX_VARIANTS = 6

_WORD = re.compile(r"[\w']+")


def shorten(sentence: str, lead: str, lexicon: Lexicon) -> list[str]:
    """The sentence in our voice, then its beginnings, then its later clauses alone; each begins with the lead and ends with a full stop.

    One that broke off has no end worth keeping.
    """
    is_whole = sentence.endswith(".")
    body = _turn(sentence.removeprefix(lead).strip().rstrip("."), lexicon)
    joints = "|".join(sorted(judge_of(lexicon).joints))
    cuts = list(re.finditer(rf",?\s+(?:{joints})\s+(that\s+)?|,\s+", body))
    tails = list(re.finditer(rf"\s+(?:{'|'.join(sorted(judge_of(lexicon).tails))})\s", body))
    beginnings = [body[:end].rstrip(" ,") for end in sorted({cut.start() for cut in (*cuts, *tails)}, reverse=True)]
    alone = [body[cut.end() :] for cut in cuts if cut.group(1)]
    variants = dict.fromkeys([*([body] if is_whole else []), *beginnings, *(alone if is_whole else alone[:-1])])
    return [f"{lead} {variant}." for variant in list(variants)[:MAX_VARIANTS]]


def _turn(body: str, lexicon: Lexicon) -> str:
    """The body with the buyer's own pronouns turned to `you`, and without the buyer's shouting."""
    turn = judge_of(lexicon).turn
    return _WORD.sub(lambda m: turn.get(m.group().lower()) or _calm(m.group(), lexicon), body)


def _calm(word: str, lexicon: Lexicon) -> str:
    """A shouted word in plain letters; a name, or what may be one, as it is."""
    judge, small = judge_of(lexicon), word.lower()
    is_plain = small in lexicon.stop or judge.verbs.fullmatch(small) or lexicon.negative.fullmatch(small) or small in lexicon.negation
    return small if word.isupper() and len(word) > 1 and is_plain else word
