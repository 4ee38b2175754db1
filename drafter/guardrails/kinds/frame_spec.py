"""Frames as packs write them, made ready for one channel. The keys are explained in `guardrails/README.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drafter.domain import Subject
from drafter.guardrails.channels import Channel
from drafter.guardrails.kinds.frame import FRAME_KEYS, WITHIN, Close, Frame, FrameError
from drafter.guardrails.languages import Concepts

_LISTS = frozenset({"close", "in_order", "unless_by_us", "unless_we", "without", "without_near", "in_text", "in_case", "not_in_text"})


def compile_frames(raw: Sequence[Mapping[str, Any]], concepts: Concepts, channel: Channel) -> list[Frame]:
    """Frames of one rule as they read in one channel.

    Raises:
        FrameError: a frame is written wrongly.
    """
    return [_compile(frame, concepts, channel) for frame in raw]


def _compile(raw: Mapping[str, Any], concepts: Concepts, channel: Channel) -> Frame:
    name = str(raw.get("name", "?"))
    if unknown := sorted(set(raw) - FRAME_KEYS):
        raise FrameError(f"frame {name!r} has an unknown key {unknown[0]!r}; known: {', '.join(sorted(FRAME_KEYS))}")
    parts = raw.get("parts")
    if not isinstance(parts, dict) or not parts:
        raise FrameError(f"frame {name!r} has no parts")
    within = raw.get("within", "sentence")
    if within not in WITHIN:
        raise FrameError(f"frame {name!r}: within is one of {', '.join(WITHIN)}")
    for key in _LISTS & set(raw):
        if not isinstance(raw[key], list):
            raise FrameError(f"frame {name!r}: {key} is a list, not {raw[key]!r}; guardrails/README.md shows how it is written")
    names = tuple(parts)
    masks = tuple(_mask(words, concepts, channel, name) for words in parts.values())
    in_text = tuple(_mask(words, concepts, channel, name) for words in raw.get("in_text", []))
    ordered = {_ordered(pair, names, name) for pair in raw.get("in_order", [])}
    close = tuple(_close(pair, names, ordered, name) for pair in raw.get("close", []))
    return Frame(
        name=name,
        part_names=names,
        parts=masks,
        within=within,
        close=tuple(tuple(pair for pair in close if max(pair.a, pair.b) == part) for part in range(len(names))),
        free=frozenset(range(len(names))) - {part for pair in close for part in (pair.a, pair.b)},
        not_ours=frozenset(_index(names, part, name) for part in raw.get("unless_by_us", [])),
        not_we=frozenset(_index(names, part, name) for part in raw.get("unless_we", [])),
        without=_mask(raw.get("without", []), concepts, channel, name),
        without_near=_mask(raw.get("without_near", []), concepts, channel, name),
        not_in_text=_mask(raw.get("not_in_text", []), concepts, channel, name),
        in_case=tuple(_mask(words, concepts, channel, name) for words in raw.get("in_case", [])),
        confirm=_threshold(raw.get("confirm"), name),
        gate=tuple(reversed(masks)) + in_text,
    )


def _threshold(raw: Any, frame: str) -> int | None:
    if raw is not None and not isinstance(raw, int):
        raise FrameError(f"frame {frame!r}: confirm is a whole number, in thousandths of log-odds")
    return raw


def _index(names: tuple[str, ...], part: Any, frame: str) -> int:
    if part not in names:
        raise FrameError(f"frame {frame!r} has no part {part!r}; it has {', '.join(names)}")
    return names.index(part)


def _ordered(raw: Any, names: tuple[str, ...], frame: str) -> tuple[str, str]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise FrameError(f"frame {frame!r}: in_order is written [first part, second part], not {raw!r}")
    return names[_index(names, raw[0], frame)], names[_index(names, raw[1], frame)]


def _close(raw: Any, names: tuple[str, ...], ordered: set[tuple[str, str]], frame: str) -> Close:
    if not isinstance(raw, list) or len(raw) != 3 or type(raw[2]) is not int:
        raise FrameError(f"frame {frame!r}: close is written [part, part, most words between]")
    return Close(_index(names, raw[0], frame), _index(names, raw[1], frame), raw[2], (raw[0], raw[1]) in ordered)


def _mask(words: Any, concepts: Concepts, channel: Channel, frame: str) -> int:
    mask = 0
    found = [words] if isinstance(words, str) else words
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise FrameError(f"frame {frame!r}: {words!r} is neither a concept nor a list of concepts")
    for word in found:
        try:
            mask |= concepts.mask(_objects(word, channel))
        except KeyError as exc:
            raise FrameError(f"frame {frame!r}: unknown concept {word!r}; guardrails/concepts.yaml lists them") from exc
    return mask


def _objects(word: str, channel: Channel) -> tuple[str, ...]:
    """What `$review`, `$feedback` and `$place` mean in a channel; other names mean themselves.

    An unspecific word (`two stars`, `what you wrote`) is about the channel's own object; `.loose` takes in what only stands for it.
    """
    is_feedback = channel.subject is Subject.SELLER_FEEDBACK
    if word == "$opinion":
        return ("opinion.any", "opinion.review", "opinion.feedback")
    if word == "$place":
        return ("opinion.review",) if is_feedback else ("opinion.place",)
    if word not in ("$review", "$review.loose", "$feedback", "$feedback.loose"):
        return (word,)
    own = "opinion.feedback" if word.startswith("$feedback") else "opinion.review"
    if is_feedback is not word.startswith("$feedback"):
        return (own,)
    return (own, "opinion.any", "opinion.figure") if word.endswith(".loose") else (own, "opinion.any")
