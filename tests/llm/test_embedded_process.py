"""One server process: started, found dead, started again, stopped with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drafter.errors import ModelDown, WeightsError
from drafter.llm.embedded_process import MAX_RESTARTS, EmbeddedProcess, share_process, usable_cores
from drafter.llm.weights import Progress, Weights

SERVER = """
import json, sys
config = json.loads(sys.stdin.readline())
print(json.dumps({"base_url": "http://127.0.0.1:1/" + config["model_path"]}), flush=True)
sys.stdin.read()
"""
"""Stands for our server: reads its configuration, reports an address, ends with its parent."""

MakeProcess = Callable[..., EmbeddedProcess]


@pytest.fixture
def process_of() -> Iterator[MakeProcess]:
    """Makes processes that run a script, and stops them."""
    made: list[EmbeddedProcess] = []

    def make(script: str = SERVER, find_weights: Callable[[], Path] = lambda: Path("weights")) -> EmbeddedProcess:
        made.append(EmbeddedProcess(find_weights, command=(sys.executable, "-c", script)))
        return made[-1]

    yield make
    for process in made:
        process.stop()


def is_alive(pid: int) -> bool:
    """True while the process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition: Callable[[], bool]) -> None:
    """Returns when it holds; fails after five seconds."""
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("did not happen")


def test_it_starts_once(process_of: MakeProcess) -> None:
    """A second start finds the first one's server; each server has its own key."""
    process = process_of()
    address = process.start()
    assert address.base_url == "http://127.0.0.1:1/weights"
    assert process.start() is address
    assert len(address.api_key) > 30
    assert address.api_key not in repr(address)


def test_many_threads_start_one(process_of: MakeProcess) -> None:
    """Whoever comes second waits."""
    process = process_of()
    addresses = []
    threads = [threading.Thread(target=lambda: addresses.append(process.start())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(addresses)) == 1
    assert process.starts == 1


def test_a_crash_is_seen_and_the_next_start_makes_a_new_one(process_of: MakeProcess) -> None:
    """With another key, so that nobody else may answer in its place."""
    process = process_of()
    first = process.start()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: process.address is None)
    second = process.start()
    assert second.api_key != first.api_key


def test_crashes_are_bounded(process_of: MakeProcess) -> None:
    """A server that cannot live here is left alone."""
    process = process_of("import sys; sys.stdin.readline()")
    for _ in range(MAX_RESTARTS + 1):
        with pytest.raises(ModelDown, match="did not start"):
            process.start()
    with pytest.raises(ModelDown, match="ended 4 times"):
        process.start()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("", "nothing"),
        ('print(\'{"error": "bad file"}\')', "bad file"),
        ("print('no json')", "no json"),
    ],
)
def test_what_a_failed_start_said_is_told(script: str, words: str, process_of: MakeProcess) -> None:
    """The error quotes it."""
    with pytest.raises(ModelDown, match=words):
        process_of("import sys; sys.stdin.readline()\n" + script).start()


def test_a_program_that_cannot_be_started_is_down() -> None:
    """As where memory or processes have run out; nothing is left to stop."""
    process = EmbeddedProcess(lambda: Path("weights"), command=("/nonexistent/server",))
    with pytest.raises(ModelDown, match="cannot be started"):
        process.start()
    assert process.pid is None
    process.stop()


def test_missing_weights_are_the_callers_error(process_of: MakeProcess) -> None:
    """And count as no start."""

    def missing() -> Path:
        raise WeightsError("no file")

    process = process_of(find_weights=missing)
    with pytest.raises(WeightsError):
        process.start()
    assert process.starts == 0


def test_stopping_ends_it_for_good(process_of: MakeProcess) -> None:
    """No process, no pipe, no restart."""
    process = process_of()
    process.start()
    pid = process.pid
    assert pid is not None
    process.stop()
    assert not is_alive(pid)
    with pytest.raises(ModelDown, match="stopped"):
        process.start()


def test_stopping_ends_a_start_that_is_under_way(process_of: MakeProcess) -> None:
    """Nobody waits for a server that is not wanted any more."""
    process = process_of("import time; time.sleep(60)")
    errors: list[ModelDown] = []

    def start() -> None:
        try:
            process.start()
        except ModelDown as exc:
            errors.append(exc)

    thread = threading.Thread(target=start)
    thread.start()
    wait_until(lambda: process.pid is not None)
    process.stop()
    thread.join(5)
    assert len(errors) == 1


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    """However the parent ends: here it is killed."""
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    parent_code = f"""
import sys, time
from pathlib import Path
from drafter.llm.embedded_process import EmbeddedProcess
process = EmbeddedProcess(lambda: Path("x"), command=(sys.executable, {str(script)!r}))
process.start()
print(process.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", parent_code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not is_alive(child))


def test_one_process_has_one_server(tmp_path: Path) -> None:
    """Those who want the same file share it, until the last one lets go."""
    weights = Weights(tmp_path)
    first, second = share_process(weights), share_process(Weights(tmp_path))
    other = share_process(Weights(tmp_path / "other"))
    assert first is second
    assert other is not first
    first.release()
    assert share_process(weights) is first
    for process in (first, first, other):
        process.release()
    again = share_process(weights)
    assert again is not first
    again.release()


def test_cores_are_counted() -> None:
    """At least the one this runs on."""
    assert usable_cores() >= 1


def test_a_stop_ends_a_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops the service in the middle of a gigabyte does not wait for its end."""

    def endless(_self: Weights, *, progress: Progress | None = None) -> Path:
        assert progress is not None
        fetching.set()
        while True:
            time.sleep(0.01)
            progress(1, 2)

    fetching = threading.Event()
    monkeypatch.setattr(Weights, "ensure", endless)
    process = share_process(Weights(tmp_path))
    said: list[str] = []

    def start() -> None:
        try:
            process.start()
        except WeightsError as exc:
            said.append(str(exc))

    thread = threading.Thread(target=start)
    thread.start()
    assert fetching.wait(5)
    process.release()
    thread.join(5)
    assert said and "stopped" in said[0]
