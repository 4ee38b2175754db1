"""OpenTelemetry traces of drafts, with the GenAI conventions: told after the answer is made, sent by a thread of their own.

Nothing is traced unless `OTEL_TRACES_EXPORTER` names an exporter; `console` is here, others (`otlp`) are installed beside the service.
Where they send to, how often and how many is theirs to read from `OTEL_…`. Spans hold ids, names, counts and reason codes, never a text.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from drafter import __version__
from drafter.domain import Attempt, DraftResponse, GuardrailReport, RuleStatus
from drafter.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

VARIABLE = "OTEL_TRACES_EXPORTER"
"""Of OpenTelemetry, which names all its variables itself."""

EXPORTERS = "opentelemetry_traces_exporter"

NS = 1_000_000_000


class Traces:
    """Tells of drafts; a draft costs the caller only the time to put its spans into a queue, which drops what does not fit."""

    def __init__(self, exporter: SpanExporter) -> None:
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        # What the environment says of the service comes after, and holds.
        resource = Resource({SERVICE_NAME: "drafter"}).merge(Resource.create())
        self._provider: TracerProvider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("drafter", __version__)

    def drafted(self, response: DraftResponse) -> None:
        """One span for the draft, one for each stage and each attempt of a model; children are laid one after another."""
        from opentelemetry.trace import SpanKind, set_span_in_context

        ends_at = time.time_ns()
        starts_at = ends_at - int(response.duration_s * NS)
        root = self._tracer.start_span("drafter.draft", start_time=starts_at, attributes=_of_draft(response))
        within = set_span_in_context(root)
        at = starts_at
        for timing in response.timings:
            span = self._tracer.start_span(f"drafter.{timing.stage}", context=within, start_time=at)
            at += int(timing.duration_s * NS)
            span.end(at)
        if response.report is not None:
            self._judged(response.report, within, ends_at)
        at = starts_at
        for attempt in response.attempts:
            ended_at = at + int(attempt.duration_s * NS)
            if attempt.model is not None:
                name, facts = f"chat {attempt.model}", _of_attempt(attempt)
                span = self._tracer.start_span(name, context=within, kind=SpanKind.CLIENT, start_time=at, attributes=facts)
                span.end(ended_at)
            at = ended_at
        root.end(ends_at)

    def _judged(self, report: GuardrailReport, within: Context, at: int) -> None:
        """One span for the guardrail: what it said of the draft that was answered, in ids and counts."""
        self._tracer.start_span("run_guardrail drafter", context=within, start_time=at, attributes=_of_report(report)).end(at)

    def close(self) -> None:
        """Sends what is left."""
        self._provider.shutdown()


def open_traces(environment: Mapping[str, str]) -> Traces | None:
    """Traces to the exporter that the environment names; None when it names none.

    Raises:
        SettingsError: it names one that is not installed.
    """
    name = environment.get(VARIABLE, "").strip()
    if name in ("", "none") or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    found = next(iter(entry_points(group=EXPORTERS, name=name)), None)
    if found is None:
        raise SettingsError(VARIABLE, f"{name} is not installed; known are: {_names(entry_points(group=EXPORTERS))}")
    return Traces(found.load()())


def _names(found: Iterable[object]) -> str:
    return ", ".join(sorted({"none", *(str(getattr(entry, "name", "")) for entry in found)}))


def _of_draft(response: DraftResponse) -> dict[str, str | int | bool]:
    facts: dict[str, str | int | bool | None] = {
        "drafter.record_id": response.id,
        "drafter.action": response.action,
        "drafter.origin": response.origin,
        "drafter.channel": response.channel,
        "drafter.is_stored": response.is_stored,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _of_report(report: GuardrailReport) -> dict[str, str | int | tuple[str, ...]]:
    counts = Counter(result.status.value for result in report.results)
    return {
        "gen_ai.operation.name": "run_guardrail",
        "gen_ai.guardrail.name": "drafter",
        "drafter.guardrail.verdict": report.verdict.value,
        "drafter.guardrail.rule_ids": tuple(dict.fromkeys(finding.rule_id for finding in report.findings)),
        "drafter.guardrail.shadow_rule_ids": tuple(dict.fromkeys(finding.rule_id for finding in report.shadow)),
        "drafter.guardrail.errored_rule_ids": report.errored,
        "drafter.guardrail.not_evaluated": counts[RuleStatus.SKIPPED.value],
        "drafter.guardrail.pack_version": report.pack_version,
        "drafter.guardrail.pack_sha256": report.pack_sha256,
        "drafter.guardrail.engine_version": report.engine_version,
    }


def _of_attempt(attempt: Attempt) -> dict[str, str | int]:
    model = attempt.model or ""
    facts: dict[str, str | int | None] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": model.partition("/")[0],
        "gen_ai.request.model": model.partition("/")[2] or model,
        "gen_ai.usage.input_tokens": attempt.usage.prompt_tokens,
        "gen_ai.usage.output_tokens": attempt.usage.completion_tokens,
        "error.type": attempt.error,
    }
    return {name: value for name, value in facts.items() if value is not None}
