"""A whole draft is recorded and replayed through the service: the same questions in every process, the same answer without a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.llm.fault_server import running
from tests.llm.test_faults import speak
from tests.test_promises import BAD, GOOD, ask, in_turn, service


@pytest.mark.usefixtures("litellm")
async def test_a_draft_and_its_repair_are_replayed_without_a_model(tmp_path: Path) -> None:
    """Two services, so two writers: the second answers from tape what the first one was told by a model."""
    options = {"models": "m", "replay_dir": tmp_path}
    async with (
        running({"m": in_turn(BAD, GOOD)}) as server,
        service(replay="record", model_base_url=server.url("m"), **options) as client,
    ):
        recorded = await ask(client, deadline_s=60)
    async with service(replay="replay", **options) as client:
        replayed = await ask(client)
    assert recorded.body["origin"] == replayed.body["origin"] == "model"
    assert recorded.body["text"] == replayed.body["text"]
    assert len(replayed.body["attempts"]) == 2


@pytest.mark.usefixtures("litellm")
async def test_without_a_tape_two_services_fence_the_same_review_differently() -> None:
    """Nobody can learn here what fence another service will use."""
    questions = set()
    for _ in range(2):
        async with running({"m": speak(GOOD)}) as server, service(models="m", model_base_url=server.url("m")) as client:
            await ask(client, deadline_s=60)
            questions.add(server.requests[0]["messages"][-1]["content"])
    assert len(questions) == 2
