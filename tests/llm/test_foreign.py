"""No foreign error is unknown to us."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from drafter.errors import ModelDenied, ModelDown, ModelMalformed, ModelMisused, ModelRefused, ModelTimeout
from drafter.llm.foreign import ERRORS, UnreadableAnswer, map_error, read_retry_after
from drafter.llm.keys import STRUCK
from drafter.llm.litellm_client import LiteLLMModel, ModelEndpoint, list_foreign_errors
from tests.llm.fault_server import Write, response, running
from tests.llm.model_contract import CALL


def test_every_error_of_litellm_is_mapped(litellm: Any) -> None:
    """A class that litellm adds must be given a meaning before we take its release."""
    classes = {name for name, cls in vars(litellm.exceptions).items() if isinstance(cls, type) and issubclass(cls, Exception)}
    assert classes - set(ERRORS) == set()


def test_every_error_of_litellm_is_caught(litellm: Any) -> None:
    """What a call may raise is in the list that is caught."""
    caught = list_foreign_errors(litellm)
    for cls in vars(litellm.exceptions).values():
        if isinstance(cls, type) and issubclass(cls, Exception):
            assert issubclass(cls, caught)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("ContextWindowExceededError", ModelMisused), ("ContentPolicyViolationError", ModelRefused), ("PaymentRequiredError", ModelDenied)],
)
def test_a_subclass_wins_over_its_parent(name: str, expected: type[Exception], litellm: Any) -> None:
    """These derive from BadRequestError and mean something else."""
    cls = getattr(litellm.exceptions, name)
    assert issubclass(cls, litellm.exceptions.BadRequestError)
    error = cls(message="no", model="m", llm_provider="openai")
    assert type(map_error(error, model="m", statuses=[400])) is expected or name == "PaymentRequiredError"


def test_what_lies_behind_decides() -> None:
    """An error of ours, or of the wire, says more than what was raised over it."""
    for behind, expected in (
        (UnreadableAnswer("too big"), ModelMalformed),
        (httpx.ConnectError("refused"), ModelDown),
        (httpx.ReadTimeout("slow"), ModelTimeout),
    ):
        try:
            try:
                raise behind
            except Exception:
                raise ValueError("over it")  # noqa: B904
        except ValueError as exc:
            assert type(map_error(exc, model="m")) is expected


def test_a_package_that_is_missing_is_named(litellm: Any) -> None:
    """It is called a lost connection; no waiting installs it."""
    try:
        try:
            raise ModuleNotFoundError("No module named 'mcp'", name="mcp")
        except ModuleNotFoundError as exc:
            raise litellm.APIConnectionError(message=str(exc), llm_provider="openai", model="m") from exc
    except litellm.APIConnectionError as exc:
        error = map_error(exc, model="m")
    assert type(error) is ModelMisused
    assert "the Python package mcp, which is not installed" in str(error)


def test_a_key_is_not_shown() -> None:
    """An error's words may quote the request."""
    error = map_error(ValueError("bad key sk-secret-1"), model="m", secrets=("sk-secret-1",))
    assert "sk-secret-1" not in str(error)


# The provider's library builds its types on first use, and pydantic has a word to say on one of them.
@pytest.mark.filterwarnings("ignore:Item 'summary' on TypedDict")
@pytest.mark.usefixtures("litellm")
@pytest.mark.parametrize("key", ["sk-envkey-0123456789abcdef", "env.key.01", "env-key-" + "x" * 300])
async def test_a_key_of_the_environment_is_not_shown(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider's client finds it there by itself, and the server's refusal quotes the header."""

    async def echo(write: Write) -> None:
        body = {"error": {"message": f"bad header: {server.headers[-1]['authorization']}", "type": "x", "code": None}}
        await write(response(json.dumps(body), status=401))

    async with running({"echo": echo}) as server:
        monkeypatch.setenv("OPENAI_API_KEY", key)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url("echo"))
        model = LiteLLMModel(ModelEndpoint("openai/gpt-4o-mini", "openai/gpt-4o-mini"))
        with pytest.raises(ModelDenied, match="bad header: Bearer") as caught:
            await model.complete(CALL, timeout_s=5)
        await model.aclose()
        assert server.headers[-1]["authorization"] == f"Bearer {key}"
    assert key[:10] not in f"{caught.value!r}"
    assert STRUCK in str(caught.value)


def test_an_endless_chain_of_causes_ends() -> None:
    """Two errors that name each other do not hang us."""
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert type(map_error(first, model="m")) is ModelDown


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "3"}, 3.0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"llm_provider-retry-after": "4"}, 4.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], expected: float | None) -> None:
    """Seconds, milliseconds, litellm's prefix, and nonsense."""
    assert read_retry_after(headers) == expected


def test_retry_after_may_be_a_date() -> None:
    """A moment in the past means now."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    earlier = format_datetime(datetime.now(UTC) - timedelta(seconds=60), usegmt=True)
    wait_s = read_retry_after({"retry-after": later})
    assert wait_s is not None
    assert 50 < wait_s <= 60
    assert read_retry_after({"retry-after": earlier}) == 0.0
