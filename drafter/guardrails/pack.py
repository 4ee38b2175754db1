"""Load the rules: each is one entry of `guardrails/packs/*.yaml` with its source, its date and its own examples.

The loader refuses what it does not know: a key, a kind, a concept, a category, a channel, a rule without examples. To add a rule, add
one entry; `guardrails/README.md` shows one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from drafter.content import line_of, read_yaml
from drafter.domain import Category, Severity
from drafter.errors import ContentError
from drafter.guardrails.channels import Channel
from drafter.guardrails.examples import CASE_FACTS, SIDES, Example, FurtherExamples, read_example

_WEIGHT = {Severity.NOTE: 0, Severity.WARN: 1, Severity.BLOCK: 2}
GROUPS = frozenset("ABCDEFH")
"""Of POLICY.md: review integrity, seller feedback, purpose, contact data and form, timing, conduct; H is the house's own."""
MODES = ("enforce", "shadow", "off")
MIN_EXAMPLES = {"frame": 5, "word_list": 5}
_REQUIRED = ("id", "group", "category", "severity", "channels", "kind", "message", "source", "checked_on", "suggestion", "examples")
_OPTIONAL = ("mode", "with", "frames", "exceptions", "when", "needs", "also", "severity_in", "category_in", "because", "reason", "policy")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_TEXTS = ("group", "category", "severity", "kind", "message", "source", "suggestion", "mode", "reason", "because", "policy")
_LISTS = ("channels", "also", "needs")
_MAPPINGS = ("with", "when", "severity_in", "category_in", "examples")
_ENTRIES = ("frames", "exceptions")


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy statement, as written in the pack."""

    id: str
    group: str
    category: Category
    also: tuple[Category, ...]
    """Further categories under which each finding is reported."""
    severity: Severity
    severity_in: Mapping[str, Severity]
    """Where a channel makes it milder or harder."""
    because: str
    """Why a channel makes it milder."""
    category_in: Mapping[str, Category]
    channels: tuple[str, ...]
    """Channel ids, in the channels' order."""
    mode: str
    kind: str
    spec: Mapping[str, Any]
    """What the kind is given: `with`."""
    frames: tuple[Mapping[str, Any], ...]
    exceptions: tuple[Mapping[str, Any], ...]
    when: Mapping[str, Any]
    """Facts of the case that must have these values for the rule to run."""
    needs: tuple[str, ...]
    """Facts of the case of which at least one must be given."""
    reason: str
    """Why no text and no fact can decide it; for kind `person`."""
    message: str
    source: str
    checked_on: date
    suggestion: str
    own_examples: Mapping[str, tuple[Example, ...]]
    """Those of the pack file, under `flag` and `allow`."""
    further_examples: FurtherExamples
    """Those in other languages, which are read when they are asked for."""
    path: str
    """Name of the pack file."""
    pack: str
    """Name and version of the pack, e.g. `amazon 1.1.0`."""

    @property
    def flag(self) -> tuple[Example, ...]:
        """Texts that it must flag, in all languages."""
        return self._examples("flag")

    @property
    def allow(self) -> tuple[Example, ...]:
        """Texts that it must let pass, in all languages."""
        return self._examples("allow")

    def _examples(self, side: str) -> tuple[Example, ...]:
        return (*self.own_examples[side], *self.further_examples.of(self.id, side, self.channels[0] if self.channels else ""))

    def severity_on(self, channel: str) -> Severity:
        """How bad a finding of this rule is in a channel."""
        return self.severity_in.get(channel, self.severity)

    def categories_on(self, channel: str) -> tuple[Category, ...]:
        """Under which categories a finding of this rule is reported in a channel."""
        return (self.category_in.get(channel, self.category), *self.also)


def load_pack(root: Path, channels: Mapping[str, Channel], kinds: Iterable[str]) -> tuple[Rule, ...]:
    """All rules, in the order of the files and of their entries.

    Raises:
        ContentError: an entry is wrong; names file and line.
    """
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    versions: dict[str, tuple[str, str]] = {}
    known = frozenset(kinds)
    further = FurtherExamples(root)
    for path in sorted((root / "guardrails" / "packs").glob("*.yaml")):
        raw: Any = read_yaml(path)
        name, version = _read_head(path, raw)
        told, elsewhere = versions.setdefault(name, (version, path.name))
        if told != version:
            line = line_of(path, "version:")
            raise ContentError(path, f"pack {name!r} is {version} here and {told} in {elsewhere}", line=line, hint="give both one version")
        for entry in raw["rules"]:
            rule = _Reader(path, f"{name} {version}", entry, channels, known, further).rule()
            if rule.id in seen:
                hint = "give one of them another id"
                raise ContentError(path, f"rule {rule.id!r} is already in {seen[rule.id]}", line=line_of(path, f"id: {rule.id}"), hint=hint)
            seen[rule.id] = path.name
            rules.append(rule)
    if not rules:
        raise ContentError(
            root / "guardrails" / "packs", "there are no rules here", hint="add a pack file; without rules nothing is checked"
        )
    further.rule_ids = frozenset(seen)
    return tuple(rules)


def _read_head(path: Path, raw: Any) -> tuple[str, str]:
    """Name and version of a pack file.

    Raises:
        ContentError: a key is missing, unknown or of the wrong shape.
    """
    if not isinstance(raw, dict):
        raise ContentError(path, "a pack file is a mapping", line=1, hint="write the keys 'pack', 'version' and 'rules'")
    if wrong := sorted(map(str, set(raw) ^ {"pack", "version", "rules"})):
        what = f"key {wrong[0]!r} is unknown" if wrong[0] in raw else f"no {wrong[0]!r}"
        line = line_of(path, f"{wrong[0]}:") or 1
        raise ContentError(path, what, line=line, hint="a pack file has the keys 'pack', 'version' and 'rules'")
    name, version, entries = raw["pack"], raw["version"], raw["rules"]
    if not isinstance(name, str):
        raise ContentError(path, f"pack {name!r} is no text", line=line_of(path, "pack:"), hint="write `pack: amazon`")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise ContentError(path, f"version {version!r} is no version", line=line_of(path, "version:"), hint="write it as 1.2.0")
    if not isinstance(entries, list) or not entries:
        raise ContentError(path, "'rules' is no list of rules", line=line_of(path, "rules:"), hint="write each rule as `- id: …`")
    return name, version


class _Reader:
    """Reads one entry, with errors that name its line."""

    def __init__(
        self, path: Path, pack: str, raw: Any, channels: Mapping[str, Channel], kinds: frozenset[str], further: FurtherExamples
    ) -> None:
        self._path = path
        self._pack = pack
        self._channels = channels
        self._kinds = kinds
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
            line = line_of(path, f"id: {raw['id']}" if isinstance(raw, dict) and "id" in raw else "rules:")
            raise ContentError(path, "a rule is a mapping with an 'id' that is a text", line=line, hint="write it as `- id: my-rule`")
        self._raw: dict[str, Any] = raw
        self._further = further

    def _fail(self, message: str, hint: str = "") -> ContentError:
        line = line_of(self._path, f"id: {self._raw['id']}")
        return ContentError(self._path, f"rule {self._raw['id']!r} {message}", line=line, hint=hint)

    def _check_shapes(self) -> None:
        """Each key has the shape that it is read in."""
        for key in (key for key in self._raw if key != "id"):
            value = self._raw[key]
            if key in _TEXTS and not (isinstance(value, str) and value.strip()):
                raise self._fail(f"has a {key!r} that is no text: {value!r}", "put it in quotation marks if it is one")
            if key in _LISTS and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
                raise self._fail(f"has a {key!r} that is no list of names: {value!r}", f"write `{key}: [one, another]`")
            if key in _MAPPINGS and not isinstance(value, dict):
                raise self._fail(f"has a {key!r} that is no mapping: {value!r}", f"write `{key}: {{name: value}}`")
            if key in _ENTRIES and not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
                raise self._fail(f"has {key!r} that are no list of mappings: {value!r}", "write each as `- {…}`")

    def rule(self) -> Rule:
        raw = self._raw
        if unknown := sorted(set(raw) - set(_REQUIRED) - set(_OPTIONAL)):
            raise self._fail(f"has an unknown key {unknown[0]!r}", f"known keys: {', '.join((*_REQUIRED, *_OPTIONAL))}")
        if missing := [key for key in _REQUIRED if key not in raw]:
            raise self._fail(f"has no {missing[0]!r}", "add it")
        self._check_shapes()
        self._check_words()
        channels = self._pick_channels(raw["channels"])
        severity = self._severity(raw["severity"])
        severity_in = {c: self._severity(v) for c, v in self._by_channel("severity_in", channels)}
        if any(_WEIGHT[changed] < _WEIGHT[severity] for changed in severity_in.values()) and "because" not in raw:
            raise self._fail("is milder in a channel and does not say why", "add `because: the reason`")
        return Rule(
            id=raw["id"],
            group=raw["group"],
            category=self._category(raw["category"]),
            also=tuple(self._category(name) for name in raw.get("also", [])),
            severity=severity,
            severity_in=severity_in,
            because=raw.get("because", ""),
            category_in={c: self._category(v) for c, v in self._by_channel("category_in", channels)},
            channels=channels,
            mode=raw.get("mode", "enforce"),
            kind=raw["kind"],
            spec=raw.get("with", {}),
            frames=tuple(raw.get("frames", ())),
            exceptions=tuple(raw.get("exceptions", ())),
            when=raw.get("when", {}),
            needs=tuple(raw.get("needs", ())),
            reason=raw.get("reason", ""),
            message=raw["message"],
            source=raw["source"],
            checked_on=raw["checked_on"],
            suggestion=raw["suggestion"],
            own_examples={side: self._examples(side, channels) for side in SIDES},
            further_examples=self._further,
            path=self._path.name,
            pack=self._pack,
        )

    def _by_channel(self, key: str, channels: tuple[str, ...]) -> Iterable[tuple[str, Any]]:
        """What a rule says of single channels.

        Raises:
            ContentError: it does not run in one of them.
        """
        for channel, value in self._raw.get(key, {}).items():
            if channel not in channels:
                raise self._fail(f"names {channel!r} under {key!r}, where it does not run", f"one of {', '.join(channels)}")
            yield channel, value

    def _check_words(self) -> None:
        raw = self._raw
        if raw["group"] not in GROUPS:
            raise self._fail(f"has an unknown group {raw['group']!r}", f"one of {', '.join(sorted(GROUPS))}")
        if raw["kind"] not in self._kinds:
            raise self._fail(f"has an unknown kind {raw['kind']!r}", f"one of {', '.join(sorted(self._kinds))}")
        if raw.get("mode", "enforce") not in MODES:
            raise self._fail(f"has an unknown mode {raw['mode']!r}", f"one of {', '.join(MODES)}")
        if not isinstance(raw["checked_on"], date):
            raise self._fail("has a 'checked_on' that is no date", "write it as 2026-11-21")
        if (raw["kind"] == "person") != bool(raw.get("reason")):
            raise self._fail("needs a 'reason' if, and only if, its kind is 'person'")
        for fact in (*raw.get("when", {}), *raw.get("needs", ())):
            if fact not in CASE_FACTS:
                raise self._fail(f"names an unknown fact {fact!r}", f"one of {', '.join(CASE_FACTS)}")

    def _pick_channels(self, names: list[str]) -> tuple[str, ...]:
        picked = tuple(channel.id for channel in self._channels.values() if channel.groups & set(names))
        known = {group for channel in self._channels.values() for group in channel.groups}
        if unknown := [name for name in names if name not in known]:
            raise self._fail(f"names an unknown channel {unknown[0]!r}", f"one of {', '.join(sorted(known))}")
        if not picked:
            raise self._fail("has no channels", f"name some of {', '.join(sorted(known))}")
        return picked

    def _category(self, name: Any) -> Category:
        try:
            return Category(name)
        except ValueError as exc:
            raise self._fail(f"has an unknown category {name!r}", f"one of {', '.join(Category)}") from exc

    def _severity(self, name: Any) -> Severity:
        try:
            return Severity(name)
        except ValueError as exc:
            raise self._fail(f"has an unknown severity {name!r}", f"one of {', '.join(Severity)}") from exc

    def _examples(self, which: str, channels: tuple[str, ...]) -> tuple[Example, ...]:
        raw = self._raw["examples"]
        if self._raw["kind"] == "person":
            return ()
        least = MIN_EXAMPLES.get(self._raw["kind"], 1)
        if set(raw) != {"flag", "allow"} or not isinstance(raw[which], list) or len(raw[which]) < least:
            raise self._fail(f"has fewer than {least} examples under {which!r}", f"add {least} under flag and {least} under allow")
        path = f"guardrails/packs/{self._path.name}"
        return tuple(read_example(item, channels[0], path, None, self._fail) for item in raw[which])
