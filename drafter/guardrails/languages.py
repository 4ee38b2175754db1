"""Load the words: `guardrails/concepts.yaml` says which concepts there are, each file of `guardrails/languages/` says how they read.

To add a language, add one file; concepts it has no words for are reported, and rules that need them are skipped for that language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from drafter.content import line_of, read_yaml
from drafter.errors import ContentError
from drafter.guardrails.entries import Costs, Entry
from drafter.guardrails.entry_lines import EntryError, parse_entry, split_lines
from drafter.guardrails.kept_entries import kept_entries
from drafter.guardrails.lexicon import Language, Lexicon

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*\*?")
_KEYS = frozenset({"language", "name", "function_words", "sets", "concepts"})


@dataclass(frozen=True, slots=True)
class Concepts:
    """The concepts that rules may name, and their bits. `alter` stands for itself and for every `alter.…`."""

    meanings: Mapping[str, str]
    bits: Mapping[str, int]
    masks: Mapping[str, int]
    """Of each concept with all below it; also of names such as `alter`, which only have concepts below."""

    def mask(self, names: Iterable[str]) -> int:
        """Bits of these concepts and of those below them.

        Raises:
            KeyError: there is no such concept.
        """
        mask = 0
        for name in names:
            mask |= self.masks[name]
        return mask

    def names(self, mask: int) -> tuple[str, ...]:
        """Concepts whose bits are in `mask`."""
        return tuple(name for name, bit in self.bits.items() if bit & mask)


def load_concepts(root: Path) -> Concepts:
    """All concepts, in the file's order.

    Raises:
        ContentError: the file is no mapping of name to meaning.
    """
    path = root / "guardrails" / "concepts.yaml"
    raw: Any = read_yaml(path)
    if not isinstance(raw, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in raw.items()):
        raise ContentError(path, "concepts are written as `name: what it means`")
    bits = {name: 1 << i for i, name in enumerate(raw)}
    masks: dict[str, int] = {}
    for name, bit in bits.items():
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            above = ".".join(parts[:depth])
            masks[above] = masks.get(above, 0) | bit
    return Concepts(raw, bits, masks)


def load_lexicon(root: Path, concepts: Concepts, cache_dir: Path | None = None) -> Lexicon:
    """All languages; their entries are compiled when a text needs them, or read from `cache_dir`, where they are kept.

    Raises:
        ContentError: a file is wrong; names the line.
    """
    shields: dict[int, int] = {}
    offset = len(concepts.bits)
    for i, bit in enumerate(concepts.bits.values()):
        shields[1 << (offset + i)] = bit
    shield_of = {bit: shield for shield, bit in shields.items()}
    paths = sorted((root / "guardrails" / "languages").glob("[!_]*.yaml"))
    return Lexicon(tuple(concepts.bits), [_load(path, concepts, shield_of, cache_dir) for path in paths], shields)


def _load(path: Path, concepts: Concepts, shield_of: Mapping[int, int], cache_dir: Path | None) -> Language:
    raw: Any = read_yaml(path)
    if not isinstance(raw, dict):
        raise ContentError(path, "a language file is a mapping")
    if wrong := sorted(set(raw) ^ _KEYS):
        hint = f"keys: {', '.join(sorted(_KEYS))}"
        raise ContentError(path, f"key {wrong[0]!r} is unknown or missing", line=line_of(path, f"{wrong[0]}:"), hint=hint)
    if raw["language"] != path.stem:
        raise ContentError(path, f"language {raw['language']!r} differs from the file's name", line=line_of(path, "language:"))
    for key, shape in (("function_words", str), ("concepts", dict), ("sets", dict)):
        if not isinstance(raw[key] or {}, shape) if key == "sets" else not isinstance(raw[key], shape):
            what = "text" if shape is str else "mapping"
            raise ContentError(path, f"{key!r} is no {what}", line=line_of(path, f"{key}:"), hint="the other languages' files show how")
    texts: Mapping[str, str] = raw["concepts"]
    for name, words in texts.items():
        if name not in concepts.bits:
            hint = "guardrails/concepts.yaml lists them"
            raise ContentError(path, f"unknown concept {name!r}", line=line_of(path, f"  {name}:"), hint=hint)
        if not isinstance(words, str):
            hint = "write `concept: |` and its words below"
            raise ContentError(path, f"concept {name!r} is no text", line=line_of(path, f"  {name}:"), hint=hint)
    common = frozenset(word.casefold() for word in split_lines(raw["function_words"])[0])
    sets = {name: split_lines(words)[0] for name, words in (raw["sets"] or {}).items()}
    compile_entries = partial(_compile, path, texts, concepts, shield_of, sets, common)
    return Language(
        tag=raw["language"],
        name=str(raw["name"]),
        function_words=common,
        mask=sum(concepts.bits[name] for name in texts),
        read_vocabulary=partial(_vocabulary, tuple(texts.values()), tuple(sets.values())),
        compile=partial(kept_entries, cache_dir / "rules" / f"{path.stem}.json", path, compile_entries) if cache_dir else compile_entries,
    )


def _vocabulary(texts: Iterable[str], sets: Iterable[Sequence[str]]) -> frozenset[str]:
    """Words and stems of a file, read off without compiling it."""
    words: set[str] = set()
    for text in (*texts, *(" ".join(members) for members in sets)):
        words.update(_WORD.findall(text.casefold()))
    return frozenset(words)


def _compile(
    path: Path,
    texts: Mapping[str, str],
    concepts: Concepts,
    shield_of: Mapping[int, int],
    sets: Mapping[str, Sequence[str]],
    common: frozenset[str],
) -> tuple[Entry, ...]:
    """Entries of a language file.

    Raises:
        ContentError: one cannot be read; names its line.
    """
    entries: list[Entry] = []
    costs = Costs(common)
    for name, text in texts.items():
        plain, excepted = split_lines(text)
        bit = concepts.bits[name]
        entries += _parse(path, plain, bit, sets, costs)
        entries += _parse(path, excepted, shield_of[bit], sets, costs)
    return tuple(entries)


def _parse(path: Path, lines: Iterable[str], bit: int, sets: Mapping[str, Sequence[str]], costs: Costs) -> list[Entry]:
    entries: list[Entry] = []
    for line in lines:
        try:
            entries += parse_entry(line, bit, sets, costs)
        except EntryError as exc:
            raise ContentError(path, str(exc), line=line_of(path, line)) from exc
    return entries
