"""The model on this machine: ready late, gone sometimes, back soon; never a hung caller."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from drafter.errors import ModelBusy, ModelDown, ModelMisused, ModelTimeout, WeightsError
from drafter.llm.chat import ChatCall, Message
from drafter.llm.embedded import EmbeddedModel
from drafter.llm.embedded_process import EmbeddedAddress, EmbeddedProcess
from tests.llm.fault_server import FaultServer, completion, response, running
from tests.llm.model_contract import CALL
from tests.llm.test_faults import cut_connection, say

WELL = say(response(json.dumps(completion())))


class FakeProcess(EmbeddedProcess):
    """A process whose server is the test's."""

    def __init__(self, url: str = "") -> None:
        super().__init__(lambda: Path("x"))
        self.may_start = threading.Event()
        self.may_start.set()
        self.fails_with: Exception | None = None
        self.given: EmbeddedAddress | None = None
        self.url = url
        self.started = 0

    @property
    def address(self) -> EmbeddedAddress | None:
        return self.given

    def start(self) -> EmbeddedAddress:
        assert self.may_start.wait(5)
        if self.fails_with is not None:
            raise self.fails_with
        if self.given is None:
            self.started += 1
            self.given = EmbeddedAddress(self.url, f"key-{self.started}")
        return self.given

    def crash(self) -> None:
        """As when the server's process has ended."""
        self.given = None


def process_of(server: FaultServer, fault: str = "well") -> FakeProcess:
    """A process that leads to this server."""
    return FakeProcess(server.url(fault).removesuffix("/v1"))


@pytest.mark.usefixtures("litellm")
async def test_a_waiting_caller_waits() -> None:
    """The first call starts the server, warms it up, and is then answered for nothing."""
    async with running({"well": WELL}) as server:
        model = EmbeddedModel(process_of(server), waits_until_ready=True)
        assert model.state == "idle"
        answer = await model.complete(CALL, timeout_s=10)
        assert answer.texts == ("The lid broke.",)
        assert answer.usage.cost_usd == 0.0
        assert model.state == "ready"
        assert len(server.requests) == 2, "the warm-up and the call"
        assert server.headers[0]["authorization"] == "Bearer key-1"
        await model.aclose()
        assert await server.settled() == 0


@pytest.mark.usefixtures("litellm")
async def test_a_service_is_not_held_up() -> None:
    """Until it is ready every call is refused at once; then it is answered."""
    async with running({"well": WELL}) as server:
        process = process_of(server)
        process.may_start.clear()
        model = EmbeddedModel(process, waits_until_ready=False)
        for _ in range(3):
            with pytest.raises(ModelBusy):
                await model.complete(CALL, timeout_s=10)
        assert model.state == "starting"
        process.may_start.set()
        while model.state == "starting":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert (await model.complete(CALL, timeout_s=10)).texts
        assert process.started == 1
        await model.aclose()


@pytest.mark.usefixtures("litellm")
async def test_the_warm_up_is_what_drafts_begin_with() -> None:
    """Wiring may give the prompt that every draft shares."""
    async with running({"well": WELL}) as server:
        call = ChatCall(messages=(Message("system", "the long shared beginning"),), max_tokens=1, temperature=0.0)
        model = EmbeddedModel(process_of(server), waits_until_ready=True, warm_up_call=call)
        await model.complete(CALL, timeout_s=10)
        assert server.requests[0]["messages"][0]["content"] == "the long shared beginning"
        assert server.requests[0]["cache_prompt"] is True
        await model.aclose()


async def test_a_start_that_takes_too_long_is_a_timeout() -> None:
    """The start goes on for those who come later."""
    process = FakeProcess()
    process.may_start.clear()
    model = EmbeddedModel(process, waits_until_ready=True)
    with pytest.raises(ModelTimeout):
        await model.complete(CALL, timeout_s=0.05)
    assert model.state == "starting"
    process.fails_with = ModelDown("no", model="embedded")
    process.may_start.set()
    await model.aclose()


@pytest.mark.parametrize("error", [ModelDown("did not start", model="embedded"), WeightsError("no file", hint="pull it")])
async def test_a_failed_start_is_down_with_its_reason(error: Exception) -> None:
    """The caller gets a model's error, whatever went wrong."""
    process = FakeProcess()
    process.fails_with = error
    model = EmbeddedModel(process, waits_until_ready=True)
    for _ in range(2):
        with pytest.raises(ModelDown, match=str(error).removeprefix("embedded: ").partition(";")[0]):
            await model.complete(CALL, timeout_s=5)
    assert model.state == "down"
    await model.aclose()


@pytest.mark.usefixtures("litellm")
async def test_after_a_crash_the_next_call_gets_a_new_server() -> None:
    """The call in flight is down; the next one starts a server and uses its key."""
    answers: dict[str, Any] = {"well": WELL}
    async with running(answers) as server:
        process = process_of(server)
        model = EmbeddedModel(process, waits_until_ready=True)
        await model.complete(CALL, timeout_s=10)
        answers["well"] = cut_connection
        with pytest.raises(ModelDown):
            await model.complete(CALL, timeout_s=10)
        process.crash()
        assert not model.is_ready
        answers["well"] = WELL
        assert (await model.complete(CALL, timeout_s=10)).texts
        assert server.headers[-1]["authorization"] == "Bearer key-2"
        await model.aclose()
        assert await server.settled() == 0


@pytest.mark.usefixtures("litellm")
async def test_a_server_that_does_not_answer_its_warm_up_is_not_ready() -> None:
    """Listening is not answering."""
    async with running({"well": cut_connection}) as server:
        model = EmbeddedModel(process_of(server), waits_until_ready=True)
        with pytest.raises(ModelDown):
            await model.complete(CALL, timeout_s=10)
        assert not model.is_ready
        await model.aclose()


async def test_more_candidates_than_slots_are_misuse() -> None:
    """Said before anything is started."""
    model = EmbeddedModel(FakeProcess(), waits_until_ready=True)
    with pytest.raises(ModelMisused):
        await model.complete(ChatCall(messages=CALL.messages, max_tokens=1, temperature=1.0, candidates=5), timeout_s=1)
    await model.aclose()


async def test_a_closed_model_is_down() -> None:
    """And stays so."""
    model = EmbeddedModel(FakeProcess(), waits_until_ready=True)
    await model.aclose()
    with pytest.raises(ModelDown):
        await model.complete(CALL, timeout_s=1)
