"""What a terminal shows can be read: columns stay apart whatever their figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.errors import ContentError
from drafter.evals.intervals import Interval
from drafter.evals.report import Comparison, Delta
from drafter.evals.show_text import comparison_lines
from drafter.evals.suite import find_suite


def test_large_figures_do_not_run_together() -> None:
    """Tokens and milliseconds have four digits before the point, and metrics' names are long."""
    interval = Interval(value=-1023.143, low=-2000.0, high=1000.0)
    counts = {"p": 0.5, "p_adjusted": 1.0, "pairs": 9, "wins": 0, "ties": 9, "losses": 0, "detectable": None, "verdict": "same"}
    delta = Delta(name="completion_tokens", before=1023.143, after=10123.143, interval=interval, **counts)  # type: ignore[arg-type]
    line = list(comparison_lines(Comparison(baseline="b", deltas=(delta,))))[-1]
    assert line.split()[:4] == ["completion_tokens", "1023.143", "10123.143", "-1023.143"]


@pytest.mark.parametrize(
    ("name", "shown"), [("/tmp/nosuch.yaml", "/tmp/nosuch.yaml: no such suite"), ("nosuch", "suites/nosuch.yaml: no such")]
)
def test_a_suite_that_is_not_there_is_named_as_it_was_asked_for(root: Path, name: str, shown: str) -> None:
    """A path keeps its ending; a name gets one."""
    with pytest.raises(ContentError) as caught:
        find_suite(root, name)
    assert shown in str(caught.value)
    assert ".yaml.yaml" not in str(caught.value)
