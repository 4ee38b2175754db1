"""How well the second reader reads authors whom it has not learned from: each group of authors is judged by a model made without it.

A model that has seen a writer's other texts knows the writer's turns of phrase, and flatters itself. So authors are left out whole.
An author is what an id begins with, up to its last hyphen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drafter.domain import CheckRequest, Severity
from drafter.evals.reader_training import Text, read_texts, rows_of_rules, scene_of, train
from drafter.evals.word_vectors import WordVectors
from drafter.guardrails.engine import Guardrail
from drafter.guardrails.reader import Model, Reading
from drafter.guardrails.reader_weights import Weights

GROUPS = 5
MADE_BY_CODE = "letter"
"""Letters put together from parts: taught always, judged never."""
RATES = (0.005, 0.01, 0.02)
"""Shares of compliant drafts that may be stopped; the bar is the lowest score that keeps to it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One text, read by a model that never saw its author."""

    language: str
    author: str
    is_snippet: bool
    label: str
    is_violation: bool
    """As labelled, and worth a block."""
    is_missed: bool
    """No other rule blocks it."""
    score: int
    """Of its worst window."""
    has_category: bool
    """The category that the reader names is a labelled one."""

    @property
    def is_compliant_draft(self) -> bool:
        """A whole message in which nothing must be found."""
        return self.label == "compliant" and not self.is_snippet


def author_of(row: Mapping[str, Any]) -> str:
    """What stands before the last hyphen of a row's id."""
    return str(row["id"]).rpartition("-")[0]


def judge_left_out(
    guardrail: Guardrail, rows: Sequence[Mapping[str, Any]], *, only: str | None, say: Callable[[str], None]
) -> Iterator[Judged]:
    """Every labelled row, judged by a model that was made without its author's group; with `only`, that author's rows alone."""
    always = [row for row in rows if author_of(row) == MADE_BY_CODE] + list(rows_of_rules(guardrail))
    authors = sorted({author_of(row) for row in rows} - {MADE_BY_CODE})
    for group in [[only]] if only else [authors[i::GROUPS] for i in range(GROUPS)]:
        say(f"without {' '.join(group)}")
        taught = read_texts(guardrail, [*always, *(row for row in rows if author_of(row) not in (*group, MADE_BY_CODE))])
        model = Model(Weights.of(train(taught, WordVectors(words_of(taught)), say=say)), guardrail.concepts)
        yield from (judge(guardrail, model, row) for row in rows if author_of(row) in group)


def words_of(texts: Iterable[Text]) -> list[str]:
    """Every word of these texts."""
    names = {name for text in texts for window in text.windows for name in window}
    return sorted(name[1:] for name in names if name[0] == "=" and " " not in name)


def judge(guardrail: Guardrail, model: Model, row: Mapping[str, Any]) -> Judged:
    """One row as a model reads it."""
    scene = scene_of(guardrail, row)
    worst = max(model.read(scene), key=lambda reading: reading.score, default=Reading(0, 0, -(10**6)))
    learned = {rule.id for rule in guardrail.rules if rule.kind == "learned"}
    report = guardrail.check(CheckRequest(channel=row["channel"], text=row["text"], language=row["language"]))
    is_violation = row["label"] == "violation" and row.get("severity") == "block"
    return Judged(
        language=row["language"],
        author=author_of(row),
        label=row["label"],
        is_snippet=len(scene.document.sentences) <= 2,
        is_violation=is_violation,
        is_missed=not any(f.severity is Severity.BLOCK and f.rule_id not in learned for f in report.findings),
        score=worst.score,
        has_category=is_violation and bool(scene.document.sentences) and model.classify(scene, worst).categories[0] in row["categories"],
    )


def lines(judged: Sequence[Judged]) -> Iterator[str]:
    """Bars and recall for English and for the rest together, then for each language."""
    yield from _lines("en", [j for j in judged if j.language.startswith("en")])
    yield from _lines("not en", [j for j in judged if not j.language.startswith("en")])
    for language in sorted({j.language for j in judged}):
        yield from _lines(language, [j for j in judged if j.language == language])
    yield from _by_author(judged)


def _by_author(judged: Sequence[Judged]) -> Iterator[str]:
    """Recall on each author at the strictest bar of English and of the rest."""
    bars = {is_english: _bar([j for j in judged if j.language.startswith("en") == is_english], RATES[0]) for is_english in (True, False)}
    for author in sorted({j.author for j in judged}):
        some = [(j, bars[j.language.startswith("en")]) for j in judged if j.author == author and j.is_violation]
        found = [j for j, bar in some if bar is not None and j.score >= bar]
        missed = f"that the rest misses {sum(j.is_missed for j in found)}/{sum(j.is_missed for j, _ in some)}"
        if some:
            yield f"author {author:6} found {len(found)}/{len(some)}, {missed}"


def _bar(judged: Sequence[Judged], rate: float) -> int | None:
    """The lowest score that at most this share of compliant drafts reaches; None without compliant drafts."""
    scores = sorted((j.score for j in judged if j.is_compliant_draft), reverse=True)
    return scores[int(rate * len(scores))] + 1 if scores else None


def _lines(name: str, judged: Sequence[Judged]) -> Iterator[str]:
    compliant = sum(j.is_compliant_draft for j in judged)
    for rate in RATES:
        bar = _bar(judged, rate)
        if bar is None:
            return
        parts = [f"{name:6} {rate:5.1%} of {compliant} compliant drafts: bar {bar:6}"]
        for what, some in _sorts(judged):
            found = [j for j in some if j.score >= bar]
            parts.append(f"{what} {len(found)}/{len(some)}" + (f" {len(found) / len(some):.0%}" if some else ""))
        found = [j for j in judged if j.is_violation and j.score >= bar]
        parts.append(f"category {sum(j.has_category for j in found)}/{len(found)}")
        innocent = [j for j in judged if j.is_snippet and j.label == "compliant"]
        parts.append(f"innocent snippets {sum(j.score >= bar for j in innocent)}/{len(innocent)}")
        yield ", ".join(parts)


def _sorts(judged: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    for what, is_snippet in (("drafts", False), ("snippets", True)):
        some = [j for j in judged if j.is_violation and j.is_snippet == is_snippet]
        yield what, some
        yield f"{what} that the rest misses", [j for j in some if j.is_missed]
