"""Kind `learned`: what the second reader takes for a violation of this rule's category, where no frame has words for it.

`with: {at_least: {en: 3000, de: 4000}}` is the score, in thousandths of log-odds, from which it speaks in a language; in
others it is silent.
It speaks of one place in a text: the worst.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from drafter.domain import Category
from drafter.guardrails.document import Hit
from drafter.guardrails.reader import Model
from drafter.guardrails.scene import Scene


def compile_learned(spec: Mapping[str, Any], category: Category, model: Model | None) -> Callable[[Scene], Iterable[Hit]]:
    """Check of one category; the text is read once for all of them."""
    at_least = {str(language): int(score) for language, score in spec["at_least"].items()}

    def check(scene: Scene) -> Iterable[Hit]:
        if model is None or not scene.document.sentences:
            return
        needed = [at_least[language] for language in scene.scan.languages if language in at_least]
        worst = max(model.read(scene), key=lambda reading: reading.score)
        if not needed or worst.score < max(needed) or model.classify(worst.window.features, model.kinds) is not category:
            return
        sentences = scene.document.sentences
        words = ", ".join(model.strongest(worst.window))
        yield Hit(sentences[worst.window.first].start, sentences[worst.window.last].end, "folded", f"reads like one: {words}")

    return check
