"""Two hundred requests at once, for a minute, against a model that fails half of the time: every answer safe, none late, no memory kept.

    python benchmarks/storm.py [--seconds 60] [--at-once 200]

The model's failures: 500, 503, 429, HTML, garbage, a cut connection, and silence.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from parts.caller import Answer, Caller
from parts.processes import REQUEST, model_server, resident_mb, service, used_cpu_s

FAIL_SHARE = 0.5
DEADLINE_S = 20.0
"""The service's default."""
GRACE_S = 0.25
REST_S = 3.0
"""Between the storm and the second look at memory."""
MAX_GROWTH_MB = 40.0
"""What a process may hold on to after its first storm: pools, caches, and pages that the allocator does not give back."""


@dataclass(slots=True)
class Tally:
    """What two hundred callers got."""

    safe: int = 0
    unsafe: list[str] = field(default_factory=list)
    late: int = 0
    unstored: int = 0
    took_s: list[float] = field(default_factory=list)
    origins: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, answer: Answer, took_s: float) -> None:
        """One more answer."""
        self.took_s.append(took_s)
        self.late += took_s > DEADLINE_S + GRACE_S
        wrong = find_wrong(answer)
        if wrong:
            self.unsafe.append(wrong)
            return
        self.safe += 1
        body = answer.json()
        self.unstored += not body["is_stored"]
        self.origins[body["origin"]] += 1
        self.reasons.update(attempt["error"] for attempt in body["attempts"] if attempt["error"])


def find_wrong(answer: Answer) -> str | None:
    """What is wrong with an answer; None when it may be sent as it is."""
    if answer.status != 200:
        return f"status {answer.status}"
    body: dict[str, Any] = answer.json()
    if body["action"] != "offer" or body["verdict"] == "block":
        return f"{body['action']}, {body['verdict']}"
    if body["report"]["text_sha256"] != hashlib.sha256(body["text"].encode()).hexdigest():
        return "the report is about another text"
    return None


async def call_until(caller: Caller, ends_at: float, tally: Tally) -> None:
    """One caller who asks again as soon as he was answered."""
    body = json.dumps({**REQUEST, "options": {"deadline_s": DEADLINE_S}}).encode()
    while time.monotonic() < ends_at:
        started = time.monotonic()
        try:
            answer = await caller.post(body, timeout_s=DEADLINE_S * 6)
        except (OSError, EOFError) as exc:
            tally.unsafe.append(type(exc).__name__)
            continue
        tally.add(answer, time.monotonic() - started)
        if answer.status != 200:
            await asyncio.sleep(float(answer.headers.get("retry-after", "1")))
    await caller.aclose()


async def storm(url: str, *, seconds: float, at_once: int) -> Tally:
    """The callers, all at once."""
    tally = Tally()
    ends_at = time.monotonic() + seconds
    await asyncio.gather(*(call_until(Caller(f"{url}/v1/drafts"), ends_at, tally) for _ in range(at_once)))
    return tally


def main(seconds: float, at_once: int) -> int:
    """Prints one line per figure; 1 when an answer was unsafe or late, or memory was kept."""
    with (
        tempfile.TemporaryDirectory() as folder,
        model_server(fail_share=FAIL_SHARE) as model_url,
        # On disk, as in earnest: records in memory would be counted as memory that is kept.
        service(model_url, database_url=f"sqlite+aiosqlite:///{folder}/storm.db") as (url, pid),
    ):
        # A short storm first: what 200 connections need is taken once.
        asyncio.run(storm(url, seconds=min(3.0, seconds), at_once=at_once))
        time.sleep(REST_S)
        before_mb = resident_mb(pid)
        cpu_s = -used_cpu_s(pid)
        tally = asyncio.run(storm(url, seconds=seconds, at_once=at_once))
        cpu_s += used_cpu_s(pid)
        peak_mb = resident_mb(pid)
        time.sleep(REST_S)
        after_mb = resident_mb(pid)
    took = statistics.quantiles(tally.took_s, n=100, method="inclusive")
    print(
        f"answers {len(tally.took_s)}   safe {tally.safe}   unsafe {len(tally.unsafe)} {Counter(tally.unsafe)}   late {tally.late}   "
        f"unstored {tally.unstored}"
    )
    print(f"took median {took[49]:.2f} s   p99 {took[98]:.2f} s   worst {max(tally.took_s):.2f} s   deadline {DEADLINE_S} s")
    cpu_ms = cpu_s / len(tally.took_s) * 1000
    print(f"service CPU {cpu_ms:.1f} ms an answer: {at_once} at once need {cpu_ms * at_once / 1000:.1f} s of a core")
    print(f"origins {dict(tally.origins)}   reasons {dict(tally.reasons)}")
    print(f"memory before {before_mb:.0f} MB   at the end {peak_mb:.0f} MB   after {REST_S:.0f} s {after_mb:.0f} MB")
    return 1 if tally.unsafe or tally.late or after_mb - before_mb > MAX_GROWTH_MB else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--at-once", type=int, default=200)
    arguments = parser.parse_args()
    raise SystemExit(main(arguments.seconds, arguments.at_once))
