"""Servers that speak as OpenAI's: asked as the call says, and never believed a price that is none."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from drafter.llm.chat import ChatAnswer, ChatCall
from drafter.llm.litellm_client import LiteLLMModel, ModelEndpoint, load_litellm
from tests.llm.fault_server import FaultServer, Write, completion, response, running
from tests.llm.test_faults import CALL, PATIENCE_S, SCHEMA, SCHEMA_CALL, say, speak

pytestmark = pytest.mark.usefixtures("litellm")


def told(price: str) -> Callable[[Write], Awaitable[None]]:
    """Answers with a completion, and with what it cost."""
    return say(response(json.dumps(completion()), x_litellm_response_cost=price))


async def ask(server: FaultServer, name: str = "openai/gpt-5-mini", call: ChatCall = CALL) -> ChatAnswer:
    """What a model answers on this server."""
    model = LiteLLMModel(ModelEndpoint(name, name, server.url("x"), "k"))
    try:
        return await model.complete(call, timeout_s=PATIENCE_S)
    finally:
        await model.aclose()


async def test_a_request_arrives_as_it_was_made() -> None:
    """The schema and the messages, unchanged."""
    async with running({"x": speak('{"problem": "p"}')}) as server:
        await ask(server, call=SCHEMA_CALL)
    body: dict[str, Any] = server.requests[0]
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert body["messages"] == [{"role": "user", "content": "Say it."}]
    assert body["model"] == "gpt-5-mini"
    assert "extra_body" not in body
    assert server.headers[0]["authorization"] == "Bearer k"


async def test_a_price_is_litellms_own() -> None:
    """Of a model in its list; of any other it is not known."""
    async with running({"x": speak()}) as server:
        answer, unlisted = await ask(server), await ask(server, "openai/nobody-knows")
    counts = (answer.usage.prompt_tokens, answer.usage.completion_tokens)
    expected = sum(load_litellm().cost_per_token("gpt-5-mini", prompt_tokens=counts[0], completion_tokens=counts[1]))
    assert answer.usage.cost_usd == pytest.approx(expected)
    assert expected > 0
    assert unlisted.usage.cost_usd is None


async def test_a_proxy_tells_what_an_answer_cost() -> None:
    """It knows what stands behind its names."""
    async with running({"x": told("0.25")}) as server:
        assert (await ask(server, "openai/house-model")).usage.cost_usd == 0.25


@pytest.mark.parametrize("price", ["nan", "inf", "-3", "free"])
async def test_a_price_that_is_none_is_not_believed(price: str) -> None:
    """It would open the cap, or close it for good."""
    async with running({"x": speak()}) as server:
        expected = (await ask(server)).usage.cost_usd
    async with running({"x": told(price)}) as server:
        assert (await ask(server)).usage.cost_usd == expected
