"""Kinds of rules by the name that packs use. To add a kind, add a file to `kinds/` and a line to `KINDS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from drafter.guardrails.channels import Channel
from drafter.guardrails.document import Hit, TextCheck
from drafter.guardrails.kinds.contact import compile_contact
from drafter.guardrails.kinds.emoji import compile_emoji
from drafter.guardrails.kinds.excuses import Borders
from drafter.guardrails.kinds.frame import Agency, Exemption, FrameError, FrameRule
from drafter.guardrails.kinds.frame_spec import compile_frames
from drafter.guardrails.kinds.grounding import compile_grounding
from drafter.guardrails.kinds.language import compile_language
from drafter.guardrails.kinds.layout import compile_layout
from drafter.guardrails.kinds.learned import compile_learned
from drafter.guardrails.kinds.length import compile_length
from drafter.guardrails.kinds.links import compile_links
from drafter.guardrails.kinds.markup import compile_markup
from drafter.guardrails.kinds.only import compile_only
from drafter.guardrails.kinds.order_id import compile_order_id
from drafter.guardrails.kinds.personal_data import compile_personal_data
from drafter.guardrails.kinds.placeholder import compile_placeholder
from drafter.guardrails.kinds.state import compile_state
from drafter.guardrails.kinds.tampering import compile_tampering
from drafter.guardrails.kinds.word_list import compile_word_list
from drafter.guardrails.languages import Concepts
from drafter.guardrails.pack import Rule
from drafter.guardrails.reader import Model
from drafter.guardrails.scene import Check, Citing, Scene
from drafter.guardrails.signs import ADDRESS, APP, MACHINE, NUMBER, ODD, WAY_OUT, FormCheck


@dataclass(frozen=True, slots=True)
class Setting:
    """What a kind may need to compile a rule."""

    concepts: Concepts
    channel: Channel
    second_reader: Model | None
    """None when the content has no learned weights."""


Kind = Callable[[Rule, Setting], Check]


Compile = Callable[[Mapping[str, Any]], TextCheck]


def on_document(compile_kind: Compile) -> Kind:
    """A kind that needs nothing but the text."""

    def build(rule: Rule, setting: Setting) -> Check:
        check = compile_kind(rule.spec)
        return lambda scene: check(scene.document)

    return build


def on_form(compile_kind: Compile, signs: Callable[[Mapping[str, Any]], int] = lambda spec: ODD) -> Kind:
    """A kind that finds nothing in plain words; `signs` tells by its spec what else it looks for."""
    return lambda rule, setting: FormCheck(compile_kind(rule.spec), signs(rule.spec))


def _signs_of_contact(spec: Mapping[str, Any]) -> int:
    by_way = {"email": ADDRESS, "handles": ADDRESS, "phone": NUMBER, "apps": APP, "qr": APP}
    return reduce(or_, (by_way[way] for way in spec["find"]), ODD)


def _signs_of_links(spec: Mapping[str, Any]) -> int:
    return ODD | ADDRESS | (WAY_OUT if "opt_out" in spec["classes"] else 0)


def on_concepts(compile_kind: Callable[[Mapping[str, Any], Concepts], Check]) -> Kind:
    """A kind that needs the concepts of the text."""
    return lambda rule, setting: compile_kind(rule.spec, setting.concepts)


def build_frame_rule(rule: Rule, setting: Setting) -> FrameRule:
    """Kind `frame`: see `kinds/frame.py`."""
    concepts = setting.concepts
    for raw in rule.exceptions:
        if set(raw) - {"within"} != {"id", "any"} or not isinstance(raw["any"], list) or raw.get("within", "sentence") not in REACHES:
            raise FrameError(f"exception {raw!r} is not written {{id: …, any: [concept], within: {'|'.join(REACHES)}}}")
    try:
        excuses = _mask(concepts, EXCUSES)
        masks = [(raw, _mask(concepts, raw["any"])) for raw in rule.exceptions]
        exemptions = [Exemption(raw["id"], mask, raw.get("within", "sentence"), bool(mask & excuses)) for raw, mask in masks]
        asked = _mask(concepts, ["agent.you", "ask", "condition"])
        agency = Agency(_mask(concepts, ["agent.us"]), _mask(concepts, ["agent.done"]), asked, _mask(concepts, ["link.break"]))
        frames = compile_frames(rule.frames, concepts, setting.channel)
        quotes_count = bool(rule.spec.get("quotes_count"))
        borders = _borders(concepts)
        return FrameRule(frames, exemptions, agency, borders, quotes_count=quotes_count, second_reader=setting.second_reader)
    except KeyError as exc:
        raise FrameError(f"an exception names the unknown concept {exc.args[0]!r}; guardrails/concepts.yaml lists them") from exc


REACHES = ("sentence", "neighbours", "text")
"""How far around a hit its exception may stand."""
EXCUSES = ("no_ask", "not_that_way")
"""Concepts that take back their own clause."""


def _borders(concepts: Concepts) -> Borders:
    """How far excuses reach."""
    return Borders(
        asks=_mask(concepts, ["ask"]),
        turns=_mask(concepts, ["turn"]),
        conditions=_mask(concepts, ["condition.if"]),
        ours=_mask(concepts, ["agent.us"]),
        acts=_mask(concepts, ["alter.change", "alter.remove"]),
        frees=_mask(concepts, ["no_ask.free"]),
        said=_mask(concepts, ["opinion", "alter"]),
        given=_mask(concepts, ["benefit", "remedy", "amount.money"]),
        trades=_mask(concepts, ["condition.exchange"]),
    )


OURS = frozenset({"ask", "condition", "benefit", "remedy", "amount", "discount", "coupon", "promise", "offer", "done"})
"""What a sentence says for us."""


def citing_of(concepts: Concepts) -> Citing:
    """What tells whose word a quotation is; without such concepts nothing is taken for the buyer's."""
    parts = ({"citing"}, OURS, {"opinion", "alter"}, {"condition.exchange"})
    return Citing(*(concepts.mask(names & concepts.masks.keys()) for names in parts))


def _mask(concepts: Concepts, names: Iterable[str]) -> int:
    return concepts.mask(names)


def build_state_rule(rule: Rule, setting: Setting) -> Check:
    """Kind `state`: see `kinds/state.py`."""
    return compile_state(rule.spec, lambda: build_frame_rule(rule, setting))


def build_learned_rule(rule: Rule, setting: Setting) -> Check:
    """Kind `learned`: see `kinds/learned.py`."""
    return compile_learned(rule.spec, setting.second_reader)


def build_person_rule(rule: Rule, setting: Setting) -> Check:
    """Kind `person`: no text and no fact of a request can decide it; the engine reports it as skipped, with the rule's reason."""

    def nothing(scene: Scene) -> Iterable[Hit]:
        return ()

    return nothing


KINDS: Mapping[str, Kind] = {
    "contact": on_form(compile_contact, _signs_of_contact),
    "emoji": on_form(compile_emoji),
    "frame": build_frame_rule,
    "grounding": on_concepts(compile_grounding),
    "language": on_document(compile_language),
    "layout": on_form(compile_layout),
    "learned": build_learned_rule,
    "length": on_document(compile_length),
    "links": on_form(compile_links, _signs_of_links),
    "markup": on_form(compile_markup),
    "only": on_concepts(compile_only),
    "order_id": on_document(compile_order_id),
    "person": build_person_rule,
    "personal_data": on_document(compile_personal_data),
    "placeholder": on_form(compile_placeholder, lambda spec: ODD | MACHINE),
    "state": build_state_rule,
    "tampering": on_form(compile_tampering),
    "word_list": on_document(compile_word_list),
}
