"""Callers who ask again as soon as they were answered, and what they got."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

HONEST = (429, 503)
"""Refusals that a caller is told how to come back from."""

MAX_PAUSE_S = 5.0


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
        limits = httpx.Limits(max_connections=callers, max_keepalive_connections=callers)
        async with httpx.AsyncClient(timeout=120, limits=limits) as client:
            started = time.monotonic()
            await asyncio.gather(*(self._ask(client, url, body, started + seconds) for _ in range(callers)))
            self.seconds = time.monotonic() - started

    async def _ask(self, client: httpx.AsyncClient, url: str, body: Any, ends_at: float) -> None:
        while time.monotonic() < ends_at:
            started = time.monotonic()
            try:
                answer = await client.post(url, json=body)
            except httpx.TransportError as exc:
                self.wrong[type(exc).__name__] += 1
                continue
            pause_s = self._add(answer, time.monotonic() - started)
            await asyncio.sleep(min(pause_s, MAX_PAUSE_S))

    def _add(self, answer: httpx.Response, took_s: float) -> float:
        """Seconds to wait before asking again."""
        asked = answer.headers.get("retry-after", "")
        if answer.status_code in HONEST and asked.isdigit():
            self.refused[answer.status_code] += 1
            return float(asked)
        if answer.status_code != 200:
            self.wrong[f"status {answer.status_code}"] += 1
            return 0.0
        self.took_s.append(took_s)
        said = answer.json()
        if "is_stored" in said:
            self.origins[said["origin"]] += 1
            if not said["is_stored"]:
                self.unstored += 1
        return 0.0
