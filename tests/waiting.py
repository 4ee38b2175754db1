"""Waiting in tests, on machines of any speed: how soon is soon is a benchmark's question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LATE_S = 10.0
"""By how much what ends in time may end later on a machine that does much else; what would hang, hangs for longer."""


async def until(holds: Callable[[], object], *, within_s: float = 30.0) -> bool:
    """True as soon as it holds; False when it still does not at the end."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while not holds():
        if loop.time() > end:
            return False
        await asyncio.sleep(0.005)
    return True
