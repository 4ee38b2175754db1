"""The library comes late and quietly. Faults and providers have files of their own."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from drafter.errors import ModelTimeout
from drafter.llm import litellm_client
from drafter.llm.chat import ChatModel
from drafter.llm.litellm_client import LiteLLMModel, ModelEndpoint
from tests.llm.fault_server import running
from tests.llm.model_contract import CALL, ModelContract
from tests.llm.test_faults import fail, hang, model_at, speak
from tests.waiting import until


@pytest.mark.usefixtures("litellm")
class TestLiteLLMModel(ModelContract):
    @pytest.fixture
    async def model(self) -> Any:
        async with running({"x": speak()}) as server:
            model = model_at(server.url("x"))
            yield model
            await model.aclose()

    @pytest.fixture
    async def broken(self) -> Any:
        async with running({"x": fail(500)}) as server:
            model = model_at(server.url("x"))
            yield model
            await model.aclose()


def run_fresh(code: str, folder: Path) -> str:
    """What a fresh interpreter prints, started in this folder."""
    root = Path(__file__).parents[2]
    environment = {**{name: value for name, value in os.environ.items() if not name.startswith("LITELLM")}, "PYTHONPATH": str(root)}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def test_building_models_does_not_load_litellm(tmp_path: Path) -> None:
    """A model that nobody asks costs nothing."""
    code = """
import sys
from drafter.llm.litellm_client import LiteLLMModel, ModelEndpoint
LiteLLMModel(ModelEndpoint("openai/a", "openai/a"))
print({"litellm", "openai"} & set(sys.modules))
"""
    assert run_fresh(code, tmp_path).strip() == "set()"


def test_loading_reads_no_env_file_and_asks_nobody(tmp_path: Path) -> None:
    """A stray `.env` changes nothing, and no socket is opened."""
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-stray\n")
    code = """
import os, socket
def refuse(*args, **kwargs):
    raise AssertionError("a socket was opened")
socket.socket.connect = refuse
from drafter.llm.litellm_client import load_litellm
load_litellm()
print(os.environ.get("OPENAI_API_KEY"))
"""
    assert run_fresh(code, tmp_path).strip().splitlines()[-1] == "None"


async def test_loading_counts_as_the_callers_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes while it loads is not held up beyond his time."""
    release = asyncio.Event()

    async def slow() -> Any:
        await release.wait()

    monkeypatch.setattr(litellm_client, "_litellm", slow)
    model: ChatModel = LiteLLMModel(ModelEndpoint("openai/a", "openai/a"))
    with pytest.raises(ModelTimeout):
        await model.complete(CALL, timeout_s=0.02)


def test_an_endpoint_does_not_show_its_key() -> None:
    """Not even in a traceback."""
    assert "sk-secret" not in repr(ModelEndpoint("a", "a", None, "sk-secret"))


@pytest.mark.usefixtures("litellm")
@pytest.mark.parametrize("moment_s", [0.0, 0.001, 0.003, 0.006, 0.01, 0.03])
async def test_a_call_that_is_cancelled_leaves_nothing_behind(moment_s: float) -> None:
    """At whatever moment: no call that was prepared and never made, no socket, no task; and nothing is sent that nobody waits for."""
    tasks = asyncio.all_tasks()
    async with running({"x": hang}) as server:
        model = model_at(server.url("x"))
        for _ in range(5):
            call = asyncio.create_task(model.complete(CALL, timeout_s=30))
            await asyncio.sleep(moment_s)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        await model.aclose()
        await server.settled()
        assert server.open == 0
    gc.collect()
    assert await until(lambda: asyncio.all_tasks() == tasks)


@pytest.mark.usefixtures("litellm")
async def test_a_price_is_estimated_too_high_rather_than_too_low() -> None:
    """By the longest answer that may come; unknown is unknown, and the machine's own model is free."""
    known = LiteLLMModel(ModelEndpoint("openai/gpt-5-mini", "openai/gpt-5-mini"))
    estimate = await known.estimate_usd(CALL)
    assert estimate is not None
    assert estimate > litellm_client.load_litellm().cost_per_token("gpt-5-mini", completion_tokens=CALL.max_tokens)[1] > 0
    assert await LiteLLMModel(ModelEndpoint("openai/nobody-knows", "openai/nobody-knows")).estimate_usd(CALL) is None
    assert await LiteLLMModel(ModelEndpoint("openai/gpt-5-mini", "openai/gpt-5-mini", is_free=True)).estimate_usd(CALL) == 0.0
