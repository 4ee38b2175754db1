"""A request's body, read once, with limits, through the one door for requests."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from drafter.errors import AccessError, RequestError
from drafter.intake import MAX_BODY_BYTES, parse_json
from drafter.telemetry import Metrics
from drafter.wiring import Services

MAX_DEPTH = 16
"""Objects and lists inside each other; a request needs four."""

BODY_S = 10.0
"""A body that is not here by then is given up: whoever sends byte by byte holds a place."""


def services_of(request: Request) -> Services:
    """The services that this app was started with."""
    services: Services = request.app.state.services
    return services


def metrics_of(request: Request) -> Metrics:
    """The counters of this app."""
    metrics: Metrics = request.app.state.metrics
    return metrics


async def read_body(request: Request, *, max_bytes: int = MAX_BODY_BYTES) -> Any:
    """The JSON value of a request.

    Raises:
        RequestError: too large (stops reading there), of another media type, not UTF-8, not JSON, nested too deeply.
        AccessError: (`too_slow`) it did not arrive in time.
    """
    _check_type(request.headers)
    raw = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > max_bytes:
                    raise RequestError(f"the body is larger than {max_bytes} bytes; send less at a time", code="too_large")
    except TimeoutError as exc:
        raise AccessError(f"the body did not arrive within {BODY_S:.0f} s", code="too_slow") from exc
    value = parse_json(bytes(raw), max_bytes=max_bytes)
    if not _is_shallow(value):
        raise RequestError(f"nested more than {MAX_DEPTH} deep", code="not_json")
    return value


def _check_type(headers: Mapping[str, str]) -> None:
    """A page of the web can send a form or a plain text here without being asked; it cannot send JSON."""
    media_type, _, parameters = headers.get("content-type", "nothing").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if media_type.strip() != "application/json" or charset not in ("", "charset=utf-8"):
        raise RequestError(f"send application/json in UTF-8, not {media_type[:60]}", code="wrong_media_type")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise RequestError("send it uncompressed", code="wrong_media_type")


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False


def documented_body(model: type[BaseModel], examples: dict[str, Any], *, parameters: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """OpenAPI entry for a body that the door reads itself; `openapi.py` adds what the door takes besides, and the parts of the model."""
    content = {
        "schema": {"$ref": f"#/components/schemas/{model.__name__}"},
        "examples": {name: {"value": v} for name, v in examples.items()},
    }
    entry: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": content}}}
    return {**entry, "parameters": list(parameters)} if parameters else entry
