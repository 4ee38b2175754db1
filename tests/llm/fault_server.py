"""A real HTTP server on this machine that misbehaves on request: the first part of the path, or else the model, names the fault."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.waiting import until

Write = Callable[[bytes], Awaitable[None]]


@dataclass
class FaultServer:
    """Where it listens, what it was asked, and how many connections are open."""

    port: int = 0
    open: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    answers: dict[str, Callable[[Write], Awaitable[None]]] = field(default_factory=dict)

    def url(self, fault: str) -> str:
        """Base URL of an OpenAI-compatible endpoint with this fault."""
        return f"http://127.0.0.1:{self.port}/{fault}/v1"

    async def settled(self) -> int:
        """Connections that are still open after clients had time to close them."""
        await until(lambda: self.open == 0)
        return self.open

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one connection, request by request, until the client closes it."""
        self.open += 1
        work: asyncio.Task[None] | None = None
        try:
            while (fault := await self._read_request(reader)) is not None:
                work = asyncio.create_task(self._answer(fault, writer))
                gone = asyncio.create_task(_wait_until_closed(reader))
                await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
                gone.cancel()
                if not work.done():
                    work.cancel()
                    break
                await work
                if writer.is_closing():
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _read_request(self, reader: asyncio.StreamReader) -> str | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except asyncio.IncompleteReadError:
            return None
        lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.headers.append(headers)
        self.asked.set()
        self.requests.append(json.loads(body) if body else {})
        fault = lines[0].split(" ")[1].split("/")[1]
        return fault if fault in self.answers else str(self.requests[-1]["model"])

    async def _answer(self, fault: str, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            if data == b"":
                writer.close()
                return
            writer.write(data)
            await writer.drain()

        await self.answers[fault](write)


async def _wait_until_closed(reader: asyncio.StreamReader) -> None:
    """Returns when the client has gone; pipelined requests do not happen here."""
    # Reading would wait as well, and eat the next request.
    while not reader.at_eof():  # noqa: ASYNC110
        await asyncio.sleep(0.005)


@asynccontextmanager
async def running(answers: dict[str, Callable[[Write], Awaitable[None]]]) -> AsyncIterator[FaultServer]:
    """The server, listening on a free port of this machine."""
    server = FaultServer(answers=answers)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        await listener.wait_closed()


def response(body: bytes | str, *, status: int = 200, kind: str = "application/json", **headers: str) -> bytes:
    """A whole HTTP response."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"content-type: {kind}", f"content-length: {len(raw)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def completion(text: str | None = "The lid broke.", *, finish: str = "stop", **message: Any) -> dict[str, Any]:
    """A chat completion as OpenAI's API answers it."""
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "test-model-2026",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16},
    }
