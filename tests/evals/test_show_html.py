"""The page of a report, in a real browser where there is one: nothing is fetched, nothing fails, failures are seen without scrolling."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from drafter.evals import report as reports
from drafter.evals.report import Failure, Report, RunState, Verdict
from drafter.evals.sample import Violation
from drafter.evals.show_html import FAILURES, show_html
from tests.evals.kit import item, sample

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PROBE = """
<script>addEventListener("load", () => {
  const all = [...document.querySelectorAll("header, section > .failures > li")];
  const seen = all.filter((e) => e.getBoundingClientRect().bottom <= innerHeight);
  document.title = `seen ${seen.length} cases ${document.querySelectorAll(".case:not([hidden])").length}`;
});</script></body>"""
HOSTILE = "</p><script>throw new Error('from a review')</script><img src=http://192.0.2.1/x onerror=alert(1)>"


def failing_report(cases: int = 30) -> Report:
    """A report of which every second case failed, with a hostile draft in each."""
    bad = Violation(invariant="no_leak", detail="an answer shows the fence", start=0, end=4)
    samples = {}
    for i in range(cases):
        broken = {"passed": False, "violations": (bad,)} if i % 2 else {}
        samples[f"c{i}", 0] = sample(f"c{i}", 0, 0.0 if i % 2 else 1.0, **{"text": f"Text {HOSTILE}", **broken})
    figures = reports.case_figures([item(f"c{i}") for i in range(cases)], samples)
    failures = tuple(
        Failure(reason="invariant", message=f"c{i}: an answer shows the fence", case=f"c{i}", metric="no_leak") for i in range(1, cases, 2)
    )
    state: RunState = reports.run_state(samples.values(), duration_s=1.0, busy_slots=1.0, slots=2, carried=0)
    return Report(
        suite="page",
        subject="drafting",
        created_at=reports.now(),
        prompt=None,
        model="none",
        sets=("none.jsonl",),
        set_sha256="0",
        content_sha256="0",
        code_sha256="0",
        versions={},
        repeats=1,
        cases=figures,
        metrics=reports.metric_figures(figures),
        slices=(),
        pass_rate=reports.pass_interval(figures),
        run=state,
        verdict=Verdict(passed=False, exit_code=1, reason="invariant", sentence=failures[0].message, failures=failures),
    )


def test_what_comes_from_a_review_is_text() -> None:
    """No tag of it becomes one of the page, and the page says that it fetches nothing."""
    page = show_html(failing_report())
    assert "<script>throw" not in page
    assert "<img" not in page
    assert "default-src 'none'" in page


def test_many_failures_do_not_hide_what_follows() -> None:
    """The first stand open, the others one click away."""
    page = show_html(failing_report())
    assert page.split("<details", 1)[0].count("<li><b>invariant</b>") == FAILURES
    assert "and 5 more" in page


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_the_page_in_a_browser(tmp_path: Path) -> None:
    """No word on the console; verdict and failures are on the first screen; only what failed is listed."""
    assert BROWSER is not None
    path = tmp_path / "page.html"
    path.write_text(show_html(failing_report()).replace("</body>", PROBE), encoding="utf-8")
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--enable-logging=stderr"]
    command += ["--window-size=1280,800", "--virtual-time-budget=2000", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "CONSOLE" not in done.stderr
    title = re.search(r"<title>seen (\d+) cases (\d+)</title>", done.stdout)
    assert title is not None, done.stdout[:500]
    assert (int(title[1]), int(title[2])) == (1 + FAILURES, 15)
