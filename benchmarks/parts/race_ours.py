"""One of our own in the race: `python race_ours.py bare|drafter URL FOLDER`; a line in asks for a round, a line of JSON out tells of it.

`bare` is a loop over litellm without any judging; `drafter` runs 200 cases through production's pipeline, records them, replays them.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from drafter.cli.evals import COLLECT_AFTER
from drafter.evals.session import Choices, Session, Tools, evaluate
from drafter.evals.sets import EvalCase
from drafter.evals.suite import Suite
from drafter.llm.litellm_client import load_litellm
from drafter.wiring import build

CASES, AT_ONCE = 200, 20
BODY = "The lid of the kettle leaks every time I pour, and the counter is wet. It was order {number} of mine."
SUITE = {
    "suite": "race",
    "about": "200 cases against a model that takes 50 ms",
    "subject": "drafting",
    "sets": [{"path": "evals/sets/drafting.jsonl"}],
    "limits": {"concurrency": AT_ONCE, "call_s": 280, "case_s": 290},
    "gates": {"invariants": ["no_leak", "final_clean"]},
}


def cases() -> tuple[EvalCase, ...]:
    """As many reviews of a kettle."""
    seller, product = {"brand": "Tidewell", "signature": "Mara, Tidewell"}, {"title": "Tidewell travel kettle, 0.8 l"}
    made = []
    for number in range(CASES):
        request = {"review": {"rating": 2, "title": "Leaks", "body": BODY.format(number=number)}, "product": product, "seller": seller}
        made.append(EvalCase.model_validate({"id": f"c{number}", "request": request, "origin": "invented", "licence": "MIT"}))
    return tuple(made)


Work = Callable[[], Awaitable[None]]


async def timed(url: str, work: Work) -> None:
    """Prints how long a round took, here and at the server, and the most memory that was held until then."""
    async with httpx.AsyncClient() as client:
        await client.get(f"{url}/stats")
        since, cpu_since = time.monotonic(), time.process_time()
        await work()
        wall_s, cpu_s = time.monotonic() - since, time.process_time() - cpu_since
        stats = (await client.get(f"{url}/stats")).json()
    print(json.dumps({"wall_s": wall_s, "cpu_s": cpu_s, "peak_mb": peak_mb(), **stats}), flush=True)


async def obey(url: str, works: Mapping[str, Work]) -> None:
    """Does what each line of standard input names, and tells how long it took; the first line a round to get warm."""
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        await timed(url, works[line])


async def race_bare(url: str) -> None:
    """The same questions, asked as plainly as can be."""
    litellm, slots = load_litellm(), asyncio.Semaphore(AT_ONCE)
    messages = [{"role": "system", "content": "You write replies. " * 150}, {"role": "user", "content": BODY}]

    async def ask() -> None:
        async with slots:
            where = {"api_base": f"{url}/v1", "api_key": "none", "num_retries": 0, "max_retries": 0}
            await litellm.acompletion(model="openai/bench", messages=messages, max_tokens=900, temperature=0.4, **where)

    async def ask_all() -> None:
        await asyncio.gather(*(ask() for _ in range(CASES)))

    await obey(url, {"ask": ask_all})


async def race_drafter(url: str, folder: Path) -> None:
    """The runner: asking, and from tape, judged anew and shown again."""
    overrides = {"model": "openai/bench", "models": "", "model_base_url": f"{url}/v1", "model_concurrency": AT_ONCE}
    async with build({**overrides, "database_url": "memory", "log_level": "error"}, waits_for_model=True) as services:
        judges, library = services.judges, services.library
        tools = Tools(judges.root, lambda: judges.guardrail, lambda: judges.triager, services.pipeline, library, "bench")
        all_cases = cases()

        async def run(mode: Any, runs: Path | None = None) -> None:
            suite = Suite.model_validate({**SUITE, "tape": str(folder / "tape.jsonl")})
            report = await evaluate(Session.open(suite, tools, Choices(tape=mode, runs=runs), cases=all_cases))
            assert report.verdict.passed, report.verdict.sentence

        works = {"ask": partial(run, "off"), "record": partial(run, "record"), "judge": partial(run, "replay")}
        await obey(url, {**works, "replay": partial(run, "replay", folder / "runs")})


def peak_mb() -> float:
    """Most memory that this process has held; `ru_maxrss` would begin with that of the process that started it."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    who, where = sys.argv[1], sys.argv[2]
    # As `drafter evals` does.
    gc.set_threshold(*COLLECT_AFTER)
    asyncio.run(race_bare(where) if who == "bare" else race_drafter(where, Path(sys.argv[3])))
