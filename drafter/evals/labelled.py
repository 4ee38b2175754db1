"""Labelled texts, judged by the rules or by triage: the same runner, statistics and reports as drafts, without any model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drafter.domain import Verdict
from drafter.evals import policy, triage
from drafter.evals.sample import Sample
from drafter.evals.sets import Row
from drafter.evals.subject import Item
from drafter.evals.triage import Count
from drafter.guardrails.engine import Guardrail
from drafter.triage import Triager

SLICES = ("language", "channel", "label", "kind")


class LabelledSubject:
    """Rows, and what judges them."""

    is_repeatable = True
    slots = None

    def __init__(self, rows: Sequence[Row], versions: Mapping[str, str]) -> None:
        self._rows: Mapping[str, Mapping[str, Any]] = {row.id: row.value for row in rows}
        self.versions = versions
        self.items = tuple(_item(row) for row in rows)

    def _sample(self, item: Item, repeat: int, metrics: Mapping[str, float | None], *, passed: bool, detail: str, text: str) -> Sample:
        detail = "" if passed else detail
        return Sample(case=item.id, repeat=repeat, metrics=metrics, passed=passed, detail=detail, text=text)


class PolicySubject(LabelledSubject):
    """The guardrail over labelled drafts."""

    def __init__(self, rows: Sequence[Row], guardrail: Guardrail) -> None:
        super().__init__(rows, {"engine": guardrail.engine_version})
        self._guardrail = guardrail

    async def measure(self, item: Item, repeat: int) -> Sample:
        judged = policy.evaluate(self._guardrail, [self._rows[item.id]]).judged[0]
        metrics: dict[str, float | None] = dict.fromkeys(("found", "all_categories", "blocked", "warned"))
        if judged.is_violation:
            metrics |= {"found": float(judged.is_right), "all_categories": float(judged.has_every_category)}
        else:
            metrics["blocked"] = float(judged.verdict is Verdict.BLOCK)
            metrics["warned"] = float(judged.verdict is Verdict.WARN) if judged.row.get("severity") is None else None
        seen = ", ".join(f"{f.rule_id} ({f.severity.value}) “{f.quote}”" for f in judged.findings) or "nothing"
        detail = f"wanted {judged.row.get('severity') or 'pass'} {', '.join(judged.row['categories'])}; got {judged.verdict.value}: {seen}"
        return self._sample(item, repeat, metrics, passed=judged.is_right, detail=detail, text=judged.row["text"])


class TriageSubject(LabelledSubject):
    """Triage over labelled reviews."""

    def __init__(self, rows: Sequence[Row], triager: Triager) -> None:
        super().__init__(rows, {})
        self._triager = triager

    async def measure(self, item: Item, repeat: int) -> Sample:
        figures = triage.evaluate(self._triager, [self._rows[item.id]])
        metrics: dict[str, float | None] = {"issues": figures.issues.f1, "language": figures.language}
        for name in ("safety", "injection", "removal"):
            count: Count = getattr(figures, name)
            metrics |= {f"{name}_found": count.recall, f"{name}_false": None if count.tp + count.fn else float(count.fp)}
        detail = figures.misses[0].rpartition("\n")[2].strip() if figures.misses else ""
        return self._sample(item, repeat, metrics, passed=not figures.misses, detail=detail, text=self._rows[item.id]["body"])


def _item(row: Row) -> Item:
    value = row.value
    slices = [(name, str(value[name])) for name in SLICES if value.get(name)] + [("tag", str(tag)) for tag in value.get("tags") or ()]
    about = str(value.get("review") or value.get("body") or value.get("text") or "")
    return Item(row.id, row.sha256, row.id, tuple(map(str, value.get("tags") or ())), about, tuple(slices))
