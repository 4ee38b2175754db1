"""`EmbeddedProcess`: the parent's handle on the embedded model's server process.

Plain threads and pipes, no event loop, because one process has one server, however many loops come and go in it.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from drafter.errors import ModelDown, WeightsError
from drafter.llm.keys import strike_secrets
from drafter.llm.weights import Progress, Weights

SLOTS = 4
SLOT_TOKENS = 2048
START_TIMEOUT_S = 120.0
MAX_RESTARTS = 3
RESTART_WINDOW_S = 300.0
"""More than `MAX_RESTARTS` starts within this time mean that the server cannot live here."""

# Threads of the math library that spin while they wait starve everything else on the machine.
_QUIET = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"}


@dataclass(frozen=True, slots=True)
class EmbeddedAddress:
    """Where the server listens, and the key it wants."""

    base_url: str
    api_key: str = field(repr=False)


class EmbeddedProcess:
    """Starts, restarts and stops one server process. Safe to use from many threads.

    Args:
        find_weights: Gives the model's file; may fetch it first.
        command: What is started instead of our own server, for tests.
    """

    def __init__(self, find_weights: Callable[[], Path], *, command: tuple[str, ...] | None = None) -> None:
        self.holders = 1
        """How many use it; `release` gives one up."""
        self._find_weights = find_weights
        self._command = command or (sys.executable, "-m", "drafter.llm.embedded_server")
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._address: EmbeddedAddress | None = None
        self._starts: list[float] = []
        self.is_stopped = False
        """True for good after `stop`."""

    @property
    def address(self) -> EmbeddedAddress | None:
        """Where the living server listens; None when there is none."""
        process = self._process
        return self._address if process is not None and process.poll() is None else None

    @property
    def pid(self) -> int | None:
        """Of the living server."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    @property
    def starts(self) -> int:
        """How often a server was started in the last minutes."""
        return len(self._starts)

    def start(self) -> EmbeddedAddress:
        """A living server's address; starts one when there is none. Blocks for seconds.

        Raises:
            ModelDown: it does not start, it was stopped, or it has crashed too often.
            WeightsError: the model's file cannot be had.
        """
        with self._lock:
            address = self.address
            if address is not None:
                return address
            self._end()
            weights = self._find_weights()
            self._count_start()
            return self._spawn(weights)

    def release(self) -> None:
        """Gives up one hold; the last one stops the server."""
        with _shared_lock:
            self.holders -= 1
            if self.holders > 0:
                return
            for path in [path for path, process in _shared.items() if process is self]:
                del _shared[path]
        self.stop()

    def stop(self) -> None:
        """Ends the server for good."""
        self.is_stopped = True
        # Not under the lock: a start that is under way must see its process end, not hold us up.
        self._kill()
        with self._lock:
            self._end()

    def _count_start(self) -> None:
        now = time.monotonic()
        self._starts = [at for at in self._starts if now - at < RESTART_WINDOW_S]
        if len(self._starts) > MAX_RESTARTS:
            raise ModelDown(f"its server ended {len(self._starts)} times in {RESTART_WINDOW_S:.0f} s", model="embedded")
        self._starts.append(now)

    def _spawn(self, weights: Path) -> EmbeddedAddress:
        if self.is_stopped:
            raise ModelDown("stopped", model="embedded")
        api_key = secrets.token_urlsafe(32)
        process = self._process = self._open()
        config = {
            "model_path": str(weights),
            "api_key": api_key,
            "slots": SLOTS,
            "slot_tokens": SLOT_TOKENS,
            "threads": usable_cores(),
        }
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(config).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError as exc:
            raise ModelDown("its server ended at once", model="embedded") from exc
        self._address = EmbeddedAddress(self._read_address(process), api_key)
        return self._address

    def _open(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603  # our own module
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_QUIET},
            )
        except OSError as exc:
            # No memory, no more processes, or no such program.
            raise ModelDown(f"its server cannot be started: {exc}", model="embedded") from exc

    def _read_address(self, process: subprocess.Popen[bytes]) -> str:
        """The URL that the server reports; it is then already answering."""
        assert process.stdout is not None
        # The wait is bounded: a server that hangs while it loads must not hold us for ever.
        readable, _, _ = select.select([process.stdout], [], [], START_TIMEOUT_S)
        line = process.stdout.readline() if readable else b""
        try:
            report = json.loads(line)
            return str(report["base_url"])
        except (ValueError, KeyError) as exc:
            self._end()
            said = strike_secrets(line.decode("utf-8", "replace").strip())[:200] or "nothing"
            raise ModelDown(f"its server did not start; it said: {said}", model="embedded") from exc

    def _kill(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()

    def _end(self) -> None:
        """Kills and reaps the process and closes its pipes."""
        self._kill()
        process, self._process, self._address = self._process, None, None
        if process is None:
            return
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


_shared: dict[Path, EmbeddedProcess] = {}
_shared_lock = threading.Lock()


def share_process(weights: Weights, *, progress: Progress | None = None) -> EmbeddedProcess:
    """The process's one server for a model's file; each caller holds it until it calls `release`."""

    def report(done: int, total: int) -> None:
        # A gigabyte must not hold up whoever wants to stop.
        if process.is_stopped:
            raise WeightsError("stopped while the model was fetched", hint="what has come is kept; ask again to go on")
        if progress is not None:
            progress(done, total)

    with _shared_lock:
        known = _shared.get(weights.path)
        if known is not None:
            known.holders += 1
            return known
        process = _shared[weights.path] = EmbeddedProcess(lambda: weights.ensure(progress=report))
        return process


def usable_cores() -> int:
    """Cores that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
