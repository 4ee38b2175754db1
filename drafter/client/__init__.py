"""A typed client of the service: each call is described once, and sent by `Client` or awaited from `AsyncClient`.

    from drafter.client import Client, create_draft, list_drafts

    with Client("http://localhost:8080", key="drk_…") as drafter:
        response = drafter.send(create_draft({"review": {"body": "The zipper broke on the second day."}}))
        print(response.text)
        for page in drafter.pages(list_drafts({"verdict": "none"})):
            print(*(draft.id for draft in page.items))

Calls that make something carry an `Idempotency-Key`, so that asking again after a lost answer makes nothing twice. What may get better
(409 while under way, 429, 503, a lost connection) is asked again after what `Retry-After` says.
"""

from __future__ import annotations

from drafter.client.calls import (
    Call,
    cancel_job,
    check_text,
    create_draft,
    create_job,
    create_verdict,
    create_webhook,
    delete_webhook,
    get_draft,
    get_health,
    get_job,
    get_metrics,
    get_readiness,
    get_webhook,
    list_channels,
    list_deliveries,
    list_drafts,
    list_prompts,
    list_rules,
    list_templates,
    list_verdicts,
    list_webhooks,
    replay_delivery,
    triage_review,
)
from drafter.client.clients import AsyncClient, Client
from drafter.client.exchange import Fetched, Refused
from drafter.client.stages import StageEnded

__all__ = [
    "AsyncClient",
    "Call",
    "Client",
    "Fetched",
    "Refused",
    "StageEnded",
    "cancel_job",
    "check_text",
    "create_draft",
    "create_job",
    "create_verdict",
    "create_webhook",
    "delete_webhook",
    "get_draft",
    "get_health",
    "get_job",
    "get_metrics",
    "get_readiness",
    "get_webhook",
    "list_channels",
    "list_deliveries",
    "list_drafts",
    "list_prompts",
    "list_rules",
    "list_templates",
    "list_verdicts",
    "list_webhooks",
    "replay_delivery",
    "triage_review",
]
