"""HTTP to a model's server: answers bounded in bytes, statuses remembered, and calls that may be given up at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from drafter.llm.connections import open_connections
from drafter.llm.foreign import UnreadableAnswer

MAX_ANSWER_BYTES = 2_000_000
"""A reply has a few kilobytes; this leaves room for logprobs and long reasoning, and none for an attack on memory."""

CONNECT_TIMEOUT_S = 5.0

UNSENT_S = 30.0
"""How long a call that was cancelled before it was sent may take to get as far as being thrown away."""

CLOSING_S = 3.0
"""How long such calls may keep a service that stops."""

_sending: ContextVar[asyncio.Event] = ContextVar("drafter_sending")
"""Set when the running call is handed to HTTP."""

_statuses: ContextVar[list[int]] = ContextVar("drafter_statuses")
"""HTTP statuses that the running call has met."""


def open_http(*, max_answer_bytes: int = MAX_ANSWER_BYTES, verify: Any = True) -> httpx.AsyncClient:
    """A client whose answers end in `UnreadableAnswer` when they are too long, compressed or no JSON."""

    async def bound(response: httpx.Response) -> None:
        _bound(response, max_answer_bytes)

    return httpx.AsyncClient(
        verify=verify,
        transport=open_connections(verify=verify),
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        headers={"Accept-Encoding": "identity"},
        event_hooks={"request": [_about_to_send], "response": [bound]},
        follow_redirects=False,
    )


def timeouts(timeout_s: float) -> httpx.Timeout:
    """Of a call that has this long."""
    return httpx.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s))


@contextmanager
def statuses_met() -> Iterator[list[int]]:
    """HTTP statuses that calls inside meet, as they come."""
    statuses: list[int] = []
    seen = _statuses.set(statuses)
    try:
        yield statuses
    finally:
        _statuses.reset(seen)


class Sender:
    """Runs calls that their callers may cancel.

    litellm prepares each call in a thread, and one that is cancelled meanwhile would stay behind unused: so it goes on until it is about to
    be sent, and ends there.
    """

    def __init__(self) -> None:
        self._unsent: set[asyncio.Task[None]] = set()

    async def send(self, completion: Coroutine[Any, Any, Any]) -> Any:
        """What the call gives back."""
        sending = asyncio.Event()
        seen = _sending.set(sending)
        task = asyncio.create_task(completion)
        _sending.reset(seen)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not sending.is_set() and not task.done():
                unsent = asyncio.create_task(_throw_away(task, sending))
                self._unsent.add(unsent)
                unsent.add_done_callback(self._unsent.discard)
            else:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            raise

    async def aclose(self) -> None:
        """Returns when nothing is left of calls that were given up; whatever of them takes long is broken off."""
        if self._unsent:
            await asyncio.wait(self._unsent, timeout=CLOSING_S)
        for task in self._unsent:
            task.cancel()
        await asyncio.gather(*self._unsent, return_exceptions=True)


async def _throw_away(task: asyncio.Task[Any], sending: asyncio.Event) -> None:
    """Ends a call that nobody waits for before anything of it is sent."""
    reached = asyncio.create_task(sending.wait())
    await asyncio.wait({task, reached}, timeout=UNSENT_S, return_when=asyncio.FIRST_COMPLETED)
    for one in (reached, task):
        one.cancel()
    await asyncio.gather(task, reached, return_exceptions=True)


async def _about_to_send(request: httpx.Request) -> None:
    """Says so to whoever would cancel the call, and lets him."""
    request.extensions["trace"] = _Handshake()
    if (sending := _sending.get(None)) is not None:
        sending.set()
        await asyncio.sleep(0)


class _Handshake:
    """Closes the socket of a TLS handshake in which the call is cancelled; httpcore closes only what it gives up itself."""

    def __init__(self) -> None:
        self._stream: Any = None

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        # A connection's own event, or its proxy's.
        if event.endswith(".connect_tcp.complete"):
            self._stream = info["return_value"]
        elif event.endswith(".start_tls.failed") and self._stream is not None:
            await self._stream.aclose()


def _bound(response: httpx.Response, max_bytes: int) -> None:
    """Refuses what is no model's answer before it is read, and stops reading at the limit."""
    _statuses.get([]).append(response.status_code)
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > max_bytes:
        raise UnreadableAnswer(f"the answer has {declared} bytes; at most {max_bytes} are read")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnreadableAnswer("the answer is compressed although that was not asked for, so its size cannot be bounded")
    kind = response.headers.get("content-type", "")
    if response.is_success and "json" not in kind.lower():
        raise UnreadableAnswer(f"the answer is {kind.split(';')[0] or 'of no stated type'}, not JSON")
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _BoundedStream(response.stream, max_bytes)


class _BoundedStream(httpx.AsyncByteStream):
    """A body that ends in an error once it is too long."""

    def __init__(self, inner: httpx.AsyncByteStream, max_bytes: int) -> None:
        self._inner = inner
        self._max_bytes = max_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for chunk in self._inner:
            read += len(chunk)
            if read > self._max_bytes:
                raise UnreadableAnswer(f"the answer goes on after {self._max_bytes} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
