"""A report as JUnit XML: each case a test, each gate a test of its own, what was not measured an error and never a pass."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from drafter.evals.report import CaseFigure, Report
from drafter.evals.show_text import why_not

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def show_junit(report: Report) -> str:
    """The XML text."""
    gates = [f for f in report.verdict.failures if f.case is None]
    tests = [
        *(_case(report, case) for case in report.cases),
        *(_gate(report, f"{f.reason} {f.metric or ''}".strip(), f.message) for f in gates),
    ]
    if report.verdict.passed:
        tests.append(f"<testcase classname={_quoted(report.suite)} name={_quoted('gates')}/>")
    blamed = {f.case: f.message for f in report.verdict.failures if f.case}
    failed = len(gates) + len(blamed)
    errors = sum(1 for case in report.cases if not case.measured)
    body = "\n".join(tests)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite name={_quoted(report.suite)} tests="{len(tests)}" '
        f'failures="{failed}" errors="{errors}" time="{report.run.duration_s:.3f}" timestamp={_quoted(report.created_at.isoformat())}>\n'
        f"{body}\n</testsuite>\n</testsuites>"
    )


def _case(report: Report, case: CaseFigure) -> str:
    """A case fails when a gate names it; one that only passes less often than it might is a pass with words."""
    blamed = "; ".join(f.message for f in report.verdict.failures if f.case == case.id)
    head = f"<testcase classname={_quoted(report.suite)} name={_quoted(case.id)}"
    told = f"{case.passes}/{case.repeats} {why_not(case)}"
    if not case.measured:
        return f"{head}><error message={_quoted(told)}/></testcase>"
    if blamed:
        return f"{head}><failure message={_quoted(blamed)}>{_text(told)}</failure></testcase>"
    return f"{head}/>" if case.passes == case.repeats else f"{head}><system-out>{_text(told)}</system-out></testcase>"


def _gate(report: Report, name: str, message: str) -> str:
    return f"<testcase classname={_quoted(report.suite)} name={_quoted(name)}><failure message={_quoted(message)}/></testcase>"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("�", text))


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("�", text))
