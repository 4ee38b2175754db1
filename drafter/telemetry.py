"""What a scraper reads: counts, seconds and states; no text, no key, no account.

Each process counts for itself, as Prometheus expects; what is counted over all processes (limits, spend caps) is in the store.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

from drafter.domain import DraftResponse

CONTENT_TYPE = CONTENT_TYPE_LATEST

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Buckets from a rule check to the slowest draft."""

SHARES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)

MODEL_STATES = ("ready", "starting", "down", "idle")

TEMPLATE = "template"
"""What stands for the prompt of a draft that no prompt wrote."""


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        # A series beside each, which says when it began, and which nobody draws.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        own = self._registry = CollectorRegistry()
        self._requests = Counter("drafter_requests", "Answered requests", ["route", "method", "status"], registry=own)
        self._request_s = Histogram("drafter_request_seconds", "Seconds to the last byte", ["route"], buckets=SECONDS, registry=own)
        self._in_flight = Gauge("drafter_requests_in_flight", "Requests that are being answered", registry=own)
        self._drafts = Counter("drafter_drafts", "Drafts: decision, who wrote", ["action", "origin", "channel"], registry=own)
        self._stage_s = Histogram("drafter_stage_seconds", "Seconds in each stage of a draft", ["stage"], buckets=SECONDS, registry=own)
        self._findings = Counter("drafter_findings", "What rules saw in attempts, checks and edits", ["rule", "severity"], registry=own)
        self._failures = Counter("drafter_attempt_failures", "Attempts of models that failed", ["reason"], registry=own)
        self._not_stored = Counter("drafter_records_not_stored", "Drafts that were answered and not kept", registry=own)
        self._alone = Counter("drafter_limits_counted_alone", "Parts of a limit that were taken without the store", registry=own)
        self._verdicts = Counter("drafter_verdicts", "What people decided", ["verdict", "prompt"], registry=own)
        self._edits = Histogram(
            "drafter_edit_distance", "Share of words that people changed; 0: approved as it was", ["prompt"], buckets=SHARES, registry=own
        )
        self._model_state = Gauge("drafter_model_state", "1 for a model's state; down: breaker open", ["model", "state"], registry=own)
        self._queue = Gauge("drafter_model_queue", "Calls that wait for a model", ["model"], registry=own)
        self._undone = Gauge("drafter_waiting", "What waits in the database, for any process", ["what"], registry=own)
        self._spend = Gauge("drafter_spend_usd", "Spent on models today (UTC)", registry=own)

        # Both are asked for at each request, and finding a series by its labels takes a lock; there are some hundred of them.
        self._of_request = lru_cache(maxsize=None)(self._find_of_request)

    def _find_of_request(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(route, method, str(status)), self._request_s.labels(route)

    def request_began(self) -> None:
        """Counts a request that is being answered."""
        self._in_flight.inc()

    def request_ended(self, route: str, method: str, status: int, duration_s: float) -> None:
        """Counts an answered request; `route` is the path's pattern, never the path."""
        self._in_flight.dec()
        answered, took = self._of_request(route, method, status)
        answered.inc()
        took.observe(duration_s)

    def stage_ended(self, stage: str, duration_s: float) -> None:
        """Counts a stage of a draft; told by the pipeline, since the last one, the store's, ends when the record is written."""
        self._stage_s.labels(stage).observe(duration_s)

    def drafted(self, response: DraftResponse) -> None:
        """Counts a draft and all that led to it."""
        self._drafts.labels(response.action, response.origin or "none", response.channel).inc()
        for attempt in response.attempts:
            if attempt.error:
                self._failures.labels(attempt.error).inc()
            for finding in attempt.findings:
                self.found(finding.rule_id, finding.severity)
        if not response.is_stored:
            self._not_stored.inc()

    def counted_alone(self) -> None:
        """Counts a part of a caller's limit that this process gave out by its own count, since the store was away or slow."""
        self._alone.inc()

    def found(self, rule_id: str, severity: str) -> None:
        """Counts a finding."""
        self._findings.labels(rule_id, severity).inc()

    def judged(self, verdict: str, prompt: str | None, distance: float | None) -> None:
        """Counts a person's verdict, and how far the text was from what he wanted; None when he wanted none."""
        self._verdicts.labels(verdict, prompt or TEMPLATE).inc()
        if distance is not None:
            self._edits.labels(prompt or TEMPLATE).observe(distance)

    def render(self, *, models: Mapping[str, str], waiting: Mapping[str, int], undone: Mapping[str, int | None], spent_usd: float) -> bytes:
        """Everything in Prometheus' text form, with the states of this moment.

        Args:
            models: State by model.
            waiting: Calls that wait, by model.
            undone: What waits in the database; None, not a number, where it could not be counted.
        """
        for what, items in undone.items():
            self._undone.labels(what).set(math.nan if items is None else items)
        for model, now in models.items():
            for state in MODEL_STATES:
                self._model_state.labels(model, state).set(1 if state == now else 0)
        for model, calls in waiting.items():
            self._queue.labels(model).set(calls)
        self._spend.set(spent_usd)
        return generate_latest(self._registry)
