"""The peers of the race: how each is installed, outside this checkout, and how it asks 200 questions and looks for a word in each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CASES, AT_ONCE = 200, 20
HOME = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "drafter-benchmarks"
PYTHON = HOME / "python" / "bin" / "python"
INSPECT = HOME / "python" / "bin" / "inspect"
PROMPTFOO = HOME / "node" / "node_modules" / ".bin" / "promptfoo"
PACKAGES = ("inspect_ai", "pydantic-evals", "openai")

INSPECT_TASK = """\
from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.scorer import includes

@task
def race():
    return Task(dataset=[Sample(input=f"Reply to review {i}: the lid leaks.", target="sorry") for i in range(CASES)], scorer=includes())
""".replace("CASES", str(CASES))

PYDANTIC_SCRIPT = """\
import asyncio, sys
from openai import AsyncOpenAI
from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import Contains

async def main(url):
    client = AsyncOpenAI(base_url=url, api_key="none")
    async def draft(text: str) -> str:
        answer = await client.chat.completions.create(model="bench", messages=[{"role": "user", "content": text}], max_tokens=900)
        return answer.choices[0].message.content
    cases = [Case(name=f"c{i}", inputs=f"Reply to review {i}: the lid leaks.") for i in range(CASES)]
    await Dataset(name="race", cases=cases, evaluators=[Contains(value="sorry")]).evaluate(draft, max_concurrency=AT_ONCE, progress=False)

asyncio.run(main(sys.argv[1]))
""".replace("CASES", str(CASES)).replace("AT_ONCE", str(AT_ONCE))


def _promptfoo_config(url: str) -> str:
    tests = [{"vars": {"n": str(i)}, "assert": [{"type": "contains", "value": "sorry"}]} for i in range(CASES)]
    provider = {"id": "openai:chat:bench", "config": {"apiBaseUrl": url, "max_tokens": 900}}
    return json.dumps({"prompts": ["Reply to review {{n}}: the lid leaks."], "providers": [provider], "tests": tests})


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody else's runner."""

    name: str
    program: Path
    write: Callable[[Path, str], Sequence[str]]
    """Puts what it needs into a folder and gives the command."""

    @property
    def is_there(self) -> bool:
        """It is installed."""
        return self.program.exists()


def _inspect(folder: Path, url: str) -> Sequence[str]:
    (folder / "race.py").write_text(INSPECT_TASK)
    own = ["--model", "openai/bench", "--model-base-url", url, "--max-connections", str(AT_ONCE), "--display", "none"]
    return [str(INSPECT), "eval", "race.py", *own, "--log-dir", str(folder / "logs")]


def _pydantic(folder: Path, url: str) -> Sequence[str]:
    (folder / "race_pydantic.py").write_text(PYDANTIC_SCRIPT)
    return [str(PYTHON), "race_pydantic.py", url]


def _promptfoo(folder: Path, url: str) -> Sequence[str]:
    (folder / "promptfoo.json").write_text(_promptfoo_config(url))
    return [
        str(PROMPTFOO),
        "eval",
        "-c",
        "promptfoo.json",
        "--no-cache",
        "--no-table",
        "--no-write",
        "--no-progress-bar",
        "-j",
        str(AT_ONCE),
    ]


PEERS = (Peer("pydantic-evals", PYTHON, _pydantic), Peer("inspect_ai", INSPECT, _inspect), Peer("promptfoo", PROMPTFOO, _promptfoo))


def environment(folder: Path) -> Mapping[str, str]:
    """Variables with which a peer sends nothing anywhere."""
    quiet = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1", "PROMPTFOO_CONFIG_DIR": str(folder)}
    return {**os.environ, **quiet, "OPENAI_API_KEY": "none", "HOME": str(folder)}


def install() -> None:
    """Installs what can be had into folders of their own; what cannot is skipped later on, with a word."""
    HOME.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", str(HOME / "python")], check=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", *PACKAGES], check=False)
    (HOME / "node").mkdir(exist_ok=True)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "promptfoo"], cwd=HOME / "node", check=False)
