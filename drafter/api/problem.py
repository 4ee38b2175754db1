"""The one shape of an error on the wire (RFC 9457)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from drafter.domain import Value

MEDIA_TYPE = "application/problem+json"


class Problem(Value):
    """What is wrong, where, and the way out."""

    type: str = "about:blank"
    title: str
    """The class of problem, the same for every one with this `code`."""
    status: int = Field(ge=400, le=599)
    code: str
    """Stable, for programs: `invalid`, `unknown_channel`, `too_large` …"""
    detail: str
    """One sentence for people."""
    field: str | None = None
    """Path of the field that is wrong, e.g. `review.rating`."""


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries for the problems a route may answer with."""
    return {status: {"model": Problem, "content": {MEDIA_TYPE: {}}} for status in statuses}
