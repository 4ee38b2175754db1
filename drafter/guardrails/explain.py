"""Why a text was judged as it was: what was read, which concepts were found, and which part each frame lacked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drafter.domain import Value
from drafter.guardrails.kinds.frame import Frame, FrameRule, find_places
from drafter.guardrails.languages import Concepts
from drafter.guardrails.reader import Model
from drafter.guardrails.scene import Scene


class SeenConcept(Value):
    """A concept, and the words that carry it."""

    concept: str
    start: int
    end: int
    quote: str


class FrameSeen(Value):
    """How far one frame of one rule came."""

    rule_id: str
    frame: str
    is_met: bool
    present: tuple[str, ...]
    """Parts whose words occur somewhere in the text."""
    missing: tuple[str, ...]
    """Parts whose words do not; empty and not met means that they stand too far apart, or that something forbids it."""


class ViewSeen(Value):
    """A reading of the text."""

    name: str
    text: str


class Explanation(Value):
    """What the guardrail saw in one text."""

    folded: str
    """The text as it reads once disguises are undone."""
    views: tuple[ViewSeen, ...]
    """Every reading that the rules looked at."""
    reader: str
    """What the second reader makes of the text, in one sentence."""
    tampering: tuple[str, ...]
    languages: tuple[str, ...]
    is_covered: bool
    concepts: tuple[SeenConcept, ...]
    frames: tuple[FrameSeen, ...]


def explain_scene(scene: Scene, concepts: Concepts, rules: Iterable[tuple[str, FrameRule]], model: Model | None) -> Explanation:
    """What was seen in a scene, for people."""
    text = scene.document.text
    seen = []
    for name, bit in concepts.bits.items():
        for first, last in scene.scan.places.get(bit, ()):
            start, end = scene.span(first, last)
            seen.append(SeenConcept(concept=name, start=start, end=end, quote=text[start:end]))
    return Explanation(
        folded=scene.document.folded.text,
        views=(ViewSeen(name="folded", text=scene.document.folded.text), ViewSeen(name="words", text=" ".join(scene.document.norms))),
        reader=_reading(scene, model),
        tampering=tuple(f"{t.trick}: {t.reads}" for t in scene.document.tampering),
        languages=scene.scan.languages,
        is_covered=scene.scan.is_covered,
        concepts=tuple(sorted(seen, key=lambda c: (c.start, c.end, c.concept))),
        frames=tuple(_frame_seen(rule_id, frame, rule, scene) for rule_id, rule in rules for frame in rule.frames),
    )


def _reading(scene: Scene, model: Model | None) -> str:
    if model is None:
        return "none: the content has no weights for it"
    score = model.worst_score(scene)
    worst = max(model.read(scene, at_least=score), key=lambda reading: reading.score, default=None)
    if worst is None:
        return f"worst score {score}; nothing in the text speaks for a violation"
    sentences = scene.document.sentences
    start, end = sentences[worst.first].start, sentences[worst.last].end
    return f"worst score {worst.score}, in “{scene.document.text[start:end]}”: {', '.join(model.strongest(scene, worst))}"


def _frame_seen(rule_id: str, frame: Frame, rule: FrameRule, scene: Scene) -> FrameSeen:
    mask = scene.scan.mask
    present: Sequence[str] = [name for name, part in zip(frame.part_names, frame.parts, strict=True) if mask & part]
    return FrameSeen(
        rule_id=rule_id,
        frame=frame.name,
        is_met=frame.is_possible(mask) and find_places(frame, scene.scan, rule.agency),
        present=tuple(present),
        missing=tuple(name for name in frame.part_names if name not in present),
    )
