"""A typed client of the service: each call is described once, and sent by `Client` or awaited from `AsyncClient`.

    from drafter.client import Client, create_draft

    with Client("http://localhost:8080", key="drk_…") as drafter:
        response = drafter.send(create_draft({"review": {"body": "The zipper broke on the second day."}}))
        print(response.text)

Calls that make something carry an `Idempotency-Key`, so that asking again after a lost answer makes nothing twice. What may get better
(409 while under way, 429, 503, a lost connection) is asked again after what `Retry-After` says. To add a call, add a function.
"""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import httpx
from pydantic import BaseModel

from drafter.answers import CheckResult, TriageResult
from drafter.domain import DraftRequest, DraftResponse
from drafter.edits import RecordedVerdict

R = TypeVar("R", bound=BaseModel)

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


class Refused(Exception):
    """The service answered with a problem; `code` is stable, `status` its HTTP status, `field` where it is."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", "unknown"))
        self.field = problem.get("field")
        self.problem = problem
        super().__init__(f"{status} {self.code}: {problem.get('detail', '')}")


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """One request, and what its answer is read as."""

    method: str
    path: str
    gives: type[R]
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    idempotency_key: str | None = None


def create_draft(request: DraftRequest | Mapping[str, Any], *, idempotency_key: str | None = None) -> Call[DraftResponse]:
    """A reply to a review; the same key and request give the same draft for a day."""
    return Call("POST", "/v1/drafts", DraftResponse, _json(request), idempotency_key=idempotency_key or uuid.uuid4().hex)


def get_draft(draft_id: str) -> Call[DraftResponse]:
    """A draft that was made before."""
    return Call("GET", f"/v1/drafts/{draft_id}", DraftResponse)


def create_verdict(
    draft_id: str,
    verdict: str,
    *,
    by: str,
    final_text: str | None = None,
    reason: str = "",
    idempotency_key: str | None = None,
) -> Call[RecordedVerdict]:
    """What a person decided: `approved`, `edited` (with `final_text`) or `rejected` (with `reason`)."""
    body = {"verdict": verdict, "by": by, "final_text": final_text, "reason": reason}
    return Call("POST", f"/v1/drafts/{draft_id}/verdicts", RecordedVerdict, body, idempotency_key=idempotency_key or uuid.uuid4().hex)


def check_text(channel: str, text: str, **facts: Any) -> Call[CheckResult]:
    """A text against the rules, without a model; `facts` are those of `CheckRequest`."""
    return Call("POST", "/v1/checks", CheckResult, {"channel": channel, "text": text, **facts})


def triage_review(request: DraftRequest | Mapping[str, Any]) -> Call[TriageResult]:
    """What is wrong, whether it is dangerous, and whether to write at all."""
    return Call("POST", "/v1/triage", TriageResult, _json(request))


def _json(request: DraftRequest | Mapping[str, Any]) -> Any:
    return request.model_dump(mode="json", exclude_unset=True) if isinstance(request, DraftRequest) else dict(request)


class _Exchange(Generic[R]):
    """One call's tries, without doing any input or output: what to send, then whether to wait or what it gave."""

    def __init__(self, call: Call[R]) -> None:
        self.call = call
        options = call.body.get("options") if isinstance(call.body, Mapping) else None
        deadline_s = options.get("deadline_s") if isinstance(options, Mapping) else None
        self._patience_s = max(TIMEOUT_S, (deadline_s or 0.0) + MARGIN_S)
        self._ends_at = time.monotonic() + self._patience_s
        self._pauses: Iterator[float] = iter([min(PAUSE_S * 2**n, MAX_PAUSE_S) for n in range(TRIES - 1)])

    def request(self, client: httpx.AsyncClient) -> httpx.Request:
        headers = {"idempotency-key": self.call.idempotency_key} if self.call.idempotency_key else {}
        json = {"json": self.call.body} if self.call.body is not None else {}
        timeout = self._patience_s if self._patience_s > TIMEOUT_S else httpx.USE_CLIENT_DEFAULT
        return client.build_request(
            self.call.method, self.call.path, params=dict(self.call.query), headers=headers, timeout=timeout, **json
        )

    def pause_after(self, problem: httpx.TransportError | httpx.Response) -> float | None:
        """Seconds to wait before it is sent again; None when there is nothing to wait for."""
        in_flight = isinstance(problem, httpx.Response) and _problem(problem).get("code") == "idempotency_in_flight"
        if in_flight and time.monotonic() < self._ends_at:
            # Our own request, whose connection was lost: its answer is being made, and takes as long as a draft takes.
            return PAUSE_S
        pause_s = next(self._pauses, None)
        if isinstance(problem, httpx.TransportError) or pause_s is None:
            return pause_s
        if problem.is_success or _problem(problem).get("code") not in WORTH_ANOTHER_TRY:
            return None
        asked = problem.headers.get("retry-after", "")
        return min(float(asked), MAX_PAUSE_S) if asked.isdigit() else pause_s

    def read(self, answer: httpx.Response) -> R:
        if not answer.is_success:
            raise Refused(answer.status_code, _problem(answer))
        return self.call.gives.model_validate_json(answer.content)


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    is_ours = answer.headers.get("content-type", "").startswith("application/problem+json")
    return dict(answer.json()) if is_ours else {"detail": answer.reason_phrase}


class AsyncClient:
    """Sends calls and lets their answers be awaited."""

    def __init__(
        self, base_url: str, *, key: str | None = None, timeout_s: float = TIMEOUT_S, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout_s, headers=headers, transport=transport)

    async def send(self, call: Call[R]) -> R:
        """What the call gives.

        Raises:
            Refused: the service answered with a problem that waiting does not mend.
            httpx.TransportError: it could not be reached.
        """
        exchange = _Exchange(call)
        while True:
            try:
                answer = await self._http.send(exchange.request(self._http))
            except httpx.TransportError as exc:
                pause_s = exchange.pause_after(exc)
                if pause_s is None:
                    raise
            else:
                pause_s = exchange.pause_after(answer)
                if pause_s is None:
                    return exchange.read(answer)
            await asyncio.sleep(pause_s)

    async def aclose(self) -> None:
        """Gives its connections back."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.aclose()


class Client:
    """Sends calls and waits for their answers: an `AsyncClient` on a loop of its own, which works in any thread and inside other loops."""

    def __init__(
        self, base_url: str, *, key: str | None = None, timeout_s: float = TIMEOUT_S, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._drafter = AsyncClient(base_url, key=key, timeout_s=timeout_s, transport=transport)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="drafter-client", daemon=True)
        self._thread.start()

    def send(self, call: Call[R]) -> R:
        """What the call gives; raises as `AsyncClient.send`."""
        return asyncio.run_coroutine_threadsafe(self._drafter.send(call), self._loop).result()

    def close(self) -> None:
        """Gives its connections back."""
        asyncio.run_coroutine_threadsafe(self._drafter.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()
