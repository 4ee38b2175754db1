"""The processes that benchmarks measure: the model's server and the service, each alone in its own."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

MODEL_SERVER = Path(__file__).parent / "model_server.py"

AT_REST_S = 0.1
"""CPU time of a second in which a service does no more than look whether there is something to do."""

REQUEST = {
    "review": {"rating": 2, "title": "Leaks", "body": "The lid of the kettle leaks every time I pour, and the counter is wet."},
    "product": {"title": "Tidewell travel kettle, 0.8 l"},
    "seller": {"brand": "Tidewell", "signature": "Mara, Tidewell"},
}


@contextmanager
def model_server(*, fail_share: float = 0.0, delay_s: float = 0.0) -> Iterator[str]:
    """Base URL of a model that answers after `delay_s`."""
    command = [sys.executable, str(MODEL_SERVER), "--fail-share", str(fail_share), "--delay-s", str(delay_s)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        process.stdin.close()


@contextmanager
def service(model_url: str, *, is_warmed: bool = True, **settings: str) -> Iterator[tuple[str, int]]:
    """URL and process id of the service, ready and warm, with records in memory.

    Args:
        model_url: Base URL of its model.
        is_warmed: False gives it as soon as it answers: its first drafts are templates, until what calls models is loaded.
        settings: By their names in `Settings`.
    """
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
            if is_warmed:
                _warm(url)
                _wait_until_at_rest(process.pid)
            yield url, process.pid
        finally:
            process.terminate()


@contextmanager
def bare_app() -> Iterator[str]:
    """URL of a handler that only validates."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "bare_app:app", "--app-dir", str(MODEL_SERVER.parent), "--port", str(port)]
    with subprocess.Popen([*command, "--log-level", "critical"]) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, process)
            yield url
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
    """A port that nobody listens on, below those that outgoing connections take in the meantime."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the service did not start")
        try:
            httpx.get(f"{url}/readyz")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("the service did not answer")


def _wait_until_at_rest(pid: int) -> None:
    """Returns once it does nothing: after its start it reads seven languages beside its first requests."""
    for _ in range(120):
        used_s = used_cpu_s(pid)
        time.sleep(1)
        if used_cpu_s(pid) - used_s < AT_REST_S:
            return
    raise SystemExit("the service did not come to rest")


def _warm(url: str) -> None:
    """Returns once the service has drafted, so that everything is loaded."""
    # The first draft waits for litellm; the others must not wait for a model that may hang.
    for deadline_s in (60, *[1] * 20):
        body = {**REQUEST, "options": {"deadline_s": deadline_s}}
        while (answer := httpx.post(f"{url}/v1/drafts", json=body, timeout=90)).status_code == 503:
            time.sleep(float(answer.headers["retry-after"]))
        answer.raise_for_status()
