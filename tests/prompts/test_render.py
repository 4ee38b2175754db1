"""Rendering in a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.errors import ContentError
from drafter.prompts.fence import Fence
from drafter.prompts.library import load_library
from drafter.prompts.render import render_prompt
from tests.prompts.conftest import BODY

INPUTS = {"product": "kettle", "review": "It leaks."}


def test_untrusted_text_stands_inside_the_fence(content: Callable[..., Path]) -> None:
    """System first, then the user's turn with both fence lines."""
    root = content()
    rendered = render_prompt(root, load_library(root).get("reply"), "large", INPUTS, language="en", fence=Fence("tok"))
    assert [m.role for m in rendered.messages] == ["system", "user"]
    assert rendered.messages[1].content == "kettle <<data tok>>\nIt leaks.\n<<end tok>>"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (BODY.replace("{{ product }}", "{{ prodct }}"), "prodct"),
        (BODY.replace("Write more.", "{{ ''.__class__ }}"), "unsafe"),
        (BODY.replace("Write more.", "{% for i in range(9) %}{% endfor %}"), "range"),
        (BODY.replace("large_system", "system"), "no block 'large_system'"),
        (BODY.replace("Write more.", "{% if %}"), "Expected an expression"),
        (BODY.replace("Write more.", "{{ product * 100000 }}"), "longer than"),
    ],
)
def test_a_prompt_that_misbehaves_is_a_content_error(content: Callable[..., Path], body: str, message: str) -> None:
    """Unknown names, forbidden attributes, missing blocks and bombs all name the file."""
    root = content(body=body)
    with pytest.raises(ContentError, match=message):
        render_prompt(root, load_library(root).get("reply"), "large", INPUTS, language="en")


def test_worked_examples_come_first_and_are_the_same_each_time(root: Path) -> None:
    """What stands before the buyer's text never changes, so that a model can keep it warm."""
    prompt = load_library(root).get("reply")
    inputs = dict.fromkeys(prompt.front.inputs, "") | {"opening": "We are so sorry that the", "language": "English"}
    first = render_prompt(root, prompt, "small", inputs | {"review": "one"}, language="en")
    second = render_prompt(root, prompt, "small", inputs | {"review": "two"}, language="en")
    assert len(first.messages) >= 4
    assert first.messages[:-1] == second.messages[:-1]
    assert first.fence != second.fence
