"""How far a draft uses its own words: the longest run of words copied from the review. A short quote is fine, a parrot is not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from drafter.domain import Score
from drafter.scoring.material import Material

NAME = "copy"
VERSION = 2

FREE_RUN = 12
"""Words in a row that may be the buyer's own: a quoted clause."""
FULL_RUN = 28
"""Words in a row from which it is nothing but an echo."""
PAIRS_PER_WORD = {"zh": 2}
"""Chinese words are counted in pairs of characters; of Japanese only the pairs between its small signs are."""


def score_copying(material: Material) -> Score:
    """1 up to a quoted clause, falling to 0 for a long echo."""
    factor = PAIRS_PER_WORD.get(material.language, 1)
    run = longest_common_run([w.text for w in material.words], [w.text for w in material.review_words])
    excess = max(0, run - FREE_RUN * factor) / ((FULL_RUN - FREE_RUN) * factor)
    value = max(0.0, 1.0 - excess)
    return Score(scorer=NAME, version=VERSION, value=round(value, 4), reason=f"longest copied run: {run} words")


def longest_common_run(left: Sequence[str], right: Sequence[str]) -> int:
    """Length of the longest sequence of neighbours that both have.

    Walks only along shared words, so that two texts with little in common cost little.
    """
    places: dict[str, list[int]] = {word: [] for word in left}
    for j, word in enumerate(right):
        if word in places:
            places[word].append(j)
    best = 0
    running: dict[int, int] = {}
    for word in left:
        running = {j: running.get(j - 1, 0) + 1 for j in places[word]}
        if running:
            best = max(best, *running.values())
    return best


def shares_run(text: str, other: str, *, longer_than: int) -> bool:
    """True when two texts share more than so many words in a row; case and blanks do not count.

    Texts of which one is long are not walked through: every such run covers a whole piece of the first, and few pieces stand in the other.
    """
    words, line = text.lower().split(), _line_of(other)
    step = max(1, longer_than // 2)
    size = longer_than + 2 - step
    pieces = (words[at : at + size] for at in range(0, len(words) - size + 1, step))
    return any(f" {' '.join(piece)} " in line for piece in pieces) and longest_common_run(words, line.split()) > longer_than


@lru_cache(maxsize=32)
def _line_of(text: str) -> str:
    """The words of a text with one blank around each. A prompt is looked into again and again."""
    return f" {' '.join(text.lower().split())} "
