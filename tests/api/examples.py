"""Asks every route once and writes what it answers to `drafter/api/examples.json`: `python -m tests.api.examples`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from drafter.api import checks as checks_api
from drafter.api import drafts, jobs, triage, webhooks
from drafter.api.verdicts import EXAMPLES as VERDICTS
from tests.api.conftest import running

FILE = Path(__file__).resolve().parents[2] / "drafter" / "api" / "examples.json"

MOST_ITEMS = 2
"""Longer lists are cut: an example shows shapes."""


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(item) for key, item in value.items()}
    return [_cut(item) for item in value[:MOST_ITEMS]] if isinstance(value, list) else value


async def record() -> dict[str, Any]:
    """Answers by method and path."""
    answers: dict[str, Any] = {}
    async with running(webhook_hosts="hooks.example.com", job_concurrency=0) as service, service.client(await service.key()) as client:

        async def ask(method: str, path: str, body: Any = None, **values: str) -> Any:
            answer = await client.request(method, path.format(**values), json=body)
            answers[f"{method} {path}"] = _cut(answer.raise_for_status().json())
            return answer.json()

        hook = await ask("POST", "/v1/webhooks", webhooks.EXAMPLES["everything"])
        made = await ask("POST", "/v1/drafts", drafts.EXAMPLES["a full request"])
        await ask("GET", "/v1/drafts")
        await ask("GET", "/v1/drafts/{record_id}", record_id=made["id"])
        text = f"{made['text']}\n\nThank you for your patience."
        await ask("POST", "/v1/drafts/{record_id}/verdicts", {**VERDICTS["edited"], "final_text": text}, record_id=made["id"])
        await ask("GET", "/v1/drafts/{record_id}/verdicts", record_id=made["id"])
        await ask("POST", "/v1/checks", checks_api.EXAMPLES["a violation"])
        await ask("POST", "/v1/triage", triage.EXAMPLES["two problems"])
        job = await ask("POST", "/v1/jobs", jobs.EXAMPLES["two reviews"])
        for method in ("GET", "DELETE"):
            await ask(method, "/v1/jobs/{job_id}", job_id=job["id"])
        await ask("GET", "/v1/webhooks")
        await ask("GET", "/v1/webhooks/{webhook_id}", webhook_id=hook["id"])
        told = await ask("GET", "/v1/webhooks/{webhook_id}/deliveries", webhook_id=hook["id"])
        replay = "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay"
        await ask("POST", replay, webhook_id=hook["id"], delivery_id=told["items"][0]["id"])
        await ask("DELETE", "/v1/webhooks/{webhook_id}", webhook_id=hook["id"])
        for path in ("/v1/rules", "/v1/prompts", "/v1/channels", "/v1/templates", "/healthz", "/readyz"):
            await ask("GET", path)
    return answers


if __name__ == "__main__":
    FILE.write_text(json.dumps(asyncio.run(record()), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
