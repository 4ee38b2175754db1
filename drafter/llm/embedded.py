"""`EmbeddedModel`: a `ChatModel` on this machine, in a process of its own, spoken to like any OpenAI-compatible endpoint.

Found by experiment with xllamacpp 2026.10 and Qwen2.5-Coder-1.5B:
- A last assistant turn is continued through the chat template; the answer repeats it, and `grammar` binds only what follows it.
- `n` candidates run side by side when there are slots for them; more than the slots is refused (400).
- `grammar` and `response_format` together: the schema wins, so only one is ever sent.
- A broken grammar and a prompt over a slot's tokens are refused (400) and touch nothing else.
- A closed connection frees its slot at once.
- The prompt's beginning is kept per slot (`cache_prompt`); a warm one makes the next call several times faster.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Literal

from drafter.errors import DrafterError, ModelBusy, ModelDown, ModelError, ModelMisused, ModelTimeout, WeightsError
from drafter.llm.chat import ChatAnswer, ChatCall, Message
from drafter.llm.embedded_process import SLOTS, EmbeddedAddress, EmbeddedProcess
from drafter.llm.litellm_client import LiteLLMModel, ModelEndpoint, warm_up
from drafter.llm.profiles import ModelFamilies, load_families

NAME = "embedded"

WARM_UP = ChatCall(messages=(Message("user", "Say hello."),), max_tokens=8, temperature=0.0, stop=("\n",))
"""Asked before the model counts as ready, when wiring gives nothing better: the prompt that drafts will begin with."""

WARM_UP_TIMEOUT_S = 120.0

FETCH_PAUSE_S = 60.0
"""After a failed fetch; whoever runs `drafter models pull` meanwhile need not restart the service."""


class EmbeddedModel:
    """A `ChatModel` that starts its server on first need.

    Args:
        process: The server; shared by all who hold it.
        waits_until_ready: True: a call waits for the server, as long as its time allows. False: it is refused at once with
            `ModelBusy` until the server is ready, so that a service answers with templates meanwhile.
        warm_up_call: What the first drafts will look like; its prompt is read once before the model counts as ready.
    """

    def __init__(
        self,
        process: EmbeddedProcess,
        *,
        waits_until_ready: bool,
        warm_up_call: ChatCall | None = None,
        families: ModelFamilies | None = None,
    ) -> None:
        self._process = process
        self._waits_until_ready = waits_until_ready
        self._warm_up_call = warm_up_call or WARM_UP
        self._families = families or load_families()
        self._client: tuple[EmbeddedAddress, LiteLLMModel] | None = None
        self._starting: asyncio.Task[LiteLLMModel] | None = None
        self._is_closed = False
        self._fetch_again_at = 0.0

    @property
    def name(self) -> str:
        return NAME

    @property
    def profile(self) -> Literal["small", "large"]:
        return "small"

    @property
    def slots(self) -> int:
        """Calls that it answers side by side."""
        return SLOTS

    @property
    def is_ready(self) -> bool:
        """True when the server lives and has answered once."""
        return self._client is not None and self._client[0] == self._process.address

    @property
    def state(self) -> Literal["idle", "starting", "ready", "down"]:
        """`idle` until it is needed; `down` when its last start failed."""
        if self.is_ready:
            return "ready"
        if self._starting is None:
            return "idle"
        return "down" if self._starting.done() else "starting"

    def start(self) -> None:
        """Begins to start the server in the background; must be called inside a running loop."""
        if not self.is_ready and (self._starting is None or self._starting.done()) and not self._is_closed:
            warm_up()
            self._starting = asyncio.create_task(self._start(), name="drafter-embedded-start")
            # Who waits gets the error; nobody may be waiting.
            self._starting.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def wait_until_started(self) -> None:
        """Waits for the server, however long it takes; a start that fails is told to the next call."""
        self.start()
        if self._starting is not None:
            with contextlib.suppress(DrafterError):
                await asyncio.shield(self._starting)

    async def complete(self, call: ChatCall, *, timeout_s: float) -> ChatAnswer:
        if self._is_closed:
            raise ModelDown("stopped", model=NAME)
        if call.candidates > SLOTS:
            raise ModelMisused(f"{call.candidates} candidates were asked for; it has {SLOTS} slots", model=NAME)
        started = time.monotonic()
        client = await self._ready_client(timeout_s)
        return await client.complete(call, timeout_s=max(timeout_s - (time.monotonic() - started), 0.0))

    async def aclose(self) -> None:
        self._is_closed = True
        if self._starting is not None:
            self._starting.cancel()
            with contextlib.suppress(asyncio.CancelledError, DrafterError):
                await self._starting
        await self._close_client()
        await asyncio.to_thread(self._process.release)

    async def _ready_client(self, timeout_s: float) -> LiteLLMModel:
        if self._client is not None and self.is_ready:
            return self._client[1]
        self._give_up_if_fetching_failed()
        self.start()
        assert self._starting is not None
        if not self._waits_until_ready:
            raise ModelBusy("it is still starting", model=NAME)
        try:
            async with asyncio.timeout(timeout_s):
                return await asyncio.shield(self._starting)
        except TimeoutError as exc:
            raise ModelTimeout(f"not ready within {timeout_s:.1f} s", model=NAME) from exc
        except WeightsError as exc:
            raise ModelDown(str(exc), model=NAME) from exc

    def _give_up_if_fetching_failed(self) -> None:
        """Raises what the last fetch said, for a while: a caller cannot wait for a gigabyte, and asking again would hold up each one."""
        last = self._starting
        if last is None or not last.done() or last.cancelled() or time.monotonic() > self._fetch_again_at:
            return
        error = last.exception()
        if isinstance(error, WeightsError):
            raise ModelDown(str(error), model=NAME)

    async def _start(self) -> LiteLLMModel:
        """A client of a server that has answered once."""
        try:
            address = await asyncio.to_thread(self._process.start)
        except WeightsError:
            self._fetch_again_at = time.monotonic() + FETCH_PAUSE_S
            raise
        await self._close_client()
        endpoint = ModelEndpoint(NAME, f"openai/{NAME}", f"{address.base_url}/v1", address.api_key, is_free=True)
        client = LiteLLMModel(endpoint, profile="small", families=self._families)
        try:
            await client.complete(self._warm_up_call, timeout_s=WARM_UP_TIMEOUT_S)
        except ModelError as exc:
            # What the warm-up says does not matter, that the server answers does.
            if exc.is_transient:
                await client.aclose()
                raise
        self._client = (address, client)
        return client

    async def _close_client(self) -> None:
        if self._client is not None:
            client, self._client = self._client[1], None
            await client.aclose()
