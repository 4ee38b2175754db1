"""The container files hold what the operations page says: nothing runs as root, nothing floats, no secret stands in a setting."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from drafter.cli.serve import SENDING_S
from drafter.settings import Settings

KNOWN = {f"DRAFTER_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture
def lines(root: Path) -> list[str]:
    """Instructions of the Dockerfile, each on one line."""
    text = (root / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.fixture
def compose(root: Path) -> Any:
    """The compose file."""
    return yaml.safe_load((root / "compose.yaml").read_text(encoding="utf-8"))


def values(lines: list[str], word: str) -> list[str]:
    """What stands behind an instruction, in order."""
    return [line.partition(" ")[2].strip() for line in lines if line.startswith(f"{word} ")]


def is_pinned(image: str) -> bool:
    """A version, and not whatever is newest."""
    _, _, tag = image.partition(":")
    return bool(re.match(r"\d", tag))


def test_every_image_has_its_version(lines: list[str], compose: Any) -> None:
    """And packages come by hash."""
    assert all(is_pinned(value.split()[0]) for value in values(lines, "FROM"))
    assert all(is_pinned(one["image"]) for one in compose["services"].values() if "image" in one)
    assert all("--require-hashes" in value for value in values(lines, "RUN") if "pip install" in value)


def test_the_service_is_nobody(lines: list[str], compose: Any) -> None:
    """A user without rights, in a container without any, on a file system that it cannot write."""
    assert values(lines, "USER")[-1].isdigit()
    assert int(values(lines, "USER")[-1]) > 0
    service = compose["services"]["drafter"]
    assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_it_is_known_whether_it_is_well_and_how_it_ends(lines: list[str], compose: Any) -> None:
    """A health check, a signal that is heard, and a start that waits for the database."""
    assert "/readyz" in values(lines, "HEALTHCHECK")[-1]
    assert values(lines, "STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(values(lines, "ENTRYPOINT")[-1])
    assert compose["services"]["drafter"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert compose["services"]["db"]["healthcheck"]["test"]


def test_what_was_begun_may_be_finished(compose: Any) -> None:
    """Whatever stops the service waits for as long as it may take to answer, and to send: with the slowest model as well."""
    longest_s = Settings(model="embedded", models="").effective_deadline_s + SENDING_S
    assert int(compose["services"]["drafter"]["stop_grace_period"].removesuffix("s")) > longest_s


def test_what_is_copied_is_there_and_what_is_set_exists(lines: list[str], compose: Any, root: Path) -> None:
    """No setting is misspelt; no password is one."""
    for value in values(lines, "COPY"):
        if not value.startswith("--from"):
            assert all((root / source).exists() for source in value.split()[:-1])
    named = set(re.findall(r"\bDRAFTER_[A-Z_]+(?==)", " ".join(values(lines, "ENV")))) | {
        name for name in compose["services"]["drafter"]["environment"] if name.startswith("DRAFTER_")
    }
    assert named <= KNOWN
    environments = [one["environment"] for one in compose["services"].values()]
    secret = {name: value for environment in environments for name, value in environment.items() if re.search("PASSWORD|KEY|SECRET", name)}
    assert all(value.startswith(("/run/secrets/", "${")) for value in secret.values())


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_hadolint_finds_nothing(root: Path) -> None:
    """Where it is installed."""
    done = subprocess.run(["hadolint", "Dockerfile"], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
