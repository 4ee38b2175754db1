"""200 cases at 50 ms, 20 at once, against one local server: a bare litellm loop, our runner, and the peers that are installed.

All of them take turns, round by round, and the median counts: what else the machine does meets everybody alike. The window is the time from
the first request that the server sees to the last answer it gives. Ours and the loop are warm; a peer's whole run is its command.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from parts.race_peers import PEERS, Peer, environment

HERE = Path(__file__).parent
MAX_WINDOW, MAX_REPLAY_S, MAX_MB = 1.15, 0.5, 120.0
LIMIT_S = 300
CASES = 200


@contextmanager
def race_server() -> Iterator[str]:
    """Base URL, without `/v1`."""
    command = [sys.executable, str(HERE / "race_server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


@dataclass(frozen=True, slots=True)
class Racer:
    """One of our own processes, warm."""

    process: subprocess.Popen[str]

    def run(self, what: str = "ask") -> dict[str, Any]:
        """How a round went."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{' '.join(map(str, self.process.args))}: broke off")  # type: ignore[arg-type]  # a list, as we made it
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def open_racer(who: str, url: str, folder: Path) -> Iterator[Racer]:
    """A process that has had one round to get warm."""
    command = [sys.executable, str(HERE / "race_ours.py"), who, url, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        racer = Racer(process)
        racer.run()
        yield racer
        assert process.stdin is not None
        process.stdin.close()


@dataclass(slots=True)
class Lane:
    """What a peer came to, round by round."""

    peer: Peer
    walls: list[float] = field(default_factory=list)
    windows: list[float] = field(default_factory=list)
    most: int = 0
    fault: str | None = None
    """Why it is out of the race."""

    def run(self, url: str, folder: Path) -> None:
        """One whole run, from its command to its end."""
        command = self.peer.write(folder, f"{url}/v1")
        httpx.get(f"{url}/stats")
        since = time.monotonic()
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False, timeout=LIMIT_S
            )
        except subprocess.TimeoutExpired:
            self.fault = f"not done within {LIMIT_S} s"
            return
        wall_s, stats = time.monotonic() - since, httpx.get(f"{url}/stats").json()
        if stats["count"] < CASES:
            self.fault = f"asked {stats['count']} of {CASES} ({(done.stderr or done.stdout).strip().splitlines()[-1:]})"
            return
        self.walls.append(wall_s)
        self.windows.append(stats["window_s"])
        self.most = max(self.most, stats["most"])

    def line(self) -> str:
        """For people."""
        if self.fault is not None:
            return f"{self.peer.name:<20} skipped: {self.fault}"
        return f"{self.peer.name:<20} whole run {spread(self.walls)}   window {spread(self.windows)}   most at once {self.most}"


def spread(figures: Sequence[float], digits: int = 2) -> str:
    """The median, with the least and the most where there are several."""
    whole = f"{median(figures):.{digits}f}"
    return f"{whole} s ({min(figures):.{digits}f} to {max(figures):.{digits}f})" if len(figures) > 1 else f"{whole} s"


def race(rounds: int) -> int:
    """Prints one line each; 1 when a budget is not kept, or a peer was quicker."""
    lanes = [Lane(peer, fault=None if peer.is_there else "not installed (--install-peers)") for peer in PEERS]
    with tempfile.TemporaryDirectory() as name, race_server() as url, ExitStack() as stack:
        folder = Path(name)
        bare, ours = (stack.enter_context(open_racer(who, url, folder)) for who in ("bare", "drafter"))
        asked: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for _ in range(rounds):
            asked.append((bare.run(), ours.run()))
            for lane in lanes:
                if lane.fault is None:
                    lane.run(url, folder)
        ours.run("record")
        judged = [ours.run("judge") for _ in range(rounds)]
        ours.run("replay")
        shown = [ours.run("replay")["wall_s"] for _ in range(rounds)]
    return report(asked, lanes, judged, shown)


def report(asked: list[tuple[dict[str, Any], dict[str, Any]]], lanes: list[Lane], judged: list[dict[str, Any]], shown: list[float]) -> int:
    """Prints the figures."""
    shares = [own["window_s"] / plain["window_s"] for plain, own in asked]
    walls, added_mb = [own["wall_s"] for _, own in asked], asked[-1][1]["peak_mb"] - asked[-1][0]["peak_mb"]
    share, wall_s = median(shares), median(walls)
    cpu = [median(one["cpu_s"] for one in ones) * 1000 / CASES for ones in zip(*asked, strict=True)]
    print(f"{'bare litellm loop':<20} window {spread([plain['window_s'] for plain, _ in asked])}")
    print(f"{'drafter':<20} warm run {spread(walls)}   window {spread([own['window_s'] for _, own in asked])}")
    print(f"{'':<20} window {share:.2f} × bare, {min(shares):.2f} to {max(shares):.2f} (budget {MAX_WINDOW})")
    only_judged = median(one["cpu_s"] for one in judged) * 1000 / CASES
    print(f"{'':<20} CPU a case: bare {cpu[0]:.1f} ms, drafter {cpu[1]:.1f} ms, of which {only_judged:.1f} without the call")
    print(f"{'':<20} memory +{added_mb:.0f} MB beyond the bare loop (budget {MAX_MB:.0f})")
    anew = spread([one["wall_s"] for one in judged])
    print(f"{'drafter, replay':<20} judged anew {anew}, shown again {spread(shown)} (budget {MAX_REPLAY_S})")
    print("\n".join(lane.line() for lane in lanes), flush=True)
    is_behind = any(lane.walls and median(lane.walls) <= wall_s for lane in lanes)
    return int(share > MAX_WINDOW or median(shown) > MAX_REPLAY_S or added_mb > MAX_MB or is_behind)
