"""How many of the review's complaint points the draft takes up, in the buyer's words or in words for that issue."""

from __future__ import annotations

from drafter.domain import Score
from drafter.scoring.material import Material
from drafter.scoring.words import content_words, words_of

NAME = "coverage"
VERSION = 1


def score_coverage(material: Material) -> Score:
    """Share of the issues with spans that the draft answers; None when triage found none."""
    lexicon = material.lexicon
    if lexicon is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason=f"no word list for {material.language}")
    points: dict[str, set[str]] = {}
    for span in material.triage.issue_spans:
        stems = {w.stem for w in content_words(words_of(span.quote, material.language), lexicon.stop)}
        points.setdefault(span.issue, set()).update(stems | lexicon.issues.get(span.issue, frozenset()))
    if not points:
        return Score(scorer=NAME, version=VERSION, value=None, reason="triage found no complaint point")
    said = {w.stem for w in material.words}
    open_points = [issue for issue, stems in points.items() if not stems & said]
    value = 1 - len(open_points) / len(points)
    reason = f"all {len(points)} complaint points taken up" if not open_points else "not taken up: " + ", ".join(open_points)
    return Score(scorer=NAME, version=VERSION, value=round(value, 4), reason=reason)
