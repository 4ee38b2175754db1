"""`/v1/webhooks`: addresses that are told what happens in the account, and what became of each telling."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from drafter.api.body import documented_body, read_body, services_of
from drafter.api.edge import note
from drafter.api.identity import Needs
from drafter.api.lists import DeliveryList, WebhookList
from drafter.api.problem import BODY_CODES, KEY_CODES, documented
from drafter.errands import Principal
from drafter.errors import RequestError
from drafter.intake import receive_webhook
from drafter.store.keys import Scope
from drafter.store.summaries import Delivery, NewWebhook, Webhook
from drafter.webhooks.address import AllowList
from drafter.webhooks.request import WebhookRequest

router = APIRouter(tags=["webhooks"])

EXAMPLES: dict[str, Any] = {"everything": {"url": "https://hooks.example.com/drafter", "events": ["draft.decided", "draft.verdict"]}}

FINDS = documented(*KEY_CODES, "not_found")

Admin = Annotated[Principal, Depends(Needs(Scope.ADMIN))]


@router.post(
    "/v1/webhooks",
    status_code=201,
    response_model=NewWebhook,
    responses=documented(*BODY_CODES, *KEY_CODES, "webhook_host_not_allowed", "too_many_webhooks"),
    openapi_extra=documented_body(WebhookRequest, EXAMPLES),
)
async def create_webhook(request: Request, principal: Admin) -> Response:
    """Tell an address what happens from now on: ids and codes, signed; never a text. The secret is shown this once."""
    services = services_of(request)
    asked = receive_webhook(await read_body(request))
    AllowList.read(services.settings.webhook_host_names, services.settings.webhook_network_names).check_url(asked.url)
    made = await services.store.webhooks.create(principal.account_id, asked.url, asked.events)
    note(request.scope, webhook_id=made.id)
    return Response(made.model_dump_json(), status_code=201, media_type="application/json")


@router.get("/v1/webhooks", responses=documented(*KEY_CODES))
async def list_webhooks(request: Request, principal: Admin) -> WebhookList:
    """The account's webhooks."""
    return WebhookList(items=await services_of(request).store.webhooks.list(principal.account_id))


@router.get("/v1/webhooks/{webhook_id}", responses=FINDS)
async def get_webhook(webhook_id: str, request: Request, principal: Admin) -> Webhook:
    """One webhook."""
    return await _own(request, webhook_id, principal)


@router.delete("/v1/webhooks/{webhook_id}", responses=FINDS)
async def delete_webhook(webhook_id: str, request: Request, principal: Admin) -> Webhook:
    """Tell it nothing any more; what was not delivered yet never is."""
    found = await _own(request, webhook_id, principal)
    await services_of(request).store.webhooks.delete(webhook_id, account_id=principal.account_id)
    return found


@router.get("/v1/webhooks/{webhook_id}/deliveries", responses=FINDS)
async def list_deliveries(webhook_id: str, request: Request, principal: Admin) -> DeliveryList:
    """What it was told, and what it answered."""
    found = await _own(request, webhook_id, principal)
    return DeliveryList(items=await services_of(request).store.webhooks.deliveries(found.id))


@router.post("/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", responses=FINDS)
async def replay_delivery(webhook_id: str, delivery_id: str, request: Request, principal: Admin) -> Delivery:
    """Tell it once more, under the same id."""
    found = await _own(request, webhook_id, principal)
    again = await services_of(request).store.webhooks.replay(found.id, delivery_id)
    if again is None:
        raise RequestError("there is no such delivery", code="not_found")
    return again


async def _own(request: Request, webhook_id: str, principal: Principal) -> Webhook:
    found = await services_of(request).store.webhooks.get(webhook_id, account_id=principal.account_id)
    if found is None:
        raise RequestError("there is no such webhook", code="not_found")
    return found
