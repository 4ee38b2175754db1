"""How well the guardrail judges labelled drafts: recall with the right severity, the right category, and what it wrongly stops.

Each row is an object with `channel`, `text`, `label` (`violation` or `compliant`), `severity`, `categories`, and what else a check may
know: `language`, `resolved`, `review`, `facts`, `remedies`, `seller_started` …
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drafter.domain import CheckRequest, Finding, Severity, Verdict
from drafter.errors import RequestError
from drafter.guardrails.engine import Guardrail

_FACTS = ("language", "resolved", "review", "facts", "remedies", "previous_messages", "seller_started", "fulfilled_by", "names")
_GROUPS = ("language", "channel", "categories", "rule_ids", "tags")
_VERDICT = {"block": Verdict.BLOCK, "warn": Verdict.WARN, None: Verdict.PASS}


@dataclass(frozen=True, slots=True)
class Judged:
    """One row, and what the guardrail said of it."""

    row: Mapping[str, Any]
    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def is_violation(self) -> bool:
        """As labelled."""
        return bool(self.row["label"] == "violation")

    @property
    def has_severity(self) -> bool:
        """The verdict is the labelled one."""
        return self.verdict is _VERDICT[self.row.get("severity")]

    @property
    def categories(self) -> frozenset[str]:
        """Categories found at the verdict's severity."""
        severity = Severity.BLOCK if self.verdict is Verdict.BLOCK else Severity.WARN
        return frozenset(finding.category.value for finding in self.findings if finding.severity is severity)

    @property
    def has_a_category(self) -> bool:
        """At least one labelled category was found."""
        return not self.row["categories"] or bool(self.categories & set(self.row["categories"]))

    @property
    def has_every_category(self) -> bool:
        """All labelled categories were found, at any severity."""
        return set(self.row["categories"]) <= {finding.category.value for finding in self.findings}

    @property
    def is_right(self) -> bool:
        """Severity as labelled, and for a violation a labelled category too."""
        return self.has_severity and (not self.is_violation or self.has_a_category)


@dataclass(frozen=True, slots=True)
class PolicyFigures:
    """Counts over a set of labelled drafts. A rate over nothing is None."""

    judged: tuple[Judged, ...]

    @property
    def violations(self) -> tuple[Judged, ...]:
        """Rows labelled as violations."""
        return tuple(j for j in self.judged if j.is_violation)

    @property
    def compliant(self) -> tuple[Judged, ...]:
        """Rows labelled as compliant."""
        return tuple(j for j in self.judged if not j.is_violation)

    @property
    def recall(self) -> float | None:
        """Share of violations with the labelled severity and a labelled category."""
        return _share([j.is_right for j in self.violations])

    @property
    def every_category(self) -> float | None:
        """Share of violations whose labelled categories were all found."""
        return _share([j.has_every_category for j in self.violations])

    @property
    def wrongly_blocked(self) -> float | None:
        """Share of compliant rows that were blocked."""
        return _share([j.verdict is Verdict.BLOCK for j in self.compliant])

    @property
    def wrongly_warned(self) -> float | None:
        """Share of compliant rows, without a labelled warning, that got one."""
        return _share([j.verdict is Verdict.WARN for j in self.compliant if j.row.get("severity") is None])

    @property
    def warnings_kept(self) -> float | None:
        """Share of compliant rows with a labelled warning that got it."""
        return _share([j.has_severity for j in self.compliant if j.row.get("severity") == "warn"])

    @property
    def misses(self) -> tuple[Judged, ...]:
        """Rows that were judged wrongly."""
        return tuple(j for j in self.judged if not j.is_right)

    def by(self, field: str) -> Mapping[str, PolicyFigures]:
        """The same figures for each value of a field; a row with several values counts under each."""
        groups: dict[str, list[Judged]] = {}
        for j in self.judged:
            value = j.row.get(field)
            for key in value if isinstance(value, list) else [value]:
                groups.setdefault(str(key), []).append(j)
        return {key: PolicyFigures(tuple(group)) for key, group in sorted(groups.items())}

    def as_json(self, *, with_misses: bool = False) -> dict[str, Any]:
        """For scripts: the figures of all rows and of each group."""
        by = {field: {key: figures._rates() for key, figures in self.by(field).items()} for field in _GROUPS}
        told: dict[str, Any] = {"all": self._rates(), "by": by}
        return {**told, "misses": [_miss_as_json(j) for j in self.misses]} if with_misses else told

    def _rates(self) -> dict[str, float | None]:
        return {
            "violations": len(self.violations),
            "found": self.recall,
            "all_categories": self.every_category,
            "compliant": len(self.compliant),
            "blocked": self.wrongly_blocked,
            "warned": self.wrongly_warned,
        }

    def lines(self, *, with_misses: bool = False) -> Iterable[str]:
        """The figures as text, one line each."""
        yield self._line("all")
        for field in _GROUPS:
            for key, figures in self.by(field).items():
                if figures.misses:
                    yield figures._line(f"{field} {key}")
        if with_misses:
            for j in self.misses:
                yield _miss(j)

    def _line(self, name: str) -> str:
        return (
            f"{name:44} violations {len(self.violations):4} found {_percent(self.recall)} all categories {_percent(self.every_category)}"
            f" | compliant {len(self.compliant):4} blocked {_percent(self.wrongly_blocked)} warned {_percent(self.wrongly_warned)}"
        )


def evaluate(guardrail: Guardrail, rows: Iterable[Mapping[str, Any]]) -> PolicyFigures:
    """Figures of a guardrail over labelled rows.

    Raises:
        RequestError: a row lacks what is judged, or its label.
    """
    return PolicyFigures(tuple(_judge(guardrail, row) for row in rows))


def _judge(guardrail: Guardrail, row: Mapping[str, Any]) -> Judged:
    missing = [field for field in ("channel", "text", "label", "categories") if field not in row]
    if missing:
        raise RequestError(f"no labelled draft: it has no {', '.join(missing)}", code="invalid", field=f"row {row.get('id')}")
    case = {fact: row[fact] for fact in _FACTS if row.get(fact) is not None}
    report = guardrail.check(CheckRequest(channel=row["channel"], text=row["text"], **case))
    return Judged(row, report.verdict, report.findings)


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def _percent(value: float | None) -> str:
    return "    -" if value is None else f"{value:5.1%}"


def _miss_as_json(j: Judged) -> dict[str, Any]:
    findings = [finding.model_dump(mode="json") for finding in j.findings]
    return {"row": dict(j.row), "verdict": j.verdict.value, "findings": findings}


def _miss(j: Judged) -> str:
    row = j.row
    seen = ", ".join(f"{f.rule_id}({f.severity.value}): {f.quote!r}" for f in j.findings) or "nothing"
    wanted = f"{row['label']} {row.get('severity')} {','.join(row.get('rule_ids', []))} {','.join(row['categories'])}"
    head = f"{row.get('id', '?')} {row['channel']} {row.get('language')}"
    return f"\n{head} wanted {wanted}\n  got {j.verdict.value}: {seen}\n  {row['text']}"
