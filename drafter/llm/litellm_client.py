"""`LiteLLMModel`: any model that litellm knows, or any OpenAI-compatible endpoint. The only file that imports litellm.

litellm takes seconds to import, reads `.env` and fetches a price list unless told not to, retries on its own, and leaves a logging
task behind: so it is imported on first need (`warm_up` does it in the background), told off before, called once per call, and its
success logging is left out. Answers are bounded in bytes and in time; a cancelled call closes its socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import logging
import math
import os
import threading
import time
import warnings
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from typing import Any, Literal

import httpx

from drafter.domain import Usage
from drafter.errors import ModelDenied, ModelError, ModelTimeout
from drafter.llm.answer import read_answer
from drafter.llm.chat import ChatAnswer, ChatCall, Failure
from drafter.llm.foreign import UnreadableAnswer, map_error
from drafter.llm.openai_client import open_openai
from drafter.llm.profiles import ModelFamilies, load_families
from drafter.llm.request import build_request
from drafter.llm.wire import MAX_ANSWER_BYTES, Sender, open_http, statuses_met, timeouts

# Without these it reads `.env`, and fetches its price list and a list of Anthropic's headers over the network.
_ENVIRONMENT = {
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
}

# What it loads with the first answer and the first error, up to a second of the first caller's time. Its own business, so that one that is
# gone in a later release is no error.
_FIRST_USE = (
    "openai.resources",
    "litellm.llms.custom_httpx.http_handler",
    "litellm.llms.litellm_proxy.chat.transformation",
    "litellm.proxy.openai_files_endpoints.common_utils",
    "litellm.proxy.guardrails.exception_utils",
)

ALL_SHARE = 0.6
"""Of a call's time, in which all candidates may answer; after that those that have are enough."""

GIVEN_UP = "given_up"
"""Reason of a candidate that was not waited for."""

_lock = threading.Lock()

BYTES_PER_TOKEN = 3
"""Fewer than any tokeniser makes of any of our languages, so that a price that is estimated by it is too high rather than too low."""

# What litellm, the OpenAI client and httpx raise; a name for each, because only two places may catch everything.
_FOREIGN = (ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, OSError, RuntimeError, TypeError, ValueError)


@cache
def load_litellm() -> Any:
    """The library, set up for one try, no telemetry and no files; the first call takes seconds."""
    with _lock:
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        # Of its types, which are built on first use: nothing that whoever reads our standard error could mend.
        warnings.filterwarnings("ignore", message=".*is using the `ReadOnly` qualifier", category=UserWarning)
        litellm: Any = importlib.import_module("litellm")
        litellm.disable_aiohttp_transport = True
        litellm.suppress_debug_info = True
        litellm.telemetry = False
        for module in _FIRST_USE:
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
        # Its log lines carry prompts and answers.
        for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        return litellm


def warm_up() -> threading.Thread:
    """A running thread that imports the library, so that the first draft need not wait for it."""
    thread = threading.Thread(target=load_litellm, name="drafter-import-litellm", daemon=True)
    thread.start()
    return thread


def list_foreign_errors(litellm: Any) -> tuple[type[Exception], ...]:
    """Every class of error that a call may raise."""
    own = tuple(c for c in vars(litellm.exceptions).values() if isinstance(c, type) and issubclass(c, Exception))
    openai = importlib.import_module("openai")
    return (*own, openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnreadableAnswer, *_FOREIGN)


@dataclass(frozen=True, slots=True)
class ModelEndpoint:
    """Where a model answers and as what."""

    name: str
    """As the caller named it."""
    litellm_name: str
    """As litellm wants it, e.g. `openai/gpt-5-mini`."""
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    is_free: bool = False
    """True when calls cost nothing, as on the machine itself."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What came of one call's requests."""

    responses: list[Any]
    given_up: int = 0
    """Requests that were broken off, since others had been answered."""


class LiteLLMModel:
    """A `ChatModel` over litellm. One try a call; connections are pooled and live until `aclose`."""

    def __init__(
        self,
        endpoint: ModelEndpoint,
        *,
        profile: Literal["small", "large"] = "large",
        families: ModelFamilies | None = None,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        verify: Any = True,
    ) -> None:
        self._endpoint = endpoint
        self._profile: Literal["small", "large"] = profile
        self._families = families or load_families()
        self._family = self._families.find(endpoint.name)
        self._open = partial(open_http, max_answer_bytes=max_answer_bytes, verify=verify)
        self._http: httpx.AsyncClient | None = None
        self._wired: dict[str, Any] | None = None
        self._is_shared = False
        self._sender = Sender()

    @property
    def name(self) -> str:
        return self._endpoint.name

    @property
    def profile(self) -> Literal["small", "large"]:
        return self._profile

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        started = time.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                litellm = await _litellm()
                asked = await self._ask(litellm, call, timeout_s - (time.monotonic() - started))
        except TimeoutError as exc:
            raise ModelTimeout(f"no answer within {timeout_s:.1f} s", model=self.name) from exc
        usage = self._usage(litellm, asked.responses, call)
        answer = read_answer(
            asked.responses,
            call=call,
            family=self._family,
            model=self.name,
            refusals=self._families.refusals,
            usage=await self._with_given_up(usage, asked.given_up, call) if asked.given_up else usage,
            duration_s=time.monotonic() - started,
        )
        return replace(answer, failures=(Failure(self.name, GIVEN_UP, "another candidate was there in time"),) * asked.given_up)

    async def estimate_usd(self, call: ChatCall) -> float | None:
        """The most that a call may cost, by its bytes and the longest answer it allows; None when the model's price is not known."""
        asked = sum(len(message.content.encode()) for message in call.messages) + len(json.dumps(call.schema or ""))
        prompt_tokens, written = asked // BYTES_PER_TOKEN + 1, call.max_tokens * call.candidates
        if self._endpoint.is_free:
            return 0.0
        if self._family.usd_per_million is not None:
            return self._family.usd_per_million.of(prompt_tokens, written)
        litellm = await _litellm()
        try:
            prices = litellm.cost_per_token(model=self._endpoint.litellm_name, prompt_tokens=prompt_tokens, completion_tokens=written)
        except list_foreign_errors(litellm):
            return None
        return float(sum(prices))

    async def aclose(self) -> None:
        await self._sender.aclose()
        if self._http is not None:
            await self._http.aclose()
            self._http = self._wired = None
        if self._is_shared:
            # litellm keeps clients that would still hold the closed one.
            litellm = await _litellm()
            litellm.aclient_session = None
            litellm.in_memory_llm_clients_cache.flush_cache()

    async def _with_given_up(self, usage: Usage, given_up: int, call: ChatCall) -> Usage:
        """The usage with calls that were broken off: providers charge for them, and nobody says how much, so as much as they may cost."""
        each_usd = await self.estimate_usd(replace(call, candidates=1))
        return Usage(cost_usd=None if usage.cost_usd is None or each_usd is None else usage.cost_usd + given_up * each_usd)

    async def _ask(self, litellm: Any, call: ChatCall, timeout_s: float) -> _Asked:
        """The provider's answers: one that holds all candidates, or one a candidate."""
        if call.candidates == 1 or self._family.candidates == "n":
            return _Asked([await self._ask_once(litellm, call, call.candidates, call.seed, timeout_s)])
        seeds = [None if call.seed is None else call.seed + i for i in range(call.candidates)]
        tasks = [asyncio.create_task(self._ask_once(litellm, call, 1, seed, timeout_s)) for seed in seeds]
        try:
            await asyncio.wait(tasks, timeout=timeout_s * ALL_SHARE)
            while not (answered := [task.result() for task in tasks if _has_answered(task)]):
                pending = [task for task in tasks if not task.done()]
                if not pending:
                    return _Asked([tasks[0].result()])
                await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            return _Asked(answered, given_up=sum(not task.done() for task in tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask_once(self, litellm: Any, call: ChatCall, candidates: int, seed: int | None, timeout_s: float) -> Any:
        # litellm's own mark for calls inside calls: it then starts no logging task, which would outlive ours.
        token = litellm._internal_context.is_internal_call.set(True)
        with statuses_met() as statuses:
            try:
                request = build_request(call, family=self._family, candidates=candidates, seed=seed, knows=partial(self._supports, litellm))
                wire = self._wire(litellm)
                return await self._sender.send(litellm.acompletion(**request, **wire, timeout=timeouts(timeout_s)))
            except ModelError:
                raise
            except list_foreign_errors(litellm) as exc:
                if isinstance(exc, TimeoutError):
                    raise
                mapped = map_error(exc, model=self.name, statuses=statuses, secrets=self._secrets())
                # The cause's text and its request may hold the key.
                raise mapped from None
            finally:
                litellm._internal_context.is_internal_call.reset(token)

    def _supports(self, litellm: Any, parameter: str) -> bool:
        """True when litellm says that this model takes a parameter; a schema needs more than the parameter's name."""
        name = self._endpoint.litellm_name
        if parameter == "json_schema":
            return bool(litellm.supports_response_schema(model=name)) or self._endpoint.base_url is not None
        return self._endpoint.base_url is not None or parameter in (litellm.get_supported_openai_params(model=name) or ())

    def _wire(self, litellm: Any) -> dict[str, Any]:
        """Where and how to send it: our own bounded HTTP client, no retries of theirs."""
        if self._wired is None:
            wire: dict[str, Any] = {"model": self._endpoint.litellm_name, "num_retries": 0, "max_retries": 0}
            if self._endpoint.base_url is not None:
                wire["api_base"] = self._endpoint.base_url
            # The client insists on a key even where an own server wants none.
            key = self._endpoint.api_key or ("none" if self._endpoint.base_url is not None else None)
            if key is not None:
                wire["api_key"] = key
            client = self._client(litellm, wire)
            self._wired = wire if client is None else {**wire, "client": client}
        if self._is_shared:
            self._claim(litellm)
        return self._wired

    def _client(self, litellm: Any, wire: dict[str, Any]) -> Any:
        """Our HTTP client in the dress that litellm wants for this provider; None where it must use its own."""
        _, provider, key, base_url = litellm.get_llm_provider(model=self._endpoint.litellm_name, api_base=self._endpoint.base_url)
        self._http = self._http or self._open()
        if provider == "openai":
            key = wire.get("api_key") or key or os.environ.get("OPENAI_API_KEY")
            if not key:
                raise ModelDenied("no key; set OPENAI_API_KEY or DRAFTER_MODEL_API_KEY", model=self.name)
            return open_openai(self._http, api_key=key, base_url=wire.get("api_base") or base_url)
        self._is_shared = provider == "azure" or provider in litellm.openai_compatible_providers
        if self._is_shared:
            return None
        return _dress(self._http)

    def _claim(self, litellm: Any) -> None:
        """Makes litellm use our HTTP client where it takes none by argument: in its process-wide places, before each call."""
        litellm.aclient_session = self._http
        handlers = importlib.import_module("litellm.llms.custom_httpx.http_handler")
        provider = litellm.get_llm_provider(model=self._endpoint.litellm_name)[1]
        handler = handlers.get_async_httpx_client(llm_provider=provider, params={"ssl_verify": None})
        if handler.client is not self._http:
            handler.client = self._http

    def _usage(self, litellm: Any, responses: list[Any], call: ChatCall) -> Usage:
        """Tokens and price of all answers together; None for what nobody knows."""
        counts = [getattr(response, "usage", None) for response in responses]
        prompt = [getattr(count, "prompt_tokens", None) for count in counts]
        written = [getattr(count, "completion_tokens", None) for count in counts]
        # The embedded server counts one candidate of several: a wrong number is worse than none.
        is_counted = not (self._endpoint.is_free and call.candidates > 1)
        prompt_tokens, completion_tokens = _total(prompt), _total(written) if is_counted else None
        if self._endpoint.is_free:
            cost_usd: float | None = 0.0
        elif self._family.usd_per_million is not None and prompt_tokens is not None and completion_tokens is not None:
            cost_usd = self._family.usd_per_million.of(prompt_tokens, completion_tokens)
        else:
            prices = [_price(litellm, response, self._endpoint.litellm_name) for response in responses]
            cost_usd = None if None in prices else sum(price for price in prices if price is not None)
        return Usage(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, cost_usd=cost_usd)

    def _secrets(self) -> tuple[str, ...]:
        return (self._endpoint.api_key,) if self._endpoint.api_key else ()


def _dress(http: httpx.AsyncClient) -> Any:
    """An HTTP client in the dress that litellm takes by argument."""
    handler = importlib.import_module("litellm.llms.custom_httpx.http_handler").AsyncHTTPHandler()
    handler.client = http
    return handler


def _has_answered(task: asyncio.Task[Any]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


async def _litellm() -> Any:
    """The library; off the event loop while it is still to be loaded."""
    return load_litellm() if load_litellm.cache_info().currsize else await asyncio.to_thread(load_litellm)


def _total(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _price(litellm: Any, response: Any, name: str) -> float | None:
    """Price by the server's word or litellm's own list; None when neither knows it."""
    with contextlib.suppress(*list_foreign_errors(litellm)):
        known = float(response._hidden_params["response_cost"])
        if math.isfinite(known) and known >= 0:
            return known
    if not _has_price(name, str(getattr(response, "model", None))):
        return None
    try:
        return float(litellm.completion_cost(completion_response=response, model=name))
    except list_foreign_errors(litellm):
        return None


@lru_cache(maxsize=256)
def _has_price(name: str, answered: str) -> bool:
    """True when litellm's list knows the model by either name; a list that does not is looked through for a millisecond."""
    litellm = load_litellm()
    usage = litellm.Usage(prompt_tokens=1, completion_tokens=1, total_tokens=2)
    try:
        litellm.completion_cost(completion_response=litellm.ModelResponse(model=answered, usage=usage), model=name)
    except list_foreign_errors(litellm):
        return False
    return True
