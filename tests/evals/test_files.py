"""Every output shows the same verdict, and none lets a buyer's or a model's text out of its place."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from drafter.errors import ContentError
from drafter.evals.baseline import bless, load_report, save_baseline
from drafter.evals.files import ENDINGS, FORMATS, write_files
from drafter.evals.report import Failure, PromptState, Report, Verdict
from drafter.evals.sample import Unmeasured, Violation, unmeasured
from drafter.evals.show_html import show_html
from drafter.evals.show_text import lines_of
from tests.evals.kit import sample
from tests.evals.test_gates import N, good, report_of

NASTY = '</script><img src=x onerror=alert(1)> | `x` @all %0A::error::\x07 "q"'
FAILED = Verdict(
    passed=False,
    exit_code=1,
    reason="invariant",
    sentence=f"c0: {NASTY}",
    failures=(Failure(reason="invariant", message=f"c0: {NASTY}", case="c0"), Failure(reason="budget", message="tokens", metric="tokens")),
    warnings=("c3 passes less often",),
)


@pytest.fixture
def report() -> Report:
    """One that failed: a violation in nasty words, a case that was not measured, the rest well."""
    bad = Violation(invariant="no_leak", detail=NASTY, start=0, end=5)
    samples = [
        sample("c0", value=0.1, violations=(bad,), text=f"Dear {NASTY}"),
        unmeasured("c1", 0, Unmeasured.CASE_DEADLINE, "not done within 5 s"),
        *(good(i) for i in range(2, N)),
    ]
    prompt = PromptState(id="reply/v2", sha256="ab" * 32, path="prompts/reply/v2.j2", changed_line=14)
    return report_of(samples, verdict=FAILED, prompt=prompt, suite="toy")


def test_files_are_written_for_every_shape(report: Report, tmp_path: Path) -> None:
    """And the JSON is the report itself."""
    paths = write_files(tmp_path, report)
    assert [path.name for path in paths] == [f"toy{ending}" for ending in ENDINGS.values()]
    assert load_report(tmp_path / "toy.json") == report


def test_junit_counts_failures_and_what_was_not_measured(report: Report) -> None:
    """A case that was not measured is an error; a gate that failed is a test of its own."""
    suite = ET.fromstring(FORMATS["junit"](report)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == (str(N + 1), "2", "1")
    assert {case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None} == {"c0", "budget tokens"}
    assert [case.get("name") for case in suite.iter("testcase") if case.find("error") is not None] == ["c1"]


def test_annotations_point_at_the_changed_line(report: Report) -> None:
    """One command a line, whatever the words."""
    lines = FORMATS["github"](report).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("::error file=prompts/reply/v2.j2,line=14,title=toy%3A invariant::c0")
    assert lines[2].startswith("::warning ")


def test_markdown_keeps_its_cells(report: Report) -> None:
    """No pipe ends a cell, nobody is mentioned, no tag is opened."""
    text = FORMATS["markdown"](report)
    assert text.startswith("## ❌ toy: invariant")
    assert "<img" not in text
    assert "@all" not in text


def test_the_page_is_one_file_that_fetches_nothing(report: Report) -> None:
    """Failures stand first; a review's markup is text."""
    page = show_html(report, before=report)
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", page)
    assert "<img" not in page
    assert "&lt;img" in page
    assert "default-src 'none'" in page
    assert page.index("Why it failed") < page.index("Metrics") < page.index('id="case-c0"') < page.index('id="case-c5"')
    assert '<mark class="bad"' in page


def test_the_terminal_says_the_verdict_first(report: Report) -> None:
    """Then the run, then the metrics."""
    lines = list(lines_of(report))
    assert lines[1].startswith("FAILED (invariant): c0")
    assert any("unmeasured: 1 case_deadline" in line for line in lines)


def test_a_report_is_blessed_with_a_reason_and_only_when_whole(report: Report, tmp_path: Path) -> None:
    """What is incomplete never becomes the measure of what follows."""
    whole = report_of([good(i) for i in range(N)])
    with pytest.raises(ContentError, match="no reason"):
        bless(whole, because=" ", by="ann")
    with pytest.raises(ContentError, match="cannot be a baseline"):
        bless(report, because="looks fine", by="ann")
    path = tmp_path / "b.json"
    save_baseline(path, bless(whole, because="read all of it", by="ann"))
    assert load_report(path).cases == whole.cases
    assert json.loads(path.read_text(encoding="utf-8"))["because"] == "read all of it"
