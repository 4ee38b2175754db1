"""One call's tries, without any input or output: what to send, whether to wait and ask again, and what the answer says."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
from pydantic import TypeAdapter

from drafter.client.calls import Call

R = TypeVar("R")

TRIES = 4
"""How often a call is sent at most."""

PAUSE_S = 0.5
"""First pause where the service names none; it doubles."""

MAX_PAUSE_S = 60.0

WORTH_ANOTHER_TRY = ("idempotency_in_flight", "too_many_requests", "overloaded", "store", "model_busy")
"""Codes of what may be gone a moment later."""

TIMEOUT_S = 90.0
"""Longer than the longest usual deadline."""

MARGIN_S = 30.0
"""Longer than a deadline of the caller's own."""

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures after which the service knows nothing of the call."""


class Refused(Exception):
    """The service answered with a problem; `code` is stable, `status` its HTTP status, `field` where it is."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", "unknown"))
        self.field = problem.get("field")
        self.problem = problem
        super().__init__(f"{status} {self.code}: {problem.get('detail', '')}")


@dataclass(frozen=True, slots=True)
class Fetched(Generic[R]):
    """An answer, with what its headers say."""

    value: R
    etag: str | None
    """Of the state that it shows, for `create_verdict(if_match=…)`."""
    is_replayed: bool
    """True when the same idempotency key was answered before."""


class Exchange(Generic[R]):
    """A call on its way."""

    def __init__(self, call: Call[R]) -> None:
        self.call = call
        options = call.body.get("options") if isinstance(call.body, Mapping) else None
        deadline_s = options.get("deadline_s") if isinstance(options, Mapping) else None
        self._patience_s = max(TIMEOUT_S, (deadline_s or 0.0) + MARGIN_S)
        self._ends_at = time.monotonic() + self._patience_s
        self._pauses: Iterator[float] = iter([min(PAUSE_S * 2**n, MAX_PAUSE_S) for n in range(TRIES - 1)])

    def request(self, client: httpx.AsyncClient, **headers: str) -> httpx.Request:
        """What is sent."""
        sent = {"idempotency-key": self.call.idempotency_key, "if-match": self.call.if_match, **headers}
        json = {"json": self.call.body} if self.call.body is not None else {}
        return client.build_request(
            self.call.method,
            self.call.path,
            params=dict(self.call.query),
            headers={name: value for name, value in sent.items() if value is not None},
            timeout=self._patience_s if self._patience_s > TIMEOUT_S else httpx.USE_CLIENT_DEFAULT,
            **json,
        )

    def pause_after(self, problem: httpx.TransportError | httpx.Response) -> float | None:
        """Seconds to wait before it is sent again; None when there is nothing to wait for."""
        if isinstance(problem, httpx.TransportError):
            return next(self._pauses, None) if self.call.is_repeatable or isinstance(problem, NOT_SENT) else None
        if self._is_answer(problem):
            return None
        code = _problem(problem).get("code")
        if code == "idempotency_in_flight" and time.monotonic() < self._ends_at:
            # Our own request, whose connection was lost: its answer is being made, and takes as long as a draft takes.
            return PAUSE_S
        pause_s = next(self._pauses, None)
        if pause_s is None or code not in WORTH_ANOTHER_TRY:
            return None
        asked = problem.headers.get("retry-after", "")
        return min(float(asked), MAX_PAUSE_S) if asked.isdigit() else pause_s

    def read(self, answer: httpx.Response) -> Fetched[R]:
        """What the answer says.

        Raises:
            Refused: it is a problem.
        """
        if not self._is_answer(answer):
            raise Refused(answer.status_code, _problem(answer))
        gives: Any = self.call.gives
        value: Any = answer.text if gives is str else TypeAdapter(gives).validate_json(answer.content)
        return Fetched(value, answer.headers.get("etag"), answer.headers.get("idempotency-replayed") == "true")

    def _is_answer(self, answer: httpx.Response) -> bool:
        return answer.is_success or (answer.status_code in self.call.read_also and not _is_problem(answer))


def _is_problem(answer: httpx.Response) -> bool:
    return str(answer.headers.get("content-type", "")).startswith("application/problem+json")


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    return dict(answer.json()) if _is_problem(answer) else {"detail": answer.reason_phrase}
