"""`LastCall`: when the service stops, everybody who was let in is still answered: a model that has not written by then gives way."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from contextlib import contextmanager


class LastCall:
    """By when everything under way must be answered. Nobody is hurried before it is rung."""

    def __init__(self) -> None:
        self.ends_at = math.inf
        """By `time.monotonic`."""
        self._limits: dict[asyncio.Timeout, float] = {}

    def ring(self, ends_at: float) -> None:
        """Shortens what is under way so that it is answered by then; inside the running loop."""
        self.ends_at = ends_at
        for limit, reserve_s in self._limits.items():
            self._shorten(limit, reserve_s)

    @contextmanager
    def shortening(self, limit: asyncio.Timeout, *, reserve_s: float) -> Iterator[None]:
        """Lets the last call end a wait this long before the answer must be there."""
        self._limits[limit] = reserve_s
        self._shorten(limit, reserve_s)
        try:
            yield
        finally:
            del self._limits[limit]

    def _shorten(self, limit: asyncio.Timeout, reserve_s: float) -> None:
        when, ends_at = limit.when(), self.ends_at - reserve_s
        # The loop's clock is `time.monotonic`.
        if not limit.expired() and ends_at < math.inf and (when is None or when > ends_at):
            limit.reschedule(ends_at)
