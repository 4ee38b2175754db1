"""Compiled entries of a language file, kept on disk for the next process: a one-off check need not compile English again.

A file is plain JSON and holds nothing that can run. It serves only the words and the code that it was made from, and one that is
damaged, foreign or out of date is passed over and made anew, so a lost folder costs a fifth of a second and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from drafter.guardrails.entries import Entry
from drafter.guardrails.steps import Step

FEWEST = 1000
"""Fewer entries compile as fast as they are read."""
Entries = tuple[Entry, ...]


def kept_entries(path: Path, language_file: Path, compile_entries: Callable[[], Entries]) -> Entries:
    """Entries as `compile_entries` gives them, from `path` where they are kept.

    Args:
        path: Where they are kept; written when it does not serve.
        language_file: What they are compiled from.
        compile_entries: Asked when nothing kept serves.

    Raises:
        ContentError: from `compile_entries`.
    """
    key = _key(language_file)
    kept = _read(path, key)
    if kept is None:
        kept = compile_entries()
        if len(kept) >= FEWEST:
            with suppress(OSError):
                _write(path, key, kept)
    return kept


def _key(language_file: Path) -> str:
    """Changes with everything that the entries depend on."""
    digest = hashlib.sha256(_code())
    for path in (language_file, language_file.parent.parent / "concepts.yaml"):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _code() -> bytes:
    """The code that compiles and keeps."""
    return b"\0".join(Path(__file__).with_name(name).read_bytes() for name in _MODULES)


_MODULES = ("entries.py", "entry_lines.py", "kept_entries.py", "languages.py", "segmentation.py", "steps.py")


def _write(path: Path, key: str, kept: Entries) -> None:
    """Keeps entries; the file is there as a whole or not at all."""
    numbers: dict[Step, int] = {}
    rows: list[Any] = []
    lines = [
        [entry.bit.bit_length(), entry.text, [_number(step, numbers, rows) for step in entry.steps], list(entry.gaps), entry.anchor]
        for entry in kept
    ]
    body = json.dumps({"steps": rows, "entries": lines}, ensure_ascii=False, separators=(",", ":")).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(f"{key} {hashlib.sha256(body).hexdigest()}\n".encode() + body)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink()
        raise


def _number(step: Step, numbers: dict[Step, int], rows: list[Any]) -> int:
    """Place of a step in the list of all steps."""
    if step not in numbers:
        others = [_number(other, numbers, rows) for other in step.others]
        rows.append([step.kind, step.text, sorted(step.words), others])
        numbers[step] = len(rows) - 1
    return numbers[step]


def _read(path: Path, key: str) -> Entries | None:
    """What is kept; None when it does not serve."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        if head != f"{key} {hashlib.sha256(body).hexdigest()}".encode():
            return None
        told = json.loads(body)
        known: list[Step] = []
        for kind, text, words, others in told["steps"]:
            known.append(Step(kind, text, frozenset(words), tuple([known[other] for other in others])))
        return tuple(
            [
                Entry(1 << (size - 1), [known[n] for n in numbers], gaps, anchor, text)
                for size, text, numbers, gaps, anchor in told["entries"]
            ]
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
