"""Bars on standard error for what takes over two seconds; none when nobody watches."""

from __future__ import annotations

import sys
import time

WIDTH = 30
PATIENCE_S = 2.0


class Progress:
    """Shows how far a piece of work has come. Calling it is cheap."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._started = time.monotonic()
        self._last = 0.0
        self._label = ""

    def __call__(self, label: str, done: int, total: int | None) -> None:
        """Say that `done` of `total` (unknown: None) is there. `done == total` ends the line."""
        now = time.monotonic()
        if label != self._label:
            self._label, self._started, self._last = label, now, 0.0
        is_end = total is not None and done >= total
        if not self._is_shown or now - self._started < PATIENCE_S or (now - self._last < 0.1 and not is_end):
            return
        self._last = now
        if total is None:
            sys.stderr.write(f"\r{label} … {now - self._started:.0f} s")
            sys.stderr.flush()
            return
        share = done / total if total else 1.0
        bar = "█" * round(share * WIDTH) + "·" * (WIDTH - round(share * WIDTH))
        eta_s = (now - self._started) * (1 - share) / share if share else 0.0
        sys.stderr.write(f"\r{label} {bar} {share:4.0%} {eta_s:4.0f} s left" + ("\n" if is_end else ""))
        sys.stderr.flush()
