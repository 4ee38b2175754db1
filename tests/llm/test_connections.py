"""`Connections`: one each, used again, closed when nobody needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from drafter.llm.connections import KEPT_S, Connections, open_connections
from drafter.llm.wire import open_http
from tests.llm.fault_server import Write, response, running

URL = "http://127.0.0.1/"


class Body(httpx.AsyncByteStream):
    """Two bytes in two pieces."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"o"
        yield b"k"


class OneConnection(httpx.AsyncBaseTransport):
    """Answers when it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.error: Exception | None = None
        self.asked = 0
        self.is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        await asyncio.sleep(0)
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return httpx.Response(200, stream=Body())

    async def aclose(self) -> None:
        self.is_closed = True


class Line:
    """`Connections` over `OneConnection`s, with a clock that is set by hand."""

    def __init__(self) -> None:
        self.made: list[OneConnection] = []
        self.now = 0.0
        self.http = httpx.AsyncClient(transport=Connections(self.open_one, clock=lambda: self.now))

    def open_one(self) -> OneConnection:
        self.made.append(OneConnection())
        self.made[-1].may_answer.set()
        return self.made[-1]


async def test_a_connection_is_used_again() -> None:
    """One after another needs one connection."""
    line = Line()
    texts = [(await line.http.get(URL)).text for _ in range(3)]
    assert texts == ["ok"] * 3
    assert [one.asked for one in line.made] == [3]


async def test_calls_at_once_have_one_each() -> None:
    """No call waits for another's connection."""
    line = Line()
    await asyncio.gather(*(line.http.get(URL) for _ in range(3)))
    assert [one.asked for one in line.made] == [1, 1, 1]


async def test_a_connection_is_not_used_again_after_an_error_or_a_cancelled_call() -> None:
    """Nobody knows what it holds; it is closed, and whoever comes next has another."""
    line = Line()
    await line.http.get(URL)
    line.made[0].error = httpx.ReadError("gone")
    with pytest.raises(httpx.ReadError):
        await line.http.get(URL)
    await line.http.get(URL)
    line.made[1].may_answer.clear()
    task = asyncio.create_task(line.http.get(URL))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await line.http.get(URL)
    assert [one.is_closed for one in line.made] == [True, True, False]


async def test_an_answer_that_is_not_read_to_its_end_costs_its_connection() -> None:
    """What is left of it would be read as the next answer."""
    line = Line()
    async with line.http.stream("GET", URL):
        pass
    await line.http.get(URL)
    assert [one.is_closed for one in line.made] == [True, False]


@pytest.mark.parametrize("turns", range(4))
async def test_a_call_that_is_cancelled_twice_leaves_no_connection_that_seems_busy(turns: int) -> None:
    """Two deadlines may fall together: httpcore's clean-up outlives one cancellation, not two."""

    async def hang(_write: Write) -> None:
        await asyncio.sleep(60)

    async with running({"well": lambda write: write(response("{}")), "hangs": hang}) as server:
        http = open_http()
        task = asyncio.create_task(http.post(f"{server.url('hangs')}/chat/completions", json={}))
        await asyncio.sleep(0.05)
        task.cancel()
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for _ in range(2):
            assert (await http.post(f"{server.url('well')}/chat/completions", json={}, timeout=5)).status_code == 200
        await http.aclose()
        assert await server.settled() == 0


async def test_what_nobody_needs_is_closed() -> None:
    """After a crowd, the next call closes the connections that have been idle for long, and keeps its own."""
    line = Line()
    await asyncio.gather(*(line.http.get(URL) for _ in range(3)))
    line.now = KEPT_S - 1
    await line.http.get(URL)
    line.now = KEPT_S + 1
    await line.http.get(URL)
    await asyncio.sleep(0)
    assert [one.is_closed for one in line.made] == [True, True, False]


async def test_closing_closes_all_of_them() -> None:
    """Also those that are in use, which are nobody's afterwards."""
    line = Line()
    async with line.http.stream("GET", URL):
        await line.http.get(URL)
        await line.http.aclose()
    assert [one.is_closed for one in line.made] == [True, True]


async def test_a_server_sees_one_connection_for_one_caller() -> None:
    """Real sockets: five calls in a row, one connection, and none when it is closed."""
    async with running({"well": lambda write: write(response("{}"))}) as server:
        http = open_http()
        for _ in range(5):
            await http.post(f"{server.url('well')}/chat/completions", json={"model": "well"})
            assert server.open == 1
        await http.aclose()
        assert await server.settled() == 0


def test_a_proxy_of_the_environment_is_left_to_httpx(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which hosts it is for is httpx's to say."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert open_connections(verify=True) is None
