"""The processes that benchmarks measure: the model's server and the service, each alone in its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

MODEL_SERVER = Path(__file__).parent / "model_server.py"

REQUEST = {
    "review": {"rating": 2, "title": "Leaks", "body": "The lid of the kettle leaks every time I pour, and the counter is wet."},
    "product": {"title": "Tidewell travel kettle, 0.8 l"},
    "seller": {"brand": "Tidewell", "signature": "Mara, Tidewell"},
}


@contextmanager
def model_server(*, fail_share: float = 0.0) -> Iterator[str]:
    """Base URL of a model that answers in no time."""
    command = [sys.executable, str(MODEL_SERVER), "--fail-share", str(fail_share)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        process.stdin.close()


@contextmanager
def service(model_url: str, **settings: str) -> Iterator[tuple[str, int]]:
    """URL and process id of the service, ready and warm, with records in memory."""
    port = _free_port()
    variables = {
        "model": "openai/bench",
        "model_base_url": model_url,
        "database_url": "memory",
        "log_level": "error",
        "port": str(port),
        "auth": "none",
    }
    own = {name: value for name, value in os.environ.items() if not name.startswith("DRAFTER_")}
    own |= {f"DRAFTER_{name.upper()}": value for name, value in {**variables, **settings}.items()}
    with subprocess.Popen([sys.executable, "-m", "drafter", "serve"], env=own, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, process)
            yield url, process.pid
        finally:
            process.terminate()


def resident_mb(pid: int) -> float:
    """Memory that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"process {pid} has ended")


def used_cpu_s(pid: int) -> float:
    """CPU time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    """Returns once the service has drafted, so that everything is loaded."""
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the service did not start")
        try:
            httpx.get(f"{url}/readyz")
            break
        except httpx.TransportError:
            time.sleep(0.1)
    # The first draft waits for litellm; the others must not wait for a model that may hang.
    for deadline_s in (60, *[1] * 20):
        httpx.post(f"{url}/v1/drafts", json={**REQUEST, "options": {"deadline_s": deadline_s}}, timeout=90).raise_for_status()
