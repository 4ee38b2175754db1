"""What an author waits for after a save: lint, the rendered difference, the verdict on eight sentinels of a model that takes a second."""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from parts.processes import model_server

from drafter.cli.prompts_dev import watch
from drafter.content import find_content_root
from drafter.evals.advice import Judged, find_advice
from drafter.evals.desk import Desk
from drafter.evals.session import Tools
from drafter.evals.suite import load_suite
from drafter.llm.litellm_client import load_litellm
from drafter.prompts.library import load_library
from drafter.prompts.lint import lint_library
from drafter.wiring import build

MODEL_S, SENTINELS, SAVES = 1.0, 8, 5
MAX_LINT_MS, MAX_DIFF_MS, MAX_VERDICT_S = 50.0, 150.0, 3.0


def make_content(folder: Path) -> Path:
    """The shipped content with a second version, and eight sentinels among the cases."""
    shipped = find_content_root()
    shutil.copytree(shipped / "prompts", folder / "prompts")
    (folder / "guardrails").symlink_to(shipped / "guardrails")
    for part in ("sets", "suites", "baselines"):
        (folder / "evals" / part).mkdir(parents=True)
    shutil.copy(shipped / "evals" / "suites" / "drafting.yaml", folder / "evals" / "suites")
    shutil.copy(shipped / "evals" / "calibration.json", folder / "evals")
    lines = [json.loads(line) for line in (shipped / "evals" / "sets" / "drafting.jsonl").read_text().splitlines() if line.startswith("{")]
    plain = [case for case in lines if case.get("expect", {}).get("action", "offer") == "offer" and "injection" not in case["tags"]]
    for case in lines:
        chosen = any(case is one for one in plain[:SENTINELS])
        case["tags"] = [tag for tag in case["tags"] if tag != "sentinel"] + ["sentinel"] * chosen
    (folder / "evals" / "sets" / "drafting.jsonl").write_text("".join(json.dumps(case) + "\n" for case in lines))
    (folder / "prompts" / "active.yaml").write_text("reply: {production: v1}\nrepair: {production: v1}\n")
    text = (folder / "prompts" / "reply" / "v1.j2").read_text().replace("version: v1", "version: v2", 1)
    (folder / "prompts" / "reply" / "v2.j2").write_text(text)
    return folder


class Watcher:
    """Notes when what was on the screen."""

    def __init__(self, prompt: Path) -> None:
        self.prompt = prompt
        self.text = prompt.read_text()
        self.seen: dict[str, float] = {}
        self.change = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def echo(self, text: str) -> None:
        """Some lines of the screen, from whichever thread."""
        at = time.monotonic()
        for mark in ("── ", "sentinels", "watching"):
            if any(line.startswith(mark) or (mark == "sentinels" and "sentinels, asked" in line) for line in text.splitlines()):
                self.seen.setdefault(mark, at)
        self.loop.call_soon_threadsafe(self.change.set)

    async def wait_for(self, mark: str) -> float:
        """When it came."""
        async with asyncio.timeout(60):
            while mark not in self.seen:
                self.change.clear()
                await self.change.wait()
        return self.seen[mark]

    def save(self, words: str) -> float:
        """The author changes a sentence; when."""
        self.seen.clear()
        at = time.monotonic()
        self.prompt.write_text(self.text.replace("{% block large_system %}\n", f"{{% block large_system %}}\n{words}\n", 1))
        return at


async def sit(desk: Desk, folder: Path) -> tuple[list[float], list[float]]:
    """Milliseconds to the difference and seconds to the sentinels' verdict, of each save."""
    watcher = Watcher(folder / "prompts" / "reply" / "v2.j2")
    screen = asyncio.create_task(watch(desk, "reply/v2", once=False, labels=folder / "labels.jsonl", echo=watcher.echo))
    await watcher.wait_for("watching")
    await asyncio.sleep(0.5)
    diffs, verdicts = [], []
    for number in range(SAVES):
        at = watcher.save(f"Write plainly, as one person to another, in draft {number}.")
        diffs.append((await watcher.wait_for("── ") - at) * 1000)
        verdicts.append(await watcher.wait_for("sentinels") - at)
    screen.cancel()
    await asyncio.gather(screen, return_exceptions=True)
    return diffs, verdicts


def time_lint(desk: Desk) -> float:
    """Milliseconds of lint over all prompts, in a process that is warm; nothing is remembered."""
    took = []
    for _ in range(5):
        since = time.monotonic()
        library = load_library(desk.writer.library.root)
        lint_library(library)
        known: Judged = {}
        for prompt in library.prompts.values():
            list(find_advice(desk.tools.guardrail(), library, prompt, known=known))
        took.append((time.monotonic() - since) * 1000)
    return min(took)


async def measure(url: str, folder: Path) -> int:
    """Prints one line per figure; 1 when a budget is not kept."""
    overrides = {"model": "openai/bench", "models": "", "model_base_url": url, "database_url": "memory", "log_level": "error"}
    async with build({**overrides, "model_concurrency": 8, "content_dir": folder}, waits_for_model=True) as services:
        # An author who has just started waits for it once; this is about the saves after that.
        load_litellm()
        judges, library = services.judges, services.library
        pipeline = replace(services.pipeline, max_repairs=0)
        tools = Tools(folder, lambda: judges.guardrail, lambda: judges.triager, pipeline, library, "bench")
        desk = Desk.open(load_suite(folder / "evals" / "suites" / "drafting.yaml"), tools, library.get("reply"), profile="large")
        desk.warm_up()
        lint_ms = time_lint(desk)
        diffs, verdicts = await sit(desk, folder)
    diff_ms, first_s, next_s = statistics.median(diffs), verdicts[0], statistics.median(verdicts[1:])
    print(f"prompts lint        {lint_ms:6.0f} ms, all prompts, warm (budget {MAX_LINT_MS:.0f})")
    print(f"save → diff         {diff_ms:6.0f} ms, median of {SAVES}, slowest {max(diffs):.0f} (budget {MAX_DIFF_MS:.0f})")
    print(
        f"save → {SENTINELS} sentinels  {first_s:6.2f} s with production's prompt asked as well, {next_s:.2f} s after that "
        f"(budget {MAX_VERDICT_S:.0f}, model {MODEL_S:.0f} s)",
        flush=True,
    )
    return int(lint_ms > MAX_LINT_MS or diff_ms > MAX_DIFF_MS or first_s > MAX_VERDICT_S)


def save_loop() -> int:
    """1 when a budget is not kept."""
    with tempfile.TemporaryDirectory() as name, model_server(delay_s=MODEL_S) as url:
        return asyncio.run(measure(url, make_content(Path(name))))
