"""What every `ChatModel` does; each implementation's tests inherit it."""

from __future__ import annotations

import asyncio

import pytest

from drafter.errors import ModelError
from drafter.llm.chat import ChatCall, ChatModel, Message

CALL = ChatCall(messages=(Message("user", "Say it."),), max_tokens=20, temperature=0.0)


class ModelContract:
    """Subclasses give fixtures `model` (answers) and `broken` (raises a `ModelError`)."""

    async def test_it_answers(self, model: ChatModel) -> None:
        """At least one text, none empty, with who said it."""
        answer = await model.complete(CALL, timeout_s=30)
        assert answer.texts
        assert all(answer.texts)
        assert answer.model_answered
        assert answer.duration_s >= 0

    async def test_it_has_a_name_and_a_profile(self, model: ChatModel) -> None:
        """Records and prompts need both."""
        assert model.name
        assert model.profile in ("small", "large")

    async def test_it_fails_as_a_model_error(self, broken: ChatModel) -> None:
        """Never anything else, and the error names a model."""
        with pytest.raises(ModelError) as caught:
            await broken.complete(CALL, timeout_s=30)
        assert caught.value.model

    async def test_many_may_ask_at_once(self, model: ChatModel) -> None:
        """Answers do not mix up or block each other."""
        answers = await asyncio.gather(*(model.complete(CALL, timeout_s=30) for _ in range(5)))
        assert all(answer.texts for answer in answers)
