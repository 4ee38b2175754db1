"""The models that settings name, each once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drafter.errors import ModelDown, RequestError, SettingsError
from drafter.llm.build import MAX_MODELS, ModelDirectory, build_models
from drafter.llm.replay import ReplayMiss
from drafter.settings import Settings
from tests.llm.fault_server import running
from tests.llm.model_contract import CALL
from tests.llm.test_faults import fail, speak

SettingsFor = Callable[..., Settings]


def build(settings: Settings) -> ModelDirectory:
    """The directory, for a caller who waits."""
    return build_models(settings, waits_until_ready=True)


async def test_none_is_no_model(settings_for: SettingsFor) -> None:
    """Templates answer alone."""
    models = build(settings_for(model="none"))
    assert models.choose(None) is None
    assert models.status() == {}
    await models.aclose()


async def test_a_request_may_choose(settings_for: SettingsFor) -> None:
    """None is the configured chain, `none` no model, a name that model, always the same one."""
    models = build(settings_for(model="openai/a"))
    assert models.choose("none") is None
    chosen = models.choose("anthropic/b")
    assert chosen is not None
    assert chosen is models.choose("anthropic/b")
    assert chosen.name == "anthropic/b"
    chain = models.choose(None)
    assert chain is not None
    assert chain.name == "openai/a"
    await models.aclose()


@pytest.mark.parametrize("name", ["", " ", "../etc", "a b", "a\nb", "x" * 300])
async def test_nonsense_is_the_callers_error(name: str, settings_for: SettingsFor) -> None:
    """With the field's name."""
    with pytest.raises(RequestError) as caught:
        build(settings_for()).choose(name)
    assert caught.value.field == "options.model"


async def test_names_cannot_fill_memory(settings_for: SettingsFor) -> None:
    """A caller who invents names is stopped."""
    models = build(settings_for())
    for number in range(MAX_MODELS):
        models.choose(f"openai/{number}")
    with pytest.raises(RequestError):
        models.choose("openai/one-more")
    assert models.choose("openai/0") is not None
    await models.aclose()


async def test_profiles(settings_for: SettingsFor) -> None:
    """The embedded model writes one sentence, others whole replies, unless settings say otherwise."""
    for fields, name, expected in (
        ({}, "embedded", "small"),
        ({}, "openai/a", "large"),
        ({"model_profile": "small"}, "openai/a", "small"),
        ({"model_profile": "large"}, "embedded", "small"),
    ):
        models = build(settings_for(**fields))
        chosen = models.choose(name)
        assert chosen is not None
        assert chosen.profile == expected
        await models.aclose()


async def test_a_chain_of_two_profiles_is_a_wrong_setting(settings_for: SettingsFor) -> None:
    """The message says what to set instead."""
    with pytest.raises(SettingsError, match="DRAFTER_MODEL_PROFILE=small"):
        build(settings_for(models="openai/a,embedded"))
    models = build(settings_for(models="openai/a,embedded", model_profile="small"))
    assert set(models.status()) == {"openai/a", "embedded"}
    assert models.status()["embedded"] == "idle"
    await models.aclose()


@pytest.mark.usefixtures("litellm")
async def test_the_chain_goes_on_to_the_second_model(settings_for: SettingsFor) -> None:
    """Over one endpoint that knows only one of them."""
    async with running({"x": fail(404)}) as server:
        answers = iter([fail(404), speak()])
        server.answers["x"] = lambda write: next(answers)(write)
        models = build(settings_for(models="a,b", model_base_url=server.url("x"), model_api_key="sk-secret"))
        chain = models.choose(None)
        assert chain is not None
        answer = await chain.complete(CALL, timeout_s=10)
        assert [failure.reason for failure in answer.failures] == ["model_misused"]
        assert [request["model"] for request in server.requests] == ["a", "b"]
        await models.aclose()
        assert await server.settled() == 0


@pytest.mark.usefixtures("litellm")
async def test_a_key_goes_only_where_it_was_meant_for(settings_for: SettingsFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that a request names is not sent the operator's key or to his endpoint."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    async with running({"x": speak()}) as server:
        models = build(settings_for(model="a", model_base_url=server.url("x"), model_api_key="sk-secret"))
        own, other = models.choose("a"), models.choose("openai/b")
        assert own is not None
        assert other is not None
        await own.complete(CALL, timeout_s=10)
        assert server.headers[0]["authorization"] == "Bearer sk-secret"
        with pytest.raises(Exception, match="no key"):
            await other.complete(CALL, timeout_s=10)
        assert len(server.requests) == 1
        await models.aclose()


@pytest.mark.usefixtures("litellm")
async def test_a_failing_model_is_left_alone_and_shown(settings_for: SettingsFor) -> None:
    """Readiness names it down once its breaker has opened."""
    async with running({"x": fail(500)}) as server:
        models = build(settings_for(model="a", model_base_url=server.url("x")))
        model = models.choose(None)
        assert model is not None
        assert models.status() == {"a": "ready"}
        for _ in range(6):
            with pytest.raises(ModelDown):
                await model.complete(CALL, timeout_s=0.6)
        assert models.status() == {"a": "down"}
        asked = len(server.requests)
        with pytest.raises(ModelDown):
            await model.complete(CALL, timeout_s=0.6)
        assert len(server.requests) == asked
        await models.aclose()


@pytest.mark.usefixtures("litellm")
async def test_record_then_replay(settings_for: SettingsFor, tmp_path: Path) -> None:
    """The second run asks nobody, and misses loudly."""
    tape: dict[str, Any] = {"replay_dir": tmp_path / "tape", "model": "a"}
    async with running({"x": speak()}) as server:
        models = build(settings_for(**tape, replay="record", model_base_url=server.url("x")))
        model = models.choose(None)
        assert model is not None
        recorded = await model.complete(CALL, timeout_s=10)
        await models.aclose()
    models = build(settings_for(**tape, replay="replay"))
    model = models.choose(None)
    assert model is not None
    assert await model.complete(CALL, timeout_s=10) == recorded
    with pytest.raises(ReplayMiss):
        await model.complete(CALL, timeout_s=10)
    await models.aclose()
