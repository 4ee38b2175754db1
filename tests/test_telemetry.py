"""What is counted, and who reads it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from drafter.telemetry import Metrics

FAMILY = re.compile(r"\bdrafter_[a-z_]+")
SUFFIX = re.compile(r"_(?:total|bucket|sum|count)$")


def test_the_dashboard_asks_only_for_what_is_counted(root: Path) -> None:
    """Every metric that a panel names is one of ours."""
    text = Metrics().render(models={}, waiting={}, undone={"job_items": None}, spent_usd=0.0).decode()
    counted = {SUFFIX.sub("", line.split()[2]) for line in text.splitlines() if line.startswith("# TYPE")}
    board = json.loads((root / "examples/grafana/drafter.json").read_text(encoding="utf-8"))
    asked = {SUFFIX.sub("", name) for panel in board["panels"] for target in panel["targets"] for name in FAMILY.findall(target["expr"])}
    assert len(asked) > 10
    assert asked <= counted
