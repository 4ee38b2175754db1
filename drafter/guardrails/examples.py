"""Examples of rules: texts that a rule must flag or let pass. They judge the rules and take no part in any check.

A rule's own stand in its pack; those in other languages in `guardrails/examples/<language>.yaml`. The latter are read when somebody
first asks for them, since a check never does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from drafter.content import line_of, read_yaml
from drafter.domain import CheckRequest
from drafter.errors import ContentError

CASE_FACTS = ("resolved", "review", "facts", "remedies", "previous_messages", "seller_started", "fulfilled_by", "language")
_KEYS = frozenset({"text", "channel", "language", "names", *CASE_FACTS})
SIDES = ("flag", "allow")

Fail = Callable[[str, str], ContentError]
"""Makes the error that names the place: what is wrong, and the way out."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule must flag, or must let pass."""

    text: str
    channel: str
    case: Mapping[str, Any]
    path: str
    """File it stands in, e.g. `guardrails/examples/de.yaml`."""
    language: str | None = None
    """Of the file it stands in, or as its case says; None when neither does."""

    @property
    def request(self) -> CheckRequest:
        """The check that this example stands for."""
        return CheckRequest(channel=self.channel, text=self.text, **self.case)


def read_example(item: Any, channel: str, path: str, language: str | None, fail: Fail) -> Example:
    """An example as written: a text, or a mapping with `text` and the case it belongs to.

    Args:
        channel: Where it is meant to appear when it does not say so itself.
        language: Of its file; None for a pack.

    Raises:
        ContentError: it is neither, or has an unknown key.
    """
    if isinstance(item, str):
        return Example(item, channel, {}, path, language)
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        hint = 'write `- "the text"` or `- {text: "the text", channel: …}`'
        raise fail(f"has an example that is neither a text nor a mapping with 'text': {str(item)[:60]}", hint)
    if unknown := sorted(set(item) - _KEYS):
        raise fail(f"has an example with an unknown key {unknown[0]!r}", f"known keys: {', '.join(sorted(_KEYS))}")
    facts = {key: value for key, value in item.items() if key not in ("text", "channel")}
    case: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}
    return Example(item["text"], item.get("channel", channel), case, path, language or case.get("language"))


class FurtherExamples:
    """The examples in other languages, by rule."""

    def __init__(self, root: Path) -> None:
        self._paths = sorted((root / "guardrails" / "examples").glob("*.yaml"))
        self.rule_ids: frozenset[str] = frozenset()
        """Rules that there are; examples of any other are refused."""

    def of(self, rule_id: str, side: str, channel: str) -> Iterable[Example]:
        """Examples of one rule, language by language.

        Args:
            side: `flag` or `allow`.
            channel: Where they are meant to appear when they do not say so themselves.

        Raises:
            ContentError: a file is wrong; names the line.
        """
        for path, examples in self._by_rule.get(rule_id, ()):

            def fail(message: str, hint: str, path: Path = path) -> ContentError:
                return ContentError(path, f"rule {rule_id!r} {message}", line=line_of(path, f"{rule_id}:"), hint=hint)

            for item in examples.get(side) or ():
                yield read_example(item, channel, f"guardrails/examples/{path.name}", path.stem, fail)

    @cached_property
    def _by_rule(self) -> Mapping[str, list[tuple[Path, Mapping[str, Any]]]]:
        found: dict[str, list[tuple[Path, Mapping[str, Any]]]] = {}
        for path in self._paths:
            raw: Any = read_yaml(path)
            if not isinstance(raw, dict):
                raise ContentError(path, "an examples file is a mapping from rule id to 'flag' and 'allow'")
            for rule_id, examples in raw.items():
                line = line_of(path, f"{rule_id}:")
                if rule_id not in self.rule_ids:
                    raise ContentError(path, f"examples of an unknown rule {rule_id!r}", line=line)
                if not isinstance(examples, dict) or not set(examples) <= set(SIDES):
                    raise ContentError(path, f"examples of {rule_id!r} have keys other than 'flag' and 'allow'", line=line)
                found.setdefault(rule_id, []).append((path, examples))
        return found
