"""Does a model's text show what only the prompt should hold: the fence, the rules, JSON scaffolding, citation numbers?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from drafter.prompts.render import Rendered
from drafter.scoring.parroting import longest_common_run

MAX_PROMPT_RUN = 9
"""Words in a row that a reply may share with the system prompt by chance."""

PIECE = MAX_PROMPT_RUN // 2 + 1
"""Words of a piece. Wherever a text is cut into pieces of so many, a run that is too long holds one of them whole."""

_SCAFFOLDING = re.compile(
    r"[{}\[\]<>]|```|\\n|\\u[0-9a-f]{4}|\b(?:uses|apology|acknowledgement|solution|closing)\"?\s*:|"
    r"\b(?:system prompt|as an ai|language model|json|buyer's text|fence|complaint points?)\b|\b[FRP]\d{1,2}\b",
    re.IGNORECASE,
)


def find_leak(text: str, rendered: Rendered, *, given: str) -> str | None:
    """What leaked, in a few words; None when nothing did.

    Args:
        given: The request's own words (review, facts, names): what stands there may be said.
    """
    if rendered.fence.is_quoted_in(text):
        return "quotes the fence"
    hit = next((m.group() for m in _SCAFFOLDING.finditer(text) if m.group() not in given), None)
    if hit:
        return f"shows scaffolding: {hit!r}"
    said, prompt = text.lower().split(), rendered.messages[0].content.lower().split()
    is_quoted = _may_share(said, prompt) and longest_common_run(said, prompt) > MAX_PROMPT_RUN
    return "quotes the prompt" if is_quoted else None


def _may_share(said: Sequence[str], prompt: Sequence[str]) -> bool:
    """False where no run of more than `MAX_PROMPT_RUN` words can be shared: any holds one of these pieces whole, and most replies none."""
    whole = f" {' '.join(prompt)} "
    return any(f" {' '.join(said[at : at + PIECE])} " in whole for at in range(0, len(said) - PIECE + 1, PIECE))
