"""A model for `--model-from`: takes a while, and writes down each call in the file that DRAFTER_TEST_CALLS names."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from drafter.domain import Usage
from drafter.llm.chat import ChatAnswer, ChatCall

PARTS = {
    "apology": "We are sorry that the lid of your kettle leaks whenever you pour.",
    "acknowledgement": "That must be annoying.",
    "solution": "",
    "question": "Could you tell us how long this has been so?",
    "closing": "Just answer in this thread.",
}


def note(case: str) -> None:
    """Writes down that a case was asked."""
    with Path(os.environ["DRAFTER_TEST_CALLS"]).open("a", encoding="utf-8") as file:
        file.write(case + "\n")


class SlowModel:
    """Says the same to everyone, after 30 ms."""

    name = "slow"
    profile = "large"

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        await asyncio.sleep(min(0.03, timeout_s))
        case = next(word for word in call.messages[-1].content.split() if word.startswith("case-"))
        note(case)
        text = json.dumps({name: {"text": words, "uses": ["P1"] if name == "apology" else []} for name, words in PARTS.items()})
        return ChatAnswer((text,), "slow", Usage(prompt_tokens=900, completion_tokens=90, cost_usd=0.0), 0.03)

    async def aclose(self) -> None:
        """Nothing to free."""


def make() -> SlowModel:
    """For `--model-from tests.cli.slow_model:make`."""
    return SlowModel()
