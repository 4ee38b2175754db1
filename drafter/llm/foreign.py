"""Which error of ours stands for a foreign one; the table of habit: a test walks litellm's tree so that none is unmapped.

Names are looked up along a class's own line of parents, so a subclass wins over what it derives from: ContextWindowExceededError
and ContentPolicyViolationError are BadRequestErrors, and mean something else. Where a class says little, the HTTP status decides.
"""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from drafter.errors import ModelBusy, ModelDenied, ModelDown, ModelError, ModelMalformed, ModelMisused, ModelRefused, ModelTimeout
from drafter.llm.keys import strike_secrets

ERRORS: Mapping[str, type[ModelError]] = {
    "AuthenticationError": ModelDenied,
    "PermissionDeniedError": ModelDenied,
    "PaymentRequiredError": ModelDenied,
    "BudgetExceededError": ModelDenied,
    "RateLimitError": ModelBusy,
    "Timeout": ModelTimeout,
    "APITimeoutError": ModelTimeout,
    "ContentPolicyViolationError": ModelRefused,
    "RejectedRequestError": ModelRefused,
    "GuardrailRaisedException": ModelRefused,
    "BlockedPiiEntityError": ModelRefused,
    "ModifyResponseException": ModelRefused,
    "SensitiveDataRouteException": ModelRefused,
    "APIResponseValidationError": ModelMalformed,
    "JSONSchemaValidationError": ModelMalformed,
    "ContextWindowExceededError": ModelMisused,
    "NotFoundError": ModelMisused,
    "BadRequestError": ModelMisused,
    "UnprocessableEntityError": ModelMisused,
    "UnsupportedParamsError": ModelMisused,
    "ImageFetchError": ModelMisused,
    "VectorStoreSearchError": ModelMisused,
    "InvalidRequestError": ModelMisused,
    "LiteLLMUnknownProvider": ModelMisused,
    "ModelNotMappedError": ModelMisused,
    "ServiceUnavailableError": ModelDown,
    "MidStreamFallbackError": ModelDown,
    "BadGatewayError": ModelDown,
    "InternalServerError": ModelDown,
    "APIConnectionError": ModelDown,
    "MockException": ModelDown,
    "APIError": ModelDown,
    "OpenAIError": ModelDown,
}

STATUSES: Mapping[int, type[ModelError]] = {
    400: ModelMisused,
    401: ModelDenied,
    402: ModelDenied,
    403: ModelDenied,
    404: ModelMisused,
    405: ModelMisused,
    408: ModelTimeout,
    409: ModelBusy,
    413: ModelMisused,
    422: ModelMisused,
    425: ModelBusy,
    429: ModelBusy,
    504: ModelTimeout,
    529: ModelBusy,
}
"""Other 4xx are misuse, other 5xx a model that is down."""

SPEAKS_FOR_ITSELF = (ModelRefused, ModelDenied, ModelTimeout, ModelMalformed)
"""Classes that say more than the status that came with them."""

CODES: Mapping[str, type[ModelError]] = {
    "insufficient_quota": ModelDenied,
    "billing_hard_limit_reached": ModelDenied,
    "billing_not_active": ModelDenied,
    "content_policy_violation": ModelRefused,
    "content_filter": ModelRefused,
    "context_length_exceeded": ModelMisused,
}
"""Codes in an error's body that say more than class and status: no waiting cures a quota."""

MADE_UP = (400, 422, 500)
"""Statuses that litellm gives its error when it cannot read an answer that came well."""

MAX_DETAIL_CHARS = 200


class UnreadableAnswer(Exception):
    """An HTTP answer that cannot be a model's: too big, packed, or not JSON."""


def map_error(exc: BaseException, *, model: str, statuses: Sequence[int] = (), secrets: tuple[str, ...] = ()) -> ModelError:
    """Our error for a foreign one, with what is known of when to come back.

    Args:
        exc: What was raised.
        model: The model that was asked.
        statuses: HTTP statuses that were seen on the wire; litellm makes one up where it could not read an answer.
        secrets: Words that must not stand in the error, besides the environment's keys.
    """
    chain = list(_causes(exc))
    status = _status(exc, chain, statuses)
    kind = _kind(exc, chain, status)
    retry_after_s = next((s for s in map(read_retry_after, _headers(chain)) if s is not None), None)
    if kind is ModelDown and status == httpx.codes.SERVICE_UNAVAILABLE and retry_after_s is not None:
        kind = ModelBusy
    if kind in (ModelDown, ModelMisused) and status is not None and status < httpx.codes.MULTIPLE_CHOICES:
        kind = ModelMalformed
    return kind(_detail(exc, chain, status, secrets), model=model, retry_after_s=retry_after_s)


def read_retry_after(headers: Mapping[str, Any]) -> float | None:
    """Seconds a server asks us to wait; None when it does not say, or says it in no known way."""
    given = {str(name).lower().removeprefix("llm_provider-"): str(value).strip() for name, value in headers.items()}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(float(given[name]) * unit, 0.0)
        except (KeyError, ValueError):
            continue
    try:
        return max(email.utils.parsedate_to_datetime(given["retry-after"]).timestamp() - time.time(), 0.0)
    except (KeyError, ValueError, TypeError):
        return None


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """The error and what led to it; litellm raises anew inside `except`, so the context says more than the cause."""
    seen: set[int] = set()
    link: BaseException | None = exc
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _status(exc: BaseException, chain: list[BaseException], statuses: Sequence[int]) -> int | None:
    """HTTP status of the answer; None where there was none."""
    if any(isinstance(link, UnreadableAnswer | httpx.TransportError) for link in chain):
        return None
    declared = getattr(exc, "status_code", None)
    if statuses and (statuses[-1] >= httpx.codes.MULTIPLE_CHOICES or declared in MADE_UP):
        return statuses[-1]
    return declared if isinstance(declared, int) else None


def _kind(exc: BaseException, chain: list[BaseException], status: int | None) -> type[ModelError]:
    if any(isinstance(link, UnreadableAnswer | json.JSONDecodeError | UnicodeDecodeError | httpx.DecodingError) for link in chain):
        return ModelMalformed
    if any(isinstance(link, ModuleNotFoundError) for link in chain):
        return ModelMisused
    if any(isinstance(link, httpx.TimeoutException | TimeoutError) for link in chain):
        return ModelTimeout
    if any(isinstance(link, httpx.TransportError) for link in chain):
        return ModelDown
    coded = next((CODES[code] for code in _codes(chain) if code in CODES), None)
    if coded is not None:
        return coded
    named = next((ERRORS[base.__name__] for base in type(exc).__mro__ if base.__name__ in ERRORS), ModelDown)
    if named in SPEAKS_FOR_ITSELF or status is None or status < httpx.codes.BAD_REQUEST:
        return named
    return STATUSES.get(status, ModelMisused if status < httpx.codes.INTERNAL_SERVER_ERROR else ModelDown)


def _codes(chain: list[BaseException]) -> Iterator[str]:
    """Codes that the provider's own error body names."""
    for body in (getattr(link, "body", None) for link in chain):
        if isinstance(body, Mapping):
            inner = body.get("error")
            for part in (body, inner if isinstance(inner, Mapping) else {}):
                yield from (str(part[name]) for name in ("code", "type") if part.get(name))


def _headers(chain: list[BaseException]) -> Iterator[Mapping[str, Any]]:
    """Headers of the answer, wherever on the way they were kept."""
    for link in chain:
        for holder in (getattr(link, "litellm_response_headers", None), getattr(getattr(link, "response", None), "headers", None)):
            if isinstance(holder, Mapping):
                yield holder


def _detail(exc: BaseException, chain: list[BaseException], status: int | None, secrets: tuple[str, ...]) -> str:
    """One line for people, without keys; what lies deepest says best what happened."""
    missing = next((link.name for link in chain if isinstance(link, ModuleNotFoundError)), None)
    if missing:
        return f"this model needs the Python package {missing}, which is not installed: docs/dependencies.md"
    root = next((link for link in chain if isinstance(link, UnreadableAnswer | httpx.TransportError)), exc)
    words = " ".join(str(root).split()) or type(root).__name__
    # Struck before it is cut: a key's first half would no longer look like one.
    return (f"HTTP {status}: " if status else "") + strike_secrets(words, secrets)[:MAX_DETAIL_CHARS]
