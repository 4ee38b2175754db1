"""What runs beside requests goes on until the service ends, whatever breaks."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from drafter import wiring
from drafter.api import upkeep as upkeep_module
from drafter.judges import build_judges
from tests.api.conftest import Running, running
from tests.waiting import until


async def test_what_breaks_is_begun_again(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """And takes nothing else with it."""
    monkeypatch.setattr(upkeep_module, "AGAIN_S", 0.0)
    looks = 0
    looked = asyncio.Event()

    async def break_once(*_args: object, **_options: object) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise UnicodeError("label too long")
        looked.set()

    monkeypatch.setattr("drafter.store.jobs.Jobs.take", break_once)
    async with upkeep_module.upkeep(service.services, lambda _response: None, lambda _stage, _duration_s: None):
        await asyncio.wait_for(looked.wait(), 30)


async def test_nothing_goes_on_when_the_service_has_ended(service: Running) -> None:
    """Its models and its store are closed then."""
    before = asyncio.all_tasks()
    async with upkeep_module.upkeep(service.services, lambda _response: None, lambda _stage, _duration_s: None):
        assert len(asyncio.all_tasks() - before) >= 3
    assert asyncio.all_tasks() == before


async def test_a_moved_label_is_followed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new version answers without a restart; a broken file changes nothing, and is told once."""
    for name in ("prompts", "guardrails"):
        shutil.copytree(root / name, tmp_path / name)
    (tmp_path / "evals").mkdir()
    shutil.copy(root / "evals" / "calibration.json", tmp_path / "evals")
    labels, first = tmp_path / "prompts" / "active.yaml", tmp_path / "prompts" / "reply" / "v1.j2"
    monkeypatch.setattr(upkeep_module, "LABELS_S", 0.01)
    # Content of its own, and so judges of its own: they hold the prompts.
    monkeypatch.setattr(wiring, "build_judges", build_judges)
    async with running(content_dir=tmp_path, auth="none") as service:
        library = service.services.library
        first.with_name("v9.j2").write_text(first.read_text(encoding="utf-8").replace("version: v1", "version: v9"), encoding="utf-8")
        labels.write_text("reply: {production: v9}\nrepair: {production: v1}\n", encoding="utf-8")
        assert await until(lambda: library.get("reply").id == "reply/v9")
        assert service.services.pipeline.writer.library is library  # type: ignore[attr-defined]
        async with service.client() as client:
            asked = {"review": {"body": "The lid leaks."}, "options": {"prompt": "reply/v9"}}
            for path, body in (("drafts", asked), ("triage", asked), ("jobs", {"items": [asked]})):
                assert (await client.post(f"/v1/{path}", json=body)).is_success
            options = (await client.get("/openapi.json")).json()["components"]["schemas"]["DraftOptions"]
            assert "reply/v9" in options["properties"]["prompt"]["anyOf"][0]["enum"]
        labels.write_text("reply: {production: v77}\nrepair: {production: v1}\n", encoding="utf-8")
        said: list[str] = []
        assert await until(lambda: said.append(capsys.readouterr().out) or "labels.not_read" in "".join(said))  # type: ignore[func-returns-value]
        await asyncio.sleep(0.1)
        said.append(capsys.readouterr().out)
        assert (library.get("reply").id, "".join(said).count("labels.not_read")) == ("reply/v9", 1)
