"""What runs beside requests goes on until the service ends, whatever breaks."""

from __future__ import annotations

import asyncio

import pytest

from drafter.api import upkeep as upkeep_module
from tests.api.conftest import Running


async def test_what_breaks_is_begun_again(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """And takes nothing else with it."""
    monkeypatch.setattr(upkeep_module, "AGAIN_S", 0.0)
    looks = 0
    looked = asyncio.Event()

    async def break_once(*_args: object, **_options: object) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise UnicodeError("label too long")
        looked.set()

    monkeypatch.setattr("drafter.store.jobs.Jobs.take", break_once)
    async with upkeep_module.upkeep(service.services, lambda _response: None, lambda _stage, _duration_s: None):
        await asyncio.wait_for(looked.wait(), 30)


async def test_nothing_goes_on_when_the_service_has_ended(service: Running) -> None:
    """Its models and its store are closed then."""
    before = asyncio.all_tasks()
    async with upkeep_module.upkeep(service.services, lambda _response: None, lambda _stage, _duration_s: None):
        assert len(asyncio.all_tasks() - before) >= 3
    assert asyncio.all_tasks() == before
