"""Where a text appears, and what that settles before any word is read: the object in play, who sees it, who may write it.

To add a channel, add a file `guardrails/channels/<id>.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.content import line_of, read_yaml
from drafter.domain import Subject
from drafter.errors import ContentError, RequestError

_KEYS = frozenset(
    ["id", "title", "subject", "audience", "who_reads", "who_writes", "may_draft", "max_chars", "notes", "source", "checked_on"]
)


_GROUPS = {"buyer": frozenset({"all", "private"}), "everyone": frozenset({"all", "public"}), "amazon": frozenset[str]()}


@dataclass(frozen=True, slots=True)
class Channel:
    """One place where a reply can appear."""

    id: str
    title: str
    subject: Subject
    """What an unspecific opinion word, such as `stars` or `what you wrote`, is about here."""
    audience: str
    """`buyer`, `everyone` or `amazon`."""
    who_reads: str
    who_writes: str
    may_draft: bool
    """False where the service must not write at all."""
    max_chars: int
    """House cap on a text's length."""
    notes: str
    source: str

    @property
    def is_public(self) -> bool:
        """True when anybody can read it."""
        return self.audience == "everyone"

    @property
    def groups(self) -> frozenset[str]:
        """Names under which rules may list this channel: its id, and `all`, `private`, `public` where a buyer reads it."""
        return frozenset({self.id}) | _GROUPS[self.audience]


def load_channels(root: Path) -> Mapping[str, Channel]:
    """Channels by id, from `guardrails/channels/`.

    Raises:
        ContentError: a file has an unknown or missing key, or a value of the wrong kind.
    """
    return {channel.id: channel for channel in map(_load, sorted((root / "guardrails" / "channels").glob("*.yaml")))}


def _load(path: Path) -> Channel:
    raw: Any = read_yaml(path)
    if not isinstance(raw, dict):
        raise ContentError(path, "a channel file is a mapping", line=1, hint="write `id: …`, `title: …` and the other keys")
    if unknown := sorted(map(str, set(raw) - _KEYS)):
        hint = f"known keys: {', '.join(sorted(_KEYS))}"
        raise ContentError(path, f"unknown key {unknown[0]!r}", line=line_of(path, unknown[0]), hint=hint)
    if missing := sorted(_KEYS - set(raw)):
        raise ContentError(path, f"no {missing[0]!r}", line=1, hint="add it; README.md of this folder says what it means")
    if raw["id"] != path.stem:
        raise ContentError(path, f"id {raw['id']!r} differs from the file's name", line=line_of(path, "id:"), hint="make them the same")
    try:
        subject = Subject(raw["subject"])
    except ValueError as exc:
        hint = "product_review or seller_feedback"
        raise ContentError(path, f"unknown subject {raw['subject']!r}", line=line_of(path, "subject:"), hint=hint) from exc
    if not isinstance(raw["audience"], str) or raw["audience"] not in _GROUPS:
        hint = "buyer, everyone or amazon"
        raise ContentError(path, f"unknown audience {raw['audience']!r}", line=line_of(path, "audience:"), hint=hint)
    _check_shapes(path, raw)
    return Channel(
        id=raw["id"],
        title=str(raw["title"]),
        subject=subject,
        audience=raw["audience"],
        who_reads=str(raw["who_reads"]),
        who_writes=str(raw["who_writes"]),
        may_draft=raw["may_draft"],
        max_chars=raw["max_chars"],
        notes=str(raw["notes"]),
        source=str(raw["source"]),
    )


def _check_shapes(path: Path, raw: dict[str, Any]) -> None:
    if not isinstance(raw["may_draft"], bool):
        raise ContentError(
            path, f"may_draft {raw['may_draft']!r} is neither true nor false", line=line_of(path, "may_draft:"), hint="write one"
        )
    if type(raw["max_chars"]) is not int or raw["max_chars"] < 1:
        hint = "write it as 2000"
        raise ContentError(path, f"max_chars {raw['max_chars']!r} is no number of characters", line=line_of(path, "max_chars:"), hint=hint)


def pick_channel(channels: Mapping[str, Channel], channel_id: str) -> Channel:
    """The channel with this id.

    Raises:
        RequestError: there is none, or nobody may write there; names the ones that exist.
    """
    channel = channels.get(channel_id)
    if channel is None:
        raise RequestError(f"no channel {channel_id!r}; known: {', '.join(sorted(channels))}", code="unknown_channel", field="channel")
    return channel
