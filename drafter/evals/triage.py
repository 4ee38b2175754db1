"""How well triage judges, on reviews with labels: one figure for each thing it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drafter.domain import DraftRequest, GroundVerdict, Triage
from drafter.errors import RequestError
from drafter.triage import Triager

FULFILMENT = {"merchant": "seller", "mfn": "seller", "fba": "amazon", "afn": "amazon"}
JUDGEMENTS = ("issues", "safety", "injection", "removal", "grounds")


@dataclass(slots=True)
class Count:
    """Hits and misses of one judgement."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, *, got: bool, want: bool) -> None:
        """One more item."""
        self.tp += got and want
        self.fp += got and not want
        self.fn += want and not got

    @property
    def precision(self) -> float | None:
        """None when nothing was flagged."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """None when there was nothing to find."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """None when there was nothing to find and nothing was flagged."""
        total = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / total if total else None

    def as_json(self) -> dict[str, float | None]:
        """For scripts."""
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {**shares, "tp": self.tp, "fp": self.fp, "fn": self.fn}


@dataclass(slots=True)
class TriageFigures:
    """Counts over a set. `issues` is micro-averaged over all issue labels; `removal` asks for any eligible ground."""

    rows: int = 0
    issues: Count = field(default_factory=Count)
    by_issue: dict[str, Count] = field(default_factory=dict)
    safety: Count = field(default_factory=Count)
    injection: Count = field(default_factory=Count)
    removal: Count = field(default_factory=Count)
    grounds: Count = field(default_factory=Count)
    """Each eligible ground by its id."""
    languages_right: int = 0
    languages_asked: int = 0
    by_language: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    @property
    def language(self) -> float | None:
        """Share of reviews whose language was named; None when no row has one."""
        return self.languages_right / self.languages_asked if self.languages_asked else None

    def as_json(self, *, with_misses: bool = False) -> dict[str, Any]:
        """For scripts: what the table shows."""
        told: dict[str, Any] = {"rows": self.rows, **{name: getattr(self, name).as_json() for name in JUDGEMENTS}}
        told |= {"language": self.language, "by_issue": {name: count.as_json() for name, count in sorted(self.by_issue.items())}}
        return {**told, "misses": self.misses} if with_misses else told

    def lines(self) -> list[str]:
        """A table to print."""

        def show(value: float | None) -> str:
            return "  –  " if value is None else f"{value:.3f}"

        def row(name: str, count: Count) -> str:
            return f"{name:<28}{show(count.precision)} {show(count.recall)} {show(count.f1)}   {count.tp}/{count.fp}/{count.fn}"

        head = [f"{self.rows} rows                      prec. recall F1      tp/fp/fn"]
        head += [row(name, getattr(self, name)) for name in JUDGEMENTS]
        head += [f"{'language':<28}{show(self.language)}   {self.languages_right}/{self.languages_asked}"]
        return head + [row(f"  {name}", count) for name, count in sorted(self.by_issue.items())]


def evaluate(triager: Triager, rows: Iterable[Mapping[str, Any]]) -> TriageFigures:
    """Figures of the triager on labelled rows.

    Args:
        rows: `body`, optional `title`, `subject` or `kind`, `rating` or `stars`, `fulfilled_by`, `marketplace`; labels `issues`, `safety`,
            `injection`, `removal_grounds` (eligible ids), `language`.
    """
    figures = TriageFigures()
    for row in rows:
        triage = triager.triage(to_request(row))
        _count(figures, row, triage)
    return figures


def to_request(row: Mapping[str, Any]) -> DraftRequest:
    """Request of a labelled row.

    Raises:
        RequestError: it has no `body`.
    """
    if "body" not in row:
        raise RequestError("no labelled review: it has no body", code="invalid", field=f"row {row.get('id')}")
    fulfilled_by = row.get("fulfilled_by")
    review = {
        "subject": row.get("subject") or row.get("kind") or "product_review",
        "rating": row.get("rating") or row.get("stars"),
        "title": row.get("title") or "",
        "body": row["body"],
        "fulfilled_by": FULFILMENT.get(str(fulfilled_by).lower(), fulfilled_by),
        "marketplace": row.get("marketplace"),
    }
    product = {"title": row.get("product_title") or (row.get("product") or {}).get("title") or ""}
    channel = "feedback_reply" if review["subject"] == "seller_feedback" else "review_followup"
    return DraftRequest.model_validate({"id": row.get("id"), "review": review, "product": product, "channel": channel})


def _count(figures: TriageFigures, row: Mapping[str, Any], triage: Triage) -> None:
    figures.rows += 1
    want, got = set(row.get("issues") or ()), {issue.value for issue in triage.issues}
    for issue in sorted(want | got):
        figures.issues.add(got=issue in got, want=issue in want)
        figures.by_issue.setdefault(issue, Count()).add(got=issue in got, want=issue in want)
    figures.safety.add(got=triage.safety, want=bool(row.get("safety")))
    figures.injection.add(got=triage.injection, want=bool(row.get("injection")))
    eligible = {g.ground for g in triage.removal_grounds if g.verdict is GroundVerdict.ELIGIBLE}
    wanted = set(row.get("removal_grounds") or ())
    figures.removal.add(got=bool(eligible), want=bool(wanted))
    for ground in sorted(eligible | wanted):
        figures.grounds.add(got=ground in eligible, want=ground in wanted)
    if row.get("language"):
        figures.languages_asked += 1
        figures.languages_right += triage.language == row["language"]
    miss = _miss(row, triage, want, got, eligible, wanted)
    if miss:
        figures.misses.append(miss)


def _miss(row: Mapping[str, Any], triage: Triage, want: set[str], got: set[str], eligible: set[str], wanted: set[str]) -> str:
    """What was wrong with one row, in one paragraph; empty when all was right."""
    notes = []
    if want != got:
        extra = [f"{s.issue.value}:'{s.quote}'" for s in triage.issue_spans if s.issue.value not in want]
        notes.append(f"missed {sorted(want - got)} extra {extra}")
    if triage.safety != bool(row.get("safety")):
        notes.append("safety")
    if triage.injection != bool(row.get("injection")):
        notes.append(f"injection {[q.quote for q in triage.injection_spans]}")
    if eligible != wanted:
        notes.append(f"removal want {sorted(wanted)} got {[(g.ground, g.verdict.value, g.quote[:60]) for g in triage.removal_grounds]}")
    if row.get("language") and row["language"] != triage.language:
        notes.append(f"language {triage.language}")
    if not notes:
        return ""
    text = " | ".join(part for part in (row.get("title"), row["body"]) if part).replace("\n", " / ")
    return f"{row.get('id')} [{row.get('language')}] {text}\n    {'; '.join(notes)}"
