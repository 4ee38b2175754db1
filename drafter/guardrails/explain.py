"""Why a text was judged as it was: what was read, which concepts were found, and which part each frame lacked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drafter.domain import Value
from drafter.guardrails.kinds.frame import Frame, FrameRule, find_places
from drafter.guardrails.languages import Concepts
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


class Explanation(Value):
    """What the guardrail saw in one text."""

    folded: str
    """The text as it reads once disguises are undone."""
    tampering: tuple[str, ...]
    languages: tuple[str, ...]
    is_covered: bool
    concepts: tuple[SeenConcept, ...]
    frames: tuple[FrameSeen, ...]


def explain_scene(scene: Scene, concepts: Concepts, rules: Iterable[tuple[str, FrameRule]]) -> Explanation:
    """What was seen in a scene, for people."""
    text = scene.document.text
    seen = []
    for name, bit in concepts.bits.items():
        for first, last in scene.scan.places.get(bit, ()):
            start, end = scene.span(first, last)
            seen.append(SeenConcept(concept=name, start=start, end=end, quote=text[start:end]))
    return Explanation(
        folded=scene.document.folded.text,
        tampering=tuple(f"{t.trick}: {t.reads}" for t in scene.document.tampering),
        languages=scene.scan.languages,
        is_covered=scene.scan.is_covered,
        concepts=tuple(sorted(seen, key=lambda c: (c.start, c.end, c.concept))),
        frames=tuple(_frame_seen(rule_id, frame, rule, scene) for rule_id, rule in rules for frame in rule.frames),
    )


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
