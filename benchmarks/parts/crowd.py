"""Callers who ask again as soon as they were answered, and what they got."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from parts.caller import Answer, Caller

HONEST = (429, 503)
"""Refusals that a caller is told how to come back from."""

PATIENCE_S = 120.0


@dataclass(slots=True)
class Crowd:
    """What the callers of one path got."""

    took_s: list[float] = field(default_factory=list)
    """Of answers with 200."""
    origins: Counter[str] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    unstored: int = 0
    """Drafts that said so: their deadline left no time to write."""
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took_s) / self.seconds

    def took_ms(self, percent: int) -> float:
        """Milliseconds in which so many of a hundred were answered."""
        return statistics.quantiles(self.took_s, n=100, method="inclusive")[percent - 1] * 1000

    async def gather(self, url: str, body: Any, *, callers: int, seconds: float) -> None:
        """Lets them ask, all at once, for so long."""
        started = time.monotonic()
        raw = json.dumps(body).encode()
        await asyncio.gather(*(self._ask(Caller(url), raw, started + seconds) for _ in range(callers)))
        self.seconds = time.monotonic() - started

    async def _ask(self, caller: Caller, body: bytes, ends_at: float) -> None:
        while time.monotonic() < ends_at:
            started = time.monotonic()
            try:
                answer = await caller.post(body, timeout_s=PATIENCE_S)
            except (OSError, EOFError) as exc:
                self.wrong[type(exc).__name__] += 1
                continue
            pause_s = self._add(answer, time.monotonic() - started)
            await asyncio.sleep(max(min(pause_s, ends_at - time.monotonic()), 0.0))
        await caller.aclose()

    def _add(self, answer: Answer, took_s: float) -> float:
        """Seconds to wait before asking again."""
        asked = answer.headers.get("retry-after", "")
        if answer.status in HONEST and asked.isdigit():
            self.refused[answer.status] += 1
            # Told in whole seconds: without a part of one at random, all who were told the same would meet again.
            return float(asked) + random.random()
        if answer.status != 200:
            self.wrong[f"status {answer.status}"] += 1
            return 0.0
        self.took_s.append(took_s)
        said = answer.json()
        if "is_stored" in said:
            self.origins[said["origin"]] += 1
            if not said["is_stored"]:
                self.unstored += 1
        return 0.0
