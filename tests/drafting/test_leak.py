"""What only the prompt should hold is seen wherever it stands in a reply."""

from __future__ import annotations

import pytest

from drafter.drafting.leak import MAX_PROMPT_RUN, find_leak
from drafter.llm.chat import Message
from drafter.prompts.fence import derive_fence
from drafter.prompts.render import Rendered

PROMPT = [f"word{i}" for i in range(60)]
RENDERED = Rendered((Message("system", " ".join(PROMPT)), Message("user", "Say it.")), derive_fence(b"secret", ["review"]))


@pytest.mark.parametrize("before", range(12))
@pytest.mark.parametrize("start", [0, 7, 60 - MAX_PROMPT_RUN - 1])
def test_a_run_of_the_prompt_is_seen_at_any_place(before: int, start: int) -> None:
    """Also in other capitals; one word fewer is chance."""
    own = [f"own{i}" for i in range(before)]
    run = PROMPT[start : start + MAX_PROMPT_RUN + 1]
    assert find_leak(" ".join((*own, *run, "and", "so", "on")).title(), RENDERED, given="") == "quotes the prompt"
    assert find_leak(" ".join((*own, *run[1:], "and", "so", "on")), RENDERED, given="") is None


def test_words_that_end_alike_are_no_run() -> None:
    """A piece is whole words."""
    said = " ".join(PROMPT[: MAX_PROMPT_RUN + 1]).replace("word0", "foreword0", 1)
    assert find_leak(said, RENDERED, given="") is None
