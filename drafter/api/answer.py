"""Answers that need not be sent twice: `ETag` and `If-None-Match`."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

REVALIDATED = {"cache-control": "private, no-cache"}
"""May be kept by the caller, who asks each time whether it is still the same."""

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The same as the one that `If-None-Match` names."}}


def tagged(request: Request, value: BaseModel, *, tag: str | None = None) -> Response:
    """The value as JSON with its tag, or 304 when the caller has it.

    Args:
        tag: Of the state that the value shows; None: one of its bytes.
    """
    body = value.model_dump_json().encode()
    tag = tag or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**REVALIDATED, "etag": tag}
    asked = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in asked or asked == ["*"]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
