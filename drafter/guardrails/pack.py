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
from drafter.domain import Category, CheckRequest, Severity
from drafter.errors import ContentError
from drafter.guardrails.channels import Channel

GROUPS = frozenset("ABCDEFH")
"""Of POLICY.md: review integrity, seller feedback, purpose, contact data and form, timing, conduct; H is the house's own."""
MODES = ("enforce", "shadow", "off")
CASE_FACTS = ("resolved", "review", "facts", "remedies", "previous_messages", "seller_started", "fulfilled_by", "language")
MIN_EXAMPLES = {"frame": 5, "word_list": 5}
_REQUIRED = ("id", "group", "category", "severity", "channels", "kind", "message", "source", "checked_on", "suggestion", "examples")
_OPTIONAL = ("mode", "with", "frames", "exceptions", "when", "needs", "also", "severity_in", "category_in", "reason", "policy")
_EXAMPLE_KEYS = frozenset({"text", "channel", "language", "names", *CASE_FACTS})


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule must flag, or must let pass."""

    text: str
    channel: str
    case: Mapping[str, Any]

    @property
    def request(self) -> CheckRequest:
        """The check that this example stands for."""
        return CheckRequest(channel=self.channel, text=self.text, **self.case)


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
    flag: tuple[Example, ...]
    allow: tuple[Example, ...]
    path: str
    """Name of the pack file."""

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
    further = _load_further_examples(root)
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
    for rule_id, files in further.items():
        if rule_id not in seen:
            raise ContentError(files[0][0], f"examples of an unknown rule {rule_id!r}", line=line_of(files[0][0], f"{rule_id}:"))
    return tuple(rules)


_Further = Mapping[str, list[tuple[Path, Mapping[str, Any]]]]


def _load_further_examples(root: Path) -> _Further:
    """Examples in other languages, by rule id: `guardrails/examples/<language>.yaml`."""
    further: dict[str, list[tuple[Path, Mapping[str, Any]]]] = {}
    for path in sorted((root / "guardrails" / "examples").glob("*.yaml")):
        raw: Any = read_yaml(path)
        if not isinstance(raw, dict):
            raise ContentError(path, "an examples file is a mapping from rule id to 'flag' and 'allow'")
        for rule_id, examples in raw.items():
            if not isinstance(examples, dict) or not set(examples) <= {"flag", "allow"}:
                raise ContentError(
                    path, f"examples of {rule_id!r} have keys other than 'flag' and 'allow'", line=line_of(path, f"{rule_id}:")
                )
            further.setdefault(rule_id, []).append((path, examples))
    return further


class _Reader:
    """Reads one entry, with errors that name its line."""

    def __init__(self, path: Path, raw: Any, channels: Mapping[str, Channel], kinds: frozenset[str], further: _Further) -> None:
        self._path = path
        self._channels = channels
        self._kinds = kinds
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
            raise ContentError(path, "a rule is a mapping with an 'id'")
        self._raw: dict[str, Any] = raw
        self._further = further.get(raw["id"], [])

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
            flag=self._examples("flag", channels),
            allow=self._examples("allow", channels),
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
        own = [self._example(item, channels) for item in raw[which]]
        others = [self._example(item, channels) for _, examples in self._further for item in examples.get(which) or []]
        return (*own, *others)

    def _example(self, item: Any, channels: tuple[str, ...]) -> Example:
        if isinstance(item, str):
            return Example(item, channels[0], {})
        if not isinstance(item, dict) or "text" not in item:
            raise self._fail("has an example that is neither a text nor a mapping with 'text'")
        if unknown := sorted(set(item) - _EXAMPLE_KEYS):
            raise self._fail(f"has an example with an unknown key {unknown[0]!r}", f"known keys: {', '.join(sorted(_EXAMPLE_KEYS))}")
        case = {key: tuple(value) if isinstance(value, list) else value for key, value in item.items() if key not in ("text", "channel")}
        return Example(item["text"], item.get("channel", channels[0]), case)
