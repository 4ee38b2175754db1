"""Traces say what was done, by which model and for how long, and never a word of it."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from drafter.api.traces import Traces, open_traces
from drafter.domain import Attempt, Origin, Usage
from drafter.errors import SettingsError
from tests.api.conftest import Running
from tests.conftest import make_request

BODY = "The zipper broke on the second day."


async def test_a_draft_is_a_span_with_its_stages_and_its_models(service: Running) -> None:
    """By the GenAI conventions; no span quotes the review or the draft."""
    response = await service.services.draft(make_request(BODY))
    attempt = Attempt(
        number=1,
        origin=Origin.MODEL,
        model="openai/bench",
        text="secret words",
        error="model_timeout",
        decision=None,
        usage=Usage(prompt_tokens=900, completion_tokens=100),
        duration_s=0.2,
    )
    exporter = InMemorySpanExporter()
    traces = Traces(exporter)
    traces.drafted(response.model_copy(update={"attempts": (attempt,)}))
    traces.close()
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert {"drafter.draft", "drafter.triage", "chat openai/bench"} <= set(spans)
    chat = spans["chat openai/bench"]
    assert chat.parent is not None
    assert chat.parent.span_id == spans["drafter.draft"].context.span_id
    assert dict(chat.attributes or {}) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "bench",
        "gen_ai.usage.input_tokens": 900,
        "gen_ai.usage.output_tokens": 100,
        "error.type": "model_timeout",
    }
    (judged,) = [span for span in exporter.get_finished_spans() if span.name == "run_guardrail drafter"]
    facts = dict(judged.attributes or {})
    assert response.report is not None
    assert facts["drafter.guardrail.verdict"] == "pass"
    assert facts["drafter.guardrail.rule_ids"] == ()
    assert facts["drafter.guardrail.pack_version"] == response.report.pack_version
    assert facts["drafter.guardrail.pack_sha256"] == response.report.pack_sha256
    told = "".join(span.to_json() for span in spans.values())
    assert BODY not in told
    assert "secret words" not in told


def test_nothing_is_traced_unless_it_was_asked_for() -> None:
    """And an exporter that is not installed is a wrong setting."""
    assert open_traces({}) is None
    assert open_traces({"OTEL_TRACES_EXPORTER": "none"}) is None
    with pytest.raises(SettingsError, match="OTEL_TRACES_EXPORTER"):
        open_traces({"OTEL_TRACES_EXPORTER": "nowhere"})
