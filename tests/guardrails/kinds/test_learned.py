"""What the second reader says of a text, and when it keeps silent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from drafter.domain import Category, CheckRequest
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
        scene.told.add(told)
    assert [hit.category for hit in check(scene)] == found
