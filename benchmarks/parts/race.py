"""200 cases at 50 ms, 20 at once, against one local server: a bare litellm loop, our runner, and the peers that are installed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from parts.race_peers import PEERS, Peer, environment

HERE = Path(__file__).parent
MAX_WINDOW, MAX_REPLAY_S, MAX_MB = 1.15, 0.5, 120.0
LIMIT_S = 300


@contextmanager
def race_server() -> Iterator[str]:
    """Base URL, without `/v1`."""
    command = [sys.executable, str(HERE / "race_server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


def run_ours(who: str, url: str, folder: Path) -> list[Mapping[str, Any]]:
    """What one of our own processes said, line by line."""
    command = [sys.executable, str(HERE / "race_ours.py"), who, url, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT_S)
    if done.returncode:
        raise SystemExit(f"{who}: {done.stderr.splitlines()[-1:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def run_peer(peer: Peer, url: str, folder: Path) -> str:
    """A line about a peer: its whole run, and the window at the server."""
    if not peer.is_there:
        return f"{peer.name:<20} skipped: not installed (`python benchmarks/evals.py --install-peers`)"
    command = peer.write(folder, f"{url}/v1")
    httpx.get(f"{url}/stats")
    since = time.monotonic()
    try:
        done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return f"{peer.name:<20} skipped: not done within {LIMIT_S} s"
    wall_s, stats = time.monotonic() - since, httpx.get(f"{url}/stats").json()
    if stats["count"] < 200:
        return f"{peer.name:<20} skipped: asked {stats['count']} of 200 ({(done.stderr or done.stdout).strip().splitlines()[-1:]})"
    return f"{peer.name:<20} whole run {wall_s:6.2f} s   window {stats['window_s']:5.2f} s   most at once {stats['most']}"


def race() -> int:
    """Prints one line each; 1 when a budget is not kept."""
    with tempfile.TemporaryDirectory() as name, race_server() as url:
        folder = Path(name)
        bare, ours = run_ours("bare", url, folder), run_ours("drafter", url, folder)
        peers = [run_peer(peer, url, folder) for peer in PEERS]
    best = {key: min(r["window_s"] for r in (*bare, *ours) if r.get("name") == key) for key in ("bare litellm loop", "drafter")}
    cpu = {key: min(r["cpu_s"] for r in (*bare, *ours) if r.get("name") == key) for key in best}
    walls = {key: min(r["wall_s"] for r in ours if r.get("name") == key) for key in ("drafter", "replay, judged anew", "replay")}
    peak = [next(r["peak_mb"] for r in rounds if "peak_mb" in r) for rounds in (bare, ours)]
    share, added_mb = best["drafter"] / best["bare litellm loop"], peak[1] - peak[0]
    print(f"{'bare litellm loop':<20} window {best['bare litellm loop']:5.2f} s, best of 3   {peak[0]:.0f} MB")
    print(
        f"{'drafter':<20} warm run {walls['drafter']:6.2f} s   window {best['drafter']:5.2f} s = {share:.2f} × bare (budget {MAX_WINDOW})"
    )
    print(f"{'':<20} CPU a case: bare {cpu['bare litellm loop'] * 5:.1f} ms, drafter {cpu['drafter'] * 5:.1f} ms, judged")
    print(f"{'':<20} memory +{added_mb:.0f} MB beyond the bare loop (budget {MAX_MB:.0f})")
    again = f"again {walls['replay']:.2f} s (budget {MAX_REPLAY_S})"
    print(f"{'drafter, replay':<20} judged anew {walls['replay, judged anew']:.2f} s   {again}")
    print("\n".join(peers), flush=True)
    return int(share > MAX_WINDOW or walls["replay"] > MAX_REPLAY_S or added_mb > MAX_MB)
