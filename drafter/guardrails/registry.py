"""Kinds of rules by the name that packs use. To add a kind, add a file to `kinds/` and a line to `KINDS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from drafter.guardrails.channels import Channel
from drafter.guardrails.document import Document, Hit
from drafter.guardrails.kinds.frame import Agency, Exemption, FrameError, FrameRule, compile_frames
from drafter.guardrails.kinds.word_list import compile_word_list
from drafter.guardrails.languages import Concepts
from drafter.guardrails.pack import Rule
from drafter.guardrails.scene import Check, Scene


@dataclass(frozen=True, slots=True)
class Setting:
    """What a kind may need to compile a rule."""

    concepts: Concepts
    channel: Channel


Kind = Callable[[Rule, Setting], Check]


def on_document(compile_kind: Callable[[Mapping[str, Any]], Callable[[Document], Iterable[Hit]]]) -> Kind:
    """A kind that needs nothing but the text."""

    def build(rule: Rule, setting: Setting) -> Check:
        check = compile_kind(rule.spec)
        return lambda scene: check(scene.document)

    return build


def build_frame_rule(rule: Rule, setting: Setting) -> Check:
    """Kind `frame`: see `kinds/frame.py`."""
    concepts = setting.concepts
    try:
        exemptions = [Exemption(raw["id"], _mask(concepts, raw["any"]), raw.get("within", "sentence")) for raw in rule.exceptions]
        agency = Agency(_mask(concepts, ["agent.us"]), _mask(concepts, ["agent.you", "ask", "condition"]))
        return FrameRule(compile_frames(rule.frames, concepts, setting.channel), exemptions, agency, quotes_count=bool(rule.spec.get("quotes_count")))
    except KeyError as exc:
        raise FrameError(f"unknown or missing {exc.args[0]!r}") from exc


def _mask(concepts: Concepts, names: Iterable[str]) -> int:
    return concepts.mask(names)


def build_person_rule(rule: Rule, setting: Setting) -> Check:
    """Kind `person`: no text and no fact of a request can decide it; the engine reports it as skipped, with the rule's reason."""

    def nothing(scene: Scene) -> Iterable[Hit]:
        return ()

    return nothing


KINDS: Mapping[str, Kind] = {
    "frame": build_frame_rule,
    "word_list": on_document(compile_word_list),
    "person": build_person_rule,
}
