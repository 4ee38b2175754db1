"""`drafter prompts`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from drafter.cli import main


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    with pytest.raises(SystemExit) as stopped:
        main(["prompts", *args])
    out, err = capsys.readouterr()
    return int(stopped.value.code or 0), out, err


def run_json(capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    """The object on standard output."""
    return json.loads(run(capsys, *args, "--json")[1])


@pytest.fixture
def own_content(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the content that a prompt author has changed."""
    shutil.copytree(root / "prompts", tmp_path / "prompts")
    shutil.copytree(root / "guardrails", tmp_path / "guardrails")
    (tmp_path / "prompts" / "active.yaml").write_text("reply: {production: v1}\nrepair: {production: v1}\n", encoding="utf-8")
    monkeypatch.setenv("DRAFTER_CONTENT_DIR", str(tmp_path))
    return tmp_path


def test_a_released_version_that_is_changed_is_told(own_content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By lint, with the way out; exit code 2, for nothing can be rendered with it."""
    assert run(capsys, "release", "reply/v1")[0] == 0
    path = own_content / "prompts" / "reply" / "v1.j2"
    path.write_text(path.read_text(encoding="utf-8").replace("Rules:", "The rules:", 1), encoding="utf-8")
    code, _, err = run(capsys, "lint")
    assert code == 2
    assert "was released and has changed" in err
    assert "drafter prompts new reply" in err


def test_list_names_version_label_and_hash(capsys: pytest.CaptureFixture[str]) -> None:
    """What answers now, and in which state."""
    rows = run_json(capsys, "list")["prompts"]
    assert {row["id"]: row["labels"] for row in rows} == {"reply/v1": ["production"], "repair/v1": ["production"]}
    assert all(len(row["sha256"]) == 64 for row in rows)


def test_show_prints_the_file(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    """As it lies in the folder."""
    code, out, _ = run(capsys, "show", "reply/v1")
    assert code == 0
    assert out.strip() == (root / "prompts" / "reply" / "v1.j2").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", ["reply/v77", "poem/v1"])
def test_an_unknown_prompt_is_a_usage_error(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Exit code 2 and one sentence that says what there is."""
    for command in ("show", "render"):
        code, _, err = run(capsys, command, name)
        assert code == 2
        assert err.startswith("drafter: PROMPT: ")
        assert "there are" in err or "only reply prompts" in err


def test_lint_is_clean_as_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, no finding."""
    assert run(capsys, "lint", "--json")[:2] == (0, '{"findings": []}\n')


def test_lint_names_file_and_line(capsys: pytest.CaptureFixture[str], own_content: Path) -> None:
    """An unfenced review is found where it stands, with exit code 1."""
    path = own_content / "prompts" / "reply" / "v1.j2"
    text = path.read_text(encoding="utf-8").replace("{{ review | fence }}", "{{ review }}", 1)
    path.write_text(text, encoding="utf-8")
    line = next(i for i, row in enumerate(text.splitlines(), start=1) if "{{ review }}" in row)
    code, out, _ = run(capsys, "lint")
    assert code == 1
    assert f"prompts/reply/v1.j2:{line}:4: untrusted 'review'" in out


def test_lint_reads_templates_and_words_too(capsys: pytest.CaptureFixture[str], own_content: Path) -> None:
    """A template that lacks a part is a content error, exit code 2, with its name."""
    path = own_content / "prompts" / "templates" / "fr.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  wrong_item:", "  wrong_thing:"), encoding="utf-8")
    code, _, err = run(capsys, "lint")
    assert code == 2
    assert "fr.yaml" in err


def test_render_shows_what_a_model_would_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The review inside its fence, the facts and remedies with their numbers."""
    request = {"body": "The lid leaks.", "seller": {"facts": ["lids are tested"], "allowed_remedies": ["replacement"]}}
    file = tmp_path / "request.json"
    file.write_text(json.dumps(request), encoding="utf-8")
    messages = run_json(capsys, "render", "reply/v1", str(file))["messages"]
    assert [m["role"] for m in messages] == ["system", "user"]
    assert all(words in messages[1]["content"] for words in ("<<data ", "The lid leaks.", "F1: lids are tested", "R1: send a replacement"))
    small = run_json(capsys, "render", "reply/v1", str(file), "--profile", "small")["messages"]
    assert len(small) > 4


@pytest.mark.parametrize("command", [("release",), ("promote", "--because", "better")])
def test_only_a_clean_version_is_locked(own_content: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    """Neither one that gives bad advice, nor one whose author has not said what is different; lint says both."""
    assert run(capsys, "new", "reply")[0] == 0
    path = own_content / "prompts" / "reply" / "v2.j2"
    name, *flags = command
    code, _, err = run(capsys, name, "reply/v2", *flags)
    assert (code, "say what is different" in err) == (2, True)
    text = path.read_text(encoding="utf-8").replace("changes: say what is different from the version before, and why", "changes: shorter")
    path.write_text(text.replace("Rules:", "Ask the customer to update their review.\nRules:", 1), encoding="utf-8")
    code, _, err = run(capsys, name, "reply/v2", *flags)
    assert (code, "reply/v2.j2:" in err) == (2, True)
    assert run(capsys, "lint")[0] == 1
    assert "v2" not in (own_content / "prompts" / "active.yaml").read_text(encoding="utf-8")


def test_a_new_version_is_released_once_it_says_what_is_different(own_content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And a script is told its hash."""
    run(capsys, "new", "reply")
    path = own_content / "prompts" / "reply" / "v2.j2"
    assert "say what is different" in run(capsys, "lint")[1]
    path.write_text(
        path.read_text(encoding="utf-8").replace("say what is different from the version before, and why", "shorter"), encoding="utf-8"
    )
    told = run_json(capsys, "release", "reply/v2")
    assert (told["prompt"], len(told["sha256"])) == ("reply/v2", 64)


def test_render_shows_a_case_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Its review stands in the question; a name that no case has is told."""
    code, out, _ = run(capsys, "render", "reply/v1", "--case", "coque-fr")
    assert (code, "La coque est arrivée rayée" in out) == (0, True)
    code, _, err = run(capsys, "render", "reply/v1", "--case", "nobody")
    assert (code, "no case 'nobody'" in err) == (2, True)
