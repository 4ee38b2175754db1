"""Builds the models that settings name, each once, and finds the one that a request asks for.

    replay ▶ lane (spend meter, gate, breaker) ▶ retry ▶ litellm          remote models
    replay ▶ lane (spend meter, gate, breaker) ▶ embedded ▶ litellm       the model on this machine

Retries stand inside the lane: a call that waits for its next try keeps its slot, so a model that is rate-limited gets fewer calls, not
more. The embedded model is not retried: its server is restarted instead, which takes longer than a draft may.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from drafter.errors import RequestError
from drafter.llm.breaker import Breaker, BreakerPolicy
from drafter.llm.chat import ChatCall, ChatModel
from drafter.llm.embedded import NAME as EMBEDDED
from drafter.llm.embedded import EmbeddedModel
from drafter.llm.embedded_process import share_process
from drafter.llm.gate import Gate
from drafter.llm.lane import LaneModel
from drafter.llm.litellm_client import LiteLLMModel, ModelEndpoint, warm_up
from drafter.llm.profiles import load_families
from drafter.llm.replay import ReplayModel
from drafter.llm.retry import RetryingModel
from drafter.llm.spend import SpendMeter
from drafter.llm.weights import Weights

ReportProgress = Callable[[str, int, int | None], None]

NONE = "none"
"""What a request calls no model at all."""

EMBEDDED_CONCURRENCY = 1
"""Drafts at once on this machine. One draft's candidates fill all slots already, and two would each take twice as long."""


class ModelSettings(Protocol):
    """What is read of `Settings`, which lies a layer above."""

    @property
    def model_names(self) -> tuple[str, ...]: ...
    @property
    def allowed_model_names(self) -> tuple[str, ...]: ...
    @property
    def model_base_url(self) -> str | None: ...
    @property
    def model_api_key(self) -> SecretStr | None: ...
    @property
    def model_profile(self) -> Literal["auto", "small", "large"]: ...
    @property
    def model_path(self) -> Path | None: ...
    @property
    def model_concurrency(self) -> int: ...
    @property
    def cache_dir(self) -> Path: ...
    @property
    def daily_spend_usd(self) -> float | None: ...
    @property
    def daily_spend_usd_per_key(self) -> float | None: ...
    @property
    def replay(self) -> Literal["off", "record", "replay"]: ...
    @property
    def replay_dir(self) -> Path: ...


class ModelDirectory:
    """All models of a process by name. Nothing starts before it is asked, except by `start`."""

    def __init__(
        self,
        settings: ModelSettings,
        *,
        content_root: Path | None,
        waits_until_ready: bool,
        progress: ReportProgress | None,
        warm_up_call: ChatCall | None,
    ) -> None:
        self._settings = settings
        self._families = load_families(content_root)
        self._waits_until_ready = waits_until_ready
        self._progress = progress
        self._warm_up_call = warm_up_call
        self.spend = SpendMeter(settings.daily_spend_usd, settings.daily_spend_usd_per_key)
        self._models: dict[str, ChatModel] = {}
        self._lanes: dict[str, LaneModel] = {}
        self._embedded: EmbeddedModel | None = None
        self._loading: threading.Thread | None = None
        self._chain = tuple(self._model(name) for name in settings.model_names)

    @property
    def allowed(self) -> tuple[str, ...]:
        """Models that a request may name, besides `none`."""
        return tuple(dict.fromkeys((*self._settings.model_names, *self._settings.allowed_model_names, EMBEDDED)))

    def choose(self, name: str | None) -> tuple[ChatModel, ...]:
        """The models of a request, in the order they are tried: the configured ones for None, no model for `none`, else the named one.

        Raises:
            RequestError: the operator does not allow this model; a caller must not send buyers' words, or money, wherever he likes.
        """
        if name is None:
            return self._chain
        if name == NONE:
            return ()
        if name not in self.allowed:
            message = f"{name[:60]!r} is not allowed here; use one of {', '.join((*self.allowed, NONE))}, or leave it out"
            raise RequestError(message, code="unknown_model", field="options.model")
        return (self._model(name),)

    def endpoint(self, name: str) -> str:
        """Where a remote model is asked: the operator's own address, or `provider`."""
        own = self._settings.model_base_url if name in self._settings.model_names else None
        # The host alone: a user or a key may stand before it.
        return urlsplit(own).netloc.rpartition("@")[2] if own else "provider"

    def start(self) -> None:
        """Begins what takes long before the first draft: loading litellm, starting the embedded model; inside a running loop."""
        if self._chain and self._settings.replay != "replay":
            self._loading = warm_up()
        if EMBEDDED in self._settings.model_names and self._embedded is not None:
            self._embedded.start()

    def wait_until_loaded(self) -> None:
        """Waits, outside the event loop, until litellm is loaded, if it is needed."""
        if self._loading is not None:
            self._loading.join()

    async def wait_until_ready(self) -> None:
        """Waits until the embedded model, if it is in the chain, has started or failed to; a failure is told to whoever asks it."""
        if EMBEDDED in self._settings.model_names and self._embedded is not None:
            await self._embedded.wait_until_started()

    def status(self) -> dict[str, str]:
        """State of each model: `ready`, `starting`, `down`, `idle` (nothing asked of it yet)."""
        return {name: self._state(name) for name in self._models}

    def waiting(self) -> dict[str, int]:
        """Calls that wait for their turn, by model."""
        return {name: lane.gate.waiting for name, lane in self._lanes.items()}

    async def aclose(self) -> None:
        """Frees all connections and processes."""
        await asyncio.gather(*(model.aclose() for model in self._models.values()))

    def _state(self, name: str) -> str:
        lane = self._lanes.get(name)
        if lane is not None and lane.breaker.state == "open":
            return "down"
        if name == EMBEDDED and self._embedded is not None:
            return self._embedded.state
        return "ready"

    def _profile(self, name: str) -> Literal["small", "large"]:
        if self._settings.model_profile != "auto" and name != EMBEDDED:
            return self._settings.model_profile
        return "small" if name == EMBEDDED else "large"

    def _model(self, name: str) -> ChatModel:
        if name not in self._models:
            self._models[name] = self._build(name)
        return self._models[name]

    def _build(self, name: str) -> ChatModel:
        tape = self._settings.replay_dir
        if self._settings.replay == "replay":
            return ReplayModel(None, tape, name=name, profile=self._profile(name))
        remote = None if name == EMBEDDED else self._build_remote(name)
        inner = self._build_embedded() if remote is None else RetryingModel(remote)
        slots = EMBEDDED_CONCURRENCY if name == EMBEDDED else self._settings.model_concurrency
        breaker = Breaker(name, BreakerPolicy(counts_busy=name != EMBEDDED))
        # It costs nothing, so that no cap may keep it from answering in place of one that does.
        spend = SpendMeter(None) if name == EMBEDDED else self.spend
        estimate_usd = None if remote is None else remote.estimate_usd
        lane = LaneModel(inner, breaker=breaker, gate=Gate(name, slots), spend=spend, estimate_usd=estimate_usd)
        self._lanes[name] = lane
        if self._settings.replay == "record":
            return ReplayModel(lane, tape, name=name, profile=lane.profile)
        return lane

    def _build_remote(self, name: str) -> LiteLLMModel:
        settings = self._settings
        # The operator's endpoint and key are for the operator's models: another one's provider must not be sent the key.
        is_own = name in settings.model_names
        base_url = settings.model_base_url if is_own else None
        key = settings.model_api_key.get_secret_value() if is_own and settings.model_api_key is not None else None
        litellm_name = f"openai/{name.removeprefix('openai/')}" if base_url is not None else name
        endpoint = ModelEndpoint(name, litellm_name, base_url, key)
        return LiteLLMModel(endpoint, profile=self._profile(name), families=self._families)

    def _build_embedded(self) -> EmbeddedModel:
        report = self._progress
        told = (lambda done, total: report("fetching the embedded model", done, total)) if report is not None else None
        weights = Weights(self._settings.cache_dir, self._settings.model_path)
        self._embedded = EmbeddedModel(
            share_process(weights, progress=told),
            waits_until_ready=self._waits_until_ready,
            warm_up_call=self._warm_up_call,
            families=self._families,
        )
        return self._embedded


def build_models(
    settings: ModelSettings,
    *,
    content_root: Path | None = None,
    waits_until_ready: bool,
    progress: ReportProgress | None = None,
    warm_up_call: ChatCall | None = None,
) -> ModelDirectory:
    """The models that settings name.

    Args:
        settings: Of the process.
        content_root: Where `prompts/models.yaml` is looked for; None: where content usually lies.
        waits_until_ready: True: a call waits until the embedded model is ready. False: it is refused until then.
        progress: Told about the embedded model's fetching: label, bytes done, bytes in all.
        warm_up_call: What drafts will begin with; read once by the embedded model before it counts as ready.
    """
    return ModelDirectory(
        settings,
        content_root=content_root,
        waits_until_ready=waits_until_ready,
        progress=progress,
        warm_up_call=warm_up_call,
    )
