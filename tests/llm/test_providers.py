"""Providers' own shapes of answers and errors arrive as the same few values."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import respx

from drafter.errors import ModelBusy, ModelDenied, ModelDown, ModelError, ModelMalformed, ModelMisused, ModelRefused
from drafter.llm.chat import ChatCall, Message
from drafter.llm.litellm_client import GIVEN_UP, LiteLLMModel, ModelEndpoint
from drafter.llm.profiles import ModelFamilies, Price, load_families
from tests.llm.fault_server import completion

SCHEMA = {"type": "object", "properties": {"problem": {"type": "string"}}, "required": ["problem"], "additionalProperties": False}
CALL = ChatCall(messages=(Message("system", "Be brief."), Message("user", "Say it.")), max_tokens=50, temperature=0.2, seed=7)
SCHEMA_CALL = ChatCall(messages=CALL.messages, max_tokens=50, temperature=0.2, schema=SCHEMA)


def anthropic(text: str = "The lid broke.", stop: str = "end_turn", **content: Any) -> dict[str, Any]:
    """An answer of Anthropic's API."""
    block = content or {"type": "text", "text": text}
    usage = {"input_tokens": 11, "output_tokens": 5}
    return {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5-20250929",
        "content": [block],
        "stop_reason": stop,
        "usage": usage,
    }


def gemini(text: str | None = "The lid broke.", stop: str = "STOP", **fields: Any) -> dict[str, Any]:
    """An answer of Gemini's API."""
    content = {"role": "model", "parts": [{"text": text}] if text else []}
    usage = {"promptTokenCount": 11, "candidatesTokenCount": 5, "totalTokenCount": 16}
    return {"candidates": [{"content": content, "finishReason": stop, "index": 0}], "usageMetadata": usage, "modelVersion": "g", **fields}


def ollama(text: str = "The lid broke.", stop: str = "stop") -> dict[str, Any]:
    """An answer of Ollama's chat API."""
    message = {"role": "assistant", "content": text}
    counts = {"prompt_eval_count": 11, "eval_count": 5, "total_duration": 1}
    return {"model": "llama3", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": True, "done_reason": stop, **counts}


def bedrock(text: str = "The lid broke.", stop: str = "end_turn") -> dict[str, Any]:
    """An answer of Bedrock's Converse API."""
    message = {"role": "assistant", "content": [{"text": text}] if text else []}
    return {
        "output": {"message": message},
        "stopReason": stop,
        "usage": {"inputTokens": 11, "outputTokens": 5, "totalTokens": 16},
        "metrics": {"latencyMs": 1},
    }


BEDROCK = "bedrock/eu.amazon.nova-lite-v1:0"

PROVIDERS = {
    "openai/gpt-4o-mini": ("https://api.openai.com/v1/chat/completions", completion()),
    "azure/my-deployment": ("https://unit.openai.azure.com/openai/deployments/my-deployment/chat/completions", completion()),
    "anthropic/claude-sonnet-4-5": ("https://api.anthropic.com/v1/messages", anthropic()),
    "gemini/gemini-2.5-flash": ("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent", gemini()),
    "ollama_chat/llama3": ("http://localhost:11434/api/chat", ollama()),
    "groq/llama-3.1-8b-instant": ("https://api.groq.com/openai/v1/chat/completions", {**completion(), "service_tier": "on_demand"}),
    "together_ai/x/y": ("https://api.together.ai/v1/chat/completions", completion()),
    "openrouter/x/y": ("https://openrouter.ai/api/v1/chat/completions", completion()),
    BEDROCK: ("https://bedrock-runtime.eu-central-1.amazonaws.com/model/", bedrock()),
    "mistral/mistral-small-latest": ("https://api.mistral.ai/v1/chat/completions", completion()),
}

ERROR = {"error": {"message": "no", "type": "x", "code": None, "status": "x"}}

TABLE: list[tuple[str, int, Any, type[ModelError]]] = [
    *[(name, 401, ERROR, ModelDenied) for name in PROVIDERS],
    *[(name, 429, ERROR, ModelBusy) for name in PROVIDERS],
    *[(name, 500, ERROR, ModelDown) for name in PROVIDERS],
    *[(name, 400, ERROR, ModelMisused) for name in PROVIDERS],
    *[(name, 404, ERROR, ModelMisused) for name in PROVIDERS],
    *[(name, 200, {}, ModelMalformed) for name in PROVIDERS],
    ("anthropic/claude-sonnet-4-5", 529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, ModelBusy),
    ("anthropic/claude-sonnet-4-5", 200, anthropic(stop="max_tokens"), ModelMalformed),
    ("anthropic/claude-sonnet-4-5", 200, anthropic("", stop="refusal"), ModelRefused),
    ("anthropic/claude-sonnet-4-5", 200, anthropic(stop="tool_use", type="tool_use", id="t", name="x", input={}), ModelMalformed),
    ("gemini/gemini-2.5-flash", 200, gemini(None, stop="SAFETY"), ModelRefused),
    ("gemini/gemini-2.5-flash", 200, gemini(stop="MAX_TOKENS"), ModelMalformed),
    ("gemini/gemini-2.5-flash", 200, {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {}}, ModelRefused),
    (BEDROCK, 200, bedrock("", stop="guardrail_intervened"), ModelRefused),
    (BEDROCK, 200, bedrock(stop="max_tokens"), ModelMalformed),
    (BEDROCK, 503, {"message": "Service unavailable"}, ModelDown),
    ("azure/my-deployment", 400, {"error": {"code": "content_filter", "message": "filtered"}}, ModelRefused),
    ("azure/my-deployment", 200, completion("", finish="content_filter"), ModelRefused),
    ("ollama_chat/llama3", 200, ollama(stop="length"), ModelMalformed),
    ("ollama_chat/llama3", 404, {"error": "model 'llama3' not found"}, ModelMisused),
]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and addresses that each provider's client looks for."""
    for name in ("OPENAI", "ANTHROPIC", "GEMINI", "AZURE", "GROQ", "TOGETHERAI", "OPENROUTER", "MISTRAL"):
        monkeypatch.setenv(f"{name}_API_KEY", "sk-test-key-0123456789")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "sk-test-key-0123456789")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sk-test-key-0123456789")
    monkeypatch.setenv("AWS_REGION_NAME", "eu-central-1")
    monkeypatch.setenv("AZURE_API_BASE", "https://unit.openai.azure.com")
    monkeypatch.setenv("AZURE_API_VERSION", "2025-01-01-preview")


@pytest.fixture
def wire(litellm: Any) -> Iterator[respx.MockRouter]:
    """Every HTTP request; those that no test expects fail."""
    # Clients that litellm keeps belong to an earlier test's event loop.
    litellm.in_memory_llm_clients_cache.flush_cache()
    with respx.mock(assert_all_called=True) as router:
        yield router


async def ask(name: str, call: ChatCall = CALL) -> Any:
    """The model's answer, or its error."""
    model = LiteLLMModel(ModelEndpoint(name, name))
    try:
        return await model.complete(call, timeout_s=5)
    except ModelError as exc:
        return exc
    finally:
        await model.aclose()


@pytest.mark.parametrize("name", PROVIDERS)
async def test_every_provider_answers_in_one_shape(name: str, wire: respx.MockRouter) -> None:
    """Text, tokens and one request, whoever answers."""
    url, body = PROVIDERS[name]
    route = wire.post(url__startswith=url).respond(json=body)
    answer = await ask(name)
    assert answer.texts == ("The lid broke.",)
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (11, 5)
    assert route.call_count == 1


@pytest.mark.parametrize(("name", "status", "body", "expected"), TABLE)
async def test_every_provider_fails_in_our_words(
    name: str, status: int, body: Any, expected: type[ModelError], wire: respx.MockRouter
) -> None:
    """An error is of the right class, was made once, and shows no key."""
    route = wire.post(url__startswith=PROVIDERS[name][0]).respond(status, json=body)
    error = await ask(name)
    assert type(error) is expected, error
    assert route.call_count == 1
    assert "sk-test" not in str(error)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_every_answer_is_bounded(name: str, wire: respx.MockRouter) -> None:
    """No provider's client reads more than our limit."""
    wire.post(url__startswith=PROVIDERS[name][0]).respond(content=b" " * 3_000_000, headers={"content-type": "application/json"})
    error = await ask(name)
    assert type(error) is ModelMalformed
    assert "bytes" in str(error)


@pytest.mark.parametrize("name", ["openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash"])
async def test_retry_after_is_read(name: str, wire: respx.MockRouter) -> None:
    """The server's wish reaches the retrier."""
    wire.post(url__startswith=PROVIDERS[name][0]).respond(429, json=ERROR, headers={"Retry-After": "3"})
    error = await ask(name)
    assert error.retry_after_s == 3.0


@pytest.mark.parametrize("name", ["openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5"])
async def test_a_priced_model_has_a_cost(name: str, wire: respx.MockRouter) -> None:
    """Tokens are priced by litellm's list."""
    wire.post(url__startswith=PROVIDERS[name][0]).respond(json=PROVIDERS[name][1])
    assert (await ask(name)).usage.cost_usd > 0


async def test_an_unpriced_model_has_no_cost(wire: respx.MockRouter) -> None:
    """None is not 0."""
    wire.post(url__startswith=PROVIDERS["azure/my-deployment"][0]).respond(json={**completion(), "model": "my-own"})
    assert (await ask("azure/my-deployment")).usage.cost_usd is None


async def test_an_own_price_goes_before_the_list(wire: respx.MockRouter) -> None:
    """Who pays another price, or has a model of his own, says so once."""
    wire.post(url__startswith=PROVIDERS["azure/my-deployment"][0]).respond(json={**completion(), "model": "my-own"})
    families = load_families()
    own = families.families[-1].model_copy(update={"usd_per_million": Price(prompt=1000, written=2000)})
    model = LiteLLMModel(ModelEndpoint("azure/my-deployment", "azure/my-deployment"), families=ModelFamilies(families=(own,), refusals=()))
    answer = await model.complete(CALL, timeout_s=5)
    await model.aclose()
    assert answer.usage.cost_usd == pytest.approx(11 * 0.001 + 5 * 0.002)


async def test_openai_is_bound_by_a_schema(wire: respx.MockRouter) -> None:
    """The schema is sent as a response format, and the answer is JSON."""
    route = wire.post(PROVIDERS["openai/gpt-4o-mini"][0]).respond(json=completion('{"problem": "lid"}'))
    answer = await ask("openai/gpt-4o-mini", SCHEMA_CALL)
    sent = json.loads(route.calls[0].request.content)
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA
    assert json.loads(answer.texts[0]) == {"problem": "lid"}


async def test_anthropic_is_bound_by_its_output_format(wire: respx.MockRouter) -> None:
    """The schema arrives in the provider's own field."""
    route = wire.post(PROVIDERS["anthropic/claude-sonnet-4-5"][0]).respond(json=anthropic('{"problem": "lid"}'))
    answer = await ask("anthropic/claude-sonnet-4-5", SCHEMA_CALL)
    assert json.loads(route.calls[0].request.content)["output_format"]["schema"] == SCHEMA
    assert json.loads(answer.texts[0]) == {"problem": "lid"}


async def test_a_model_without_schemas_is_bound_by_a_forced_tool(wire: respx.MockRouter) -> None:
    """The schema is a tool's argument, and the argument is the answer."""
    name = "groq/llama-3.1-8b-instant"
    called = [{"id": "t", "type": "function", "function": {"name": "write_answer", "arguments": '{"problem": "lid"}'}}]
    body = {**completion(None, finish="tool_calls", tool_calls=called), "service_tier": "on_demand"}
    route = wire.post(PROVIDERS[name][0]).respond(json=body)
    answer = await ask(name, SCHEMA_CALL)
    sent = json.loads(route.calls[0].request.content)
    assert sent["tool_choice"]["function"]["name"] == "write_answer"
    assert sent["tools"][0]["function"]["parameters"] == SCHEMA
    assert json.loads(answer.texts[0]) == {"problem": "lid"}


async def test_anthropic_continues_an_opening(wire: respx.MockRouter) -> None:
    """The answer begins with the words it was given, although the provider leaves them out."""
    wire.post(PROVIDERS["anthropic/claude-sonnet-4-5"][0]).respond(json=anthropic(" the lid broke."))
    call = ChatCall(messages=(*CALL.messages, Message("assistant", "We are sorry that")), max_tokens=50, temperature=0.2)
    assert (await ask("anthropic/claude-sonnet-4-5", call)).texts == ("We are sorry that the lid broke.",)


async def test_candidates_are_single_calls_where_there_is_no_n(wire: respx.MockRouter) -> None:
    """Three candidates are three requests, and their tokens add up."""
    route = wire.post(PROVIDERS["anthropic/claude-sonnet-4-5"][0]).respond(json=anthropic())
    call = ChatCall(messages=CALL.messages, max_tokens=50, temperature=0.2, candidates=3)
    answer = await ask("anthropic/claude-sonnet-4-5", call)
    assert route.call_count == 3
    assert len(answer.texts) == 3
    assert answer.usage.completion_tokens == 15


@pytest.mark.parametrize(("statuses", "texts"), [((200, 529, 200), 2), ((529, 529, 529), 0)])
async def test_candidates_that_came_are_kept(statuses: tuple[int, ...], texts: int, wire: respx.MockRouter) -> None:
    """A candidate that failed costs itself; only when none came, its error is the call's."""
    answers = [httpx.Response(status, json=anthropic() if status == 200 else ERROR) for status in statuses]
    wire.post(PROVIDERS["anthropic/claude-sonnet-4-5"][0]).mock(side_effect=answers)
    call = ChatCall(messages=CALL.messages, max_tokens=50, temperature=0.2, candidates=3)
    answer = await ask("anthropic/claude-sonnet-4-5", call)
    assert type(answer) is ModelBusy if texts == 0 else len(answer.texts) == texts


async def test_a_candidate_that_hangs_costs_itself(wire: respx.MockRouter) -> None:
    """Those that came are enough before the time is over; what it may cost is counted, since providers charge for what was broken off."""
    came = iter([True, False, True])

    async def answer(_request: httpx.Request) -> httpx.Response:
        if not next(came):
            await asyncio.sleep(60)
        return httpx.Response(200, json=anthropic())

    wire.post(PROVIDERS["anthropic/claude-sonnet-4-5"][0]).mock(side_effect=answer)
    model = LiteLLMModel(ModelEndpoint("anthropic/claude-sonnet-4-5", "anthropic/claude-sonnet-4-5", None, "sk-x"))
    call = ChatCall(messages=CALL.messages, max_tokens=50, temperature=0.2, candidates=3)
    answer_of_two = await model.complete(call, timeout_s=5)
    assert len(answer_of_two.texts) == 2
    each_usd = await model.estimate_usd(replace(call, candidates=1))
    await model.aclose()
    wire.post(PROVIDERS["anthropic/claude-sonnet-4-5"][0]).respond(json=anthropic())
    known_usd = (await ask("anthropic/claude-sonnet-4-5")).usage.cost_usd
    assert answer_of_two.usage.cost_usd == pytest.approx(2 * known_usd + each_usd)
    # A number of those that came would be wrong of all.
    assert answer_of_two.usage.completion_tokens is None
    assert [failure.reason for failure in answer_of_two.failures] == [GIVEN_UP]


async def test_a_reasoning_model_gets_no_temperature(wire: respx.MockRouter) -> None:
    """Models that refuse sampling parameters are not sent any."""
    route = wire.post(PROVIDERS["openai/gpt-4o-mini"][0]).respond(json=completion())
    await ask("openai/gpt-5-mini")
    sent = json.loads(route.calls[0].request.content)
    assert "temperature" not in sent
    assert "seed" not in sent
    assert sent["max_completion_tokens"] == 50


async def test_bedrock_says_what_it_needs(litellm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the AWS library the error names it."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("boto3", "botocore")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.setitem(sys.modules, "botocore", None)
    error = await ask(BEDROCK)
    assert isinstance(error, ModelError)
    assert "boto" in str(error)


@pytest.mark.usefixtures("litellm")
async def test_a_missing_key_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent without a key."""
    monkeypatch.delenv("OPENAI_API_KEY")
    error = await ask("openai/gpt-4o-mini")
    assert type(error) is ModelDenied
    assert "OPENAI_API_KEY" in str(error)


@pytest.mark.usefixtures("litellm")
async def test_an_unknown_name_is_misuse() -> None:
    """A name that no provider knows is our mistake."""
    assert type(await ask("nobody-knows-this")) is ModelMisused
