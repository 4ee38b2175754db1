"""Load the rules: each is one entry of `guardrails/packs/*.yaml` with its source, its date and its own examples.

The loader refuses what it does not know: a key, a kind, a concept, a category, a channel, a rule without examples. To add a rule, add
one entry; `guardrails/README.md` shows one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from drafter.content import line_of, read_yaml
from drafter.domain import Category, Severity
from drafter.errors import ContentError
from drafter.guardrails.channels import Channel
from drafter.guardrails.examples import CASE_FACTS, SIDES, Example, FurtherExamples, read_example

GROUPS = frozenset("ABCDEFH")
"""Of POLICY.md: review integrity, seller feedback, purpose, contact data and form, timing, conduct; H is the house's own."""
MODES = ("enforce", "shadow", "off")
MIN_EXAMPLES = {"frame": 5, "word_list": 5}
_REQUIRED = ("id", "group", "category", "severity", "channels", "kind", "message", "source", "checked_on", "suggestion", "examples")
_OPTIONAL = ("mode", "with", "frames", "exceptions", "when", "needs", "also", "severity_in", "category_in", "reason", "policy")


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
    known = frozenset(kinds)
    further = FurtherExamples(root)
    for path in sorted((root / "guardrails" / "packs").glob("*.yaml")):
        raw: Any = read_yaml(path)
        if not isinstance(raw, dict) or set(raw) != {"pack", "rules"}:
            raise ContentError(path, "a pack file has the keys 'pack' and 'rules'")
        for entry in raw["rules"]:
            rule = _Reader(path, entry, channels, known, further).rule()
            if rule.id in seen:
                raise ContentError(path, f"rule {rule.id!r} is already in {seen[rule.id]}", line=line_of(path, f"id: {rule.id}"))
            seen[rule.id] = path.name
            rules.append(rule)
    further.rule_ids = frozenset(seen)
    return tuple(rules)


class _Reader:
    """Reads one entry, with errors that name its line."""

    def __init__(self, path: Path, raw: Any, channels: Mapping[str, Channel], kinds: frozenset[str], further: FurtherExamples) -> None:
        self._path = path
        self._channels = channels
        self._kinds = kinds
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
            raise ContentError(path, "a rule is a mapping with an 'id'")
        self._raw: dict[str, Any] = raw
        self._further = further

    def _fail(self, message: str, hint: str = "") -> ContentError:
        line = line_of(self._path, f"id: {self._raw['id']}")
        return ContentError(self._path, f"rule {self._raw['id']!r} {message}", line=line, hint=hint)

    def rule(self) -> Rule:
        raw = self._raw
        if unknown := sorted(set(raw) - set(_REQUIRED) - set(_OPTIONAL)):
            raise self._fail(f"has an unknown key {unknown[0]!r}", f"known keys: {', '.join((*_REQUIRED, *_OPTIONAL))}")
        if missing := [key for key in _REQUIRED if key not in raw]:
            raise self._fail(f"has no {missing[0]!r}", "add it")
        self._check_words()
        channels = self._pick_channels(raw["channels"])
        return Rule(
            id=raw["id"],
            group=raw["group"],
            category=self._category(raw["category"]),
            also=tuple(self._category(name) for name in raw.get("also", [])),
            severity=self._severity(raw["severity"]),
            severity_in={c: self._severity(v) for c, v in raw.get("severity_in", {}).items()},
            category_in={c: self._category(v) for c, v in raw.get("category_in", {}).items()},
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
            source=str(raw["source"]),
            checked_on=raw["checked_on"],
            suggestion=raw["suggestion"],
            own_examples={side: self._examples(side, channels) for side in SIDES},
            further_examples=self._further,
            path=self._path.name,
        )

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

    def _pick_channels(self, names: Sequence[str]) -> tuple[str, ...]:
        picked = tuple(channel.id for channel in self._channels.values() if channel.groups & set(names))
        known = {group for channel in self._channels.values() for group in channel.groups}
        if unknown := [name for name in names if name not in known]:
            raise self._fail(f"names an unknown channel {unknown[0]!r}", f"one of {', '.join(sorted(known))}")
        return picked

    def _category(self, name: str) -> Category:
        try:
            return Category(name)
        except ValueError as exc:
            raise self._fail(f"has an unknown category {name!r}", f"one of {', '.join(Category)}") from exc

    def _severity(self, name: str) -> Severity:
        try:
            return Severity(name)
        except ValueError as exc:
            raise self._fail(f"has an unknown severity {name!r}", f"one of {', '.join(Severity)}") from exc

    def _examples(self, which: str, channels: tuple[str, ...]) -> tuple[Example, ...]:
        raw = self._raw["examples"]
        if self._raw["kind"] == "person":
            return ()
        least = MIN_EXAMPLES.get(self._raw["kind"], 1)
        if not isinstance(raw, dict) or set(raw) != {"flag", "allow"} or len(raw[which]) < least:
            raise self._fail(f"has fewer than {least} examples under {which!r}", f"add {least} under flag and {least} under allow")
        path = f"guardrails/packs/{self._path.name}"
        return tuple(read_example(item, channels[0], path, None, self._fail) for item in raw[which])
