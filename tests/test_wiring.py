"""Everything is built from one place, and wrong content is told before the first caller comes."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drafter.domain import DraftRequest, Triage
from drafter.errors import ContentError
from drafter.triage.triager import Triager
from drafter.wiring import build

MEMORY = "memory"


@dataclass
class HeardTriager:
    """A triager that remembers in which languages the reviews were."""

    inner: Triager
    languages: list[str] = field(default_factory=list)

    def triage(self, request: DraftRequest) -> Triage:
        triage = self.inner.triage(request)
        self.languages.append(triage.language)
        return triage


def _content_beside(root: Path, folder: Path) -> Path:
    """A content root whose files are all the real ones, but for German details, which are a file of their own."""
    for name in ("guardrails", "evals"):
        (folder / name).symlink_to(root / name)
    (folder / "prompts").mkdir()
    for path in (root / "prompts").iterdir():
        if path.name != "details":
            (folder / "prompts" / path.name).symlink_to(path)
    details = folder / "prompts" / "details"
    details.mkdir()
    for path in (root / "prompts" / "details").glob("*.yaml"):
        (details / path.name).symlink_to(path)
    (details / "de.yaml").unlink()
    (details / "de.yaml").write_text("details: [", encoding="utf-8")
    return folder


async def test_a_wrong_file_of_a_language_nobody_asked_for_is_told_at_the_start(root: Path, tmp_path: Path) -> None:
    """A service reads every language before it takes a request: the error names the file."""
    overrides = {"models": "none", "database_url": MEMORY, "content_dir": _content_beside(root, tmp_path)}
    async with build(overrides, waits_for_model=False) as services:
        with pytest.raises(ContentError, match=r"details/de\.yaml"):
            services.read_content()


async def test_a_mistyped_variable_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the log, with the nearest one; its value may be a secret and is not told. What tests use is no mistake."""
    monkeypatch.setenv("DRAFTER_DEADINE_S", "sesame")
    monkeypatch.setenv("DRAFTER_XYZZY", "sesame")
    monkeypatch.setenv("DRAFTER_TEST_EMBEDDED", "0")
    stream = io.StringIO()
    async with build({"models": "none", "database_url": MEMORY, "log_level": "info"}, waits_for_model=False, log_stream=stream):
        pass
    told = [line for line in map(json.loads, stream.getvalue().splitlines()) if line["event"] == "settings.unknown_variable"]
    assert [(line["variable"], line["nearest"]) for line in told] == [("DRAFTER_DEADINE_S", "DRAFTER_DEADLINE_S"), ("DRAFTER_XYZZY", None)]
    assert "sesame" not in stream.getvalue()


async def test_a_language_is_warm_when_a_draft_in_it_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Warming up goes the way of a request, in the named languages only: a review in English first, then one in the language."""
    async with build({"models": "none", "database_url": MEMORY}, waits_for_model=False) as services:
        heard = HeardTriager(services.judges.triager)
        monkeypatch.setitem(vars(services.judges), "triager", heard)
        services.warm_up(["es"])
    assert heard.languages == ["en", "es"]
