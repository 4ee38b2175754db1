"""An OpenAI-like server that answers after 50 ms and keeps time: `GET /stats` tells its window and most at once, and begins anew.

Run by `benchmarks/evals.py`: prints its port and serves until standard input closes.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from model_server import COMPLETION, WELL, respond

DELAY_S = float(sys.argv[1]) if len(sys.argv) > 1 else 0.05
RESPONSE = {
    "id": "r1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "bench-model",
    "output": [
        {
            "id": "m1",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": COMPLETION["choices"][0]["message"]["content"], "annotations": []}],  # type: ignore[index]
        }
    ],
    "usage": {"input_tokens": 900, "output_tokens": 100, "total_tokens": 1000},
}


class Clock:
    """What has happened since the last question about it."""

    def __init__(self) -> None:
        self.first = self.last = 0.0
        self.count = self.now = self.most = 0

    async def answer(self) -> None:
        """One answer, as late as it must be."""
        self.first = self.first or time.monotonic()
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(DELAY_S)
        self.now -= 1
        self.count += 1
        self.last = time.monotonic()


clock = Clock()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers one connection until the client closes it."""
    global clock
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
            await reader.readexactly(length)
            if head.startswith(b"GET /stats"):
                writer.write(respond(json.dumps({"window_s": clock.last - clock.first, "count": clock.count, "most": clock.most})))
                clock = Clock()
            else:
                await clock.answer()
                writer.write(respond(json.dumps(RESPONSE)) if b"/responses" in head.split(b"\r\n")[0] else WELL)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main() -> None:
    """Serves until standard input closes."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
