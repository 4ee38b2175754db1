"""What is installed is what was looked at: every package by version and hash, none of the releases that are known to be bad."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-train.lock")

BAD = {"litellm-core": ("1.82.7", "1.82.8", "1.107.0"), "litellm": ("1.82.7", "1.82.8", "1.107.0")}
"""See docs/dependencies.md."""


def locked(path: Path) -> dict[str, str]:
    """Version by package, after each was seen to have a hash."""
    blocks = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert all("--hash=sha256:" in block for block in blocks if block.strip())
    return dict(re.findall(r"^([a-z0-9.-]+)(?:\[[\w,-]+\])?==([^\s;\\\\]+)", "\n".join(blocks), re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_its_version_and_hash(root: Path, name: str) -> None:
    """And none is a release that must not be installed."""
    found = locked(root / name)
    assert len(found) > 20
    assert [package for package, versions in BAD.items() if found.get(package) in versions] == []


def test_locks_agree(root: Path) -> None:
    """What is tested is what runs: the same versions in every lock."""
    runs, *others = (locked(root / name) for name in LOCKS)
    assert all(other[package] == version for other in others for package, version in runs.items() if package in other)


def test_whatever_is_asked_for_is_locked_and_named(root: Path) -> None:
    """A direct dependency without a line on its page is one too many."""
    asked = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = [re.match(r"[\w-]+", line).group() for line in asked]  # type: ignore[union-attr]
    found, page = locked(root / "requirements.lock"), (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert [name for name in names if name not in found] == []
    assert [name for name in names if name.removesuffix("-language-detector") not in page] == []
