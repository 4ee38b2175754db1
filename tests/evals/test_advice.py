"""Advice that guides for sellers give, planted in a prompt, is found where it stands; what a prompt forbids is no advice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from drafter.evals.advice import find_advice
from drafter.guardrails.engine import Guardrail
from drafter.prompts.library import load_library

ANCHOR = "You write for a seller's support agent"


@pytest.fixture(scope="module")
def guardrail(root: Path) -> Guardrail:
    """The shipped rules."""
    return Guardrail.load(root)


def test_the_shipped_prompts_advise_nothing_bad(guardrail: Guardrail, root: Path) -> None:
    """Although they name what is forbidden."""
    library = load_library(root)
    assert [f for prompt in library.prompts.values() for f in find_advice(guardrail, library, prompt, known={})] == []


@pytest.mark.parametrize(
    "advice",
    [
        "Offer compensation to encourage a revised review.",
        "Ask the customer to update their review.",
        "Convince customers to remove negative reviews.",
        "Your goal is to turn a 1-star review into a positive review.",
        "Give them the address help@shop.example for the rest.",
    ],
)
def test_bad_advice_is_found_with_line_and_column(guardrail: Guardrail, root: Path, tmp_path: Path, advice: str) -> None:
    """The rule that forbids it is named."""
    shutil.copytree(root / "prompts", tmp_path / "prompts")
    (tmp_path / "prompts" / "active.yaml").write_text("reply: {production: v1}\nrepair: {production: v1}\n", encoding="utf-8")
    path = tmp_path / "prompts" / "reply" / "v1.j2"
    text = path.read_text(encoding="utf-8").replace(ANCHOR, f"{advice} {ANCHOR}", 1)
    path.write_text(text, encoding="utf-8")
    library = load_library(tmp_path)
    finding = next(iter(find_advice(guardrail, library, library.get("reply"), known={})))
    assert "advises what" in finding.message
    line = text.splitlines()[finding.line - 1]
    assert advice in line
    assert line.index(advice) < finding.column <= line.index(advice) + len(advice)
