"""Find, read and hash the files that prompt authors and policy owners edit.

Lookup is one function: `DRAFTER_CONTENT_DIR`, then the wheel's `drafter/_content`, then the repository root.
What was read is named by a `ContentRef`, so that a record can prove which words it was made with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import yaml

from drafter.domain import ContentRef
from drafter.errors import ContentError

P = ParamSpec("P")
T = TypeVar("T")

_PACKAGE = Path(__file__).resolve().parent
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def find_content_root(override: Path | None = None) -> Path:
    """Folder that holds `prompts/`, `guardrails/` and `evals/`.

    Raises:
        ContentError: `override` has no `guardrails` folder, or no root is found at all.
    """
    if override is not None:
        if not (override / "guardrails").is_dir():
            raise ContentError(override, "no 'guardrails' folder here", hint="point DRAFTER_CONTENT_DIR at a content root")
        return override.resolve()
    for root in (_PACKAGE / "_content", _PACKAGE.parent):
        if (root / "guardrails").is_dir() and (root / "prompts").is_dir():
            return root
    raise ContentError(_PACKAGE, "no content found", hint="reinstall, or set DRAFTER_CONTENT_DIR")


def read_text(path: Path) -> str:
    """Text of a UTF-8 content file.

    Raises:
        ContentError: the file is missing or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise ContentError(path, "no such file") from exc
    except UnicodeDecodeError as exc:
        raise ContentError(path, f"not UTF-8 at byte {exc.start}", hint="save it as UTF-8") from exc


def read_yaml(path: Path) -> Any:
    """Value of a YAML file.

    Raises:
        ContentError: not YAML; names the line.
    """
    try:
        return yaml.load(read_text(path), Loader=_Loader)  # noqa: S506 - the C twin of SafeLoader
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else None
        raise ContentError(path, f"not YAML: {exc.problem}", line=line) from exc


@contextmanager
def sections_of(path: Path) -> Iterator[Any]:
    """Value of a YAML file, while its sections are taken.

    Raises:
        ContentError: not YAML, or a section is missing or has another shape.
    """
    raw = read_yaml(path)
    try:
        yield raw
    except (KeyError, TypeError, AttributeError) as exc:
        raise ContentError(path, f"section {exc} is missing or has another shape") from exc


def once_per_text(load: Callable[P, T]) -> Callable[P, T]:
    """The loader of a content file, its first argument, which reads it anew only when its text or another argument is another.

    Several parts of a process need the same words, and compiling them costs more than all else at a start.
    """
    call: Callable[..., T] = load

    @lru_cache(maxsize=256)
    def loaded(_text: str, *args: Any) -> T:
        return call(*args)

    @wraps(load)
    def look(*args: P.args, **kwargs: P.kwargs) -> T:
        values: tuple[Any, ...] = (*args, *kwargs.values())
        return loaded(read_text(values[0]), *values)

    return look


class PerLanguage(Mapping[str, T]):
    """What is read from one file per language, by language code. Read when first asked for: a process seldom needs them all.

    Args:
        paths: Files, each called by its language code.
        load: Loader of one of them.
    """

    def __init__(self, paths: Iterable[Path], load: Callable[[Path], T]) -> None:
        self._paths = {path.stem: path for path in sorted(paths)}
        self._load = load
        self._read: dict[str, T] = {}

    def __getitem__(self, language: str) -> T:
        if language not in self._read:
            self._read[language] = self._load(self._paths[language])
        return self._read[language]

    def __contains__(self, language: object) -> bool:
        return language in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def line_of(path: Path, needle: str) -> int | None:
    """Line of the first occurrence of `needle`, for error messages; None when it does not stand there literally."""
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if needle in line:
            return number
    return None


def read_jsonl(path: Path) -> Iterator[Mapping[str, Any]]:
    """Objects of a JSONL file; blank lines and lines that start with `//` are passed over.

    Raises:
        ContentError: a line is no JSON object; names the line.
    """
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("//"):
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as exc:
            raise ContentError(path, f"not JSON: {exc.msg}", line=number) from exc
        if not isinstance(value, dict):
            raise ContentError(path, "not a JSON object", line=number)
        yield value


def hash_files(root: Path, paths: Iterable[Path]) -> str:
    """SHA-256 over names and bytes of files, independent of their order and of line-end style."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        body = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()


def content_ref(root: Path, path: Path) -> ContentRef:
    """Name and hash of one content file."""
    return ContentRef(path=path.relative_to(root).as_posix(), sha256=hash_files(root, [path]))
