"""The models that settings name, each once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drafter.errors import ModelDenied, ModelDown, RequestError
from drafter.llm.build import ModelDirectory, build_models
from drafter.llm.chat import ChatModel
from drafter.llm.lane import LaneModel
from drafter.llm.replay import ReplayMiss
from drafter.settings import Settings
from tests.llm.fault_server import running
from tests.llm.model_contract import CALL
from tests.llm.test_faults import fail, speak

SettingsFor = Callable[..., Settings]


def build(settings: Settings) -> ModelDirectory:
    """The directory, for a caller who waits."""
    return build_models(settings, waits_until_ready=True)


def only(models: tuple[ChatModel, ...]) -> ChatModel:
    """The one model chosen."""
    (model,) = models
    return model


async def test_none_is_no_model(settings_for: SettingsFor) -> None:
    """Templates answer alone."""
    models = build(settings_for(model="none"))
    assert models.choose(None) == ()
    assert models.status() == {}
    await models.aclose()


async def test_a_request_may_choose(settings_for: SettingsFor) -> None:
    """None is the configured chain, `none` no model, an allowed name that model, always the same one."""
    models = build(settings_for(models="openai/a,openai/b", allowed_models="anthropic/c"))
    assert [model.name for model in models.choose(None)] == ["openai/a", "openai/b"]
    assert models.choose("none") == ()
    for name in ("openai/b", "anthropic/c", "embedded"):
        assert only(models.choose(name)).name == name
        assert models.choose(name) == models.choose(name)
    await models.aclose()


@pytest.mark.parametrize("name", ["", " ", "../etc", "a b", "openai/b", "openai/a,none", "x" * 300])
async def test_a_name_that_nobody_allowed_is_the_callers_error(name: str, settings_for: SettingsFor) -> None:
    """With the field's name and the names that he may use; nothing is built for it."""
    models = build(settings_for(model="openai/a", allowed_models="anthropic/c"))
    with pytest.raises(RequestError, match="openai/a, anthropic/c, embedded, none") as caught:
        models.choose(name)
    assert (caught.value.code, caught.value.field) == ("unknown_model", "options.model")
    assert set(models.status()) == {"openai/a"}
    await models.aclose()


async def test_profiles(settings_for: SettingsFor) -> None:
    """The embedded model writes one sentence, others whole replies, unless settings say otherwise."""
    for fields, name, expected in (
        ({}, "embedded", "small"),
        ({}, "openai/a", "large"),
        ({"model_profile": "small"}, "openai/a", "small"),
        ({"model_profile": "large"}, "embedded", "small"),
    ):
        models = build(settings_for(**fields, allowed_models="openai/a"))
        assert only(models.choose(name)).profile == expected
        await models.aclose()


async def test_models_of_two_profiles_stand_in_for_each_other(settings_for: SettingsFor) -> None:
    """Each is asked in its own way."""
    models = build(settings_for(models="openai/a,embedded"))
    assert [model.profile for model in models.choose(None)] == ["large", "small"]
    assert models.status() == {"openai/a": "ready", "embedded": "idle"}
    await models.aclose()


@pytest.mark.usefixtures("litellm")
async def test_a_cap_is_no_bar_to_the_model_that_costs_nothing(settings_for: SettingsFor) -> None:
    """Remote models are refused once the day's money is gone; the embedded one has its own, empty, account."""
    models = build(settings_for(models="openai/a,openai/b,embedded", daily_spend_usd=1.0))
    first, second, embedded = models.choose(None)
    with models.spend.booking("openai/a") as booking:
        booking.cost_usd = 0.9
    for model in (first, second):
        with pytest.raises(ModelDenied, match="cap") as caught:
            await model.complete(CALL, timeout_s=1)
        assert caught.value.reason == "spend_cap"
    assert isinstance(embedded, LaneModel)
    assert embedded.spend is not models.spend
    await models.aclose()


@pytest.mark.usefixtures("litellm")
async def test_a_key_goes_only_where_it_was_meant_for(settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that a request names is not sent the operator's key or to his endpoint."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    async with running({"x": speak()}) as server:
        models = build(settings_for(model="a", allowed_models="openai/b", model_base_url=server.url("x"), model_api_key="sk-secret"))
        own, other = only(models.choose("a")), only(models.choose("openai/b"))
        await own.complete(CALL, timeout_s=10)
        assert server.headers[0]["authorization"] == "Bearer sk-secret"
        with pytest.raises(Exception, match="no key"):
            await other.complete(CALL, timeout_s=10)
        assert len(server.requests) == 1
        await models.aclose()


@pytest.mark.usefixtures("litellm")
async def test_a_failing_model_is_left_alone_and_shown(settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readiness names it down once its breaker has opened."""
    monkeypatch.setattr("drafter.llm.retry.FIRST_STEP_S", 0.0)
    async with running({"x": fail(500)}) as server:
        models = build(settings_for(model="a", model_base_url=server.url("x")))
        model = only(models.choose(None))
        assert models.status() == {"a": "ready"}
        for _ in range(6):
            with pytest.raises(ModelDown):
                await model.complete(CALL, timeout_s=30)
        assert models.status() == {"a": "down"}
        asked = len(server.requests)
        with pytest.raises(ModelDown):
            await model.complete(CALL, timeout_s=30)
        assert len(server.requests) == asked
        await models.aclose()


@pytest.mark.usefixtures("litellm")
async def test_record_then_replay(settings_for: SettingsFor, tmp_path: Path) -> None:
    """The second run asks nobody, and misses loudly."""
    tape: dict[str, Any] = {"replay_dir": tmp_path / "tape", "model": "a"}
    async with running({"x": speak()}) as server:
        models = build(settings_for(**tape, replay="record", model_base_url=server.url("x")))
        model = only(models.choose(None))
        recorded = await model.complete(CALL, timeout_s=10)
        await models.aclose()
    models = build(settings_for(**tape, replay="replay"))
    model = only(models.choose(None))
    assert await model.complete(CALL, timeout_s=10) == recorded
    with pytest.raises(ReplayMiss):
        await model.complete(CALL, timeout_s=10)
    await models.aclose()
