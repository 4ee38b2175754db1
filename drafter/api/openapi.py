"""The description of the API: what FastAPI sees, and what it cannot see: bodies, keys, channels that exist, examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from drafter.api.identity import Needs
from drafter.api.jobs import JobRequest
from drafter.api.problem import MEDIA_TYPE, PolicyProblem, Problem
from drafter.api.stages import EVENT_STREAM
from drafter.domain import CheckRequest, DraftRequest, Review
from drafter.edits import VerdictRequest
from drafter.intake import REVIEW_ALIASES
from drafter.languages import TAG
from drafter.llm.build import NONE
from drafter.webhooks.request import WebhookRequest
from drafter.wiring import Services

REF = "#/components/schemas/{model}"

FRIENDLY = ("CheckRequest", "DraftRequest", "Review", "Product", "Seller", "OrderFacts", "DraftOptions")
"""What the door takes with unknown fields: they are left out and named in `warnings`."""

PARAMETERS: Mapping[str, Any] = {
    "record_id": "d_8c1f0d3f4c9b4a3f9d0e6a5b4c3d2e1f",
    "job_id": "j_8c1f0d3f4c9b4a3f9d0e6a5b4c3d2e1f",
    "webhook_id": "w_8c1f0d3f4c9b4a3f9d0e6a5b4c3d2e1f",
    "delivery_id": "e_8c1f0d3f4c9b4a3f9d0e6a5b4c3d2e1f",
    "cursor": "WyIyMDI2LTAzLTAxVDEyOjAwOjAwKzAwOjAwIiwgImRfMSJd",
    "limit": 20,
    "action": "offer",
    "channel": "review_followup",
    "origin": "model",
    "language": "en",
    "prompt": "reply/v1",
    "order_id": "302-1234567-7654321",
    "buyer_key": "b-7f3a",
    "since": "2026-03-01T00:00:00Z",
    "until": "2026-04-01T00:00:00Z",
    "verdict": "none",
}
"""An example of each parameter."""


_SOMETHING = r"[^\s\x00-\x1f\x7f-\x9f]"
"""A text that is not empty when controls and spaces are gone."""

_SAID = {"type": "string", "pattern": _SOMETHING}

_VERDICTS = [
    {"properties": {"verdict": {"const": "approved"}, "final_text": {"type": "null"}}},
    {"properties": {"verdict": {"const": "edited"}, "final_text": _SAID}, "required": ["final_text"]},
    {"properties": {"verdict": {"const": "rejected"}, "final_text": {"type": "null"}, "reason": _SAID}, "required": ["reason"]},
]
"""What goes together in a verdict."""


@cache
def examples() -> Mapping[str, Any]:
    """Answers of the service by `METHOD path`, as it gave them once; long lists are cut short."""
    loaded: Mapping[str, Any] = json.loads(files("drafter.api").joinpath("examples.json").read_text(encoding="utf-8"))
    return loaded


def describe(app: FastAPI, services: Services) -> dict[str, Any]:
    """OpenAPI 3.1 of the app, with the channels, models and prompts that these services know."""
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags)
    components = schema.setdefault("components", {})
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "An API key, `drk_…`."}}
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _add_bodies(schemas, services)
    scopes = {(method, route.path): need.scope for route, method, need in _guarded(app)}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(operation, path, method.upper(), scopes.get((method.upper(), path)))
    return schema


def _guarded(app: FastAPI) -> Iterator[tuple[Any, str, Needs]]:
    """Routes that need a key, with what they need."""
    for router in app.state.routers:
        for route in router.routes:
            for dependency in route.dependant.dependencies:
                if isinstance(dependency.call, Needs):
                    for method in route.methods:
                        yield route, method, dependency.call


def _complete(operation: dict[str, Any], path: str, method: str, scope: Any) -> None:
    if scope is not None:
        operation["security"] = [{"key": []}]
        operation["x-scope"] = scope.value
        operation["description"] = f"{operation.get('description', '')}\n\nNeeds the scope `{scope.value}`.".strip()
    # The routes answer wrong parameters with 400; what FastAPI adds is never sent.
    wrong = operation["responses"].get("422", {})
    if "HTTPValidationError" in json.dumps(wrong):
        wrong["content"].pop("application/json")
        if not wrong["content"]:
            del operation["responses"]["422"]
    for response in operation["responses"].values():
        for example in response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {}).values():
            # FastAPI leaves out of its description whatever is null.
            example["value"].setdefault("field", None)
    for parameter in operation.get("parameters", []):
        if parameter["name"] in PARAMETERS:
            parameter["example"] = PARAMETERS[parameter["name"]]
    answer = operation["responses"].get("201") or operation["responses"]["200"]
    if f"{method} {path}" in examples():
        answer["content"]["application/json"]["example"] = examples()[f"{method} {path}"]
    if (method, path) == ("POST", "/v1/drafts"):
        answer["content"][EVENT_STREAM] = {
            "schema": {"type": "string"},
            "example": 'event: stage\ndata: {"stage": "triage", "duration_s": 0.002}\n\n',
        }


def _add_bodies(schemas: dict[str, Any], services: Services) -> None:
    bodies = (DraftRequest, Review, CheckRequest, VerdictRequest, JobRequest, WebhookRequest)
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in bodies]
    modes += [(model, "serialization") for model in (Problem, PolicyProblem)]
    _, generated = models_json_schema(modes, ref_template=REF)
    for name, model in generated["$defs"].items():
        schemas.setdefault(name, model)
    for name in FRIENDLY:
        schemas[name].pop("additionalProperties", None)
    review, draft, check = schemas["Review"]["properties"], schemas["DraftRequest"]["properties"], schemas["CheckRequest"]["properties"]
    review["body"]["pattern"] = _SOMETHING
    check["text"]["pattern"] = _SOMETHING
    channels = services.judges.channels.values()
    draft["channel"]["enum"] = sorted(channel.id for channel in channels if channel.may_draft)
    check["channel"]["enum"] = sorted(channel.id for channel in channels)
    options = schemas["DraftOptions"]["properties"]
    options["language"]["anyOf"][0]["pattern"] = TAG
    options["model"]["anyOf"][0]["enum"] = [*services.models.allowed, NONE]
    options["prompt"]["anyOf"][0]["enum"] = [name for name in services.library.prompts if name.startswith("reply/")]
    hosts = [re.escape(host).replace("\\-", "-").replace("\\*", "[a-z0-9-]+") for host in services.settings.webhook_host_names]
    if hosts:
        schemas["WebhookRequest"]["properties"]["url"]["pattern"] = rf"^https://({'|'.join(hosts)})(/[A-Za-z0-9._~/-]{{0,200}})?$"
    for alias, name in REVIEW_ALIASES.items():
        review[alias] = {**review[name], "description": f"Another name of `{name}`."}
    schemas["VerdictRequest"]["properties"]["by"]["pattern"] = _SOMETHING
    schemas["VerdictRequest"]["oneOf"] = _VERDICTS
    schemas["Review"]["required"] = []
    schemas["Review"]["anyOf"] = [{"required": ["body"]}, {"required": ["text"]}]
