"""A report as files: one writer for each shape, all from the same object. To add a shape, add a function and a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from drafter.evals.report import Report
from drafter.evals.show_github import show_github
from drafter.evals.show_html import show_html
from drafter.evals.show_junit import show_junit
from drafter.evals.show_markdown import show_markdown


def show_json(report: Report) -> str:
    """The whole report."""
    return report.model_dump_json(indent=1)


FORMATS: dict[str, Callable[[Report], str]] = {
    "json": show_json,
    "junit": show_junit,
    "markdown": show_markdown,
    "html": show_html,
    "github": show_github,
}
ENDINGS = {"json": ".json", "junit": ".junit.xml", "markdown": ".md", "html": ".html"}


def write_files(folder: Path, report: Report, before: Report | None = None) -> list[Path]:
    """Writes every shape that is a file; gives their paths. The page shows the drafts of `before` beside the new ones."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for shape, ending in ENDINGS.items():
        path = folder / f"{report.suite}{ending}"
        text = show_html(report, before) if shape == "html" else FORMATS[shape](report)
        path.write_text(text + "\n", encoding="utf-8")
        paths.append(path)
    return paths
