"""Lint of prompt files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.errors import ContentError
from drafter.prompts.library import load_library
from drafter.prompts.lint import lint_library, require_clean
from tests.prompts.conftest import BODY, FRONT


def test_the_shipped_prompts_are_clean(root: Path) -> None:
    """No finding in any version."""
    assert lint_library(load_library(root)) == []


@pytest.mark.parametrize(
    ("body", "front", "message"),
    [
        (BODY.replace("Write more.", "{{ review | fence }}"), FRONT, "untrusted 'review'"),
        (BODY.replace("{{ review | fence }}", "{{ review }}"), FRONT, "untrusted 'review'"),
        (BODY.replace("{{ review | fence }}", "{{ review | upper }}"), FRONT, "untrusted 'review'"),
        (BODY.replace("Write more.", "{{ tone }}"), FRONT, "'tone' is used but not among the inputs"),
        (BODY.replace("{{ product }}", ""), FRONT, "'product' is declared but never used"),
        (BODY.replace("small_user", "user"), FRONT, "no block 'small_user'"),
        (BODY.replace("Write more.", '{% include "none.j2" %}'), FRONT, "does not exist in prompts/_parts"),
        (BODY, FRONT.replace("untrusted: true, ", ""), "no input is marked untrusted"),
    ],
)
def test_each_mistake_is_found(content: Callable[..., Path], body: str, front: str, message: str) -> None:
    """One finding at least says it, with the line of the file."""
    findings = lint_library(load_library(content(body=body, front=front)))
    assert any(message in f.message for f in findings)
    assert all(f.line >= 1 for f in findings)


def test_loop_variables_are_no_inputs(content: Callable[..., Path]) -> None:
    """A name bound by a loop needs no declaration."""
    body = BODY.replace("{{ product }}", "{% for p in product %}{{ p }}{{ loop.index }}{% endfor %}")
    assert lint_library(load_library(content(body=body))) == []


def test_a_dirty_library_is_refused(content: Callable[..., Path]) -> None:
    """The writer never starts with a prompt that lets a buyer's text in unfenced."""
    with pytest.raises(ContentError, match="untrusted"):
        require_clean(load_library(content(body=BODY.replace("| fence", ""))))
