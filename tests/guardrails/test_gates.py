"""Gates save time and hide nothing: with all of them open, every report stays the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafter.content import find_content_root
from drafter.domain import CheckRequest, Finding, GuardrailReport
from drafter.guardrails import addresses, held, memo, phones
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.held import Surroundings
from drafter.guardrails.kinds import contact
from drafter.guardrails.kinds.frame import FrameRule
from drafter.guardrails.memo import SentenceMemo
from drafter.guardrails.plan import Plan
from drafter.guardrails.signs import ALWAYS
from tests.guardrails.texts import honest_texts

TRAPS = (
    "Write to care at tidewell-lamps dot com.", "care (at) tidewell [dot] shop", "the dot com's at rest. it stops at point de vente",
    "one two three four five six seven", "double three, triple nine, call me", "us on signal or line app", "our 🐦 handle: tidewell",
    "please take your two stars down", "删掉这条评价吧", "レビューを修正していただけますか",
    "il est là pour vous, the end of the way", "a.b x.it", "care at tidewell dot c o m",
)  # fmt: skip


@cache
def shipped() -> Guardrail:
    """The guardrail of the repository."""
    return Guardrail.load(find_content_root())


@cache
def pieces() -> tuple[str, ...]:
    """Examples of the rules, honest replies, and what gates look for."""
    examples = [example.text for rule in shipped().rules for example in (*rule.flag, *rule.allow)]
    return (*examples, *(item["text"] for item in honest_texts()), *TRAPS)


def _open(plan: Plan) -> Plan:
    return Plan([replace(step, gate=ALWAYS) for step in plan.steps], plan.standing)


class _Anything(frozenset[str]):
    """Words of a sentence that might hold any other."""

    def isdisjoint(self, other: Iterable[object], /) -> bool:
        """Never."""
        return False


@contextmanager
def open_gates() -> Iterator[None]:
    """Everything is evaluated for every text."""
    guardrail = shipped()
    plans = guardrail._plans
    opened = {name: _open(plan) for name, plan in plans.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guardrail, "_plans", opened)
        patch.setattr(FrameRule, "is_possible", lambda self, mask: True)
        patch.setattr(SentenceMemo, "__getitem__", SentenceMemo.__missing__)
        patch.setattr(memo, "MAX_TOKENS", -1)
        patch.setattr(Surroundings, "_is_possible", lambda self, entry: True)
        patch.setattr(held, "frozenset", _Anything, raising=False)
        patch.setattr(addresses, "_has_dotted_ending", lambda document: True)
        patch.setattr(addresses, "is_tied", lambda text: True)
        patch.setattr(phones, "_most_digits", lambda norm: phones._MIN_DIGITS)
        patch.setattr(contact, "_may_be_app", lambda norm: True)
        yield


def check(text: str, channel: str) -> GuardrailReport:
    """A report of the shipped rules."""
    return shipped().check(CheckRequest(channel=channel, text=text))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_gate_hides_what_the_full_evaluation_finds(data: st.DataObject) -> None:
    """Whole texts, and texts cut and joined at any place, get the same bytes with and without gates."""
    texts = data.draw(st.lists(st.sampled_from(pieces()), min_size=1, max_size=3))
    cuts = [data.draw(st.integers(0, len(text))) for text in texts]
    text = data.draw(st.sampled_from((" ", "", ". ", "\n"))).join(
        [texts[0], *(text[cut:] for text, cut in zip(texts[1:], cuts[1:], strict=True))]
    )
    channel = data.draw(st.sampled_from(sorted(shipped().channels)))
    gated = check(text, channel)
    with open_gates():
        assert check(text, channel).model_dump_json() == gated.model_dump_json()


@pytest.mark.parametrize("text", TRAPS)
def test_no_gate_hides_what_it_was_made_for(text: str) -> None:
    """Addresses, numbers and apps in the forms that their gates look for."""
    gated = check(text, "buyer_message")
    with open_gates():
        assert check(text, "buyer_message") == gated


def test_a_finding_made_from_a_pattern_is_like_any_other() -> None:
    """It equals one that was built field by field, and is written alike."""
    finding = check("Could you please update your review?", "review_followup").findings[0]
    built = Finding(**finding.model_dump())
    assert finding == built
    assert finding.model_dump_json(exclude_unset=True) == built.model_dump_json(exclude_unset=True)
    assert Finding.trusted({**finding.__dict__, "start": 3}) == finding.model_copy(update={"start": 3})
