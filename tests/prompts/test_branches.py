"""Branches that nothing can take are found; those that a set takes are counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.prompts.branches import BranchCounter
from drafter.prompts.library import load_library
from drafter.prompts.lint import count_tokens, lint_library
from tests.prompts.conftest import BODY


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("{% if false %}x{% endif %}", "never be taken"),
        ("{% if product %}{% if not product %}x{% endif %}{% endif %}", "never be taken"),
        ("{% if product %}a{% elif product %}b{% endif %}", "never be taken"),
        ("{% if product %}{% if product %}x{% endif %}{% endif %}", "always holds"),
        ("{% if not product %}a{% else %}{% if product %}b{% endif %}{% endif %}", "always holds"),
    ],
)
def test_a_dead_branch_is_found_with_its_place(content: Callable[..., Path], words: str, message: str) -> None:
    """Line and column of the condition."""
    findings = lint_library(load_library(content(body=BODY.replace("{{ product }}", words + "{{ product }}", 1))))
    assert any(message in f.message and f.column > 1 for f in findings)


def test_a_branch_that_depends_on_the_input_is_alive(content: Callable[..., Path]) -> None:
    """Two conditions on different inputs are no contradiction."""
    words = "{% if product %}{% if review %}x{% else %}y{% endif %}{% endif %}"
    body = BODY.replace("{{ product }}", words + "{{ product }}", 1).replace("{% if review %}", '{% if product == "a" %}')
    assert lint_library(load_library(content(body=body))) == []


def test_taken_branches_are_counted_by_the_engine_of_production(content: Callable[..., Path]) -> None:
    """What no request takes is named with its line."""
    body = BODY.replace("Write more.{%", "{% if product %}a{% else %}b{% endif %}{% for p in product %}{{ p }}{% endfor %}{%")
    library = load_library(content(body=body))
    counter = BranchCounter.of(library.root, library.get("reply"))
    counter.count("large", {"product": "kettle", "review": "x"})
    assert len(counter.of_profile("large")) == 4
    assert [branch.about for branch in counter.missed("large")] == ["else", "none in product"]
    counter.count("large", {"product": "", "review": "x"})
    assert counter.missed("large") == ()


def test_instructions_are_counted_per_profile(root: Path) -> None:
    """The large profile's are longer, as shipped."""
    tokens = count_tokens(load_library(root).get("reply"))
    assert 50 < tokens["small"] < tokens["large"] < 2000
