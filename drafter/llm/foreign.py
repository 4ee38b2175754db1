"""Which error of ours stands for a foreign one; the table of habit: a test walks litellm's tree so that none is unmapped.

Names are looked up along a class's own line of parents, so a subclass wins over what it derives from: ContextWindowExceededError
and ContentPolicyViolationError are BadRequestErrors, and mean something else. Where a class says little, the HTTP status decides.
"""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from drafter.errors import ModelBusy, ModelDenied, ModelDown, ModelError, ModelMalformed, ModelMisused, ModelRefused, ModelTimeout

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

QUOTA_CODES = ("insufficient_quota", "billing_hard_limit_reached", "credit balance is too low")
"""Words of a 429 or 400 that no waiting will cure."""

MAX_DETAIL_CHARS = 200


class UnreadableAnswer(Exception):
    """An HTTP answer that cannot be a model's: too big, packed, or not JSON."""


def map_error(exc: BaseException, *, model: str, secrets: tuple[str, ...] = ()) -> ModelError:
    """Our error for a foreign one, with what is known of when to come back."""
    chain = list(_causes(exc))
    response = next((r for r in (getattr(link, "response", None) for link in chain) if isinstance(r, httpx.Response)), None)
    status = _status(exc, response)
    kind = _kind(exc, chain, status)
    retry_after_s = read_retry_after(response.headers if response is not None else _headers(exc))
    if kind is ModelDown and status == 503 and retry_after_s is not None:
        kind = ModelBusy
    return kind(_detail(exc, chain, status, secrets), model=model, retry_after_s=retry_after_s)


def read_retry_after(headers: Mapping[str, Any] | None) -> float | None:
    """Seconds a server asks us to wait; None when it does not say, or says it in no known way."""
    if not headers:
        return None
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


def _status(exc: BaseException, response: httpx.Response | None) -> int | None:
    """HTTP status that was really answered; litellm makes one up where there was none."""
    if response is None or not response.status_code or response.request is None:
        return None
    status = response.status_code
    declared = getattr(exc, "status_code", None)
    return declared if isinstance(declared, int) and status == 200 else status


def _kind(exc: BaseException, chain: list[BaseException], status: int | None) -> type[ModelError]:
    if any(isinstance(link, UnreadableAnswer | json.JSONDecodeError | UnicodeDecodeError | httpx.DecodingError) for link in chain):
        return ModelMalformed
    if any(isinstance(link, httpx.TimeoutException | TimeoutError) for link in chain):
        return ModelTimeout
    if any(isinstance(link, httpx.TransportError) for link in chain):
        return ModelDown
    named = next((ERRORS[base.__name__] for base in type(exc).__mro__ if base.__name__ in ERRORS), ModelDown)
    text = str(exc).lower()
    if any(code in text for code in QUOTA_CODES):
        return ModelDenied
    if named in SPEAKS_FOR_ITSELF or status is None or status < 400:
        return named
    return STATUSES.get(status, ModelMisused if status < 500 else ModelDown)


def _headers(exc: BaseException) -> Mapping[str, Any] | None:
    headers = getattr(exc, "litellm_response_headers", None)
    return headers if isinstance(headers, Mapping | httpx.Headers) else None


def _detail(exc: BaseException, chain: list[BaseException], status: int | None, secrets: tuple[str, ...]) -> str:
    """One line for people, without keys; what lies deepest says best what happened."""
    root = next((link for link in chain if isinstance(link, UnreadableAnswer | httpx.TransportError)), exc)
    words = " ".join(str(root).split()) or type(root).__name__
    for secret in secrets:
        words = words.replace(secret, "***")
    return (f"HTTP {status}: " if status else "") + words[:MAX_DETAIL_CHARS]
