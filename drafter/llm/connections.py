"""`Connections`: one connection for each call under way, the one that was used last first.

A pool of httpx's looks at every connection it has, with a system call for each, when a call begins and again when it ends: at twenty calls
at once that is a fifth of what a call costs. Here each connection is a transport of httpx's own, with a pool of one.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import urllib.request
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx

KEPT_S = 5.0
"""How long a connection that nobody needs stays open; as long as with httpx."""

_ONE = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEPT_S)


def open_connections(*, verify: Any) -> Connections | None:
    """Connections of httpx's making; None where the environment names a proxy, which only httpx's own choice of them follows."""
    if urllib.request.getproxies().keys() & {"http", "https", "all"}:
        return None
    context = httpx.create_ssl_context(verify=verify)
    return Connections(lambda: httpx.AsyncHTTPTransport(verify=context, limits=_ONE))


class Connections(httpx.AsyncBaseTransport):
    """As many as there are calls under way; who calls bounds how many that are."""

    def __init__(self, open_one: Callable[[], httpx.AsyncBaseTransport], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._open_one = open_one
        self._clock = clock
        self._all: set[httpx.AsyncBaseTransport] = set()
        self._free: deque[tuple[httpx.AsyncBaseTransport, float]] = deque()
        """With the time since when; the one that was used last stands last."""
        self._closing: set[asyncio.Task[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._close_unneeded()
        transport = self._take()
        try:
            response = await transport.handle_async_request(request)
        except BaseException:
            self._discard(transport)
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Body(response.stream, lambda is_whole: (self._give if is_whole else self._discard)(transport))
        return response

    async def aclose(self) -> None:
        self._free.clear()
        while self._all:
            self._discard(next(iter(self._all)))
        await asyncio.gather(*self._closing)

    def _take(self) -> httpx.AsyncBaseTransport:
        if self._free:
            return self._free.pop()[0]
        transport = self._open_one()
        self._all.add(transport)
        return transport

    def _give(self, transport: httpx.AsyncBaseTransport) -> None:
        if transport in self._all:
            self._free.append((transport, self._clock()))

    def _discard(self, transport: httpx.AsyncBaseTransport) -> None:
        """Closes it in a task that nobody cancels: a pool whose call was cancelled twice may take its connection for busy for ever."""
        if transport in self._all:
            self._all.remove(transport)
            task = asyncio.create_task(_close(transport))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _close_unneeded(self) -> None:
        while self._free and self._free[0][1] < self._clock() - KEPT_S:
            self._discard(self._free.popleft()[0])


async def _close(transport: httpx.AsyncBaseTransport) -> None:
    with contextlib.suppress(httpx.HTTPError, OSError, RuntimeError):
        await transport.aclose()


class _Body(httpx.AsyncByteStream):
    """A body that gives its connection back when it is closed, and says whether it was read to its end."""

    def __init__(self, inner: httpx.AsyncByteStream, give_back: Callable[[bool], None]) -> None:
        self._inner = inner
        self._give_back: Callable[[bool], None] | None = give_back
        self._is_whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            yield chunk
        self._is_whole = True

    async def aclose(self) -> None:
        give_back, self._give_back = self._give_back, None
        is_clean = False
        try:
            await self._inner.aclose()
            is_clean = self._is_whole
        finally:
            if give_back is not None:
                give_back(is_clean)
