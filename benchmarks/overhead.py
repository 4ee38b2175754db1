"""What a draft costs besides the model: `POST /v1/drafts` against a model that answers in no time, with litellm's share named apart.

Each request has a review of its own: one that is asked again and again is remembered in many places, and measured too fast.

python benchmarks/overhead.py [--requests 300]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import cycle
from typing import Any

import httpx
from parts.processes import model_server, service
from parts.reviews import make_requests

from drafter.llm.chat import ChatCall, Message
from drafter.llm.litellm_client import LiteLLMModel, ModelEndpoint, load_litellm

BUDGET_MEDIAN_MS = 15
BUDGET_P99_MS = 50

CALL = ChatCall((Message("system", "You write replies. " * 200), Message("user", make_requests()[0]["review"]["body"])), 900, 0.4)


async def time_calls(call: Callable[[], Awaitable[Any]], count: int) -> list[float]:
    """Milliseconds that each of `count` calls took, one after another."""
    took = []
    for _ in range(count):
        started = time.perf_counter()
        await call()
        took.append((time.perf_counter() - started) * 1000)
    return took


def median(took: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(took)


def p99(took: Sequence[float]) -> float:
    """All but one in a hundred are faster."""
    return statistics.quantiles(took, n=100, method="inclusive")[98]


async def time_drafts(url: str, count: int) -> list[float]:
    """Whole requests of a caller who keeps his connection."""
    requests = cycle(make_requests())
    async with httpx.AsyncClient(timeout=60) as client:

        async def draft() -> None:
            answer = (await client.post(f"{url}/v1/drafts", json=next(requests))).json()
            # A second call of the model would be its time, not ours.
            assert (answer["origin"], len(answer["attempts"])) == ("model", 1), answer

        return await time_calls(draft, count)


async def time_model(url: str, count: int) -> tuple[list[float], list[float]]:
    """The model's server asked by bare httpx, and by litellm as we call it."""
    async with httpx.AsyncClient(timeout=60) as client:
        body = {"model": "bench", "messages": [{"role": m.role, "content": m.content} for m in CALL.messages], "max_tokens": 900}

        async def ask_bare() -> None:
            json.loads((await client.post(f"{url}/chat/completions", json=body)).content)

        await time_calls(ask_bare, 20)
        bare = await time_calls(ask_bare, count)
    litellm = load_litellm()
    inner, through = litellm.acompletion, []

    async def timed(**arguments: Any) -> Any:
        started = time.perf_counter()
        answer = await inner(**arguments)
        through.append((time.perf_counter() - started) * 1000)
        return answer

    litellm.acompletion = timed
    model = LiteLLMModel(ModelEndpoint("openai/bench", "openai/bench", url, "none"))
    await time_calls(lambda: model.complete(CALL, timeout_s=60), count + 20)
    await model.aclose()
    litellm.acompletion = inner
    return bare, through[20:]


def main(count: int) -> int:
    """Prints one line per figure; 1 when the budget is not kept."""
    with model_server() as model_url:
        with service(model_url) as (url, _):
            drafts = asyncio.run(time_drafts(url, count))
        bare, through = asyncio.run(time_model(model_url, count))
    model_ms = median(bare)
    lines = {
        "whole request": (median(drafts), p99(drafts), "POST /v1/drafts over HTTP, one after another"),
        "model": (model_ms, p99(bare), "the same server asked by bare httpx"),
        "added": (median(drafts) - model_ms, p99(drafts) - model_ms, f"budget {BUDGET_MEDIAN_MS} / {BUDGET_P99_MS}"),
        "  of it litellm": (median(through) - model_ms, p99(through) - model_ms, "its call less bare httpx"),
        "  of it ours": (median(drafts) - median(through), p99(drafts) - p99(through), "HTTP, triage, prompt, rules, scores, record"),
    }
    for name, (middle, high, words) in lines.items():
        print(f"{name:<16} median {middle:6.2f} ms   p99 {high:6.2f} ms   {words} (n={count})")
    added_median, added_p99, _ = lines["added"]
    return 0 if added_median <= BUDGET_MEDIAN_MS and added_p99 <= BUDGET_P99_MS else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=300)
    raise SystemExit(main(parser.parse_args().requests))
