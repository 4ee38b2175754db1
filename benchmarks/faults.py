"""How late answers are when the model's server does everything wrong: one draft for each fault, beside its deadline.

python benchmarks/faults.py
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

# The server that misbehaves is the tests' own.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.test_promises import Matrix, run_matrix

GRACE_S = 0.25


def main() -> int:
    """Prints the latest cell; 1 when one is later than it may be, unsafe, or leaves something behind."""
    matrix: Matrix = asyncio.run(run_matrix())
    late_s = {name: cell.took_s - cell.body["deadline_s"] for name, cell in matrix.cells.items() if cell.status == 200}
    worst = max(late_s, key=lambda name: late_s[name])
    late = sorted(name for name, by_s in late_s.items() if by_s > GRACE_S)
    wrong = sorted(matrix.cells.keys() - late_s.keys())
    left = matrix.open_connections + matrix.new_sockets + len(matrix.tasks)
    print(f"faults {len(matrix.cells)}   latest {worst}: {late_s[worst]:+.3f} s beside its deadline ({GRACE_S} allowed)")
    print(f"late {late}   not 200 {wrong}   left behind {left}")
    return 1 if late or wrong or left else 0


if __name__ == "__main__":
    raise SystemExit(main())
