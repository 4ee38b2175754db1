"""A request's body, read once, with a limit, through the one door for requests."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from pydantic import BaseModel

from drafter.errors import RequestError
from drafter.intake import MAX_BODY_BYTES, parse_json
from drafter.wiring import Services


def services_of(request: Request) -> Services:
    """The services that this app was started with."""
    services: Services = request.app.state.services
    return services


async def read_body(request: Request) -> Any:
    """The JSON value of a request.

    Raises:
        RequestError: too large (stops reading there), of another media type, not UTF-8, not JSON.
    """
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise RequestError(f"send application/json, not {media_type}", code="wrong_media_type")
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY_BYTES:
            raise RequestError(f"the body is larger than {MAX_BODY_BYTES} bytes; send one request at a time", code="too_large")
    return parse_json(bytes(raw))


def documented_body(model: type[BaseModel], examples: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI entry for a body that the door reads itself."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    content = {"schema": schema, "examples": {name: {"value": value} for name, value in examples.items()}}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}
