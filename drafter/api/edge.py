"""`Edge`: what every request passes first and last: its id, its place, its headers, its line in the log, its count.

One canonical line for each request: what was asked, by which key, how it ended. Never a word of what was sent.
"""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drafter.api.problem import problem, respond
from drafter.logs import Log
from drafter.telemetry import Metrics

log = Log("api")

MAX_IN_FLIGHT = 1_000
"""Requests that are answered at the same time; more are sent away at once, since waiting would only make all of them late."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")

HEADERS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Of every answer that does not say otherwise."""

_GUARDS = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())

QUIET = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds by machines: counted, but logged only when they fail."""


def note(scope: Scope, **facts: Any) -> None:
    """Adds ids, counts or codes to the request's line in the log."""
    scope.setdefault("drafter.facts", {}).update(facts)


def arrived_at(scope: Scope) -> float:
    """When the request came in, by `time.monotonic`: its deadline counts from there, whatever it waited for since."""
    arrived: float = scope["drafter.arrived_at"]
    return arrived


def _given_id(scope: Scope) -> str:
    """The id that the caller gave the request; empty when he gave none."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given: str = value.decode("latin-1")
            return given
    return ""


class Edge:
    """The outermost layer, and the last handler of what nobody foresaw."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        if method == "HEAD":
            # Whatever can be read can be asked for its headers. The server keeps its own scope, by which it knows that no body is due.
            scope = {**scope, "method": "GET"}
        started = scope["drafter.arrived_at"] = time.monotonic()
        given = _given_id(scope)
        request_id = given if _REQUEST_ID.match(given) else secrets.token_hex(16)
        status = 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                said = [header for header in message.get("headers", ()) if header[0] != b"x-request-id"]
                names = {name for name, _ in said}
                guards = [header for header in _GUARDS if header[0] not in names]
                message["headers"] = [*said, *guards, (b"x-request-id", request_id.encode())]
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        self._in_flight += 1
        self._metrics.request_began()
        try:
            await self._answer(scope, receive, send_on)
        except Exception as exc:
            # The class only: a message or a traceback may quote a customer.
            note(scope, exception=type(exc).__name__)
            if status:
                raise
            await respond(problem("internal"))(scope, receive, send_on)
        finally:
            self._in_flight -= 1
            self._end(scope, method, request_id, status, time.monotonic() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._in_flight > MAX_IN_FLIGHT and scope["path"].startswith("/v1/"):
            await respond(problem("overloaded"), retry_after_s=1)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _end(self, scope: Scope, method: str, request_id: str, status: int, duration_s: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.request_ended(route, method if route != "none" else "none", status, duration_s)
        if route in QUIET and status < 500:
            return
        write = log.error if status >= 500 else log.info
        facts = scope.get("drafter.facts", {})
        # 0: the caller left before he was answered.
        write(
            "request.answered",
            request_id=request_id,
            method=method,
            route=route,
            status=status,
            duration_s=round(duration_s, 6),
            **facts,
        )
