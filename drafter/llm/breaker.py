"""`Breaker`: stops asking a model that fails or crawls, and tries it again carefully. One per model, shared by all requests.

closed ──too many failed or slow──▶ open ──after a pause──▶ half-open ──two good probes──▶ closed
                                      ▲                        │
                                      └────── a bad probe ─────┘  (the pause doubles)
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from drafter.errors import ModelBusy, ModelDenied, ModelDown, ModelError

State = Literal["closed", "open", "half_open"]


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When to stop and when to try again."""

    window_s: float = 60.0
    """Calls older than this are forgotten."""
    min_calls: int = 5
    """Fewer calls than this prove nothing."""
    max_bad_share: float = 0.5
    """Share of failed or slow calls at which it opens."""
    slow_share: float = 0.9
    """A call that used more than this share of its time counts as slow, although it answered."""
    pause_s: float = 10.0
    max_pause_s: float = 120.0
    probes: int = 2
    """Good answers in a row that close it again."""
    counts_busy: bool = True
    """False for a model that is only busy while it starts: that says nothing of its health."""


class Breaker:
    """State of one model. Not tied to an event loop."""

    def __init__(self, model: str, policy: BreakerPolicy | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._model = model
        self._policy = policy or BreakerPolicy()
        self._clock = clock
        self._calls: deque[tuple[float, bool]] = deque(maxlen=200)
        self._opened_at: float | None = None
        self._pause_s = self._policy.pause_s
        self._good_probes = 0
        self._is_probing = False

    @property
    def state(self) -> State:
        """Where it stands now."""
        if self._opened_at is None:
            return "closed"
        return "open" if self._clock() < self._opened_at + self._pause_s else "half_open"

    @property
    def slow_share(self) -> float:
        """Share of its time beyond which a call counts as slow."""
        return self._policy.slow_share

    def enter(self) -> bool:
        """Lets a call pass and says whether it is a probe; each must be followed by `record` or `leave`, which are told.

        Raises:
            ModelDown: the model is not asked now; says when it may be.
        """
        if self._opened_at is None:
            return False
        left_s = self._opened_at + self._pause_s - self._clock()
        if left_s > 0 or self._is_probing:
            raise ModelDown("it failed too often lately and is left alone", model=self._model, retry_after_s=max(left_s, 0.0))
        self._is_probing = True
        return True

    def leave(self, *, is_probe: bool) -> None:
        """Takes back a pass that was not used, or a call that was cancelled: it proves nothing."""
        if is_probe:
            self._is_probing = False

    def record(self, error: ModelError | None, *, used_share: float, is_probe: bool) -> None:
        """Counts one call: how it ended, and which share of its time it used."""
        if isinstance(error, ModelBusy) and not self._policy.counts_busy:
            self.leave(is_probe=is_probe)
            return
        # A refusal or an unreadable answer is the model's character, not its health; a denied key will not heal by asking.
        is_bad = isinstance(error, ModelDenied) or (error is not None and error.is_transient) or used_share > self._policy.slow_share
        if is_probe:
            self._record_probe(is_bad)
        # Calls that were under way when it opened report here too: they tell of a time that has been judged.
        if is_probe or self._opened_at is not None:
            return
        now = self._clock()
        self._calls.append((now, is_bad))
        while self._calls and self._calls[0][0] < now - self._policy.window_s:
            self._calls.popleft()
        bad = sum(was_bad for _, was_bad in self._calls)
        if len(self._calls) >= self._policy.min_calls and bad >= self._policy.max_bad_share * len(self._calls):
            self._open(self._policy.pause_s)

    def _record_probe(self, is_bad: bool) -> None:
        self._is_probing = False
        if is_bad:
            self._open(min(self._pause_s * 2, self._policy.max_pause_s))
            return
        self._good_probes += 1
        if self._good_probes >= self._policy.probes:
            self._opened_at = None
            self._calls.clear()

    def _open(self, pause_s: float) -> None:
        self._opened_at = self._clock()
        self._pause_s = pause_s
        self._good_probes = 0
