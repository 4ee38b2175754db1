"""What the second reader says of a text, and when it keeps silent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from drafter.domain import Category, CheckRequest, Verdict
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.kinds.learned import compile_learned
from drafter.guardrails.reader import Model
from drafter.guardrails.reader_weights import Weights
from drafter.guardrails.scene import Scene

RAW: Mapping[str, Any] = {
    "bias": 0,
    "weights": {"=curtain": [9000, 100]},
    "unseen": {},
    "letters": {},
    "kinds": {"promotion": {"bias": 0, "weights": {"=curtain": 9000}}},
}
TEXT = "The parcel left us on Monday morning. The curtain at our place rises on Friday."


@pytest.fixture(scope="module")
def guardrail(root: Path) -> Guardrail:
    """The shipped words, with which texts are read."""
    return Guardrail.load(root)


@pytest.fixture
def scene(guardrail: Guardrail) -> Scene:
    """A text as the rules see it."""
    return guardrail.look_at(CheckRequest(channel="buyer_message", text=TEXT, language="en"))


@pytest.mark.parametrize(
    ("told", "names_another", "found"),
    [
        (None, True, [Category.PROMOTION]),
        (Category.FORMAT, False, []),
        (Category.FORMAT, True, [Category.PROMOTION]),
        (Category.PROMOTION, True, []),
    ],
)
def test_it_speaks_beside_others_of_what_they_have_not_named(
    guardrail: Guardrail, scene: Scene, told: Category | None, names_another: bool, found: list[Category]
) -> None:
    """Silent where a rule has spoken, unless its category is another one."""
    check = compile_learned({"at_least": {"en": 2000}, "names_another": names_another}, Model(Weights.of(RAW), guardrail.concepts))
    if told:
        scene.flagged.append((0, len(TEXT)))
        scene.blocked.append((0, len(TEXT)))
        scene.told.add(told)
    assert [hit.category for hit in check(scene)] == found


def mild(weight: int) -> Mapping[str, Any]:
    """A model that takes what it finds for so mild."""
    return {**RAW, "kinds": {**RAW["kinds"], "mild": {"bias": 0, "weights": {"=curtain": weight}}}}


@pytest.mark.parametrize(("weight", "blocks", "warns"), [(9000, [], [Category.PROMOTION]), (-9000, [Category.PROMOTION], [])])
def test_what_is_mild_is_left_to_the_warning(
    guardrail: Guardrail, scene: Scene, weight: int, blocks: list[Category], warns: list[Category]
) -> None:
    """However high its score; what is not mild is left to the rule that blocks."""
    model = Model(Weights.of(mild(weight)), guardrail.concepts)
    block = compile_learned({"at_least": {"en": 2000}, "mild": 300}, model)
    warn = compile_learned({"at_least": {"en": 1000}, "below": {"en": 2000}, "mild": 300}, model)
    assert [hit.category for hit in block(scene)] == blocks
    assert [hit.category for hit in warn(scene)] == warns


@pytest.mark.parametrize(("weight", "found"), [(-9000, [Category.PROMOTION]), (0, [])])
def test_a_warning_does_not_keep_it_from_blocking(guardrail: Guardrail, scene: Scene, weight: int, found: list[Category]) -> None:
    """Where others have only warned it blocks what is far from mild."""
    check = compile_learned({"at_least": {"en": 2000}, "raise_from": -1500}, Model(Weights.of(mild(weight)), guardrail.concepts))
    scene.flagged.append((0, len(TEXT)))
    assert [hit.category for hit in check(scene)] == found
    scene.blocked.append((0, len(TEXT)))
    assert not list(check(scene))


@pytest.mark.parametrize(("word", "blocks", "warns"), [(100, [], [Category.PROMOTION]), (9000, [Category.PROMOTION], [])])
def test_what_rests_on_one_word_is_left_to_the_warning(
    guardrail: Guardrail, scene: Scene, word: int, blocks: list[Category], warns: list[Category]
) -> None:
    """A second word that speaks against the text makes it a finding that blocks."""
    model = Model(Weights.of({**RAW, "weights": {**RAW["weights"], "=rises": [word, 100]}}), guardrail.concepts)
    block = compile_learned({"at_least": {"en": 2000}, "leans": 1250}, model)
    warn = compile_learned({"at_least": {"en": 1000}, "below": {"en": 2000}, "leans": 1250}, model)
    assert [hit.category for hit in block(scene)] == blocks
    assert [hit.category for hit in warn(scene)] == warns


@pytest.mark.parametrize("text", ["Hello there", "Hello there my friend"])
def test_a_few_words_tell_nothing(guardrail: Guardrail, text: str) -> None:
    """A greeting alone is no violation, whatever often follows it."""
    assert guardrail.check(CheckRequest(channel="review_followup", text=text)).verdict is Verdict.PASS
