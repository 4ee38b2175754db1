"""An OpenAI-like server that answers in no time, or as late and as wrong as it is told to.

Run by other benchmarks: `python model_server.py [--fail-share 0.5] [--delay-s 0.2]` prints its port and serves until standard input closes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys

from reviews import reply_to

PARTS = {
    "apology": "We are sorry that the lid of your kettle leaks every time you pour.",
    "acknowledgement": "A wet counter is the last thing a kettle should leave behind.",
    "solution": "",
    "question": "Could you tell us whether the lid closes all the way before you pour?",
    "closing": "Just answer in this thread.",
}
REPLY = json.dumps({name: {"text": text, "uses": []} for name, text in PARTS.items()})


def complete(reply: str) -> dict[str, object]:
    """A completion as OpenAI's API words it."""
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "bench-model",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": reply}}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000},
    }


def respond(body: str, *, status: int = 200, kind: str = "application/json") -> bytes:
    """A whole HTTP response."""
    raw = body.encode()
    return f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {len(raw)}\r\n\r\n".encode() + raw


COMPLETION = complete(REPLY)
WELL = respond(json.dumps(COMPLETION))
ERROR = '{"error": {"message": "no", "type": "x", "code": null}}'
FAILURES = {
    "500": respond(ERROR, status=500),
    "503": respond(ERROR, status=503),
    "429": respond(ERROR, status=429),
    "html": respond("<html>Welcome to the hotel's network</html>", kind="text/html"),
    "garbage": respond('{"choices": [{"mess'),
    "cut": WELL[:-40],
    "hang": b"",
}


async def serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, fail_share: float, delay_s: float, draw: random.Random
) -> None:
    """Answers one connection until the client closes it."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            asked = await reader.readexactly(length)
            failure = draw.choice(list(FAILURES)) if draw.random() < fail_share else None
            if delay_s:
                await asyncio.sleep(delay_s)
            own = None if failure else reply_to(asked.decode())
            writer.write(FAILURES[failure] if failure else WELL if own is None else respond(json.dumps(complete(own))))
            if failure == "hang":
                # Until the client has had enough.
                await reader.read()
            if failure in ("cut", "hang"):
                break
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def run(fail_share: float, delay_s: float) -> None:
    """Serves until standard input closes."""
    draw = random.Random(4)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve(reader, writer, fail_share=fail_share, delay_s=delay_s, draw=draw)

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fail-share", type=float, default=0.0)
    parser.add_argument("--delay-s", type=float, default=0.0)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.fail_share, arguments.delay_s))
