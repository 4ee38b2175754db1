"""Does a model's text show what only the prompt should hold: the fence, the rules, JSON scaffolding, citation numbers?"""

from __future__ import annotations

import re

from drafter.prompts.render import Rendered
from drafter.scoring.parroting import shares_run

MAX_PROMPT_RUN = 9
"""Words in a row that a reply may share with the system prompt by chance."""

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
    return "quotes the prompt" if shares_run(text, rendered.messages[0].content, longer_than=MAX_PROMPT_RUN) else None
