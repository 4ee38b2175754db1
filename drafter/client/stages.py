"""Server-sent events of a draft -> stages that ended, then the draft."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from drafter.domain import DraftResponse

EVENT_STREAM = "text/event-stream"


@dataclass(frozen=True, slots=True)
class StageEnded:
    """A stage of a draft that is being made, e.g. `triage`, `write`, `guardrail`."""

    stage: str
    duration_s: float


async def read_events(lines: AsyncIterator[str]) -> AsyncIterator[StageEnded | DraftResponse]:
    """What the lines of a stream say, up to the draft; less when they end or tell of a problem before it."""
    name = data = ""
    async for line in lines:
        if line:
            label, _, value = line.partition(": ")
            name, data = (value if label == "event" else name), (value if label == "data" else data)
            continue
        if name == "stage":
            told = json.loads(data)
            yield StageEnded(told["stage"], told["duration_s"])
        elif name == "draft":
            yield DraftResponse.model_validate_json(data)
        name = data = ""
