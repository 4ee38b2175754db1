"""Time in tests, on machines of any speed: how soon is soon is a benchmark's question, but late is late everywhere."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

GRACE_S = 0.25
"""By how much an answer may come after its deadline."""

SOON_S = 10.0
"""Within which something has happened on any machine; what would hang, hangs for longer."""

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def _seconds_without_a_core() -> dict[str, float]:
    """By thread, how long it wanted to run while others did; by core, what the host took of it. Empty where the system does not tell."""
    waited = {}
    for thread in Path("/proc/self/task").glob("*"):
        try:
            waited[thread.name] = int((thread / "schedstat").read_text().split()[1]) / 1e9
        except OSError:
            # It has just ended, or this system keeps no such account.
            continue
    try:
        lines = Path("/proc/stat").read_text().splitlines()
    except OSError:
        return waited
    cores = [line.split() for line in lines if line.startswith("cpu") and not line.startswith("cpu ")]
    return waited | {core[0]: int(core[8]) * _TICK_S for core in cores}


class Stopwatch:
    """Counts seconds, but not those in which this process wanted a core and others had it: only our own slowness is late."""

    def __init__(self) -> None:
        """It runs."""
        self._before = _seconds_without_a_core()
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since it was started; never less than nothing, since threads wait at the same time."""
        passed = time.monotonic() - self._started
        waited = sum(now - self._before.get(name, 0.0) for name, now in _seconds_without_a_core().items())
        return max(passed - waited, 0.0)


async def until(holds: Callable[[], object], *, within_s: float = 30.0) -> bool:
    """True as soon as it holds; False when it still does not at the end."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while not holds():
        if loop.time() > end:
            return False
        await asyncio.sleep(0.005)
    return True
