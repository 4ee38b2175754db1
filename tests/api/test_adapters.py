"""The same texts through the function, the HTTP route and litellm's guardrail: one answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from drafter.answers import check_result
from drafter.domain import CheckRequest
from drafter.llm.litellm_client import load_litellm
from tests.api.conftest import Running

VECTORS = [
    "We are sorry that the lid of your kettle leaks. A new lid is on its way to you.",
    "Could you please delete your review?",
    "Here is your full refund. Thanks again for your review.",
    "Please chаnge your r-e-v-i-e-w.",
    "Bitte ändern Sie Ihre Rezension.",
    "レビューを削除してください。",
    "Wij sturen u een nieuw deksel en het spijt ons zeer.",
]


@pytest.fixture(scope="module")
def adapter(root: Path) -> Iterator[Any]:
    """The guardrail of `examples/litellm_guardrail.py`."""
    load_litellm()
    spec = spec_from_file_location("litellm_guardrail", root / "examples" / "litellm_guardrail.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module.DrafterGuardrail(guardrail_name="drafter")
    sys.modules.pop("litellm_guardrail", None)


@pytest.mark.parametrize("text", VECTORS)
async def test_three_doors_give_one_answer(text: str, service: Running, adapter: Any) -> None:
    """No door reads a text in its own way."""
    by_function = check_result(None, service.services.judges.guardrail.check(CheckRequest(channel="review_followup", text=text)))
    async with service.client(await service.key()) as client:
        answer = await client.post("/v1/checks", json={"channel": "review_followup", "text": text})
    assert answer.json() == by_function.model_dump(mode="json")
    assert adapter.check(text) == by_function


async def test_litellm_stops_what_is_blocked_and_lets_the_rest_pass(adapter: Any) -> None:
    """Its error names rules, and no word of the text."""
    good, bad = {"texts": [VECTORS[0]]}, {"texts": [VECTORS[0], VECTORS[1]]}
    assert await adapter.apply_guardrail(good, {}, "response") is good
    assert await adapter.apply_guardrail(bad, {}, "request") is bad
    with pytest.raises(Exception, match="review-change-request") as caught:
        await adapter.apply_guardrail(bad, {}, "response")
    assert "delete" not in str(caught.value)
