"""A report as Markdown, for the summary of a CI run: the verdict in one sentence, then tables."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.evals.report import Report
from drafter.evals.show_text import why_not

MAX_ROWS = 20


def show_markdown(report: Report) -> str:
    """The text."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    verdict = report.verdict
    yield f"## {'✅' if verdict.passed else '❌'} {report.suite}: {'passed' if verdict.passed else verdict.reason}"
    yield ""
    yield _cell(verdict.sentence)
    yield ""
    if verdict.failures:
        yield from (f"- **{f.reason}**: {_cell(f.message)}" for f in verdict.failures[:MAX_ROWS])
        yield ""
    if verdict.warnings:
        yield from (f"- ⚠️ {_cell(sentence)}" for sentence in verdict.warnings[:MAX_ROWS])
        yield ""
    yield from _metrics(report)
    failing = sorted((c for c in report.cases if c.passes < c.repeats), key=lambda c: (c.pass_rate or 0.0, c.id))
    if failing:
        yield f"<details><summary>{len(failing)} of {len(report.cases)} cases do not always pass</summary>"
        yield ""
        yield "| case | passes | why |"
        yield "|---|---|---|"
        yield from (f"| {_cell(c.id)} | {c.passes}/{c.repeats} | {_cell(why_not(c)[:200])} |" for c in failing[:MAX_ROWS])
        yield ""
        yield "</details>"
        yield ""
    run = report.run
    missing = ", ".join(f"{n} {reason}" for reason, n in run.unmeasured.items()) or "none"
    prompt = f"`{report.prompt.id}@{report.prompt.sha256[:8]}`, " if report.prompt else ""
    yield f"{prompt}model `{report.model}`, {_calibration(report)}{len(report.cases)} cases × {report.repeats}, unmeasured: {missing}, "
    yield f"fresh {run.fresh}, replayed {run.replayed}, stale {run.stale};"
    yield f"{run.tokens} tokens, {run.cost_usd:.4f} USD, {run.duration_s:.1f} s"


def _metrics(report: Report) -> Iterator[str]:
    if report.comparison is None:
        yield "| metric | mean | 95 % | cases |"
        yield "|---|---|---|---|"
        for m in report.metrics:
            yield f"| {m.name} | {m.interval.value:.3f} | {m.interval.low:.3f} to {m.interval.high:.3f} | {m.cases} |"
    else:
        yield f"Against {_cell(report.comparison.baseline)}:"
        yield ""
        yield "| metric | before | now | change | 95 % | wins / ties / losses | p | smallest visible loss | |"
        yield "|---|---|---|---|---|---|---|---|---|"
        for d in (*report.comparison.deltas, *report.comparison.costs):
            seen = f"{d.detectable:.3f}" if d.detectable else "–"
            bounds = f"{d.interval.low:+.3f} to {d.interval.high:+.3f}"
            yield (
                f"| {d.name} | {d.before:.3f} | {d.after:.3f} | {d.interval.value:+.3f} | {bounds} | "
                f"{d.wins} / {d.ties} / {d.losses} | {d.p_adjusted:.4f} | {seen} | {d.verdict} |"
            )
    yield ""


def _calibration(report: Report) -> str:
    return f"floors of calibration `{report.versions['calibration']}`, " if "calibration" in report.versions else ""


def _cell(text: str) -> str:
    """Text that cannot end a cell, open markup, or mention anybody."""
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").replace("@", "@\u200b")
