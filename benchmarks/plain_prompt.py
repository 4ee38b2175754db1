"""Our replies beside those of the same model asked plainly, in one paragraph, for the whole reply; for reading them blind.

    python benchmarks/plain_prompt.py [REQUESTS.jsonl] [--limit 3] > replies.jsonl

A line of the file is a draft request, with an `id` where it has one; without a file the cases of `evals/sets/drafting.jsonl` are used.
A line that is written holds the review, both replies (`ours`, `plain`), who wrote ours, and the seconds each took. Nothing checks the
plain one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from drafter.content import find_content_root, read_jsonl
from drafter.domain import DraftRequest
from drafter.drafting.inputs import REMEDY_NAMES
from drafter.errors import ModelError
from drafter.llm.chat import ChatCall, ChatModel, Message
from drafter.wiring import build

MODEL = "embedded"
INSTRUCTION = (
    "You are a support agent of an Amazon seller. Write a short, warm and honest reply to the buyer below. Apologise for the specific "
    "problem, show that you understand what it meant for them, offer only one of the allowed remedies, or ask one clear question if there "
    "is none. Do not invent facts, and do not mention or ask for reviews, ratings or feedback. Write in the buyer's language and sign with "
    "the given name."
)
MAX_TOKENS, TEMPERATURE, SEED = 220, 0.6, 7
TIMEOUT_S = 120.0


def plain_call(request: DraftRequest) -> ChatCall:
    """The whole task in one paragraph, and what is known of the case."""
    seller = request.seller
    names = {remedy.value: words for remedy, words in REMEDY_NAMES.items()}
    remedies = "; ".join(names.get(remedy, remedy) for remedy in seller.allowed_remedies) or "none"
    known = {
        "Product": request.product.title,
        "Allowed remedies": remedies,
        "Facts": "; ".join(seller.facts) or "none",
        "Signed by": seller.signature or seller.brand,
        "The buyer wrote": request.review.text,
    }
    asked = "\n".join(f"{name}: {text}" for name, text in known.items() if text)
    messages = (Message("system", INSTRUCTION), Message("user", asked))
    return ChatCall(messages=messages, max_tokens=MAX_TOKENS, temperature=TEMPERATURE, seed=SEED)


async def ask_plainly(model: ChatModel, request: DraftRequest) -> str:
    """The model's reply, or why there is none."""
    try:
        return (await model.complete(plain_call(request), timeout_s=TIMEOUT_S)).texts[0].strip()
    except ModelError as exc:
        return f"[{exc}]"


def read_requests(path: Path) -> Iterator[tuple[str, DraftRequest]]:
    """Requests of a file, or of a set of eval cases, with their names."""
    for number, row in enumerate(read_jsonl(path), start=1):
        value: Mapping[str, Any] = row.get("request", row)
        yield str(row.get("id", number)), DraftRequest.model_validate(value)


async def compare(path: Path, limit: int) -> None:
    """Writes one line a request."""
    overrides = {"model": MODEL, "models": "", "database_url": "memory", "log_level": "error"}
    async with build(overrides, waits_for_model=True, log_stream=sys.stderr) as services:
        (model,) = services.models.choose(None)
        for name, request in list(read_requests(path))[:limit]:
            started = time.monotonic()
            ours = await services.draft(request)
            done = time.monotonic()
            plain = await ask_plainly(model, request)
            row = {
                "id": name,
                "review": request.review.text,
                "ours": ours.draft.text if ours.draft else None,
                "origin": ours.draft.origin if ours.draft else None,
                "plain": plain,
                "ours_s": round(done - started, 1),
                "plain_s": round(time.monotonic() - done, 1),
            }
            print(json.dumps(row, ensure_ascii=False), flush=True)


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("requests", type=Path, nargs="?", default=find_content_root() / "evals" / "sets" / "drafting.jsonl")
    parser.add_argument("--limit", type=int, default=3)
    arguments = parser.parse_args()
    asyncio.run(compare(arguments.requests, arguments.limit))


if __name__ == "__main__":
    main()
