"""Every fault of a model's server becomes the error that says so, in time, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from drafter.errors import ModelBusy, ModelDenied, ModelDown, ModelError, ModelMalformed, ModelMisused, ModelRefused, ModelTimeout
from drafter.llm.chat import ChatCall, Message
from drafter.llm.litellm_client import LiteLLMModel, ModelEndpoint
from tests.llm.fault_server import FaultServer, Write, completion, response, running
from tests.waiting import GRACE_S, SOON_S, Stopwatch, until

TIMEOUT_S = 0.5
"""Of a server that hangs: it is waited for to the end."""

PATIENCE_S = 20.0
"""Of a server that answers at once, on a machine that does much else."""

SCHEMA = {
    "type": "object",
    "properties": {"problem": {"type": "string"}},
    "required": ["problem"],
    "additionalProperties": False,
}
CALL = ChatCall(messages=(Message("user", "Say it."),), max_tokens=50, temperature=0.0)
SCHEMA_CALL = ChatCall(messages=CALL.messages, max_tokens=50, temperature=0.0, schema=SCHEMA)


def say(raw: bytes) -> Callable[[Write], Awaitable[None]]:
    """Answers with these bytes."""

    async def answer(write: Write) -> None:
        await write(raw)

    return answer


def fail(status: int, **headers: str) -> Callable[[Write], Awaitable[None]]:
    """Answers with an error as OpenAI's API words it."""
    return say(response(json.dumps({"error": {"message": f"no {status}", "type": "x", "code": None}}), status=status, **headers))


def speak(*args: Any, **fields: Any) -> Callable[[Write], Awaitable[None]]:
    """Answers with a completion."""
    return say(response(json.dumps(completion(*args, **fields))))


async def endless(write: Write) -> None:
    """Never stops."""
    await write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        await write(b"100\r\n" + b" " * 256 + b"\r\n")
        await asyncio.sleep(0.001)


async def trickle(write: Write) -> None:
    """One byte a second."""
    body = response(json.dumps(completion()))
    for at in range(len(body)):
        await write(body[at : at + 1])
        await asyncio.sleep(1)


async def hang(_write: Write) -> None:
    """Says nothing."""
    await asyncio.sleep(60)


async def hang_in_the_middle(write: Write) -> None:
    """Says half of it."""
    body = response(json.dumps(completion()))
    await write(body[:-40])
    await asyncio.sleep(60)


async def cut_connection(write: Write) -> None:
    """Says half of it and hangs up."""
    body = response(json.dumps(completion()))
    await write(body[:-40])
    await write(b"")


async def not_http(write: Write) -> None:
    """Speaks another language."""
    await write(b"220 mail.example ESMTP\r\n")
    await write(b"")


async def huge(write: Write) -> None:
    """50 MB without a stated length."""
    await write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
    for _ in range(50):
        await write(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")
    await write(b"0\r\n\r\n")


TOOL_CALL = [{"id": "t", "type": "function", "function": {"name": "delete_all", "arguments": "{}"}}]
WHOLE = json.dumps(completion())

FAULTS: dict[str, tuple[Callable[[Write], Awaitable[None]], type[ModelError]]] = {
    "400": (fail(400), ModelMisused),
    "401": (fail(401), ModelDenied),
    "402": (fail(402), ModelDenied),
    "403": (fail(403), ModelDenied),
    "404": (fail(404), ModelMisused),
    "408": (fail(408), ModelTimeout),
    "409": (fail(409), ModelBusy),
    "413": (fail(413), ModelMisused),
    "422": (fail(422), ModelMisused),
    "429": (fail(429), ModelBusy),
    "429-retry-after": (fail(429, retry_after="7"), ModelBusy),
    "429-quota": (say(response('{"error": {"message": "pay", "code": "insufficient_quota"}}', status=429)), ModelDenied),
    "500": (fail(500), ModelDown),
    "502": (fail(502), ModelDown),
    "503": (fail(503), ModelDown),
    "503-retry-after": (fail(503, retry_after="7"), ModelBusy),
    "504": (fail(504), ModelTimeout),
    "529": (fail(529), ModelBusy),
    "redirect": (say(response("", status=307, location="http://127.0.0.1:1/v1")), ModelDown),
    "html-200": (say(response("<html>Welcome to the hotel's network</html>", kind="text/html")), ModelMalformed),
    "html-502": (say(response("<html>Bad gateway</html>", status=502, kind="text/html")), ModelDown),
    "wrong-content-type": (say(response(WHOLE, kind="text/plain")), ModelMalformed),
    "empty-body": (say(response("")), ModelMalformed),
    "null": (say(response("null")), ModelMalformed),
    "a-list": (say(response("[]")), ModelMalformed),
    "no-choices": (say(response(json.dumps({**completion(), "choices": []}))), ModelMalformed),
    "error-in-200": (say(response('{"error": {"message": "model overloaded", "code": 529}}')), ModelBusy),
    "cut-json": (say(response(WHOLE[: len(WHOLE) // 2])), ModelMalformed),
    "invalid-utf8": (say(response(WHOLE.encode().replace(b"The lid", b"\xff\xfe\xff"))), ModelMalformed),
    "cut-connection": (cut_connection, ModelDown),
    "hang-up": (say(b""), ModelDown),
    "not-http": (not_http, ModelDown),
    "endless": (endless, ModelTimeout),
    "trickle": (trickle, ModelTimeout),
    "hang": (hang, ModelTimeout),
    "hang-in-the-middle": (hang_in_the_middle, ModelTimeout),
    "huge": (huge, ModelMalformed),
    "huge-declared": (say(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50000000\r\n\r\n"), ModelMalformed),
    "compressed": (say(response(b"\x1f\x8b\x08\x00", content_encoding="gzip")), ModelMalformed),
    "refusal-field": (speak(None, refusal="I cannot do that."), ModelRefused),
    "content-filter": (speak("", finish="content_filter"), ModelRefused),
    "content-policy": (
        say(response('{"error": {"message": "blocked", "code": "content_policy_violation"}}', status=400)),
        ModelRefused,
    ),
    "context-window": (
        say(response('{"error": {"message": "too long", "code": "context_length_exceeded"}}', status=400)),
        ModelMisused,
    ),
    "empty-content": (speak(""), ModelMalformed),
    "blank-content": (speak(" \n "), ModelMalformed),
    "null-content": (speak(None), ModelMalformed),
    "tool-call": (speak(None, finish="tool_calls", tool_calls=TOOL_CALL), ModelMalformed),
    "length-stop": (speak(finish="length"), ModelMalformed),
}

SCHEMA_FAULTS: dict[str, tuple[Callable[[Write], Awaitable[None]], type[ModelError]]] = {
    "prose": (speak("Sure! The lid broke."), ModelMalformed),
    "refusal-text": (speak("I'm sorry, but I can't help with that."), ModelRefused),
    "wrong-schema": (speak('{"trouble": "lid"}'), ModelMalformed),
    "wrong-type": (speak('{"problem": 7}'), ModelMalformed),
    "cut-in-a-string": (speak('{"problem": "the lid'), ModelMalformed),
    "two-objects": (speak('{"problem": "a"} {"problem": "b"}'), ModelMalformed),
    "key-twice": (speak('{"problem": "a", "problem": "b"}'), ModelMalformed),
    "wrong-tool": (speak(None, finish="tool_calls", tool_calls=TOOL_CALL), ModelMalformed),
}


async def assert_error(model: LiteLLMModel, expected: type[ModelError], call: ChatCall = CALL) -> ModelError:
    """A call ends in the expected error, and in time where the server hangs."""
    timeout_s = TIMEOUT_S if expected is ModelTimeout else PATIENCE_S
    watch = Stopwatch()
    with pytest.raises(ModelError) as caught:
        await model.complete(call, timeout_s=timeout_s)
    assert type(caught.value) is expected, caught.value
    assert watch.seconds < timeout_s + GRACE_S
    return caught.value


def model_at(url: str, **tools: Any) -> LiteLLMModel:
    """A model behind this URL."""
    return LiteLLMModel(ModelEndpoint("openai/test", "openai/test", url, "sk-a-very-secret-key"), **tools)


async def assert_fault(server: FaultServer, name: str, expected: type[ModelError], call: ChatCall) -> ModelError:
    """The error is the expected one, in time, and nothing is left open or running."""
    before = asyncio.all_tasks()
    model = model_at(server.url(name))
    error = await assert_error(model, expected, call)
    await model.aclose()
    assert "sk-a-very-secret-key" not in f"{error!r} {error.__cause__!r}"
    assert await server.settled() == 0
    assert await until(lambda: not {task for task in asyncio.all_tasks() - before if "fault_server" not in repr(task)})
    return error


@pytest.mark.usefixtures("litellm")
@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_becomes_its_error_in_time(name: str) -> None:
    """Whatever a server does, the caller gets one known error inside its time, and sockets and tasks are gone."""
    answer, expected = FAULTS[name]
    async with running({name: answer}) as server:
        error = await assert_fault(server, name, expected, CALL)
    assert len(server.requests) == 1, "one try a call"
    assert error.retry_after_s == (7.0 if name.endswith("retry-after") else None)


@pytest.mark.usefixtures("litellm")
@pytest.mark.parametrize("name", SCHEMA_FAULTS)
async def test_an_answer_off_the_schema_is_an_error(name: str) -> None:
    """What does not meet the schema never reaches the caller."""
    answer, expected = SCHEMA_FAULTS[name]
    async with running({name: answer}) as server:
        await assert_fault(server, name, expected, SCHEMA_CALL)


@pytest.mark.usefixtures("litellm")
async def test_a_refused_connection_is_down() -> None:
    """Nothing listens."""
    async with running({}) as server:
        port = server.port
    model = model_at(f"http://127.0.0.1:{port}/v1")
    await assert_error(model, ModelDown)
    await model.aclose()


@pytest.mark.usefixtures("litellm")
async def test_an_unknown_host_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name has no address."""

    def no_address(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    model = model_at("http://nowhere.invalid/v1")
    await assert_error(model, ModelDown)
    await model.aclose()


@pytest.mark.usefixtures("litellm")
async def test_a_tls_error_is_down() -> None:
    """The other side does not speak TLS."""

    def answer_plainly(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    listener = await asyncio.start_server(answer_plainly, "127.0.0.1", 0)
    async with listener:
        model = model_at(f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1")
        await assert_error(model, ModelDown)
        await model.aclose()


@pytest.mark.usefixtures("litellm")
async def test_a_tls_handshake_that_hangs_is_a_timeout() -> None:
    """The other side accepts and says nothing; the socket is closed all the same."""
    async with running({}) as server:
        model = model_at(f"https://127.0.0.1:{server.port}/v1")
        await assert_error(model, ModelTimeout)
        assert await server.settled() == 0
        await model.aclose()


@pytest.mark.usefixtures("litellm")
async def test_who_gives_up_in_a_tls_handshake_leaves_no_socket() -> None:
    """Cancelled from outside, before any clock of the connection's own has rung."""
    async with running({}) as server:
        model = model_at(f"https://127.0.0.1:{server.port}/v1")
        task = asyncio.create_task(model.complete(CALL, timeout_s=60))
        assert await until(lambda: server.open == 1)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await server.settled() == 0
        await model.aclose()


@pytest.mark.usefixtures("litellm")
async def test_who_gives_up_in_a_handshake_behind_a_proxy_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy opens the tunnel, and nobody speaks at its other end."""
    connections = 0

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        opened.set()
        await reader.read()
        connections -= 1
        writer.close()

    opened = asyncio.Event()
    async with await asyncio.start_server(tunnel, "127.0.0.1", 0) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
        model = model_at("https://models.example")
        task = asyncio.create_task(model.complete(CALL, timeout_s=60))
        await asyncio.wait_for(opened.wait(), SOON_S)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await until(lambda: connections == 0)
        await model.aclose()


@pytest.mark.usefixtures("litellm")
async def test_a_cancelled_call_closes_its_socket() -> None:
    """Who gives up frees the server at once, and the model can be asked again."""
    async with running({"hang": hang, "well": speak()}) as server:
        model = model_at(server.url("hang"))
        task = asyncio.create_task(model.complete(CALL, timeout_s=30))
        await asyncio.wait_for(server.asked.wait(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await server.settled() == 0
        await model.aclose()


@pytest.mark.usefixtures("litellm")
async def test_calls_share_a_connection() -> None:
    """The pool is kept between calls."""
    async with running({"well": speak()}) as server:
        model = model_at(server.url("well"))
        for _ in range(3):
            answer = await model.complete(CALL, timeout_s=5)
            assert answer.texts == ("The lid broke.",)
            assert answer.model_answered == "test-model-2026"
            assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (11, 5)
            assert server.open == 1
        await model.aclose()
        assert await server.settled() == 0
