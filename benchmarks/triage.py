"""Time of one triage, language detection included: `python benchmarks/triage.py [FILE.jsonl]`; prints one line.

CPU time, one core, warm. Without a file the texts of `evals/sets/triage_tuning.jsonl` with a title are used.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from drafter.content import find_content_root, read_jsonl
from drafter.evals.triage import to_request
from drafter.triage import Triager

ROUNDS = 3


def main() -> None:
    """Prints median and 99th percentile."""
    root = find_content_root()
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "evals" / "sets" / "triage_tuning.jsonl"
    requests = [to_request(row) for row in read_jsonl(path) if row.get("title")]
    triager = Triager.load(root)
    for request in requests:
        triager.triage(request)
    times_ms = []
    for _ in range(ROUNDS):
        for request in requests:
            started = time.process_time()
            triager.triage(request)
            times_ms.append((time.process_time() - started) * 1000)
    times_ms.sort()
    length = statistics.median(len(request.review.text) for request in requests)
    print(
        f"triage: median {statistics.median(times_ms):.2f} ms, p99 {times_ms[int(len(times_ms) * 0.99)]:.2f} ms, "
        f"{len(requests)} reviews, median {length:.0f} characters"
    )


if __name__ == "__main__":
    main()
