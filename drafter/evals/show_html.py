"""A report as one HTML file: nothing is fetched, failures stand first, every case opens side by side with the baseline's draft.

Everything that comes from a review or a model is escaped here; the script only shows and hides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from drafter.evals.report import CaseFigure, Delta, Report
from drafter.evals.sample import Sample
from drafter.evals.show_text import why_not

ASSETS = Path(__file__).with_name("report_page")
WIDTH, ROW = 320, 22
FAILURES = 10
"""Failures that stand open."""


def show_html(report: Report, before: Report | None = None) -> str:
    """The page.

    Args:
        report: What is shown.
        before: The baseline, whose drafts stand beside the new ones; None shows the new ones alone.
    """
    verdict = report.verdict
    state = "passed" if verdict.passed else "failed"
    style = (ASSETS / "page.css").read_text(encoding="utf-8")
    script = (ASSETS / "page.js").read_text(encoding="utf-8")
    old = {case.id: case for case in before.cases} if before else {}
    body = "\n".join(
        [
            f'<header class="{state}"><h1>{escape(report.suite)} <small>{state}: {escape(verdict.reason)}</small></h1>',
            f'<p class="sentence">{escape(verdict.sentence)}</p></header><main>',
            *_failures(report),
            *_forest(report),
            *_metrics(report),
            *_slices(report),
            *_cases(report, old),
            f"<footer>{escape(_footer(report))}</footer></main><script>{script}</script>",
        ]
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(report.suite)}: {state}</title>'
    # Nothing may be fetched, also not by what a review smuggles in.
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    head += f'<meta http-equiv="Content-Security-Policy" content="{policy}"><link rel="icon" href="data:,">'
    return f'<!doctype html>\n<html lang="en"><head>{head}<style>{style}</style></head><body>{body}</body></html>'


def _failures(report: Report) -> Iterator[str]:
    if report.verdict.failures:
        told = [_failure(f.reason, f.message, f.case) for f in report.verdict.failures]
        # What follows is to be seen as well: the first failures are in the order of their weight.
        rest = "".join(told[FAILURES:])
        more = f"<details><summary>and {len(told) - FAILURES} more</summary><ul class='failures'>{rest}</ul></details>" if rest else ""
        yield f'<section><h2>Why it failed</h2><ul class="failures">{"".join(told[:FAILURES])}</ul>{more}</section>'
    if report.verdict.warnings:
        rows = "".join(f"<li>{escape(sentence)}</li>" for sentence in report.verdict.warnings)
        yield f'<section><h2>Worth a look</h2><ul class="warnings">{rows}</ul></section>'


def _failure(reason: str, message: str, case: str | None) -> str:
    link = f' <a href="#case-{escape(case)}">open</a>' if case else ""
    return f"<li><b>{escape(reason)}</b> {escape(message)}{link}</li>"


def _forest(report: Report) -> Iterator[str]:
    """The paired differences with their intervals; left of the line is worse only where the verdict says so."""
    if report.comparison is None or not report.comparison.deltas:
        return
    deltas = report.comparison.deltas
    reach = max([0.01, *(max(abs(d.interval.low), abs(d.interval.high)) for d in deltas)])
    rows = "".join(_forest_row(delta, at, reach) for at, delta in enumerate(deltas))
    height = ROW * len(deltas) + 24
    axis = f'<line x1="{150 + WIDTH / 2}" y1="0" x2="{150 + WIDTH / 2}" y2="{height - 20}" class="axis"/>'
    ends = "".join(
        f'<text x="{150 + x}" y="{height - 4}" text-anchor="middle" class="tick">{value:+.2f}</text>'
        for x, value in ((0, -reach), (WIDTH / 2, 0.0), (WIDTH, reach))
    )
    looks = " (looked twice)" if report.comparison.looks > 1 else ""
    yield f"<section><h2>Against {escape(report.comparison.baseline)}{looks}</h2>"
    box = f'viewBox="0 0 {WIDTH + 330} {height}" role="img" aria-label="paired differences"'
    yield f'<svg class="forest" {box}>{axis}{rows}{ends}</svg></section>'


def _forest_row(delta: Delta, at: int, reach: float) -> str:
    y = ROW * at + ROW / 2

    def x(value: float) -> float:
        return 150 + WIDTH / 2 + value / reach * WIDTH / 2

    told = f"{delta.interval.value:+.3f} p {delta.p_adjusted:.3f} {delta.verdict}"
    return (
        f'<g class="{escape(delta.verdict)}"><text x="144" y="{y + 4}" text-anchor="end">{escape(delta.name)}</text>'
        f'<line x1="{x(delta.interval.low):.1f}" y1="{y}" x2="{x(delta.interval.high):.1f}" y2="{y}"/>'
        f'<circle cx="{x(delta.interval.value):.1f}" cy="{y}" r="4"/><text x="{160 + WIDTH}" y="{y + 4}">{escape(told)}</text></g>'
    )


def _metrics(report: Report) -> Iterator[str]:
    if report.comparison is not None:
        head: tuple[str, ...] = ("metric", "before", "now", "95 %", "wins / ties / losses", "p", "smallest visible loss", "")
        rows = [_delta_row(delta) for delta in (*report.comparison.deltas, *report.comparison.costs)]
    else:
        head = ("metric", "mean", "95 %", "cases", "cannot say")
        rows = [
            _row((m.name, f"{m.interval.value:.3f}", f"{m.interval.low:.3f} to {m.interval.high:.3f}", str(m.cases), str(m.silent)))
            for m in report.metrics
        ]
    yield f"<section><h2>Metrics</h2><table>{_row(head, 'th')}{''.join(rows)}</table></section>"


def _delta_row(delta: Delta) -> str:
    bounds = f"{delta.interval.low:+.3f} to {delta.interval.high:+.3f}"
    counts = f"{delta.wins} / {delta.ties} / {delta.losses}"
    seen = f"{delta.detectable:.3f}" if delta.detectable else "–"
    cells = (delta.name, f"{delta.before:.3f}", f"{delta.after:.3f}", bounds, counts, f"{delta.p_adjusted:.4f}", seen, delta.verdict)
    return _row(cells, kind=delta.verdict)


def _row(cells: Iterable[str], tag: str = "td", *, kind: str = "") -> str:
    return f'<tr class="{escape(kind)}">{"".join(f"<{tag}>{escape(cell)}" for cell in cells)}</tr>'


def _slices(report: Report) -> Iterator[str]:
    if not report.slices:
        return
    rows = [_row((s.field, s.value, f"{s.rate.value:.0%}", f"{s.rate.low:.0%} to {s.rate.high:.0%}", str(s.cases))) for s in report.slices]
    head = _row(("by", "value", "passes", "95 %", "cases"), "th")
    yield f"<section><details><summary>Groups</summary><table>{head}{''.join(rows)}</table></details></section>"


def _cases(report: Report, old: dict[str, CaseFigure]) -> Iterator[str]:
    """All cases, those that fail first."""
    ordered = sorted(report.cases, key=lambda c: (c.passes == c.repeats, c.pass_rate or 0.0, c.id))
    blamed = {f.case for f in report.verdict.failures if f.case}
    failing = sum(1 for c in ordered if c.passes < c.repeats)
    yield '<section><h2>Cases</h2><p class="tools"><input id="find" type="search" placeholder="search in reviews and drafts">'
    yield f'<label><input id="failing" type="checkbox" {"checked" if failing else ""}> only the {failing} that do not always pass</label> '
    yield '<span id="count"></span></p>'
    for case in ordered:
        yield _case(case, old.get(case.id), is_open=case.id in blamed and len(blamed) <= 5)
    yield "</section>"


def _case(case: CaseFigure, old: CaseFigure | None, *, is_open: bool) -> str:
    state = "good" if case.passes == case.repeats else "bad" if case.measured else "unmeasured"
    tags = " ".join(escape(tag) for tag in case.tags)
    why = escape(why_not(case)) if state != "good" else ""
    columns = [f"<div><h4>review</h4><p>{escape(case.about)}</p></div>"]
    if old is not None:
        columns.append(f"<div><h4>before {old.passes}/{old.measured}</h4>{_samples(old.samples[:1])}</div>")
    columns.append(f"<div><h4>now {case.passes}/{case.repeats}</h4>{_samples(case.samples)}</div>")
    return (
        f'<details class="case {state}" id="case-{escape(case.id)}"{" open" if is_open else ""}><summary><b>{escape(case.id)}</b> '
        f'{case.passes}/{case.repeats} <i>{tags}</i> <span class="why">{why}</span></summary>'
        f'<div class="columns">{"".join(columns)}</div></details>'
    )


def _samples(samples: Iterable[Sample]) -> str:
    """Each repeat's draft, with what was seen in it; equal texts once."""
    shown: dict[str, str] = {}
    for sample in samples:
        text = _marked(sample) if sample.text is not None else f"<em>{escape(sample.unmeasured or 'nothing was written')}</em>"
        told = [f"{name} {_value(sample, name)}: {note.reason}" for name, note in sample.notes.items()]
        notes = "".join(f"<li>{escape(line)}</li>" for line in told)
        bad = "".join(f'<li class="bad">{escape(v.invariant)}: {escape(v.detail)}</li>' for v in sample.violations)
        detail = f"<li>{escape(sample.detail)}</li>" if sample.detail else ""
        if sample.final is not None:
            detail += f"<li>what left instead: {escape(sample.final)}</li>"
        how = escape(f"{sample.action} {sample.origin} {sample.tape.value} {sample.duration_s:.2f} s")
        shown.setdefault(text, f"<p>{text}</p><p class='told'>{how}</p><ul>{bad}{detail}{notes}</ul>")
    return "<hr>".join(shown.values())


def _value(sample: Sample, name: str) -> str:
    value = sample.metrics.get(name)
    return "–" if value is None else f"{value:.2f}"


def _marked(sample: Sample) -> str:
    """The draft with the places of violations and scores marked."""
    text = sample.text or ""
    spans = [(v.start, v.end, "bad", v.detail) for v in sample.violations if v.start is not None and v.end is not None]
    spans += [(s.start, s.end, "seen", f"{name}: {note.reason}") for name, note in sample.notes.items() for s in note.spans]
    pieces, at = [], 0
    for start, end, kind, why in sorted(spans):
        if start >= at and end <= len(text):
            pieces += [escape(text[at:start]), f'<mark class="{kind}" title="{escape(why)}">{escape(text[start:end])}</mark>']
            at = end
    return "".join([*pieces, escape(text[at:])])


def _footer(report: Report) -> str:
    run = report.run
    prompt = f"{report.prompt.id}@{report.prompt.sha256[:8]} · " if report.prompt else ""
    return (
        f"{prompt}model {report.model} · {len(report.cases)} cases × {report.repeats} · "
        f"fresh {run.fresh}, replayed {run.replayed}, stale {run.stale} · "
        f"{run.calls} calls, {run.tokens} tokens, {run.cost_usd:.4f} USD · {run.duration_s:.1f} s · "
        f"{report.created_at:%Y-%m-%d %H:%M} UTC · "
        f"set {report.set_sha256[:8]} · content {report.content_sha256[:8]} · code {report.code_sha256[:8]}"
    )
