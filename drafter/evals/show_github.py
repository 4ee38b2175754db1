"""A report as GitHub annotations: each failure at the line that it is about."""

from __future__ import annotations

from drafter.evals.report import Failure, Report

PROMPT_REASONS = frozenset({"invariant", "regression", "case_broken", "budget", "branches"})
"""Failures that a prompt can be to blame for."""


def show_github(report: Report) -> str:
    """Workflow commands, one a line; an empty text when there is nothing to say."""
    lines = [_error(report, failure) for failure in report.verdict.failures]
    lines += [_command("warning", report.sets[0], 1, f"{report.suite}: may be worse", sentence) for sentence in report.verdict.warnings]
    if not lines:
        lines = [_command("notice", report.sets[0], 1, f"{report.suite} passed", report.verdict.sentence)]
    return "\n".join(lines)


def _error(report: Report, failure: Failure) -> str:
    path, line = report.sets[0], 1
    if report.prompt is not None and failure.reason in PROMPT_REASONS:
        path, line = report.prompt.path, failure.line or report.prompt.changed_line
    return _command("error", path, line, f"{report.suite}: {failure.reason}", failure.message)


def _command(kind: str, path: str, line: int, title: str, message: str) -> str:
    return f"::{kind} file={_property(path)},line={line},title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
