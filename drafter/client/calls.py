"""Every route as a function that describes a call of it. To add one, add a function; a test holds them against the API's description."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from drafter.answers import CheckResult, TriageResult
from drafter.api.lists import (
    ChannelList,
    DeliveryList,
    DraftList,
    Health,
    PromptList,
    Readiness,
    RuleList,
    TemplateList,
    VerdictList,
    WebhookList,
)
from drafter.domain import DraftRequest, DraftResponse
from drafter.edits import RecordedVerdict
from drafter.store.listing import DraftFilter
from drafter.store.summaries import Delivery, Job, NewWebhook, Webhook

R = TypeVar("R")

Request = DraftRequest | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """One request, and what its answer is read as."""

    method: str
    route: str
    """As the API's description has it, e.g. `/v1/drafts/{record_id}`."""
    gives: type[R]
    """`str` where the answer is plain text."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What stands for the names in the route."""
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    idempotency_key: str | None = None
    if_match: str | None = None
    is_repeatable: bool = True
    """False where a second one makes a second thing: it is not sent again once it may have arrived."""
    read_also: tuple[int, ...] = ()
    """Statuses besides 2xx whose answers are no problems."""

    @property
    def path(self) -> str:
        """The route with its names filled in."""
        return self.route.format(**{name: quote(value, safe="") for name, value in self.names.items()})


def create_draft(request: Request, *, idempotency_key: str | None = None) -> Call[DraftResponse]:
    """A reply to a review; the same key and request give the same draft for a day."""
    return Call("POST", "/v1/drafts", DraftResponse, body=_json(request), idempotency_key=idempotency_key or _new_key())


def list_drafts(
    wanted: DraftFilter | Mapping[str, Any] | None = None, *, cursor: str | None = None, limit: int | None = None
) -> Call[DraftList]:
    """A page of the account's drafts, newest first; `pages` gives all of them."""
    filters = DraftFilter.model_validate(wanted or {}).model_dump(mode="json", exclude_none=True)
    page = {name: value for name, value in (("cursor", cursor), ("limit", limit)) if value is not None}
    return Call("GET", "/v1/drafts", DraftList, query={**filters, **page})


def get_draft(draft_id: str) -> Call[DraftResponse]:
    """A draft that was made before."""
    return Call("GET", "/v1/drafts/{record_id}", DraftResponse, {"record_id": draft_id})


def create_verdict(
    draft_id: str,
    verdict: str,
    *,
    by: str,
    final_text: str | None = None,
    reason: str = "",
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[RecordedVerdict]:
    """What a person decided: `approved`, `edited` (with `final_text`) or `rejected` (with `reason`).

    Args:
        draft_id: Of which draft.
        verdict: What was decided.
        by: Your own id of the person.
        final_text: As it will be sent.
        reason: Why not.
        if_match: `Fetched.etag` of the draft or its verdicts: refused (412) when somebody has decided since. None: never.
        idempotency_key: The same key and verdict are recorded once; None makes a key.
    """
    body = {"verdict": verdict, "by": by, "final_text": final_text, "reason": reason}
    key = idempotency_key or _new_key()
    names = {"record_id": draft_id}
    return Call("POST", "/v1/drafts/{record_id}/verdicts", RecordedVerdict, names, body, idempotency_key=key, if_match=if_match)


def list_verdicts(draft_id: str) -> Call[VerdictList]:
    """All that was said of a draft, oldest first."""
    return Call("GET", "/v1/drafts/{record_id}/verdicts", VerdictList, {"record_id": draft_id})


def check_text(channel: str, text: str, **facts: Any) -> Call[CheckResult]:
    """A text against the rules, without a model; `facts` are those of `CheckRequest`."""
    return Call("POST", "/v1/checks", CheckResult, body={"channel": channel, "text": text, **facts})


def triage_review(request: Request) -> Call[TriageResult]:
    """What is wrong, whether it is dangerous, and whether to write at all."""
    return Call("POST", "/v1/triage", TriageResult, body=_json(request))


def create_job(requests: Iterable[Request], *, idempotency_key: str | None = None) -> Call[Job]:
    """Many drafts, made when there is time; the same key and requests make one job."""
    body = {"items": [_json(request) for request in requests]}
    return Call("POST", "/v1/jobs", Job, body=body, idempotency_key=idempotency_key or _new_key())


def get_job(job_id: str) -> Call[Job]:
    """How far a job is, and its drafts."""
    return Call("GET", "/v1/jobs/{job_id}", Job, {"job_id": job_id})


def cancel_job(job_id: str) -> Call[Job]:
    """A job without what was not begun."""
    return Call("DELETE", "/v1/jobs/{job_id}", Job, {"job_id": job_id})


def create_webhook(url: str, events: Iterable[str]) -> Call[NewWebhook]:
    """An address that is told what happens, with the only sight of its secret. When the answer is lost it is not asked again."""
    return Call("POST", "/v1/webhooks", NewWebhook, body={"url": url, "events": list(events)}, is_repeatable=False)


def list_webhooks() -> Call[WebhookList]:
    """The account's webhooks."""
    return Call("GET", "/v1/webhooks", WebhookList)


def get_webhook(webhook_id: str) -> Call[Webhook]:
    """One webhook."""
    return Call("GET", "/v1/webhooks/{webhook_id}", Webhook, {"webhook_id": webhook_id})


def delete_webhook(webhook_id: str) -> Call[Webhook]:
    """The webhook that is told nothing any more. After a lost answer it may be `not_found`, since it is gone."""
    return Call("DELETE", "/v1/webhooks/{webhook_id}", Webhook, {"webhook_id": webhook_id})


def list_deliveries(webhook_id: str) -> Call[DeliveryList]:
    """What a webhook was told, and what it answered."""
    return Call("GET", "/v1/webhooks/{webhook_id}/deliveries", DeliveryList, {"webhook_id": webhook_id})


def replay_delivery(webhook_id: str, delivery_id: str) -> Call[Delivery]:
    """A delivery that is sent once more, under its own id."""
    names = {"webhook_id": webhook_id, "delivery_id": delivery_id}
    return Call("POST", "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", Delivery, names)


def list_rules() -> Call[RuleList]:
    """The rules with their sources."""
    return Call("GET", "/v1/rules", RuleList)


def list_prompts() -> Call[PromptList]:
    """Prompt versions and labels."""
    return Call("GET", "/v1/prompts", PromptList)


def list_channels() -> Call[ChannelList]:
    """Where a reply can appear."""
    return Call("GET", "/v1/channels", ChannelList)


def list_templates() -> Call[TemplateList]:
    """Languages that are answered without a model."""
    return Call("GET", "/v1/templates", TemplateList)


def get_health() -> Call[Health]:
    """That the process lives."""
    return Call("GET", "/healthz", Health)


def get_readiness() -> Call[Readiness]:
    """What works, part by part; also while it is not ready."""
    return Call("GET", "/readyz", Readiness, read_also=(503,))


def get_metrics() -> Call[str]:
    """Counts and seconds in Prometheus' text form."""
    return Call("GET", "/metrics", str)


def _json(request: Request) -> Any:
    return request.model_dump(mode="json", exclude_unset=True) if isinstance(request, DraftRequest) else dict(request)


def _new_key() -> str:
    return uuid.uuid4().hex
