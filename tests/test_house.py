"""The house stands as it is drawn: what is imported when, what the wheel holds, what no file may say."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from drafter.settings import Settings

HEAVY = ("litellm", "fastapi", "sqlalchemy", "xllamacpp", "httpx", "uvicorn")


def modules_loaded_by(code: str) -> set[str]:
    """Names of the top-level modules that a fresh interpreter has after running `code`."""
    script = f"import sys\n{code}\nprint(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("code", "forbidden"),
    [
        ("import drafter.cli", {*HEAVY, "pydantic", "yaml"}),
        ("from drafter.guardrails.engine import Guardrail", set(HEAVY)),
        ("from drafter.triage import Triager", set(HEAVY)),
        ("import drafter.client", set(HEAVY) - {"httpx"}),
        ("import drafter.wiring", {"litellm", "fastapi", "xllamacpp", "sqlalchemy"}),
    ],
)
def test_what_is_not_needed_is_not_loaded(code: str, forbidden: set[str]) -> None:
    """Help is instant, the guardrail is light, and litellm waits until a model is asked."""
    assert modules_loaded_by(code) & forbidden == set()


def test_help_names_every_command() -> None:
    """The words on `--help` and the commands behind them are the same."""
    from drafter.cli import COMMANDS, LazyGroup

    done = subprocess.run([sys.executable, "-m", "drafter", "--help"], capture_output=True, text=True, check=True)
    group = LazyGroup("drafter")
    for name, (_, sentence) in COMMANDS.items():
        assert sentence.split(",")[0].split(";")[0] in " ".join(done.stdout.split())
        assert group.get_command(None, name) is not None  # type: ignore[arg-type]


def test_the_wheel_is_whole(root: Path, tmp_path: Path) -> None:
    """The wheel has one top-level name, carries all content, and works in a venv outside the repository."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=root, check=True, capture_output=True
    )
    wheel = next(tmp_path.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"drafter"}
    tracked = subprocess.run(["git", "ls-files", "prompts", "guardrails", "evals"], cwd=root, capture_output=True, text=True, check=True)
    missing = {f"drafter/_content/{line}" for line in tracked.stdout.splitlines() if (root / line).exists()} - set(names)
    assert not missing
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    site = next(venv.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    # The dependencies of this environment, without its pointer to the checkout: a path file's own path files are not read.
    (site / "dependencies.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    code = "import drafter, sys; from drafter.cli import main; print(drafter.__file__, file=sys.stderr); main()"
    arguments = ["rules", "check", "--channel", "review_followup", "Please delete your review and get a gift card."]
    done = subprocess.run([str(venv / "bin" / "python"), "-c", code, *arguments], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert str(site) in done.stderr
    assert done.returncode == 1, done.stderr
    assert "block" in done.stdout


def test_no_file_names_a_registry_or_a_machine(root: Path) -> None:
    """Locks and code can be used behind any mirror, on any machine."""
    forbidden = re.compile(
        r"--(extra-)?index-url|https?://[^ \"']*/simple/|pypi\.org|files\.pythonhosted|registry\.npmjs|/(work|home|root)/"
    )
    tracked = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
    own = "tests/test_house.py"
    found = []
    for name in tracked:
        path = root / name
        if name == own or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if forbidden.search(line):
                found.append(f"{name}:{number}")
    assert found == []


def test_the_readme_lists_every_setting(root: Path) -> None:
    """A setting that nobody can read about does not exist; neither does a documented one that is gone."""
    text = (root / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(DRAFTER_[A-Z_]+)`", text))
    assert documented == {f"DRAFTER_{name.upper()}" for name in Settings.model_fields}
