"""A caller that costs next to nothing: five hundred of them must not take from the service the cores that it is measured on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.body)


class Caller:
    """One connection, kept, over which one request after the other is sent."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname, parts.port, parts.path
        self._stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes, *, timeout_s: float) -> Answer:
        """The answer to a JSON body.

        Raises:
            OSError: there was none, or not in time.
            EOFError: it was cut.
        """
        try:
            async with asyncio.timeout(timeout_s):
                return await self._post(body)
        except (OSError, EOFError):
            await self.aclose()
            raise

    async def _post(self, body: bytes) -> Answer:
        if self._stream is None:
            self._stream = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._stream
        head = f"POST {self._path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        answer = Answer(int(first.split()[1]), headers, await reader.readexactly(int(headers["content-length"])))
        if headers.get("connection", "").lower() == "close":
            await self.aclose()
        return answer

    async def aclose(self) -> None:
        """Ends the connection."""
        if self._stream is not None:
            self._stream[1].close()
            self._stream = None
