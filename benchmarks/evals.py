"""How quick the author's loop is, how the runner does beside others, and how well the gate tells a change from chance.

python benchmarks/evals.py [loop|race|power …] [--trials 200] [--rounds 5] [--install-peers]
"""

from __future__ import annotations

import argparse
import sys

from parts.gate_power import power
from parts.race import race
from parts.race_peers import install
from parts.save_loop import save_loop

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["loop", "race", "power"], default=["loop", "race", "power"])
    parser.add_argument("--trials", type=int, default=200, help="Of each scenario of the gate.")
    parser.add_argument("--rounds", type=int, default=5, help="Of the race.")
    parser.add_argument(
        "--install-peers", action="store_true", help="Install promptfoo, inspect_ai and pydantic-evals into the user's cache."
    )
    chosen = parser.parse_args()
    if chosen.install_peers:
        install()
    parts = {"loop": save_loop, "race": lambda: race(chosen.rounds), "power": lambda: power(chosen.trials)}
    sys.exit(max([parts[name]() for name in chosen.parts]))
