"""What a check costs in CPU time, beside forty plain `re` searches and three public libraries on the same texts.

python benchmarks/guardrail.py [--no-peers] [--profile]

Each peer gets an environment of its own under the user's cache, made here with pip on first use; one that cannot be installed is
skipped. Peers run forty rules, ours runs the whole pack. Figures are CPU time of one thread, best of five rounds over 64 texts, since
machines are shared; compare them with the plain searches of the same run rather than with another machine's. Ours gets new texts in
each round, since it remembers sentences; what it takes for those it remembers is said apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import platformdirs
from peers.forty_rules import ROUNDS, search_plainly, time_calls, time_rounds
from peers.texts import CLEAN, FINDINGS, GERMAN, HOSTILE, JAPANESE, TAMPERED, make_texts

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(__file__).resolve().parent / "peers"
BUDGETS: Mapping[str, tuple[float, float]] = {"clean": (0.2, 1.5), "with findings": (0.5, 1.5)}
"""Median and p99 in milliseconds; other sorts of texts have no budget of their own."""
HOSTILE_BUDGET_MS = 20.0
LOAD_BUDGET_S = 0.5
COLD_BUDGET_S = 0.8
PEER_TIMEOUT_S = 600
PACKAGES = {
    "LiteLLM content filter": ("litellm[proxy]==1.106.2", "litellm_filter.py"),
    "NeMo regex rail": ("nemoguardrails==0.24.1", "nemo_regex.py"),
    "guardrails-ai": ("guardrails-ai==0.11.0", "guardrails_validators.py"),
}
LOAD = """
import time
started = time.process_time()
from drafter.guardrails.engine import Guardrail
imported = time.process_time()
from pathlib import Path
guardrail = Guardrail.load(Path({root!r}), cache_dir=Path({cache!r}) if {cache!r} else None)
loaded = time.process_time()
from drafter.domain import CheckRequest
guardrail.check(CheckRequest(channel="review_followup", text="We are sorry that the lid leaks. Please send us a photo of it."))
print(imported - started, loaded - imported, time.process_time() - loaded)
"""


def show(name: str, median: float, p99: float | None, words: str = "") -> None:
    """One line a figure."""
    tail = f"p99 {p99:8.3f} ms" if p99 is not None else " " * 15
    print(f"{name:<44} median {median:8.3f} ms   {tail}   {words}", flush=True)


def verdict(is_kept: bool, budget: str) -> str:
    """The budget beside a figure, and whether it is kept."""
    return f"budget {budget}: {'kept' if is_kept else 'NOT KEPT'}"


def measure_ours(profile: bool) -> list[bool]:
    """Prints our lines; whether each budget is kept."""
    from drafter.domain import CheckRequest
    from drafter.guardrails.engine import Guardrail

    guardrail = Guardrail.load(ROOT)
    kept = []
    for name, sort in {"clean": CLEAN, "with findings": FINDINGS, "German": GERMAN, "Japanese": JAPANESE, "tampered": TAMPERED}.items():
        language = {"German": "de", "Japanese": "ja"}.get(name, "en")
        rounds = [
            [CheckRequest(channel="review_followup", text=text, language=language) for text in make_texts(sort, number)]
            for number in range(ROUNDS + 1)
        ]
        requests = rounds[0]
        found = sum(bool(guardrail.check(request).findings) for request in requests)
        took = time_rounds(guardrail.check, rounds)
        words = "no budget of its own"
        if name in BUDGETS:
            median, p99 = BUDGETS[name]
            kept += [took["median"] <= median, took["p99"] <= p99]
            words = verdict(kept[-2] and kept[-1], f"{median} / {p99}")
        show(f"ours, {name}", took["median"], took["p99"], f"{words}; findings in {found} of {len(requests)}")
        if name in BUDGETS:
            took = time_calls(guardrail.check, requests)
            show(f"ours, {name}, every sentence met before", took["median"], took["p99"], "as after a repair, or of a template")
        if profile:
            _profile(guardrail, requests)
    for name, piece in HOSTILE.items():
        request = CheckRequest(channel="review_followup", text=(piece * 8000)[:8000])
        worst = time_calls(guardrail.check, [request, request])["median"]
        kept.append(worst <= HOSTILE_BUDGET_MS)
        show(f"ours, 8 kB of {name}", worst, None, verdict(kept[-1], f"{HOSTILE_BUDGET_MS:g}"))
    return kept


def _profile(guardrail: object, requests: list[object]) -> None:
    """Where the time goes."""
    import cProfile
    import pstats

    with cProfile.Profile() as profile:
        for request in requests * 4:
            guardrail.check(request)  # type: ignore[attr-defined]
    pstats.Stats(profile).sort_stats("tottime").print_stats(18)


def measure_load() -> list[bool]:
    """Prints what a fresh process pays before its first verdict; whether the budgets are kept."""
    with TemporaryDirectory() as bytecode:
        imported, loaded, first = _best_load("", _bytecode(bytecode))
    print(f"{'import':<44} {imported:8.3f} s CPU")
    print(f"{'load':<44} {loaded:8.3f} s CPU   {verdict(loaded <= LOAD_BUDGET_S, f'{LOAD_BUDGET_S:g}')}")
    print(f"{'first check (compiles English)':<44} {first:8.3f} s CPU")
    with TemporaryDirectory() as cache:
        _best_load(cache, _bytecode(cache))
        print(f"{'first check (English kept on disk)':<44} {_best_load(cache, _bytecode(cache))[2]:8.3f} s CPU")
        cold = min(_cold_check(cache) for _ in range(3))
    print(f"{'drafter rules check, cold':<44} {cold:8.3f} s CPU   {verdict(cold <= COLD_BUDGET_S, f'{COLD_BUDGET_S:g}')}")
    return [loaded <= LOAD_BUDGET_S, cold <= COLD_BUDGET_S]


def _bytecode(folder: str) -> dict[str, str]:
    """An environment in which modules are compiled once, whatever this one says about it."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**env, "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"), "PYTHONPATH": str(ROOT)}


def _best_load(cache: str, env: Mapping[str, str]) -> list[float]:
    """CPU seconds of import, load and first check, the best of three processes each."""
    best = [9e9] * 3
    script = LOAD.format(root=str(ROOT), cache=cache)
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT, env=env)
        best = [min(pair) for pair in zip(best, map(float, done.stdout.split()), strict=True)]
    return best


def _cold_check(cache: str) -> float:
    """CPU seconds of one `drafter rules check`; its modules are compiled to bytecode, as an installer leaves them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "drafter", "rules", "check", "--channel", "review_followup", "We are sorry that the lid leaks."]
    subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env={**_bytecode(cache), "DRAFTER_CACHE_DIR": cache})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_peer(name: str, package: str, script: str, texts: Mapping[str, list[str]]) -> None:
    """Prints one peer's lines, or why there are none."""
    python = _environment(package)
    if isinstance(python, str):
        print(f"{name:<44} skipped: {package} could not be installed ({python})")
        return
    env = {
        **os.environ,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MODE": "PRODUCTION",
        "OTEL_SDK_DISABLED": "true",
        "HOME": str(python.parent),
    }
    try:
        done = subprocess.run(
            [str(python), script],
            cwd=PEERS,
            env=env,
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            timeout=PEER_TIMEOUT_S,
            check=True,
        )
        figures = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError) as exc:
        print(f"{name:<44} skipped: it does not run here ({type(exc).__name__})")
        return
    for label, took in figures.items():
        show(f"{name}: {label}", took["median"], took["p99"], f"{package}, forty rules")


def _environment(package: str) -> Path | str:
    """The interpreter of a peer's environment; or why there is none."""
    folder = Path(platformdirs.user_cache_dir("drafter")) / "benchmarks" / package.replace("[", "-").replace("]", "")
    python = folder / "bin" / "python"
    stamp = folder / "installed"
    if not stamp.exists():
        print(f"installing {package} …", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        try:
            subprocess.run(
                [str(python), "-m", "pip", "install", "--quiet", package],
                check=True,
                capture_output=True,
                text=True,
                timeout=PEER_TIMEOUT_S,
            )
        except subprocess.CalledProcessError as exc:
            return (exc.stderr or "").strip().splitlines()[-1] if exc.stderr else "pip failed"
        except subprocess.TimeoutExpired:
            return f"pip took over {PEER_TIMEOUT_S} s"
        stamp.touch()
    return python


def main() -> int:
    """Prints one line a figure; 1 when a budget of ours is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-peers", action="store_true", help="Only ours and the plain searches.")
    parser.add_argument("--profile", action="store_true", help="Where our time goes, sort by sort.")
    options = parser.parse_args()
    random.seed(0)
    sys.path.insert(0, str(ROOT))  # what is measured is this checkout's code, whichever one is installed
    kept = measure_load() + measure_ours(options.profile)
    texts = {"clean": make_texts(CLEAN), "findings": make_texts(FINDINGS)}
    for name, some in texts.items():
        took = search_plainly(some)
        show(f"forty plain re searches, {name}", took["median"], took["p99"], "for scale")
    if not options.no_peers:
        for name, (package, script) in PACKAGES.items():
            measure_peer(name, package, script, texts)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
