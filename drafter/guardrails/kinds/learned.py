"""Kind `learned`: what the second reader takes for a violation where no rule before it has found anything.

`with: {at_least: {en: 4500, de: 3000}}` is the score, in thousandths of log-odds, from which it speaks in a language; in others it is
silent. `below:`, in the same form, leaves higher scores to another rule. It speaks of one place in a text, the worst, and names its
category, or two that are about as likely. With `names_another: true` it also speaks where others have, when the worst place of all is
of a category that none has named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from drafter.guardrails.document import Hit
from drafter.guardrails.reader import Model, Reading
from drafter.guardrails.scene import Scene

_SCORE = attrgetter("score")


def compile_learned(spec: Mapping[str, Any], model: Model | None) -> Callable[[Scene], Iterable[Hit]]:
    """Check of a range of scores."""
    at_least = {str(language): int(score) for language, score in spec["at_least"].items()}
    names_another = bool(spec.get("names_another"))
    below = {str(language): int(score) for language, score in spec.get("below", {}).items()}

    def check(scene: Scene) -> Iterable[Hit]:
        needed = [at_least[language] for language in scene.scan.languages if language in at_least]
        if model is None or not needed or len(needed) < len(scene.scan.languages):
            return
        bar = max(needed)
        if model.worst_score(scene) < bar:
            return
        readings = model.read(scene, at_least=bar)
        alone = max(_unflagged(readings, scene), key=_SCORE, default=None)
        worst = alone or (max(readings, key=_SCORE) if names_another else None)
        if worst is None or any(worst.score >= below[language] for language in scene.scan.languages if language in below):
            return
        likely = model.classify(scene, worst)
        if alone is None:
            likely = tuple(category for category in likely[:1] if category not in scene.told)
        if not likely:
            return
        start, end = _range(scene, worst)
        words = ", ".join(model.strongest(scene, worst))
        for category in likely:
            yield Hit(start, end, "folded", f"reads like one: {words}", category)

    return check


def _unflagged(readings: Iterable[Reading], scene: Scene) -> Iterable[Reading]:
    """Those in which no rule before has found anything."""
    for reading in readings:
        start, end = _range(scene, reading)
        if not any(first < end and start < last for first, last in scene.flagged):
            yield reading


def _range(scene: Scene, reading: Reading) -> tuple[int, int]:
    sentences = scene.document.sentences
    return sentences[reading.first].start, sentences[reading.last].end
