"""The author's desk: what a save shows, and how little it asks of a model."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from drafter.cli import main
from drafter.cli.prompts_dev import SAVED, SHOWN, Screen, watch
from drafter.evals.desk import Desk
from drafter.evals.session import Tools
from drafter.evals.suite import load_suite
from drafter.llm.scripted import ScriptedModel
from drafter.prompts.library import load_library
from drafter.wiring import build

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWER = {
    "apology": "We are sorry that the lid of your kettle leaks whenever you pour.",
    "acknowledgement": "That must be annoying.",
    "solution": "",
    "question": "Could you tell us how long this has been so?",
    "closing": "Just answer in this thread.",
}
REPLY = json.dumps({name: {"text": words, "uses": []} for name, words in ANSWER.items()})
PUBLIC = "The reply is public and written for the next reader"


@pytest.fixture(scope="module")
def content(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped content, with a second version that nobody has touched yet and the cases of one seller."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("prompts", "guardrails"):
        shutil.copytree(root / name, folder / name)
    for name in ("sets", "suites"):
        (folder / "evals" / name).mkdir(parents=True)
    for name in ("sets/scorer_controls.jsonl", "suites/drafting.yaml", "calibration.json"):
        shutil.copy(root / "evals" / name, folder / "evals" / name)
    # One seller's cases are enough to see what a save touches.
    lines = (root / "evals" / "sets" / "drafting.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "evals" / "sets" / "drafting.jsonl").write_text("".join(line for line in lines if "Tidewell" in line), encoding="utf-8")
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tools(content: Path) -> AsyncIterator[Tools]:
    """The whole service over that content, with a model that says one thing."""
    overrides = {"model": "none", "models": "", "database_url": "memory", "log_level": "error", "content_dir": content}
    async with build(overrides, waits_for_model=False) as services:
        judges = services.judges
        yield Tools(content, lambda: judges.guardrail, lambda: judges.triager, services.pipeline, load_library(content), "scripted")


@pytest.fixture
def model() -> ScriptedModel:
    """Says the same to everyone."""
    return ScriptedModel([REPLY])


@pytest.fixture
def desk(content: Path, tools: Tools, model: ScriptedModel) -> Desk:
    """A desk with version 2, a plain copy of version 1."""
    text = (content / "prompts" / "reply" / "v1.j2").read_text(encoding="utf-8")
    (content / "prompts" / "reply" / "v2.j2").write_text(text.replace("version: v1", "version: v2", 1), encoding="utf-8")
    assert tools.pipeline is not None
    pipeline = replace(tools.pipeline, choose_models=lambda _name: (model,))
    suite = load_suite(content / "evals" / "suites" / "drafting.yaml")
    return Desk.open(suite, replace(tools, pipeline=pipeline), load_library(content).get("reply"), repeats=1)


def save(desk: Desk, old: str, new: str) -> None:
    """The author changes version 2."""
    path = desk.writer.library.root / "prompts" / "reply" / "v2.j2"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


async def show(desk: Desk) -> tuple[int, str]:
    """Exit code and words of one look."""
    lines: list[str] = []
    code = await watch(desk, "reply/v2", once=True, labels=desk.writer.library.root / "labels.jsonl", echo=lines.append)
    return code, "\n".join(lines)


async def test_a_change_without_effect_asks_no_model(desk: Desk, model: ScriptedModel) -> None:
    """Other words in the head: every case renders the same."""
    save(desk, "changes: ", "changes: not really, ")
    code, words = await show(desk)
    assert code == 0
    assert "nothing is affected" in words
    assert model.calls == []


async def test_only_the_cases_that_a_change_touches_are_run(desk: Desk, model: ScriptedModel) -> None:
    """A sentence for public replies touches the one public case; both prompts are asked about it, and the old one only once."""
    save(desk, PUBLIC, "It is public and written for the next reader")
    code, words = await show(desk)
    assert code == 0
    assert "affected 1 of" in words
    assert "public-feedback" in words
    asked = len(model.calls)
    assert 2 <= asked <= 4
    save(desk, "It is public", "It is read by all")
    await show(desk)
    assert asked < len(model.calls) <= 2 * asked


async def test_a_new_branch_that_no_case_takes_is_named(desk: Desk) -> None:
    """Whatever it says, nothing is known of it; a branch that is taken, and one that was there before, are none."""
    save(desk, "Rules:\n", "{% if tone == 'sad' %}Write sadly.{% endif %}\n{% if tone %}Write well.{% endif %}\nRules:\n")
    look = desk.look(desk.read(), "reply/v2")
    assert [branch.about for branch in look.untested] == ["if tone"]
    assert any("is new and no case takes it" in line for line in look.lines())


async def test_an_answers_schema_is_part_of_the_question(desk: Desk) -> None:
    """Other fields, other answers: the messages stay the same, and every case is affected."""
    save(desk, "maxLength: 400", "maxLength: 300")
    look = desk.look(desk.read(), "reply/v2")
    assert len(look.affected) == len(look.changes) > 0


async def test_the_next_save_cuts_off_what_is_measured(desk: Desk, model: ScriptedModel, tmp_path: Path) -> None:
    """Before it is looked at, so that the look is quick; what was finished is not asked again."""
    screen = Screen(desk, "reply/v2", lambda _line: None, tmp_path / "labels.jsonl")
    save(desk, "Rules:\n", "Write well.\nRules:\n")
    screen.show()
    await screen.begin()
    for _ in range(10_000):
        await asyncio.sleep(0)
        if model.calls:
            break
    assert screen.measuring is not None
    assert not screen.measuring.done()
    await screen.press(SAVED)
    assert screen.measuring is None
    screen.show()
    await screen.press(SHOWN)
    assert screen.measuring is not None
    await screen.measuring
    assert desk.losing
    await screen.press("1")
    await screen.press("-")
    assert json.loads((tmp_path / "labels.jsonl").read_text().splitlines()[0])["verdict"] == "bad"


async def test_lint_comes_first(desk: Desk, model: ScriptedModel) -> None:
    """Bad advice and a dead branch are named with their places, and nothing is asked of a model."""
    save(desk, "Rules:\n", "Ask the customer to update their review.\n{% if tone %}{% if not tone %}x{% endif %}{% endif %}\nRules:\n")
    code, words = await show(desk)
    assert code == 1
    assert "advises what review-change-request forbids" in words or "advises what" in words
    assert "can never be taken" in words
    assert model.calls == []


async def test_a_file_that_cannot_be_read_is_said(desk: Desk) -> None:
    """And the loop would go on."""
    save(desk, "task: reply", "task: [reply")
    code, words = await show(desk)
    assert (code, "cannot be read" in words) == (1, True)


async def test_a_save_is_noticed_and_a_key_ends_it(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each event has its answer, in order."""

    async def events(screen: Screen) -> AsyncIterator[str]:
        for event in ("d", SHOWN, "1", "n", "r", "q", "never"):
            await asyncio.sleep(0)
            if event == SHOWN:
                screen.show()
            yield event

    monkeypatch.setattr("drafter.cli.prompts_dev._events", events)
    lines: list[str] = []
    assert await watch(desk, "reply/v2", once=False, labels=tmp_path / "labels.jsonl", echo=lines.append) == 0
    assert sum("in production" in line for line in lines) == 3


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    """Exit code and output of one command."""
    with pytest.raises(SystemExit) as stopped:
        main(["prompts", *args])
    out, err = capsys.readouterr()
    return int(stopped.value.code or 0), out + err


@pytest.fixture
def cold(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str]]:
    """Runs a command on a copy of the content with version 1 only."""
    shutil.copytree(content, tmp_path / "c")
    (tmp_path / "c" / "prompts" / "reply" / "v2.j2").unlink(missing_ok=True)
    monkeypatch.setenv("DRAFTER_CONTENT_DIR", str(tmp_path / "c"))
    return lambda *args: run(capsys, *args)


def read(path: str) -> str:
    """Text of a file."""
    return Path(path).read_text(encoding="utf-8")


async def test_versions_are_made_locked_and_told(cold: Callable[..., tuple[int, str]]) -> None:
    """new, release, history, and a rollback that has nowhere to go."""
    code, path = cold("new", "reply")
    assert code == 0
    assert "\nparent: v1\n" in read(path.strip())
    assert path.strip().endswith("reply/v2.j2")
    assert cold("release", "reply/v1")[0] == 0
    assert "released: v1" in cold("history", "reply")[1]
    assert cold("rollback", "reply", "--because", "worse")[0] == 2


async def test_promotion_without_a_report_is_refused(cold: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """With the command that makes one."""
    code, words = cold("promote", "reply/v1", "--because", "better", "--runs", str(tmp_path))
    assert code == 2
    assert "drafter evals run drafting" in words
