"""Kind `learned`: what the second reader takes for a violation where no rule before it has found anything.

`with: {at_least: {en: 4500, de: 3000}}` is the score, in thousandths of log-odds, from which it speaks in a language; in others it is
silent. `below:`, in the same form, leaves higher scores to another rule. It speaks of one place in a text, the worst, and names its
category, or two that are about as likely. With `names_another: true` it also speaks where others have, when the worst place of all is
of a category that none has named.

`leans: 1250` parts two such rules by what carries a score: one that falls by so much below the bar of the rule that blocks, when its
heaviest word is left out, rests on that word alone, and belongs to the one that has `below:`.

`mild: 500` parts two such rules by what a violation is worth, whatever its score: from this mildness on it belongs to the one that has
`below:`. `raise_from: -2000` lets a rule that blocks speak where others have only warned, of what is no milder than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from drafter.domain import Category
from drafter.guardrails.document import Hit
from drafter.guardrails.reader import Model, Reading
from drafter.guardrails.scene import Scene

_SCORE = attrgetter("score")
MIN_WORDS = 5
"""Fewer tell nothing: `hello there` opens good texts as it opens bad ones."""
_NEVER = 10**6
"""Above every mildness."""


@dataclass(frozen=True, slots=True)
class LearnedRule:
    """A range of scores, compiled."""

    model: Model
    at_least: Mapping[str, int]
    below: Mapping[str, int]
    names_another: bool
    mild: int
    raise_from: int
    leans: int

    def __call__(self, scene: Scene) -> Iterator[Hit]:
        """At most one place, under one category or two."""
        languages = scene.scan.languages
        if not languages or not all(language in self.at_least for language in languages):
            return
        bar = max(self.at_least[language] for language in languages)
        if self.model.worst_score(scene) < bar:
            return
        readings = [r for r in self.model.read(scene, at_least=bar) if self.model.count_words(scene, r) >= MIN_WORDS]
        readings.sort(key=_SCORE, reverse=True)
        if not readings:
            return
        found = self._find_mild(scene, readings) if self.below else self._find(scene, readings)
        if found is None:
            return
        reading, categories = found
        start, end = _range(scene, reading)
        words = ", ".join(self.model.strongest(scene, reading))
        for category in categories:
            yield Hit(start, end, "folded", f"reads like one: {words}", category)

    def _find(self, scene: Scene, readings: Sequence[Reading]) -> _Found | None:
        """The worst place that is not mild and not spoken of, or that others have only warned of; else the worst of another category."""
        for reading in readings:
            if _touches(reading, scene, scene.blocked):
                continue
            most = self._mildest(reading, scene)
            likely = self.model.classify(scene, reading)
            if likely.mildness < most and not self._leans(scene, reading, self.at_least):
                return reading, likely.categories
        if not self.names_another:
            return None
        worst = readings[0]
        most = self.mild if _touches(worst, scene, scene.blocked) else self._mildest(worst, scene)
        likely = self.model.classify(scene, worst)
        another = [category for category in likely.categories[:1] if category not in scene.told]
        return (worst, another) if likely.mildness < most and not self._leans(scene, worst, self.at_least) else None

    def _leans(self, scene: Scene, reading: Reading, bars: Mapping[str, int]) -> bool:
        """True when one word alone brings a place over the bar: too little to stop a text for."""
        bar = max(bars[language] for language in scene.scan.languages if language in bars)
        return self.model.score_unaided(scene, reading) < bar - self.leans

    def _mildest(self, reading: Reading, scene: Scene) -> int:
        """How mild what is said there may be; what was warned of as a part of something larger, such as stock phrases, is not raised."""
        start, end = _range(scene, reading)
        warned = [span for span in scene.flagged if span[0] < end and start < span[1]]
        if not warned:
            return self.mild
        return self.raise_from if all(start <= first and last <= end for first, last in warned) else -_NEVER

    def _find_mild(self, scene: Scene, readings: Sequence[Reading]) -> _Found | None:
        """The worst place not spoken of, unless its score or its weight leaves it to another rule."""
        for reading in readings:
            if not _touches(reading, scene, scene.flagged):
                likely = self.model.classify(scene, reading)
                is_below = all(reading.score < self.below[language] for language in scene.scan.languages if language in self.below)
                is_left = is_below or likely.mildness >= self.mild or self._leans(scene, reading, self.below)
                return (reading, likely.categories) if is_left else None
        return None


_Found = tuple[Reading, Sequence[Category]]


def compile_learned(spec: Mapping[str, Any], model: Model | None) -> Callable[[Scene], Iterable[Hit]]:
    """Check of a range of scores; one that finds nothing where nothing was learned."""
    if model is None:
        return lambda scene: ()
    return LearnedRule(
        model,
        at_least=_by_language(spec["at_least"]),
        below=_by_language(spec.get("below", {})),
        names_another=bool(spec.get("names_another")),
        mild=int(spec.get("mild", _NEVER)),
        raise_from=int(spec.get("raise_from", -_NEVER)),
        leans=int(spec.get("leans", _NEVER)),
    )


def _by_language(scores: Mapping[str, Any]) -> dict[str, int]:
    return {str(language): int(score) for language, score in scores.items()}


def _touches(reading: Reading, scene: Scene, ranges: Iterable[tuple[int, int]]) -> bool:
    """True when one of these ranges lies in what was read."""
    start, end = _range(scene, reading)
    return any(first < end and start < last for first, last in ranges)


def _range(scene: Scene, reading: Reading) -> tuple[int, int]:
    sentences = scene.document.sentences
    return sentences[reading.first].start, sentences[reading.last].end
