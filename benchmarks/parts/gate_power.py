"""How well the gate of evals tells a change from chance: false alarms and power, through the command line, with a seeded fake model."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.cli import evals_run
from drafter.cli import main as drafter
from drafter.content import find_content_root
from drafter.evals import session
from drafter.evals.intervals import rate_interval
from drafter.evals.sample import Sample
from drafter.evals.subject import Item
from drafter.prompts.library import load_library

CASES, REPEATS = 60, 3
BUDGETS = {"same": ("<=", 0.07), "broad": (">=", 0.75), "break1": (">=", 0.99)}
SCENARIOS = {
    "same": "nothing has changed",
    "broad": "every case passes 10 points less often",
    "break1": "one case that always passed always fails",
}

SUITE = {
    "suite": "power",
    "about": "the gate's own test",
    "subject": "drafting",
    "sets": [{"path": "evals/sets/power.jsonl"}],
    "repeats": REPEATS,
    "baseline": "evals/baselines/power.json",
    "gates": {"graded": {"passed": {}}, "cases": {}},
}


@dataclass(frozen=True, slots=True)
class Seeded:
    """A fake model over cases that pass with a known probability: each answer is a draw, the same for the same seed, case and repeat."""

    rates: Mapping[str, float]
    seed: str
    versions: Mapping[str, str]
    is_repeatable: bool = False
    slots: None = None

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(Item(name, name, name) for name in self.rates)

    async def measure(self, item: Item, repeat: int) -> Sample:
        passed = random.Random(f"{self.seed} {item.id} {repeat}").random() < self.rates[item.id]
        return Sample(case=item.id, repeat=repeat, metrics={"passed": float(passed)}, passed=passed, text="")


def draw_rates(draw: random.Random) -> dict[str, float]:
    """Pass probabilities of 60 cases: 15 % of them certain, the others spread around 0.8."""
    return {f"c{i:02}": (float(draw.random() < 0.8) if draw.random() < 0.15 else draw.betavariate(8, 2)) for i in range(CASES)}


def worsen(rates: Mapping[str, float], scenario: str) -> dict[str, float]:
    """The same cases under the new prompt."""
    if scenario == "broad":
        return {name: max(0.0, rate - 0.1) for name, rate in rates.items()}
    if scenario == "break1":
        best = max(rates, key=lambda name: rates[name])
        return {**rates, best: 0.0}
    return dict(rates)


def call(*arguments: str) -> tuple[int, str]:
    """Exit code and standard output of one command."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            drafter(["evals", *arguments])
        except SystemExit as stopped:
            return int(stopped.code or 0), out.getvalue()
    return 0, out.getvalue()


def trial(number: int, scenario: str, folder: Path) -> tuple[bool, str, int]:
    """One change: bless the old prompt's run, run the new one. Whether it was blocked, why, and how many samples it took."""
    old = draw_rates(random.Random(number))
    new = worsen(old, scenario)
    runs = str(folder / "runs")
    shutil.rmtree(runs, ignore_errors=True)
    made: list[Seeded] = []

    def make(_session: session.Session, prompt: str | None) -> Seeded:
        made.append(Seeded(new if prompt == "reply/v99" else old, f"{number} {len(made)}", {"passed": "1"}))
        return made[-1]

    session.SUBJECTS["drafting"] = make
    code, text = call("run", "power", "--runs", runs)
    code, text = call("bless", "power", "--because", "trial", "--runs", runs)
    assert code == 0, text
    code, text = call("run", "power", "--runs", runs, "--json", "--prompt", "reply/v1" if scenario == "same" else "reply/v99")
    report = json.loads(text)
    return code == 1, report["verdict"]["reason"], sum(len(case["samples"]) for case in report["cases"])


@contextlib.contextmanager
def content_root() -> Iterator[Path]:
    """A content root with sixty cases and a second prompt; the command line works there without building a service."""
    shipped = find_content_root()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "guardrails").symlink_to(shipped / "guardrails")
        for part in ("sets", "suites", "baselines"):
            (folder / "evals" / part).mkdir(parents=True)
        for part in ("reply", "_parts"):
            shutil.copytree(shipped / "prompts" / part, folder / "prompts" / part)
        text = (folder / "prompts" / "reply" / "v1.j2").read_text().replace("version: v1", "version: v99", 1)
        (folder / "prompts" / "reply" / "v99.j2").write_text(text)
        (folder / "prompts" / "active.yaml").write_text("reply: {production: v1}\n")
        cases = [{"id": f"c{i:02}", "request": {"review": {"body": f"r{i}"}}, "origin": "invented", "licence": "MIT"} for i in range(CASES)]
        (folder / "evals" / "sets" / "power.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
        (folder / "evals" / "suites" / "power.yaml").write_text(json.dumps(SUITE))
        os.environ["DRAFTER_CONTENT_DIR"] = name
        library = load_library(folder)

        @contextlib.asynccontextmanager
        async def light(*_: object, **__: object) -> AsyncIterator[session.Tools]:
            yield session.Tools(folder, _no_judge, _no_judge, None, library, "seeded")

        evals_run.open_tools = light
        yield folder


def _no_judge() -> Any:
    raise AssertionError("nothing is judged here")


def power(trials: int) -> int:
    """Prints one line per scenario; 1 when a budget is not kept."""
    kept = True
    with content_root() as folder:
        for scenario, words in SCENARIOS.items():
            done = [trial(i, scenario, folder) for i in range(trials)]
            hits = sum(blocked for blocked, _, _ in done)
            rate = rate_interval(hits, trials)
            sign, budget = BUDGETS[scenario]
            held = rate.value <= budget if sign == "<=" else rate.value >= budget
            kept = kept and held
            reasons = ", ".join(f"{reason} {n}" for reason, n in Counter(reason for _, reason, _ in done).most_common())
            print(
                f"{scenario:<7} blocked {rate.value:6.1%} [{rate.low:.1%}, {rate.high:.1%}] of {trials}  (budget {sign} {budget:.0%}: "
                f"{'kept' if held else 'NOT KEPT'})  {words}; {reasons}",
                flush=True,
            )
    return 0 if kept else 1
