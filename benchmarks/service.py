"""What the service bears: beside a bare handler, under a crowd, and killed.

- `python benchmarks/service.py`: throughput and latency of checks and drafts beside a bare FastAPI handler, in one run.
- `python benchmarks/service.py --storm [--seconds 60] [--max-backlog 0.03]`: 500 callers at once against a model that
  takes 200 ms; they wait for their turn, or are sent away while so many seconds of work wait.
- `python benchmarks/service.py --kill [20] [--only sqlite]`: `kill -9` under load, with SQLite and PostgreSQL or with one of them.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from typing import Any

from parts.crowd import Crowd
from parts.killing import kill
from parts.processes import REQUEST, bare_app, model_server, resident_mb, service, used_cpu_s

CHECK = {
    "channel": "review_followup",
    "text": "We are sorry that the lid of your kettle leaks every time you pour. Could you tell us whether the lid closes all the way?",
    "language": "en",
    "review": REQUEST["review"]["body"],
    "facts": [],
    "remedies": [],
}
MIN_SHARE = 0.6
"""Checks a second, as a share of what a handler manages that only validates the same body."""
CALLERS = 8
ROUND_S = 4.0
ROUNDS = 2
"""In turns, so that a busy moment of the machine meets both."""

STORM_CALLERS = 500
STORM_MODEL_S = 0.2
MAX_ADDED_MS = 50.0
"""To 99 of 100 drafts, where callers are sent away rather than kept waiting."""
REST_S = 3.0
"""Between a crowd and the look at memory."""
MAX_GROWTH_MB = 60.0
"""What a process may hold on to after its first crowd: pools, caches, and pages that the allocator does not give back."""


def ask(url: str, body: Any, *, callers: int, seconds: float) -> Crowd:
    """What a crowd got."""
    crowd = Crowd()
    asyncio.run(crowd.gather(url, body, callers=callers, seconds=seconds))
    return crowd


def compare() -> int:
    """Prints one line per path; 1 when checks are slower than they may be."""
    paths = {"bare": CHECK, "checks": CHECK, "drafts": REQUEST, "templates": {**REQUEST, "options": {"model": "none"}}}
    best: dict[str, Crowd] = {}
    with model_server() as model_url, bare_app() as bare_url, service(model_url) as (url, _):
        for _ in range(ROUNDS):
            for name, body in paths.items():
                path = f"{bare_url}/v1/checks" if name == "bare" else f"{url}/v1/{'checks' if name == 'checks' else 'drafts'}"
                crowd = ask(path, body, callers=CALLERS, seconds=ROUND_S)
                if crowd.wrong or crowd.refused:
                    raise SystemExit(f"{name}: {crowd.wrong} {crowd.refused}")
                best[name] = max(best.get(name, crowd), crowd, key=lambda c: c.rate)
    for name, crowd in best.items():
        share = crowd.rate / best["bare"].rate
        print(
            f"{name:<10} {crowd.rate:7.1f} a second   median {crowd.took_ms(50):6.1f} ms   p99 {crowd.took_ms(99):6.1f} ms   "
            f"{share:6.1%} of bare   (n={len(crowd.took_s)}, {CALLERS} callers)"
        )
    return 1 if best["checks"].rate < MIN_SHARE * best["bare"].rate else 0


def storm(seconds: float, max_backlog_s: float | None) -> int:
    """Prints one line per figure; 1 on an error that is not an honest refusal, or when memory was kept, or time where none may be."""
    own = {} if max_backlog_s is None else {"max_backlog_s": str(max_backlog_s)}
    with (
        tempfile.TemporaryDirectory() as folder,
        model_server(delay_s=STORM_MODEL_S) as model_url,
        # On disk, as in earnest: records in memory would be counted as memory that is kept.
        service(model_url, database_url=f"sqlite+aiosqlite:///{folder}/storm.db", **own) as (url, pid),
    ):
        # A short one first: what 500 connections need is taken once.
        ask(f"{url}/v1/drafts", REQUEST, callers=STORM_CALLERS, seconds=min(5.0, seconds))
        time.sleep(REST_S)
        before_mb, cpu_s = resident_mb(pid), -used_cpu_s(pid)
        crowd = ask(f"{url}/v1/drafts", REQUEST, callers=STORM_CALLERS, seconds=seconds)
        cpu_s += used_cpu_s(pid)
        time.sleep(REST_S)
        after_mb = resident_mb(pid)
    print(f"answers {len(crowd.took_s)} {dict(crowd.origins)}   {crowd.rate:.1f} a second   wrong {dict(crowd.wrong)}")
    print(f"said to be unstored {crowd.unstored}   refused honestly {dict(crowd.refused)}")
    added_ms, middle_ms = (crowd.took_ms(percent) - STORM_MODEL_S * 1000 for percent in (99, 50))
    print(f"added: median {middle_ms:.0f} ms   p99 {added_ms:.0f} ms   CPU {cpu_s / len(crowd.took_s) * 1000:.1f} ms an answer")
    print(f"memory before {before_mb:.0f} MB   {REST_S:.0f} s after {after_mb:.0f} MB")
    is_slow = max_backlog_s is not None and added_ms > MAX_ADDED_MS
    return 1 if crowd.wrong or after_mb - before_mb > MAX_GROWTH_MB or is_slow else 0


def kill_sqlite(kills: int) -> int:
    """1 when it lost, broke or doubled anything."""
    with tempfile.TemporaryDirectory() as folder:
        return kill(f"sqlite+aiosqlite:///{folder}/kill.db", kills=kills)


def kill_postgresql(kills: int) -> int:
    """1 when it lost, broke or doubled anything."""
    # Brings a server of its own, which needs the packages of requirements-dev.lock.
    from tests.databases import running_postgres

    with running_postgres() as postgres:
        return kill(postgres.new_database(), kills=kills)


KILLED = {"sqlite": kill_sqlite, "postgresql": kill_postgresql}


def main(arguments: argparse.Namespace) -> int:
    """What was asked for."""
    if arguments.kill:
        return max(run(arguments.kill) for name, run in KILLED.items() if arguments.only in (None, name))
    return storm(arguments.seconds, arguments.max_backlog) if arguments.storm else compare()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kill", type=int, nargs="?", const=20)
    parser.add_argument("--only", choices=KILLED)
    parser.add_argument("--storm", action="store_true")
    parser.add_argument("--max-backlog", type=float, help="DRAFTER_MAX_BACKLOG_S of the service in the storm")
    parser.add_argument("--seconds", type=float, default=60.0)
    raise SystemExit(main(parser.parse_args()))
