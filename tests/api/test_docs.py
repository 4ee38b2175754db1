"""What is written about the service is so."""

from __future__ import annotations

import re
from pathlib import Path

from drafter.cli.draft import draft
from drafter.domain import Remedy
from drafter.telemetry import Metrics
from tests.api.test_identity import SCOPES


def test_the_page_lists_every_route_with_its_scope(root: Path) -> None:
    """And none that is gone."""
    text = (root / "docs" / "api.md").read_text(encoding="utf-8")
    listed = {tuple(found[0].split(" ")): found[1] for found in re.findall(r"^\| `((?:GET|POST|DELETE) [^`]+)` \| `(\w+)` \|", text, re.M)}
    assert listed == SCOPES


def test_the_page_names_every_remedy(root: Path) -> None:
    """And so does the command's help: a name that is not known is not offered."""
    help_text = draft.help or ""
    text = (root / "docs" / "api.md").read_text(encoding="utf-8")
    for remedy in Remedy:
        assert f"`{remedy.value}`" in text
        assert remedy.value in help_text or remedy is Remedy.NONE


def test_the_metrics_that_are_named_exist(root: Path) -> None:
    """By the names that a dashboard would use."""
    named = set(re.findall(r"`(drafter_[a-z_]+)`", (root / "docs" / "operations.md").read_text(encoding="utf-8")))
    rendered = Metrics().render(models={}, waiting={}, undone={"job_items": None}, spent_usd=0.0).decode()
    kept = {name for line in rendered.splitlines() if line.startswith("# TYPE") for name in [line.split()[2]]}
    assert named - kept == set()


def test_every_test_that_the_threat_model_names_exists(root: Path) -> None:
    """A row without its test would be a promise only."""
    text = (root / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", text))
    assert len(named) > 15
    assert [name for name in named if not (root / name).exists()] == []
    for row in re.findall(r"^\| (?:LLM|API)\d+ .*$", text, re.M):
        assert "`tests/" in row or "none are used" in row
