"""Server-sent events of one draft: `stage` for each stage that ended, then `draft` with the whole answer, or `problem`.

No event carries a text that was not checked: stages have a name and seconds, nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from drafter.api.errors import problem_of
from drafter.domain import DraftResponse
from drafter.errors import DrafterError
from drafter.pipeline import StageListener

EVENT_STREAM = "text/event-stream"

ALIVE_S = 10.0
"""Silence after which a comment is sent, so that nothing between us and the caller takes the connection for dead."""

Drafting = Callable[[StageListener], Awaitable[tuple[DraftResponse, dict[str, str]]]]


def stream(draft: Drafting) -> StreamingResponse:
    """The events of a draft; a caller who leaves ends it."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(draft), media_type=EVENT_STREAM, headers=headers)


async def _events(draft: Drafting) -> AsyncIterator[str]:
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def on_stage(stage: str, duration_s: float) -> None:
        queue.put_nowait(_event("stage", json.dumps({"stage": stage, "duration_s": round(duration_s, 6)})))

    async def finish() -> None:
        try:
            queue.put_nowait(await _last_event(draft, on_stage))
        finally:
            queue.put_nowait(None)

    task = asyncio.create_task(finish())
    try:
        while True:
            try:
                async with asyncio.timeout(ALIVE_S):
                    event = await queue.get()
            except TimeoutError:
                yield ": still working\n\n"
                continue
            if event is None:
                break
            yield event
        # A bug ends the stream in the middle, and the request's line in the log names it.
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _last_event(draft: Drafting, on_stage: StageListener) -> str:
    try:
        response, _ = await draft(on_stage)
    except DrafterError as exc:
        return _model_event("problem", problem_of(exc))
    return _model_event("draft", response)


def _model_event(name: str, value: BaseModel) -> str:
    return _event(name, value.model_dump_json())


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"
