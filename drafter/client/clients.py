"""`AsyncClient` sends calls, `Client` waits for it: one source for both."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from drafter.api.lists import DraftList
from drafter.client.calls import Call
from drafter.client.exchange import TIMEOUT_S, Exchange, Fetched
from drafter.client.stages import EVENT_STREAM, StageEnded, read_events
from drafter.domain import DraftResponse

R = TypeVar("R")


class AsyncClient:
    """Sends calls and lets their answers be awaited."""

    def __init__(
        self, base_url: str, *, key: str | None = None, timeout_s: float = TIMEOUT_S, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout_s, headers=headers, transport=transport)

    async def send(self, call: Call[R]) -> R:
        """What the call gives.

        Raises:
            Refused: the service answered with a problem that waiting does not mend.
            httpx.TransportError: it could not be reached.
        """
        return (await self.fetch(call)).value

    async def fetch(self, call: Call[R]) -> Fetched[R]:
        """What the call gives, with its `ETag`; raises as `send`."""
        exchange = Exchange(call)
        while True:
            try:
                answer = await self._http.send(exchange.request(self._http))
            except httpx.TransportError as exc:
                pause_s = exchange.pause_after(exc)
                if pause_s is None:
                    raise
            else:
                pause_s = exchange.pause_after(answer)
                if pause_s is None:
                    return exchange.read(answer)
            await asyncio.sleep(pause_s)

    async def events(self, call: Call[DraftResponse]) -> AsyncGenerator[StageEnded | DraftResponse, None]:
        """Each stage of `create_draft` when it ends, then the draft; raises as `send`.

        A stream that breaks off, or is refused, is asked for once more without stages: under its key the draft is the same one.
        """
        request = Exchange(call).request(self._http, accept=EVENT_STREAM)
        with contextlib.suppress(httpx.TransportError):
            answer = await self._http.send(request, stream=True)
            try:
                async for event in read_events(answer.aiter_lines()):
                    yield event
                    if isinstance(event, DraftResponse):
                        return
            finally:
                await answer.aclose()
        draft = await self.send(call)
        yield draft

    async def pages(self, call: Call[DraftList]) -> AsyncGenerator[DraftList, None]:
        """Every page of `list_drafts`, from the call's own on; raises as `send`."""
        cursor: str | None = None
        while True:
            page = await self.send(replace(call, query={**call.query, "cursor": cursor}) if cursor else call)
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return

    async def aclose(self) -> None:
        """Gives its connections back."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.aclose()


class Client:
    """Sends calls and waits for their answers: an `AsyncClient` on a loop of its own, which works in any thread and inside other loops."""

    def __init__(
        self, base_url: str, *, key: str | None = None, timeout_s: float = TIMEOUT_S, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._drafter = AsyncClient(base_url, key=key, timeout_s=timeout_s, transport=transport)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="drafter-client", daemon=True)
        self._thread.start()

    def send(self, call: Call[R]) -> R:
        """What the call gives; raises as `AsyncClient.send`."""
        return self._wait(self._drafter.send(call))

    def fetch(self, call: Call[R]) -> Fetched[R]:
        """What the call gives, with its `ETag`; raises as `AsyncClient.send`."""
        return self._wait(self._drafter.fetch(call))

    def events(self, call: Call[DraftResponse]) -> Iterator[StageEnded | DraftResponse]:
        """Each stage of `create_draft` when it ends, then the draft; as `AsyncClient.events`."""
        return self._each(self._drafter.events(call))

    def pages(self, call: Call[DraftList]) -> Iterator[DraftList]:
        """Every page of `list_drafts`; as `AsyncClient.pages`."""
        return self._each(self._drafter.pages(call))

    def close(self) -> None:
        """Gives its connections back."""
        self._wait(self._drafter.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, R]) -> R:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _each(self, stream: AsyncGenerator[R, None]) -> Iterator[R]:
        """What the stream gives, one after the other; who stops early ends it."""

        async def following() -> tuple[R, ...]:
            try:
                return (await anext(stream),)
            except StopAsyncIteration:
                return ()

        try:
            while found := self._wait(following()):
                yield found[0]
        finally:
            self._wait(stream.aclose())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()
